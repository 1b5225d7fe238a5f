"""Lets requests out, as budget, quota and requests in flight allow: those that failed before come first.

Comes in: the tokens of a request. Goes out: a `Ticket`, or why the request is never let out.
Must never: let a request overtake one that would have to wait longer for it; keep a place or money for one that was
given up.

The policies are `Quota`, `CongestionWindow` and `Budget`; here they meet the clock and the tasks that wait. A request
for which the quota has no room yet is passed by smaller ones that do not delay it ("EASY backfilling": D. Lifka, "The
ANL/IBM SP scheduling system", 1995), so that a minute is filled. Under a budget nobody passes: what may be spent goes
to those that come first.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Final

from fieldguide.domain.trouble import Trouble
from fieldguide.llm.budget import Reservation
from fieldguide.llm.turns import Ticket, Turns, Waiter

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldguide.domain.request import Usage
    from fieldguide.llm.budget import Budget
    from fieldguide.llm.congestion import CongestionWindow
    from fieldguide.llm.quota import Quota
    from fieldguide.llm.rates import Reported

FIRST_TOLD: Final = 16
FIRST_LEARNT: Final = 1
"""Requests at once to begin with: until the limits are known, one, whose answer may tell them."""


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
        self._next: asyncio.Handle | None = None
        """The next look at who may go out: at once, or when the quota has room."""
        self._waits = False
        self._keep: Usage | None = None
        self.in_flight = 0
        self.closed = False
        self.context_window: int | None = None
        """Tokens that the model takes, where it has turned a request away for its length and told."""

    def set_aside(self, worst: Usage | None) -> None:
        """Keep so much of the budget affordable for a later request; `None` when that one comes."""
        self._keep = worst
        self._look()

    def close(self) -> None:
        """Let nothing out any more."""
        self.closed = True
        self._look()

    async def enter(self, tokens: int, worst: Usage, *, again: bool) -> Ticket | Trouble:
        """Wait until a request may go out.

        Args:
            tokens: Of its prompt and of the most of its reply, as the provider counts them against the quota.
            worst: The same, as they are paid for.
            again: A call for the same request was made before: it goes before those that wait for their first.
        """
        waiter = Waiter(tokens, worst, again, asyncio.get_running_loop().create_future())
        self._turns.add(waiter)
        self._look()
        try:
            return await waiter.called
        except asyncio.CancelledError:
            self._gives_up(waiter)
            raise

    def leaves(self, ticket: Ticket) -> None:
        """It goes out only now: the provider counts it from here on."""
        ticket.left = monotonic()
        self.quota.leaves(ticket.sent, ticket.left)

    def back(self, ticket: Ticket, billed: Usage | None) -> None:
        """Its place is free again, and it has cost so much; `None` for the worst."""
        self.in_flight -= 1
        self._budget.settle(ticket.reservation, billed)
        self._look()

    def answered(self, ticket: Ticket, reported: Reported, tokens: int) -> None:
        """A reply of so many tokens came."""
        now = monotonic()
        self.quota.learn(now, ticket.sent, reported)
        if self.quota.rates.complete:
            self._window.open(FIRST_TOLD)
        self._window.answered(ticket.left, now, tokens)
        self._look()

    def turned_away(self, ticket: Ticket, reported: Reported, trouble: Trouble) -> None:
        """It came back with trouble."""
        now = monotonic()
        if trouble is Trouble.RATE_LIMITED:
            self.quota.limited(now, ticket.sent)
        if trouble in {Trouble.RATE_LIMITED, Trouble.UNAVAILABLE, Trouble.TIMEOUT}:
            self._window.pressed(ticket.left, now)
        self.quota.learn(now, ticket.sent, reported)
        self._look()

    def pause(self, seconds: float) -> None:
        """Let nothing out for so long."""
        self.quota.pause(monotonic(), seconds)
        self._look()

    def _look(self, delay: float = 0.0) -> None:
        """See who may go out, once all that happens now has happened; or after a while."""
        if self._next is not None:
            self._next.cancel()
        loop = asyncio.get_running_loop()
        self._next = loop.call_later(delay, self._let_out) if delay else loop.call_soon(self._let_out)

    def _let_out(self) -> None:
        """Let out all that may go now, and look again when the next one may."""
        delay = 0.0
        while not delay and (waiter := self._head()) is not None:
            verdict = self._verdict(waiter)
            if verdict is None:
                break
            if isinstance(verdict, Trouble):
                self._turns_away(waiter, verdict)
            elif verdict <= 0:
                self._lets_go(waiter)
            elif (passing := self._passing(waiter, verdict)) is not None:
                self._lets_go(passing)
            else:
                delay = verdict
        if delay or self._waits:
            self._waits = delay > 0
            self._waiting(delay)
        if delay:
            self._look(delay)

    def _head(self) -> Waiter | None:
        """Whose turn it is: while no limit is known that one whose answer, which may tell them, comes first."""
        return self._turns.first() if self.quota.rates.known() or self.in_flight else self._turns.shortest()

    def _verdict(self, waiter: Waiter) -> Trouble | float | None:
        """In how many seconds the quota lets it out, or why nothing ever will; `None` if something must change."""
        if self.closed:
            return Trouble.REFUSED
        if self.context_window is not None and waiter.tokens > self.context_window:
            return Trouble.TOO_LONG
        if self.quota.never_fits(waiter.tokens):
            return Trouble.OVERSIZE
        waiter.reserved = waiter.reserved or self._budget.reserve(waiter.worst, keep=self._keep)
        if waiter.reserved is None:
            # Calls under way may turn out to cost less than their worst.
            return None if self.in_flight else Trouble.BUDGET
        return self.quota.delay(monotonic(), waiter.tokens) if self.in_flight < self._window.size else None

    def _passing(self, head: Waiter, delay: float) -> Waiter | None:
        """Somebody for whom there is room until the first one may go, and room for that one then as well."""
        if self._budget.limited:
            return None
        now = monotonic()
        for one in self._turns:
            fits = self.context_window is None or one.tokens <= self.context_window
            if fits and one is not head and self.quota.passes(now, one.tokens, head.tokens, delay):
                return one
        return None

    def _lets_go(self, waiter: Waiter) -> None:
        now = monotonic()
        reserved = waiter.reserved or self._budget.reserve(waiter.worst) or Reservation()
        self.in_flight += 1
        self._turns.remove(waiter)
        waiter.called.set_result(Ticket(self.quota.take(now, waiter.tokens), reserved, now))

    def _turns_away(self, waiter: Waiter, trouble: Trouble) -> None:
        self._turns.remove(waiter)
        self._budget.release(waiter.reserved or Reservation())
        waiter.called.set_result(trouble)

    def _gives_up(self, waiter: Waiter) -> None:
        """Its task was cancelled: before its turn, or just after."""
        answer = None if waiter.called.cancelled() else waiter.called.result()
        if answer is None:
            self._turns.remove(waiter)
            self._budget.release(waiter.reserved or Reservation())
        elif isinstance(answer, Ticket):
            self.in_flight -= 1
            self.quota.stays(answer.sent)
            self._budget.release(answer.reservation)
        self._look()
