"""The three answers, made in one place.

Comes in: what was found out. Goes out: a `Verdict`. Must never: say that something is broken for no reason given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.documents import State, Verdict
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable


def holds(where: Span | str | None = None) -> Verdict:
    """It holds; a path stands for its first line."""
    return Verdict(State.HOLDS, where=Span(where, 1, 1) if isinstance(where, str) else where)


def unknown(why: str) -> Verdict:
    """Nothing can be said, for this reason."""
    return Verdict(State.UNKNOWN, why)


def absent(why: str, nearest: Iterable[str] = (), *, fix: str = "") -> Verdict:
    """It is not there, and everything that could make it hold is known."""
    return Verdict(State.BROKEN, why, nearest=tuple(nearest), certain=True, fix=fix)


def unseen(why: str, words: Iterable[str], nearest: Iterable[str] = (), *, fix: str = "") -> Verdict:
    """It is not seen anywhere; any of `words` in the code would mean that more is to be known."""
    return Verdict(State.BROKEN, why, nearest=tuple(nearest), words=tuple(dict.fromkeys(words)), fix=fix)
