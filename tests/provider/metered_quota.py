"""A provider's own count of requests and tokens, and whether the next request is admitted.

Comes in: the time, the tokens of a request (its prompt and the output that is reserved for it). Goes out: an
`Admission`. Must never: read a clock.

Two ways of counting: a true sliding window, and a bucket that fills evenly (which is how OpenAI words its
`x-ratelimit-reset-*` headers). Azure also looks at requests over a sixth of the minute.
Sources: OpenAI's and Azure OpenAI's guides to rate limits.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

MINUTE: Final = 60.0


@dataclass(frozen=True, slots=True)
class QuotaRules:
    """Limits of one window; `None` where nothing limits."""

    requests: int | None = None
    tokens: int | None = None
    window_seconds: float = MINUTE
    """Less to let time run faster: limits then hold for so many seconds in place of a minute."""
    form: Literal["sliding", "bucket"] = "sliding"
    short_window: bool = False
    """Requests are also counted over a sixth of the window, as Azure does."""
    gives_back: bool = False
    """What was reserved for the reply and not used is given back when the reply is made."""
    counts_refused: bool = False
    """A request that gets a 429 counts as a request all the same."""


@dataclass(slots=True)
class Counted:
    """One request as the provider counts it."""

    at: float
    tokens: int
    requests: int = 1


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a request was let in. `exceeded` names what was used up; empty when it was let in."""

    counted: Counted | None
    exceeded: Literal["", "requests", "tokens", "size"] = ""
    wait: float = 0.0
    """Seconds until it would be let in."""
    remaining_requests: int = 0
    remaining_tokens: int = 0
    reset_requests: float = 0.0
    """Seconds until all of it is there again."""
    reset_tokens: float = 0.0


class QuotaMeter:
    """What counts now under some rules."""

    def __init__(self, rules: QuotaRules) -> None:
        """Begin with nothing counted."""
        self.rules = rules
        self._counted: deque[Counted] = deque()
        self._level = {"requests": float(rules.requests or 0), "tokens": float(rules.tokens or 0)}
        self._filled = float("-inf")

    def admit(self, now: float, tokens: int) -> Admission:
        """Let a request in and count it, or say what is used up and until when."""
        self._forget(now)
        rules = self.rules
        if rules.tokens is not None and tokens > rules.tokens:
            return self._shown(now, Admission(None, "size", rules.window_seconds))
        by_tokens = self._wait(now, "tokens", tokens)
        by_requests = max(self._wait(now, "requests", 1), self._short_wait(now))
        if by_tokens > 0 or by_requests > 0:
            if rules.counts_refused:
                self._count(now, 0)
            exceeded = "tokens" if by_tokens >= by_requests else "requests"
            return self._shown(now, Admission(None, exceeded, max(by_tokens, by_requests)))
        return self._shown(now, Admission(self._count(now, tokens)))

    def settle(self, counted: Counted, used: int) -> None:
        """Give back what a request did not use, where the rules say so."""
        if self.rules.gives_back and used < counted.tokens:
            self._level["tokens"] += counted.tokens - used
            counted.tokens = used

    def _count(self, now: float, tokens: int) -> Counted:
        counted = Counted(now, tokens)
        self._counted.append(counted)
        self._level["requests"] -= 1
        self._level["tokens"] -= tokens
        return counted

    def _forget(self, now: float) -> None:
        window = self.rules.window_seconds
        while self._counted and self._counted[0].at + window <= now:
            self._counted.popleft()
        elapsed = max(0.0, now - self._filled)
        self._filled = now
        for what, limit in (("requests", self.rules.requests), ("tokens", self.rules.tokens)):
            if limit:
                self._level[what] = min(float(limit), self._level[what] + elapsed * limit / window)

    def _limit(self, what: Literal["requests", "tokens"]) -> int | None:
        return self.rules.requests if what == "requests" else self.rules.tokens

    def _wait(self, now: float, what: Literal["requests", "tokens"], amount: int) -> float:
        limit = self._limit(what)
        if limit is None:
            return 0.0
        if self.rules.form == "bucket":
            return max(0.0, (amount - self._level[what]) * self.rules.window_seconds / limit)
        return self._until(now, limit - amount, self.rules.window_seconds, what)

    def _short_wait(self, now: float) -> float:
        if not self.rules.short_window or self.rules.requests is None:
            return 0.0
        few = max(1, self.rules.requests // 6)
        return self._until(now, few - 1, self.rules.window_seconds / 6, "requests")

    def _until(self, now: float, most: int, window: float, what: str) -> float:
        """Seconds until at most `most` counts in a window that slides."""
        total = 0
        for one in reversed(self._counted):
            total += one.requests if what == "requests" else one.tokens
            if total > most:
                return max(0.0, one.at + window - now)
        return 0.0

    def _shown(self, now: float, admission: Admission) -> Admission:
        """With what the headers say."""
        left = {what: self._left(what) for what in ("requests", "tokens")}
        return replace(
            admission,
            remaining_requests=left["requests"],
            remaining_tokens=left["tokens"],
            reset_requests=self._reset(now, "requests"),
            reset_tokens=self._reset(now, "tokens"),
        )

    def _left(self, what: Literal["requests", "tokens"]) -> int:
        limit = self._limit(what)
        if limit is None:
            return 0
        if self.rules.form == "bucket":
            return max(0, int(self._level[what]))
        used = sum(one.requests if what == "requests" else one.tokens for one in self._counted)
        return max(0, limit - used)

    def _reset(self, now: float, what: Literal["requests", "tokens"]) -> float:
        limit = self._limit(what)
        if limit is None:
            return 0.0
        if self.rules.form == "bucket":
            return (limit - self._level[what]) * self.rules.window_seconds / limit
        return max(0.0, self._counted[-1].at + self.rules.window_seconds - now) if self._counted else 0.0


def shortest(rules: QuotaRules, requests: Iterable[int]) -> float:
    """Seconds from the first of these requests to the last, when each is sent the moment that it is admitted.

    Args:
        rules: The quota.
        requests: Tokens of each, in their order.
    """
    meter = QuotaMeter(rules)
    now = 0.0
    for tokens in requests:
        while (admission := meter.admit(now, tokens)).counted is None:
            if admission.exceeded == "size":
                message = f"a request of {tokens} tokens never fits"
                raise ValueError(message)
            now += admission.wait + 1e-9
    return now
