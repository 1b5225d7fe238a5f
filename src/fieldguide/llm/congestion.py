"""How many requests may be in flight at once: more while answers come, fewer when the provider is hard pressed.

Comes in: what became of each request, and how long it took. Goes out: a number of requests.
Must never: fall below one, or exceed what the user allows.

Additive increase, multiplicative decrease, with a doubling start, as TCP does it (RFC 5681).
"""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Final

DECREASE: Final = 0.5
SLOWER: Final = 2.5
"""Times the usual seconds a token, over the last few replies, that say that the provider is hard pressed."""
USUAL: Final = 32
"""Replies that tell what is usual."""
RECENT: Final = 5


class CongestionWindow:
    """The number of requests in flight, as it adapts."""

    def __init__(self, *, first: int, most: int) -> None:
        """Begin with `first` requests at once, and never have more than `most`."""
        self._size = float(min(first, most))
        self._most = most
        self._starting = True
        self._changed = float("-inf")
        self._paces: deque[float] = deque(maxlen=USUAL)

    @property
    def size(self) -> int:
        """Requests that may be in flight."""
        return max(1, int(self._size))

    def open(self, requests: int) -> None:
        """The limits are known now: so many at once need no more trying, unless there was trouble already."""
        if self._starting:
            self._size = max(self._size, float(min(requests, self._most)))

    def answered(self, sent: float, now: float, tokens: int) -> None:
        """An answer of so many tokens to a request sent at that time came."""
        self._paces.append((now - sent) / max(1, tokens))
        if self._slower():
            self._shrink(sent, now)
            return
        self._size = min(self._most, self._size + (1.0 if self._starting else 1.0 / self._size))

    def pressed(self, sent: float, now: float) -> None:
        """A request sent at that time was turned away for too many, or the server failed under it."""
        self._shrink(sent, now)

    def _shrink(self, sent: float, now: float) -> None:
        """Once for all requests that were under way when it happened."""
        self._starting = False
        if sent > self._changed:
            self._size = max(1.0, self._size * DECREASE)
            self._changed = now
            self._paces.clear()

    def _slower(self) -> bool:
        paces = list(self._paces)
        return len(paces) >= 2 * RECENT and median(paces[-RECENT:]) > SLOWER * median(paces[:-RECENT])
