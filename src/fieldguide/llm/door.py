"""The one door: every word that goes to a model goes through `Door.ask`.

Comes in: a `Request`, whose repository text is `RedactedText` by its type. Goes out: a `Reply`, or a `Failure` that
says what to do.
Must never: send text that is not in the request, or anything that the ledger does not hold; log a prompt, a reply or
a key; pay twice for one digest; send anything after a refusal that no other request would escape; let a third party
see what passes unless the user asked for it.

In this order: redacted? → in the store, or being asked by another run? → within the budget? → quota → requests in
flight → provider → ledger and store.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections import deque
from dataclasses import dataclass, replace
from random import random
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

from fieldguide.domain.request import Failure, Reply, StopReason, Usage
from fieldguide.domain.trouble import Trouble
from fieldguide.llm.account import Account
from fieldguide.llm.admission import FIRST_LEARNT, FIRST_TOLD, Admission
from fieldguide.llm.budget import Budget, price_under
from fieldguide.llm.congestion import CongestionWindow
from fieldguide.llm.continuation import GO_ON, MOST_CONTINUATIONS, joined
from fieldguide.llm.course import Course, Standing, trouble_of
from fieldguide.llm.decision import Decision, Leave
from fieldguide.llm.exchange import Exchange, Exchanged
from fieldguide.llm.failures import unsent
from fieldguide.llm.grouping import Grouped
from fieldguide.llm.passage import Said, check_redacted, messages_of
from fieldguide.llm.quota import WINDOW, Quota
from fieldguide.llm.rates import Rates

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from fieldguide.domain.limits import Limits
    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.report import Observer, Spending
    from fieldguide.domain.request import Request
    from fieldguide.llm.budget import Price
    from fieldguide.llm.ledger import Ledger
    from fieldguide.llm.store import ReplyStore
    from fieldguide.llm.turns import Ticket

_MESSAGE_TOKENS: Final = 4
_PRIMING_TOKENS: Final = 3
"""What a chat adds to the tokens of its texts, by OpenAI's cookbook on counting tokens."""
MOST_DECISIONS: Final = 10_000
_SELDOM: Final = (50_000, 100, 100)
"""Objects, and younger collections, after which circles are looked for while requests are made: looking through a
codebase that does not change cost a tenth of a request's CPU."""
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Decided:
    """What was done after a call that brought nothing."""

    digest: str
    """Of the request."""
    trouble: Trouble
    decision: Decision


