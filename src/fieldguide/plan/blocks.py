"""Cuts a file along its definitions.

Comes in: a file's redacted text, and the definitions that the analysis found in it.
Goes out: blocks of whole lines that cover the file: definitions, and the statements between them.
Must never: cut within a definition that fits; lose a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.domain.symbols import SymbolKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldguide.domain.symbols import Symbol

_CALLABLE: Final = frozenset({SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.PROPERTY})
_DEFINED: Final = _CALLABLE | {SymbolKind.CLASS}
_HEADER_END: Final = re.compile(r":\s*(?:#.*)?$")
_DOCSTRING: Final = re.compile(r"\s*[rRbBuU]{0,2}(\"{3}|'{3})")
_LONGEST_HEADER: Final = 60
"""Lines of decorators, parameters and docstring that stand for a body that is left out."""


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines of a file, 1-based, both ends included."""

    first: int
    last: int
    header: int = 0
    """Last line of a definition's signature and docstring; 0 for statements, which have none."""
    public: bool = True
    inner: tuple[Block, ...] = ()
    """Of a class: what it is made of. Covers the same lines."""


def blocks_of(lines: Sequence[str], symbols: Iterable[Symbol]) -> tuple[Block, ...]:
    """Cut a file into top-level definitions and the statements between them.

    Args:
        lines: Of the file, without their ends.
        symbols: Definitions in the file, in any order. Without any, as in a file that does not parse, a block begins
            at each line that is not indented and follows a blank one.
    """
    defined = sorted((one for one in symbols if one.kind in _DEFINED), key=lambda one: (one.span.first, -one.span.last))
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    if not last:
        return ()
    if not defined:
        return _paragraphs(lines, 1, last)
    return tuple(_cut(lines, 1, last, defined))


def _cut(lines: Sequence[str], first: int, last: int, defined: Sequence[Symbol]) -> list[Block]:
    """Blocks of the lines `first` to `last`, given the definitions in them, outermost first."""
    blocks: list[Block] = []
    line = first
    for place, symbol in enumerate(defined):
        start, end = symbol.span.first, min(symbol.span.last, last)
        if start < line or end < start:
            continue  # within the one before, or a second definition of the same name on other lines
        blocks.extend(_statements(lines, line, start - 1))
        header = _header_end(lines, start, end)
        inside = [one for one in defined[place + 1 :] if start < one.span.first and one.span.last <= end]
        inner = tuple(_cut(lines, start, end, inside)) if symbol.kind is SymbolKind.CLASS and inside else ()
        blocks.append(Block(start, end, header, symbol.public, inner))
        line = end + 1
    blocks.extend(_statements(lines, line, last))
    return blocks


def _statements(lines: Sequence[str], first: int, last: int) -> tuple[Block, ...]:
    """Lines between definitions, without blank ones at their ends; none when nothing is left."""
    while first <= last and not lines[first - 1].strip():
        first += 1
    while last >= first and not lines[last - 1].strip():
        last -= 1
    return (Block(first, last),) if first <= last else ()


def _paragraphs(lines: Sequence[str], first: int, last: int) -> tuple[Block, ...]:
    starts = [first]
    for number in range(first + 1, last + 1):
        line = lines[number - 1]
        if line[:1].strip() and not lines[number - 2].strip():
            starts.append(number)
    ends = [*(start - 1 for start in starts[1:]), last]
    return tuple(block for start, end in zip(starts, ends, strict=True) for block in _statements(lines, start, end))


def paragraphs(lines: Sequence[str], block: Block) -> tuple[Block, ...]:
    """Cut statements that are too many for one place at their blank lines, and else line by line."""
    found = _paragraphs(lines, block.first, block.last)
    return found if len(found) > 1 else tuple(Block(line, line) for line in range(block.first, block.last + 1))


def _header_end(lines: Sequence[str], first: int, last: int) -> int:
    """Last line of a definition's signature, and of the docstring that follows it."""
    bound = min(last, first + _LONGEST_HEADER)
    line = first
    depth = 0
    while line < bound:
        text = lines[line - 1]
        depth += sum(map(text.count, "([{")) - sum(map(text.count, ")]}"))
        if depth <= 0 and _HEADER_END.search(text) and not text.lstrip().startswith("@"):
            break
        line += 1
    if line >= bound:
        return line
    opening = _DOCSTRING.match(lines[line])
    if opening is None:
        return line
    end = line + 1
    closed = opening[1] in lines[end - 1][opening.end() :]
    while not closed and end < bound:
        end += 1
        closed = opening[1] in lines[end - 1]
    return end if closed else line
