"""Counts what a run has asked, had and paid, and tells whoever watches.

Comes in: what became of requests. Goes out: `Spending` events, at most ten a second.
Must never: count what the store held as paid for.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.report import Spending
from fieldguide.domain.request import Usage

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldguide.domain.report import Observer
    from fieldguide.llm.budget import Price
    from fieldguide.llm.rates import Rates

INTERVAL: Final = 0.1
"""Seconds between two events."""


class Account:
    """The account of one run."""

    def __init__(
        self,
        observer: Observer,
        price: Price,
        rates: Callable[[], Rates],
        minute: float,
    ) -> None:
        """Begin with nothing asked."""
        self._observer = observer
        self._price = price
        self._rates = rates
        self._minute = minute
        self._spending = Spending(cost=price(Usage()))
        self._told = -INTERVAL
        self._waits_since: float | None = None

    @property
    def spending(self) -> Spending:
        """Where the run stands."""
        return replace(self._spending, seconds_left=self._seconds_left())

    def go_on(self, before: Spending) -> None:
        """Add to what was asked and paid before, of another model."""
        self._spending = before

    def plan(self, requests: int, usage: Usage) -> None:
        """So many requests are expected in all, with so many tokens and so much money."""
        self._change(
            planned=requests,
            planned_input_tokens=usage.input_tokens,
            planned_output_tokens=usage.output_tokens,
            planned_cost=usage.cost if usage.cost is not None else self._price(usage),
        )

    def in_flight(self, requests: int) -> None:
        """So many requests are under way."""
        self._change(in_flight=requests)

    def paid(self, usage: Usage) -> None:
        """A call was billed."""
        now = self._spending
        price = self._price(usage)
        self._change(
            input_tokens=now.input_tokens + usage.input_tokens,
            output_tokens=now.output_tokens + usage.output_tokens,
            cost=None if now.cost is None or price is None else now.cost + price,
        )

    def done(self, *, from_store: bool = False, kept: bool = False, unsent: bool = False) -> None:
        """A request needs nothing more."""
        now = self._spending
        self._change(
            done=now.done + 1,
            from_store=now.from_store + from_store,
            kept=now.kept + kept,
            unsent=now.unsent + unsent,
        )

    def again(self) -> None:
        """Something is sent again."""
        self._change(retries=self._spending.retries + 1)

    def waiting(self, seconds: float) -> None:
        """Nothing may go out for so long; 0 when that is over."""
        now = time.monotonic()
        if self._waits_since is not None:
            waited = self._spending.waited + now - self._waits_since
            self._spending = replace(self._spending, waited=waited)
        self._waits_since = now if seconds else None
        self._change(waiting_until=time.time() + seconds if seconds else None)

    def tell(self, *, now: bool = False) -> None:
        """Tell the observer, unless it was told just before."""
        moment = time.monotonic()
        if now or moment - self._told >= INTERVAL:
            self._told = moment
            self._observer(self.spending)

    def _change(self, **changes: float | None) -> None:
        self._spending = replace(self._spending, **changes)  # pyright: ignore[reportArgumentType]  (names are the fields')
        self.tell()

    def _seconds_left(self) -> float | None:
        """What the quota takes at the least for the rest of the plan."""
        now, rates = self._spending, self._rates()
        if not now.planned or not rates.known():
            return None
        planned = now.planned_input_tokens + now.planned_output_tokens
        tokens = max(0, planned - now.input_tokens - now.output_tokens) / rates.tokens if rates.tokens else 0.0
        requests = max(0, now.planned - now.done) / rates.requests if rates.requests else 0.0
        return max(tokens, requests) * self._minute
