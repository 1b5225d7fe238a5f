"""Signatures that directives describe objects by, as Sphinx reads them: one a line, a backslash at its end goes on.

Comes in: the lines of a directive's argument. Goes out: whole signatures, with the way back to their places.
Must never: decide what a signature says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.verify.reading.restructured import Rows


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature, its lines joined."""

    parts: tuple[tuple[int, int, str], ...]
    """Row and column from 0, and text."""

    @property
    def text(self) -> str:
        """All its lines as one."""
        return "".join(text for _, _, text in self.parts)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, 1-based, of an offset of the text."""
        for row, column, text in self.parts:
            if offset < len(text):
                return row + 1, column + offset + 1
            offset -= len(text)
        row, column, text = self.parts[-1]
        return row + 1, column + len(text)


def whole_signatures(rows: Rows, lines: Sequence[str]) -> Iterator[Signature]:
    """Signatures of an argument, one a line, save those that a backslash or an open bracket has go on."""
    parts: list[tuple[int, int, str]] = []
    for row, column in rows:
        text = lines[row][column:]
        start = column + len(text) - len(text.lstrip())
        text = text.strip()
        goes_on = text.endswith("\\")
        parts.append((row, start, text.removesuffix("\\") + (" " if goes_on else "")))
        joined = "".join(one for _, _, one in parts)
        if not goes_on and joined.count("(") <= joined.count(")"):
            yield Signature(tuple(parts))
            parts = []
    if parts:
        yield Signature(tuple(parts))
