"""How one request fares over several calls, and how all of them do.

Comes in: what became of each call. Goes out: decisions, and the failure that ends the run.
Must never: wait, read a clock, or forget what a call that failed has cost.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.request import Failure, Reply, StopReason, Usage
from fieldguide.domain.trouble import Trouble
from fieldguide.llm.decision import Attempt, Decision, Leave, Retry, decide

if TYPE_CHECKING:
    from fieldguide.llm.exchange import Exchanged

MOST_GIVEN_UP: Final = 5
"""Requests in a row, none answered between them, after which the provider counts as down. Before the first answer of a
run, one is enough."""

_OF_THE_PROVIDER: Final = frozenset(
    {Trouble.RATE_LIMITED, Trouble.UNAVAILABLE, Trouble.CONNECTION, Trouble.TIMEOUT, Trouble.GARBLED, Trouble.INVALID}
)
"""Troubles that say something of the provider; the others are the request's own."""
_PASSING_ALIKE: Final = frozenset({Trouble.UNAVAILABLE, Trouble.CONNECTION, Trouble.GARBLED})
"""Troubles whose tries count together: any of them may come in place of another."""


def trouble_of(outcome: Reply | Failure) -> Trouble | None:
    """What is wrong with an outcome; a reply that reached its most tokens is the caller's to deal with."""
    if isinstance(outcome, Failure):
        return outcome.trouble
    return Trouble.FILTERED if outcome.stop_reason is StopReason.FILTERED else None


@dataclass(slots=True)
class Course:
    """One request."""

    begun: bool = False
    """A call was made."""
    met: Counter[Trouble] = field(default_factory=Counter[Trouble])
    limited: int = 0
    elapsed: float = 0.0
    """Seconds of its calls, and of the waits between them that its troubles asked for; not those for the quota."""
    billed: Usage = field(default_factory=Usage)

    def after(self, trouble: Trouble, exchanged: Exchanged, seconds: float, draw: float) -> Decision:
        """Decide after a call that took so many seconds. `draw` is a random number from 0 to 1."""
        self.limited = self.limited + 1 if trouble is Trouble.RATE_LIMITED else 0
        self.met[trouble] += 1
        self.elapsed += seconds
        asked = exchanged.outcome.retry_after if isinstance(exchanged.outcome, Failure) else None
        alike = _PASSING_ALIKE if trouble in _PASSING_ALIKE else {trouble}
        tries = sum(self.met[one] for one in alike)
        attempt = Attempt(tries, self.limited, self.elapsed, asked, reply_began=exchanged.began)
        decision = decide(trouble, attempt, draw)
        if isinstance(decision, Retry):
            self.elapsed += decision.after
        return decision

    def pay(self, billed: Usage | None) -> None:
        """Add what a call is known to have cost."""
        if billed is not None:
            self.billed = Usage(
                self.billed.input_tokens + billed.input_tokens, self.billed.output_tokens + billed.output_tokens
            )

    def end(self, outcome: Reply | Failure) -> Reply | Failure:
        """The outcome, with what the whole course has cost."""
        if isinstance(outcome, Reply):
            return replace(outcome, usage=self.billed)
        return replace(outcome, usage=self.billed if self.billed != Usage() else None)


class Standing:
    """Whether the provider answers at all."""

    def __init__(self) -> None:
        """Nothing is known of it."""
        self._answered = False
        self._given_up = 0
        self._troubles = 0
        self.closing: Failure | None = None
        """Why nothing is sent any more."""

    def answered(self) -> None:
        """A request was answered."""
        self._answered, self._given_up, self._troubles = True, 0, 0

    @property
    def shaky(self) -> bool:
        """Whether it has not answered yet, or not for some calls: then the others wait with the one that failed."""
        return not self._answered or self._troubles >= MOST_GIVEN_UP

    def troubled(self, trouble: Trouble) -> None:
        """A call failed."""
        self._troubles += trouble in _OF_THE_PROVIDER

    def given_up(self, failure: Failure, decision: Leave) -> None:
        """A request was given up."""
        self._given_up += failure.trouble in _OF_THE_PROVIDER
        down = self._given_up >= (MOST_GIVEN_UP if self._answered else 1)
        if self.closing is None and (decision.whole_door or down):
            self.closing = replace(failure, trouble=Trouble.REFUSED, usage=None)
