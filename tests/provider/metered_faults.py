"""Which requests go wrong, and how: drawn from a seed, by what the request says, not by when it came.

Comes in: rates, a request's digest and how often it came before. Goes out: a `Fault`, or none.
Must never: depend on order or time, so that two contenders meet the same odds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Fault(StrEnum):
    """What happens to a request in place of a good answer."""

    SERVER_ERROR = "500"
    UNAVAILABLE = "503"
    RESET = "reset"
    """The connection is reset before the first header."""
    CUT_JSON = "cut JSON"
    """A body that ends in the middle, under a length that says that it is whole. Billed."""
    CUT_BODY = "cut body"
    """The connection ends before the length that was announced. Billed."""
    HANG = "hang"
    """No answer for as long as the client waits."""
    FILTERED = "filtered"
    """The reply is taken back while it comes: `finish_reason` is `content_filter`. Billed."""
    REFUSED = "refused"
    """Error 400 of the content filter."""
    LENGTH = "length"
    """The reply is cut off at its most tokens. Billed."""
    SLOW = "slow"
    """`slow_seconds` later than usual. Billed."""
    RATE_LIMITED = "429"
    """A rate limit that no quota explains, as other users of a deployment cause it."""
    PAGE = "page"
    """A gateway's HTML page with status 502."""


BILLED = frozenset({Fault.CUT_JSON, Fault.CUT_BODY, Fault.FILTERED, Fault.LENGTH, Fault.SLOW})
"""The model ran: its tokens are paid for, whatever arrived."""


@dataclass(frozen=True, slots=True)
class FaultRates:
    """Share of the requests, from 0 to 1, that meet each fault."""

    rates: tuple[tuple[Fault, float], ...] = ()
    seed: int = 0

    def draw(self, digest: str, tries: int) -> Fault | None:
        """The fault of a request that came `tries` times before."""
        if not self.rates:
            return None
        drawn = Random(f"{self.seed} {digest} {tries}").random()  # noqa: S311  (odds, not a secret)
        for fault, rate in self.rates:
            if drawn < rate:
                return fault
            drawn -= rate
        return None
