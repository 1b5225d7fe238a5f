"""A text made out of another one, with the way back from its offsets.

Comes in: stretches of a text, kept or read as something else. Goes out: the new text, and the pieces of the old one
that a secret of the new one stands for.
Must never: give back a piece that holds a line end, since redaction keeps the number of lines.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from fieldguide.redact.secret import Secret, spanning

if TYPE_CHECKING:
    from fieldguide.redact.secret import Piece


class Rewriting:
    """Collects the new text from front to back."""

    def __init__(self, original: str) -> None:
        """Begin with nothing of `original`."""
        self._original = original
        self._parts: list[str] = []
        self._length = 0
        self._starts: list[int] = []
        self._stretches: list[tuple[int, int, bool]] = []
        self._unseen: dict[int, int] = {}
        self._unseen_before: dict[int, int] = {}

    @property
    def text(self) -> str:
        """The new text."""
        return "".join(self._parts)

    @property
    def length(self) -> int:
        """Characters of the new text so far."""
        return self._length

    def keep(self, start: int, end: int) -> None:
        """Take over a stretch of the original as it stands."""
        if start < end:
            self._add(self._original[start:end], (start, end, True))

    def put(self, text: str, start: int, end: int) -> None:
        """Read a stretch of the original as something else; an empty stretch is something that we add."""
        if text:
            self._add(text, (start, end, False))

    def leave_out(self, start: int, end: int) -> None:
        """Leave out what nobody sees: it belongs to a secret in front of it or behind it.

        Left beside a placeholder it would be a value that begins or ends with one: another secret, to the next search.
        """
        self._unseen[start] = end
        self._unseen_before[end] = start

    def _add(self, text: str, stretch: tuple[int, int, bool]) -> None:
        self._parts.append(text)
        self._starts.append(self._length)
        self._stretches.append(stretch)
        self._length += len(text)

    def restored(self, secret: Secret) -> Secret | None:
        """The secret in the original; `None` when nothing of it stands there."""
        joined: list[Piece] = []
        for start, end in secret.pieces:
            for first, last in (self._with_unseen(*piece) for piece in self._old(start, end)):
                if joined and joined[-1][0] <= first <= joined[-1][1] <= last:
                    joined[-1] = (joined[-1][0], last)
                elif not joined or first >= joined[-1][1]:
                    joined.append((first, last))
        lines = [spanning(secret.kind, self._original, start, end) for start, end in joined]
        pieces = tuple(piece for line in lines if line is not None for piece in line.pieces)
        return Secret(secret.kind, pieces) if pieces else None

    def _with_unseen(self, start: int, end: int) -> Piece:
        """A stretch of the original, with what was left out at either end of it."""
        while start in self._unseen_before:
            start = self._unseen_before[start]
        while end in self._unseen:
            end = self._unseen[end]
        return start, end

    def _old(self, start: int, end: int) -> list[Piece]:
        """Stretches of the original that `start` to `end` of the new text were made of."""
        pieces: list[Piece] = []
        at = max(0, bisect_right(self._starts, start) - 1)
        while at < len(self._starts) and self._starts[at] < end:
            begin = self._starts[at]
            first, last, verbatim = self._stretches[at]
            if verbatim:
                first, last = max(first, first + start - begin), min(last, first + end - begin)
            if first < last:
                pieces.append((first, last))
            at += 1
        return pieces
