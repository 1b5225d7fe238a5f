"""Limits that fill evenly, as a bucket does: the other way in which providers count a minute.

Comes in: what headers say of a limit, what was taken of it and when. Goes out: whether it fills evenly, and how much of
it is missing.
Must never: read a clock; take one answer's word for it.

After a minute of silence there is a whole minute's worth at once, and from then on as much a second as a sixtieth of
it; a window that slides gives everything back a minute later. Headers tell the two apart: `x-ratelimit-reset-tokens`
is the time "until the rate limit resets to its initial state" (OpenAI's guide to rate limits), and for a bucket that
is in proportion to what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

NEEDED: Final = 2
"""Answers that must agree before a limit counts as one that fills evenly. One that contradicts settles it for good."""
TELLING: Final = 0.9
"""Of a limit: when more of it is missing, both ways of counting say about a minute."""
_SHARE: Final = 0.02
_SECONDS: Final = 0.05
"""How far a time until it is full may be from what is computed."""


@dataclass(slots=True)
class Refill:
    """One limit: of requests, or of tokens."""

    agreed: int = 0
    contradicted: bool = False
    missing: float = 0.0
    """What was missing at the time `at`, before what the caller still has on record."""
    at: float = float("-inf")

    @property
    def evenly(self) -> bool:
        """Whether the limit fills evenly."""
        return self.agreed >= NEEDED and not self.contradicted

    def hears(self, limit: int | None, left: int | None, reset: float | None, window: float) -> None:
        """Compare what an answer says: the limit, what is left of it, seconds until it is whole again."""
        if not limit or left is None or reset is None or not 0 < limit - left <= TELLING * limit:
            return
        evenly = (limit - left) * window / limit
        if abs(reset - evenly) <= window / limit + _SHARE * evenly + _SECONDS:
            self.agreed += 1
        else:
            self.contradicted = True

    def forgets(self, at: float, amount: int, rate: float) -> None:
        """Keep only the sum of what was taken so far; `rate` is what comes back in a second."""
        self.missing = self.missing_at(at, ((at, amount),), rate)
        self.at = at

    def missing_at(self, now: float, taken: Iterable[tuple[float, int]], rate: float) -> float:
        """How much is missing, after so much was taken at those times, in their order."""
        missing, at = self.missing, self.at
        for when, amount in taken:
            missing = max(0.0, missing - rate * max(0.0, when - at)) + amount if missing else float(amount)
            at = when
        return max(0.0, missing - rate * max(0.0, now - at)) if missing > 0 else 0.0
