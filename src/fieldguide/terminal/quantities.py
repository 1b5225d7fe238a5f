"""Counts, money and durations in words.

Comes in: numbers. Goes out: text.
Must never: show more digits of a guess than it is worth.
"""

from __future__ import annotations

from math import ceil

_MINUTE = 60
_HOUR = 3600
_STEP = 5
"""Seconds to which a guess below a minute is rounded up."""
_THOUSAND = 1_000
_NEARLY_A_DOLLAR = 0.995
"""Rounds to a dollar."""
_CENTS_SAY_ENOUGH = 0.1


def counted(count: int, noun: str) -> str:
    """Return `1 file`, `2 files`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def dollars(cost: float, most: float | None = None) -> str:
    """Return an amount of US dollars: in cents where that says enough, else in hundredths of cents.

    Args:
        cost: The amount.
        most: What it is to be compared with; without it a dollar is enough for cents.
    """
    in_cents = cost >= _NEARLY_A_DOLLAR if most is None else most >= _CENTS_SAY_ENOUGH
    return f"${cost:.2f}" if in_cents or cost == 0 else f"${cost:.4f}"


def rounded(count: int) -> int:
    """Return a guess with two digits that mean something."""
    scale = 10 ** max(0, len(str(count)) - 2)
    return round(count / scale) * scale


def rough(count: int) -> str:
    """Return a large number as people say it: `850`, `48k`, `1.3M`."""
    if count < _THOUSAND:
        return str(count)
    if count < _THOUSAND * (_THOUSAND - 0.5):
        return f"{count / _THOUSAND:.0f}k"
    return f"{count / _THOUSAND**2:.1f}M"


def duration(seconds: float) -> str:
    """Return a guess in words: `40 s`, `3 min`, `2 h 10 min`."""
    if seconds <= _MINUTE - _STEP:
        return f"{max(_STEP, _STEP * ceil(seconds / _STEP))} s"
    minutes = ceil(seconds / _MINUTE)
    return f"{minutes} min" if minutes < _HOUR // _MINUTE else f"{minutes // 60} h {minutes % 60} min"


def stopwatch(seconds: float) -> str:
    """Return a time that has passed: `0:07`, `12:40`, `1:02:03`."""
    minutes, rest = divmod(int(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
