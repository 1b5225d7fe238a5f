"""The help text of a program, as documents show it: what it says that the program takes.

Comes in: the lines of a block. Goes out: flags with their places, and the program that they are said of.
Must never: take a flag that a description mentions for one of the program's own.

Formats: `argparse`, `optparse`, click and its like begin with `usage: PROGRAM` and list one option on a line, with its
spellings first.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from fieldguide.verify.reading.shapes import flags

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.verify.reading.shapes import Shape

_USAGE = re.compile(r"\s{0,80}usage:\s+(?P<program>[A-Za-z][\w.-]*(?: [a-z][\w-]*)*)(?=\s|$)", re.IGNORECASE)
_SPELLINGS = re.compile(
    r"[ \t│*]{1,300}(?P<flags>--?[A-Za-z][\w-]*(?:[ =][\w<>\[\]{}|,./:-]+)?"
    r"(?:(?:, ?|\s{1,12})--?[A-Za-z][\w-]*)*)(?=\s|$|=|,)"
)
_END = re.compile(r"\s*[$%] |\S+@\S+[$#] ")
"""A prompt: what was printed ends before it."""


_TAG = re.compile(r"</?[a-z][^<>]{0,80}>")
_DEFAULT = re.compile(r"[(\[]default(?: is|:|=) ?(?P<value>[^()\[\]]{1,60})[)\]]", re.IGNORECASE)


def without_tags(lines: Sequence[str]) -> Sequence[str]:
    """Lines of a terminal's output that is shown in colours, by HTML: its tags become spaces, columns stay."""
    if not any("</" in line for line in lines):
        return lines
    return [_TAG.sub(lambda match: " " * len(match[0]), line) for line in lines]


def defaults_in_help(lines: Sequence[str], listed: Sequence[tuple[int, str]]) -> Iterator[tuple[int, int, str, str]]:
    """Find the defaults that a help text gives in brackets at the end of what it says of a flag.

    Args:
        lines: Of the block.
        listed: Rows of the flags that it lists, in their order.

    Yields:
        Row and column from 0, the value, and its flag.
    """
    rows = [row for row, _ in listed]
    for row, line in enumerate(lines):
        match = _DEFAULT.search(line) if "default" in line.lower() else None
        at = bisect_right(rows, row) - 1
        if match and at >= 0 and _is_of(lines, rows[at], row):
            yield row, match.start("value"), match["value"].strip(), listed[at][1]


def _is_of(lines: Sequence[str], option: int, row: int) -> bool:
    """Tell whether a line belongs to the option that another one lists: nothing else is listed between them."""
    start = _indented(lines[option])
    lists = lines[option][start : start + 1] == "-"
    return lists and all(_indented(one) > start for one in lines[option + 1 : row + 1] if one.strip())


def _indented(line: str) -> int:
    return len(line) - len(line.lstrip(" \t│*"))


def read_help(lines: Sequence[str]) -> Iterator[tuple[int, int, str, Shape]]:
    """Find the flags of help texts in a block.

    Yields:
        Row and column from 0, the program, and the flag.
    """
    program = ""
    in_usage = False
    for row, line in enumerate(lines):
        begins = _USAGE.match(line)
        if begins:
            program, in_usage = begins["program"], True
        elif program and _END.match(line):
            program = ""
        if not program:
            continue
        in_usage = in_usage and bool(line.strip())
        if in_usage:
            yield from ((row, shape.start, program, shape) for shape in flags(line))
            continue
        listed = _SPELLINGS.match(line)
        if listed:
            start = listed.start("flags")
            yield from ((row, start + shape.start, program, shape) for shape in flags(listed["flags"]))
