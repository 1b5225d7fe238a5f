"""Shortens the facts that a model is told stand on the page: what is there, without what only readers look up.

Comes in: Markdown of fact sections. Goes out: the same with the ends of long tables, lists and code left out, and the
names of what is left out.
Must never: change a word of what it keeps; leave a fence open.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_ROWS: Final = 12
"""A table of more rows shows the first of them, and names the rest."""
SHOWN_ROWS: Final = 8
MOST_NAMED: Final = 60
MOST_CODE: Final = 30
"""Lines of a block of code."""
LONGEST_LINE: Final = 600
"""Characters of a line that enumerates."""

_FENCE: Final = re.compile(r"(`{3,}|~{3,})")
_RULE: Final = re.compile(r"\|(?:\s*:?-+:?\s*\|)+\s*")
_FOLD: Final = re.compile(r"</?details>|<summary>.*</summary>")
_ROWS: Final = re.compile(r"\||[-*] ")
_CELL: Final = re.compile(r"(?:\|\s*|[-*] )((?:`[^`]*`|\\\||[^|`])*?)\s*(?:\||:|$)")


def shortened(markdown: str) -> str:
    """Leave out what a page has so much of that a model need not read it."""
    blocks = [block for block in _blocks(markdown.split("\n")) if not _FOLD.fullmatch(block[0].strip())]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for block in blocks for line in _short(block)))


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Blocks of code, tables, lists, and single lines, in their order."""
    block: list[str] = []
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if fence:
            block.append(line)
            if mark and mark[1].startswith(fence) and line.strip() == mark[1]:
                yield block
                block, fence = [], ""
            continue
        if block and not (_ROWS.match(line) and line[0] == block[0][0]):
            yield block
            block = []
        if mark:
            block, fence = [line], mark[1]
        elif _ROWS.match(line):
            block.append(line)
        else:
            yield [line]
    if block:
        yield block


def _short(block: Sequence[str]) -> Sequence[str]:
    if _FENCE.match(block[0]):
        return block if len(block) <= MOST_CODE else [*block[: MOST_CODE - 2], "…", block[-1]]
    if not _ROWS.match(block[0]):
        return [_short_line(line) for line in block]
    head = 2 if len(block) > 1 and _RULE.fullmatch(block[1]) else 0
    rows = block[head:]
    if len(rows) <= MOST_ROWS:
        return block
    return [*block[: head + SHOWN_ROWS], f"{len(rows) - SHOWN_ROWS} more: {_named(rows[SHOWN_ROWS:])}"]


def _named(rows: Sequence[str]) -> str:
    names = [cell[1] for row in rows if (cell := _CELL.match(row)) and cell[1]]
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def _short_line(line: str) -> str:
    """A line that enumerates more than a model need know, up to a comma."""
    if len(line) <= LONGEST_LINE or line.count(", ") < MOST_ROWS:
        return line
    return f"{line[:LONGEST_LINE].rpartition(', ')[0]}, …"
