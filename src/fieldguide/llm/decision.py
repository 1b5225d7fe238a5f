"""What to do after a call brought nothing: send it again after a while, or leave it.

Comes in: the trouble, how often and how long it was tried. Goes out: a decision, as data.
Must never: wait, read a clock, draw a random number.

Exponential backoff with full jitter, from "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fieldguide.domain.trouble import Trouble

BASE: Final = 0.5
"""Seconds; doubled with each try."""
LONGEST: Final = 30.0
"""Seconds of one wait, unless the provider asks for more."""
TRIES: Final = 6
"""Of one request, for what may pass. A rate limit is no fault of the request and does not count."""
TIMEOUTS: Final = 3
"""A request that is too slow three times is too large for the server, and each may have been billed."""
SECONDS: Final = 600.0
"""From the first try of a request to its last."""
FILTERED_TRIES: Final = 2
"""A reply that was taken back may pass the second time; a prompt that was refused is not sent again."""

_PASSING: Final = {
    Trouble.UNAVAILABLE: TRIES,
    Trouble.CONNECTION: TRIES,
    Trouble.GARBLED: TRIES,
    Trouble.TIMEOUT: TIMEOUTS,
}


@dataclass(frozen=True, slots=True)
class Retry:
    """Send it again after so many seconds."""

    after: float
    whole_door: bool = False
    """Every other request waits as well."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Do not send it again. `whole_door`: nor anything else."""

    why: str
    whole_door: bool = False


Decision = Retry | Leave


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a request has fared so far."""

    tries: int
    """That count: without those that met a rate limit. 1 after the first."""
    limited: int
    """Tries in a row that met a rate limit."""
    elapsed: float
    """Seconds since the first try."""
    retry_after: float | None = None
    """Seconds, where the provider said so."""
    reply_began: bool = False
    """It was taken back while it came, so the prompt itself passed."""


def decide(trouble: Trouble, attempt: Attempt, draw: float) -> Decision:
    """Decide by the trouble and the attempt. `draw` is a random number from 0 to 1."""
    if trouble is Trouble.REFUSED:
        return Leave("no other request would fare better", whole_door=True)
    if trouble is Trouble.RATE_LIMITED:
        asked = attempt.retry_after
        after = asked if asked is not None else _backoff(attempt.limited, draw)
        if attempt.elapsed + after > SECONDS:
            return Leave(f"the rate limit held for {attempt.elapsed:.0f} seconds")
        return Retry(after, whole_door=True)
    most = _PASSING.get(trouble, FILTERED_TRIES if trouble is Trouble.FILTERED and attempt.reply_began else 1)
    if attempt.tries >= most:
        return Leave(f"tried {attempt.tries} times" if most > 1 else "the same request would fare no better")
    after = max(attempt.retry_after or 0.0, _backoff(attempt.tries, draw))
    if attempt.elapsed + after > SECONDS:
        return Leave(f"tried for {attempt.elapsed:.0f} seconds")
    return Retry(after, whole_door=attempt.retry_after is not None)


def _backoff(tries: int, draw: float) -> float:
    return draw * min(LONGEST, BASE * 2.0 ** min(tries, 16))
