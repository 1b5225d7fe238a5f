"""A secret that was found in a text, before it is taken out.

Comes in and goes out: positions. Must never: show a value in its `repr`, which is why it holds none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE: Final = re.compile(r"(?:(?!\\?\n)[\s\S])+")
"""What stands on one line, without the line end and a backslash that continues the line."""

Piece = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Secret:
    """Where a secret stands. The first piece becomes the placeholder, the others go; what lies between them stays."""

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def start(self) -> int:
        """Offset of the first character."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """Offset behind the last character."""
        return self.pieces[-1][1]


def spanning(kind: str, text: str, start: int, end: int) -> Secret | None:
    """All of a stretch of text but its line ends; `None` when that is nothing."""
    pieces = tuple(match.span() for match in _LINE.finditer(text, start, end))
    return Secret(kind, pieces) if pieces else None


def without_overlaps(text: str, secrets: Iterable[Secret]) -> list[Secret]:
    """Secrets in order. One inside another is part of it; those that overlap become one, of the first one's kind."""
    kept: list[Secret] = []
    end = 0
    for secret in sorted(secrets, key=lambda one: (one.start, -one.end)):
        if not kept or secret.start >= end:
            _close(text, kept, end)
            kept.append(secret)
        end = max(end, secret.end)
    _close(text, kept, end)
    return kept


def _close(text: str, kept: list[Secret], end: int) -> None:
    """Let the last secret reach to `end`, once it is known how far those go that overlap it."""
    if kept and kept[-1].end < end:
        kept[-1] = spanning(kept[-1].kind, text, kept[-1].start, end) or kept[-1]
