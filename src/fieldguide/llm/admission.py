"""Lets requests out one by one, as budget, quota and requests in flight allow: those that failed before come first.

Comes in: the tokens of a request. Goes out: a `Ticket`, or why the request is never let out.
Must never: let a new request overtake one that waits; keep a place or money for one that was given up.

The policies are `Quota`, `CongestionWindow` and `Budget`; here they meet the clock and the tasks that wait.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

from fieldguide.domain.trouble import Trouble
from fieldguide.llm.budget import Reservation
from fieldguide.llm.quota import Sent
from fieldguide.llm.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldguide.domain.request import Usage
    from fieldguide.llm.budget import Budget
    from fieldguide.llm.congestion import CongestionWindow
    from fieldguide.llm.quota import Quota, Reported


@dataclass(slots=True, eq=False)
class Ticket:
    """A request that may go out, with what was set aside for it."""

    sent: Sent
    reservation: Reservation
    left: float
    """When it went out, by the monotonic clock."""


class Admission:
    """The way out of the door."""

    def __init__(
        self,
        quota: Quota,
        window: CongestionWindow,
        budget: Budget,
        waiting: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Begin with nothing in flight. `waiting` hears for how many seconds nothing may go out; 0 ends that."""
        self.quota = quota
        self._window = window
        self._budget = budget
        self._waiting = waiting
        self._turns = Turns()
        self._changed = asyncio.Event()
        self._keep: Usage | None = None
        self.in_flight = 0
        self.closed = False
        self.context_window: int | None = None
        """Tokens that the model takes, where it has turned a request away for its length and told."""

    def set_aside(self, worst: Usage | None) -> None:
        """Keep so much of the budget affordable for a later request; `None` when that one comes."""
        self._keep = worst
        self._changed.set()

    def close(self) -> None:
        """Let nothing out any more."""
        self.closed = True
        self._changed.set()

    async def enter(self, tokens: int, worst: Usage, *, again: bool) -> Ticket | Trouble:
        """Wait until a request may go out.

        Args:
            tokens: Of its prompt and of the most of its reply, as the provider counts them against the quota.
            worst: The same, as they are paid for.
            again: A call for the same request was made before: it goes before those that wait for their first.
        """
        async with self._turns.turn(again=again):
            reservation = await self._afforded(worst)
            if isinstance(reservation, Trouble):
                return reservation
            try:
                trouble = await self._room(tokens)
            except BaseException:
                self._budget.release(reservation)
                raise
            if trouble is not None:
                self._budget.release(reservation)
                return trouble
            self.in_flight += 1
            now = monotonic()
            return Ticket(self.quota.take(now, tokens), reservation, now)

    def leaves(self, ticket: Ticket) -> None:
        """It goes out only now: the provider counts it from here on."""
        ticket.left = monotonic()
        self.quota.leaves(ticket.sent, ticket.left)

    def back(self, ticket: Ticket, billed: Usage | None) -> None:
        """Its place is free again, and it has cost so much; `None` for the worst."""
        self.in_flight -= 1
        self._budget.settle(ticket.reservation, billed)
        self._changed.set()

    def answered(self, ticket: Ticket, reported: Reported, tokens: int) -> None:
        """A reply of so many tokens came."""
        now = monotonic()
        self.quota.learn(now, ticket.sent, reported)
        self._window.answered(ticket.left, now, tokens)
        self._changed.set()

    def turned_away(self, ticket: Ticket, reported: Reported, trouble: Trouble) -> None:
        """It came back with trouble."""
        now = monotonic()
        if trouble is Trouble.RATE_LIMITED:
            self.quota.limited(now, ticket.sent)
        if trouble in {Trouble.RATE_LIMITED, Trouble.UNAVAILABLE, Trouble.TIMEOUT}:
            self._window.pressed(ticket.left, now)
        self.quota.learn(now, ticket.sent, reported)
        self._changed.set()

    def pause(self, seconds: float) -> None:
        """Let nothing out for so long."""
        self.quota.pause(monotonic(), seconds)
        self._changed.set()

    async def _afforded(self, worst: Usage) -> Reservation | Trouble:
        """Set the worst case aside, if need be when calls under way turn out to cost less than theirs."""
        while not self.closed:
            reservation = self._budget.reserve(worst, keep=self._keep)
            if reservation is not None:
                return reservation
            if not self.in_flight:
                return Trouble.BUDGET
            await self._change(None)
        return Trouble.REFUSED

    async def _room(self, tokens: int) -> Trouble | None:
        """Wait for a place in flight and for the quota."""
        while not self.closed:
            if self.context_window is not None and tokens > self.context_window:
                return Trouble.TOO_LONG
            if self.quota.never_fits(tokens):
                return Trouble.OVERSIZE
            delay = self.quota.delay(monotonic(), tokens)
            if self.in_flight < self._window.size:
                if delay <= 0:
                    return None
                self._waiting(delay)
                try:
                    await self._change(delay)
                finally:
                    self._waiting(0.0)
            else:
                await self._change(None)
        return Trouble.REFUSED

    async def _change(self, seconds: float | None) -> None:
        """Wait until something comes back, or for so long."""
        self._changed.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return
