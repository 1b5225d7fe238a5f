"""Whose turn it is: tasks pass one by one, those that come again before those that come first.

Comes in: tasks. Goes out: one at a time.
Must never: let two pass at once, or hold a turn for a task that was cancelled.
"""

from __future__ import annotations

import asyncio
import heapq
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import AsyncGenerator


class Turns:
    """A lock whose waiters have two ranks, each in the order in which they came.

    What is sent again goes first: else a request that failed would wait behind all others for each of its tries, and
    a provider that is down would have to refuse every one of them before it is known to be.
    """

    def __init__(self) -> None:
        """Nobody waits."""
        self._taken = False
        self._order = count()
        self._waiting: list[tuple[bool, int, Future[None]]] = []

    @asynccontextmanager
    async def turn(self, *, again: bool) -> AsyncGenerator[None]:
        """Wait for a turn, and hold it."""
        if self._taken:
            called: Future[None] = asyncio.get_running_loop().create_future()
            heapq.heappush(self._waiting, (not again, next(self._order), called))
            try:
                await called
            except asyncio.CancelledError:
                if called.done() and not called.cancelled():
                    self._pass_on()
                raise
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        """Call the next one; the turn stays taken until that one has it."""
        while self._waiting:
            _, _, called = heapq.heappop(self._waiting)
            if not called.done():
                called.set_result(None)
                return
        self._taken = False