class Door:
    """The door of one run: an async context manager, opened once, asked from many tasks of one event loop."""

    def __init__(
        self,
        choice: ModelChoice,
        limits: Limits,
        store: ReplyStore,
        ledger: Ledger,
        observer: Observer,
        *,
        count: Callable[[str], int],
        price: Price | None = None,
        minute: float = WINDOW,
    ) -> None:
        """Nothing is imported, signed in to or connected to before something must be sent.

        Args:
            choice: The model.
            limits: Quota and budget of the run.
            store: Of replies, which the caller opens and closes.
            ledger: In which every call is recorded before it leaves.
            observer: Hears `Spending`.
            count: Tokens of a text, for this model.
            price: US dollars of a usage, where the user does not say; the ledger's if none is given.
            minute: Seconds over which the provider counts its limits of a minute.

        Raises:
            ConfigurationError: The cost is limited and no price is known, or the address may not be connected to.
        """
        self._choice = choice
        self._store = store
        self._keeper = Grouped(store.put_many)
        self._count = count
        self._exchange = Exchange(choice, ledger)
        quota = Quota(Rates(limits.requests_per_minute, limits.tokens_per_minute), window=minute)
        first = FIRST_TOLD if quota.rates.complete else FIRST_LEARNT
        window = CongestionWindow(first=first, most=limits.concurrency)
        priced = price_under(limits, price or ledger.price)
        self._account = Account(observer, priced, lambda: quota.rates, minute)
        budget = Budget(max_tokens=limits.max_tokens, max_cost=limits.max_cost, price=priced)
        self._admission = Admission(quota, window, budget, self._account.waiting)
        self._standing = Standing()
        self._collecting = gc.get_threshold()
        self.decisions: deque[Decided] = deque(maxlen=MOST_DECISIONS)
        """The latest ones."""

    async def __aenter__(self) -> Self:
        self._collecting = gc.get_threshold()
        gc.set_threshold(*_SELDOM)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        gc.set_threshold(*self._collecting)
        try:
            await self._keeper.close()
        finally:
            await self._exchange.__aexit__(kind, error, trace)
        self._account.tell(now=True)

    @property
    def spending(self) -> Spending:
        """Where the run stands: requests, tokens, money."""
        return self._account.spending

    @property
    def rates(self) -> Rates:
        """Limits of a minute, as the user says them or as they were learnt."""
        return self._admission.quota.rates

    @property
    def window(self) -> int | None:
        """Tokens that the model takes, where it has turned a request away for its length and told."""
        return self._admission.context_window

    def go_on(self, before: Spending) -> None:
        """Add to what the run asked and paid of another model, for those who watch; `limits` are of what is left."""
        self._account.go_on(before)

    def plan(self, requests: int, usage: Usage) -> None:
        """Say what is expected of the whole run, for those who watch."""
        self._account.plan(requests, usage)

    def set_aside(self, worst: Usage | None) -> None:
        """Keep so much of the budget for a later request that matters more; `None` when that one is asked."""
        self._admission.set_aside(worst)

    async def ask(self, request: Request, *, continued: bool = False) -> Reply | Failure:
        """Answer a request, from the store or by the provider. What goes wrong is returned, not raised.

        Args:
            request: What is asked.
            continued: A reply that was cut off at its most tokens is asked to go on, and joined. Else it is returned
                as it is, with `StopReason.LENGTH`, for a caller that can ask for less.

        Returns:
            A reply with what it cost in this run, nothing for one that was kept. Only whole replies are kept.

        Raises:
            ConfigurationError: The provider needs a package that is not installed, the address may not be connected
                to, or the ledger cannot be written; nothing has left then.
            TypeError: A field of the request holds text that never was redacted.
        """
        check_redacted(request)
        claim = await self._store.obtain(request.digest)
        if isinstance(claim, Reply):
            self._account.done(from_store=True)
            return replace(claim, usage=Usage())
        kept = False
        try:
            outcome = await self._bought(request, continued=continued)
            if isinstance(outcome, Reply):
                # On its way to the disk even if this task is cancelled now.
                kept = await asyncio.shield(self._keeper.add((request.digest, outcome)))
        finally:
            self._store.release(claim)
        unsent = isinstance(outcome, Failure) and outcome.trouble in {Trouble.BUDGET, Trouble.OVERSIZE}
        self._account.done(kept=kept, unsent=unsent)
        return outcome

    async def _bought(self, request: Request, *, continued: bool) -> Reply | Failure:
        reply = await self._persistently(request, ())
        for _ in range(MOST_CONTINUATIONS if continued else 0):
            if isinstance(reply, Failure) or reply.stop_reason is not StopReason.LENGTH or not reply.text.strip():
                break
            more = await self._persistently(request, (("assistant", reply.text), ("user", GO_ON)))
            if isinstance(more, Failure):
                return more
            reply = joined(reply, more)
        return reply

    async def _persistently(self, request: Request, said: Said) -> Reply | Failure:
        """Ask until there is an outcome that stands."""
        course, worst = Course(), self._worst(request, said)
        tokens = worst.input_tokens + worst.output_tokens
        while True:
            if self._standing.closing is not None:
                return course.end(self._standing.closing)
            ticket = await self._admission.enter(tokens, worst, again=course.begun or bool(said))
            course.begun = True
            if isinstance(ticket, Trouble):
                limit = self.window if ticket is Trouble.TOO_LONG else self.rates.tokens
                return course.end(self._standing.closing or unsent(ticket, self._choice, tokens, limit))
            exchanged = await self._exchanged(request, said, ticket)
            course.pay(exchanged.billed)
            if exchanged.adapted:
                self._account.again()
                continue
            if (trouble := trouble_of(exchanged.outcome)) is None:
                self._standing.answered()
                return course.end(exchanged.outcome)
            decision = course.after(trouble, exchanged, monotonic() - ticket.left, random())  # noqa: S311  (no secret)
            self._note(request, exchanged, trouble, decision)
            if isinstance(decision, Leave):
                return course.end(exchanged.outcome)
            if not decision.whole_door:
                await asyncio.sleep(decision.after)

    def _worst(self, request: Request, said: Said) -> Usage:
        """What a call may cost at the worst: its prompt, and the most of its reply."""
        contents = [message["content"] for message in messages_of(request, said)]
        prompt = sum(self._count(content) + _MESSAGE_TOKENS for content in contents) + _PRIMING_TOKENS
        return Usage(prompt, request.max_output_tokens)

    async def _exchanged(self, request: Request, said: Said, ticket: Ticket) -> Exchanged:
        """Make one call, and give its place and what it did not cost back, whatever becomes of it."""
        self._account.in_flight(self._admission.in_flight)
        billed: Usage | None = None
        try:
            exchanged = await self._exchange.make(request, said, lambda: self._admission.leaves(ticket))
            billed = exchanged.billed
        finally:
            self._admission.back(ticket, billed)
            self._account.in_flight(self._admission.in_flight)
        if billed is not None and billed != Usage():
            self._account.paid(billed)
        if exchanged.window is not None:
            self._admission.context_window = min(exchanged.window, self.window or exchanged.window)
        outcome = exchanged.outcome
        if isinstance(outcome, Reply):
            self._admission.answered(ticket, exchanged.reported, outcome.usage.output_tokens)
        else:
            self._admission.turned_away(ticket, exchanged.reported, outcome.trouble)
        return exchanged

    def _note(self, request: Request, exchanged: Exchanged, trouble: Trouble, decision: Decision) -> None:
        """Write a decision down, and have the whole door keep to it where it is for the whole door."""
        self.decisions.append(Decided(request.digest, trouble, decision))
        if isinstance(decision, Leave):
            _LOG.info("request %s: %s; given up: %s", request.digest[:12], trouble, decision.why)
            if isinstance(exchanged.outcome, Failure):
                self._standing.given_up(exchanged.outcome, decision)
            if self._standing.closing is not None:
                self._admission.close()
            return
        _LOG.info("request %s: %s; again after %.2f s", request.digest[:12], trouble, decision.after)
        self._account.again()
        self._standing.troubled(trouble)
        if decision.whole_door or self._standing.shaky:
            self._admission.pause(decision.after)
