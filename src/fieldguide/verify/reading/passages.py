"""A run of text as a document's markup leaves it: pieces with their places, and the sentences that they form.

Comes in: pieces of text, code and roles, each with its line and column.
Goes out: the passage as one plain text, code kept in backticks, with its sentences and the way back to the places.
Must never: decide what a piece names.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

_BOUNDARY = re.compile(r"""[.!?…]["')\]*_\u201d\u2019]*\s+(?=["'(\[*_`\u201c\u2018]*[^\W_a-z])""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|incl|no|fig|a\.k\.a|v|[A-Z]))\.\s*$", re.IGNORECASE
)
_LONGEST_ABBREVIATION = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a passage, on one line."""

    kind: Literal["text", "code", "role", "break"]
    text: str
    """Without the markup around it."""
    line: int
    column: int
    """1-based, of the first character of `text`."""
    target: str = ""
    """Of text or code in a link: where the link leads. Of a role: its target."""
    role: str = ""
    """Of a role: its name, `func`, `py:class`."""

    @property
    def written(self) -> str:
        """How the piece stands in the plain text of its passage."""
        if self.kind == "text":
            return self.text
        return " " if self.kind == "break" else f"`{self.text}`"


@dataclass
class Passage:
    """A paragraph, a heading, an item's text, or a table's cell."""

    pieces: list[Piece] = field(default_factory=list[Piece])
    row: str = ""
    """Of a table's cell: the plain text of its whole row, which stands for a sentence."""

    @cached_property
    def _offsets(self) -> list[int]:
        offsets: list[int] = []
        length = 0
        for piece in self.pieces:
            offsets.append(length)
            length += len(piece.written)
        return offsets

    @cached_property
    def text(self) -> str:
        """Plain text of all pieces."""
        return "".join(piece.written for piece in self.pieces)

    @cached_property
    def masked(self) -> str:
        """The plain text with the content of code and roles struck out, so that patterns see prose alone."""
        return "".join(
            piece.written if piece.kind in {"text", "break"} else f"`{'x' * len(piece.text)}`" for piece in self.pieces
        )

    @cached_property
    def _starts(self) -> list[int]:
        """Where each sentence starts."""
        starts = [0]
        for match in _BOUNDARY.finditer(self.masked):
            before = self.masked[max(0, match.start() + 1 - _LONGEST_ABBREVIATION) : match.start() + 1]
            if not _ABBREVIATION.search(before):
                starts.append(match.end())
        return starts

    @cached_property
    def sentences(self) -> list[tuple[int, str]]:
        """Offset and text of each sentence."""
        ends = [*self._starts[1:], len(self.text)]
        return [(start, self.text[start:end].strip()) for start, end in zip(self._starts, ends, strict=True)]

    def offset(self, index: int) -> int:
        """Where in the plain text the piece of this index begins, its backtick not counted."""
        return self._offsets[index] + (self.pieces[index].kind in {"code", "role"})

    def sentence(self, offset: int) -> str:
        """The sentence around an offset of the plain text."""
        if self.row:
            return self.row
        return self.sentences[bisect_right(self._starts, offset) - 1][1]

    @property
    def lead(self) -> str:
        """The code that the passage begins with: what it is about."""
        first = next((piece for piece in self.pieces if piece.text.strip(" *")), None)
        return first.text if first and first.kind == "code" else ""

    def piece(self, offset: int) -> tuple[int, Piece]:
        """The piece that stands at an offset of the plain text, with its index."""
        index = bisect_right(self._offsets, offset) - 1
        return index, self.pieces[index]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset of the plain text."""
        index, piece = self.piece(offset)
        return piece.line, piece.column + max(0, offset - self.offset(index))
