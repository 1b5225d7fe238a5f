"""The help text of a program, as documents show it: what it says that the program takes.

Comes in: the lines of a block. Goes out: flags with their places, and the program that they are said of.
Must never: take a flag that a description mentions for one of the program's own.

Formats: `argparse`, `optparse`, click and its like begin with `usage: PROGRAM` and list one option on a line, with its
spellings first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fieldguide.verify.reading.shapes import flags

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.verify.reading.shapes import Shape

_USAGE = re.compile(r"\s{0,8}usage:\s+(?P<program>[A-Za-z][\w.-]*(?: [a-z][\w-]*)*)(?=\s|$)", re.IGNORECASE)
_SPELLINGS = re.compile(
    r"[ \t│*]{1,8}(?P<flags>--?[A-Za-z][\w-]*(?:[ =][\w<>\[\]{}|,./:-]+)?"
    r"(?:(?:, ?|\s{1,12})--?[A-Za-z][\w-]*)*)(?=\s|$|=|,)"
)
_END = re.compile(r"\s*[$%] |\S+@\S+[$#] ")
"""A prompt: what was printed ends before it."""


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
