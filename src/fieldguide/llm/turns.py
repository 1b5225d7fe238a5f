"""Who waits at the door, and in which order: those that come again before those that come first.

Comes in: requests that want to go out. Goes out: the one whose turn it is, and those behind it.
Must never: forget one, or hold a turn for a task that was cancelled.
"""

from __future__ import annotations

from asyncio import Future
from bisect import insort
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from fieldguide.domain.request import Usage
from fieldguide.domain.trouble import Trouble
from fieldguide.llm.budget import Reservation
from fieldguide.llm.quota import Sent

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True, eq=False)
class Ticket:
    """A request that may go out, with what was set aside for it."""

    sent: Sent
    reservation: Reservation
    left: float
    """When it went out, by the monotonic clock."""


@dataclass(slots=True, eq=False)
class Waiter:
    """A request that wants to go out."""

    tokens: int
    """Of its prompt and of the most of its reply, as the provider counts them against the quota."""
    worst: Usage
    """The same, as they are paid for."""
    again: bool
    """A call for the same request was made before."""
    called: Future[Ticket | Trouble]
    reserved: Reservation | None = None
    """What is set aside for it; `None` while it cannot be."""
    order: tuple[bool, int] = (False, 0)
    """Its place, which the queue gives it."""


class Turns:
    """A queue of two ranks, each in the order in which they came.

    What is sent again goes first: else a request that failed would wait behind all others for each of its tries, and
    a provider that is down would have to refuse every one of them before it is known to be.
    """

    def __init__(self) -> None:
        """Nobody waits."""
        self._order = count()
        self._waiting: list[Waiter] = []

    def __iter__(self) -> Iterator[Waiter]:
        """All that wait, in the order of their turns; not those whose task was just cancelled."""
        return (one for one in self._waiting if not one.called.done())

    def add(self, waiter: Waiter) -> None:
        """Join the queue."""
        waiter.order = (not waiter.again, next(self._order))
        insort(self._waiting, waiter, key=lambda one: one.order)

    def first(self) -> Waiter | None:
        """Whose turn it is."""
        return next(iter(self), None)

    def shortest(self) -> Waiter | None:
        """Who expects the shortest reply of those whose rank is the first one's."""
        waiting = list(self)
        rank = (one for one in waiting if one.again is waiting[0].again)
        return min(rank, key=lambda one: one.worst.output_tokens, default=None)

    def remove(self, waiter: Waiter) -> None:
        """Leave the queue."""
        self._waiting.remove(waiter)
