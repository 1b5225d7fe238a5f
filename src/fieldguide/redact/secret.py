"""A secret that was found in a text, before it is taken out.

Comes in and goes out: positions. Must never: show a value in its `repr`, which is why it holds none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINE: Final = re.compile(r"(?:[^\\\n]++|\\(?!\n))++")
"""What stands on one line, without the line end and a backslash that continues the line."""

_KIND: Final = re.compile(r"[^A-Z0-9]+")

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


def without_overlaps(secrets: Iterable[Secret]) -> list[Secret]:
    """Secrets in order. Those whose extents overlap become one, of the first one's kind, with the pieces of all."""
    kept: list[Secret] = []
    pieces: list[Piece] = []
    end = 0
    for secret in sorted(secrets, key=lambda one: (one.start, -one.end)):
        if kept and secret.start < end:
            pieces.extend(secret.pieces)
        else:
            _close(kept, pieces)
            kept.append(secret)
            pieces = list(secret.pieces)
        end = max(end, secret.end)
    _close(kept, pieces)
    return kept


def _close(kept: list[Secret], pieces: list[Piece]) -> None:
    """Give the last secret the pieces of all that overlap it, now that they are known."""
    if kept and len(pieces) > len(kept[-1].pieces):
        kept[-1] = Secret(kept[-1].kind, _united(pieces))


def _united(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Pieces in order, where they overlap as one. Those that only touch stay apart: a line may end between them."""
    united: list[Piece] = []
    for start, end in sorted(pieces):
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return tuple(united)


def placeholder(kind: str, digits: str) -> str:
    """What stands for a secret of a kind; `digits` are eight hexadecimal ones of a keyed digest."""
    return f"REDACTED_{_KIND.sub('_', kind.upper()).strip('_')}_{digits}"
