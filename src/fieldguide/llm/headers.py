"""Reads what a provider says of its quota in the headers of an answer.

Comes in: headers. Goes out: limits, what is left of them, and when they are whole again.
Must never: guess at a header that is no number and no time.

Sources: OpenAI's guide to rate limits (`x-ratelimit-limit-*`, `-remaining-*`, `-reset-*`: a time such as `1s`, `6m0s`,
`20ms`), which Azure OpenAI follows, though some of its versions send what remains without the limit.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.llm.rates import Rates, Reported, Resets

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIME: Final = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?", re.ASCII)
_PARTS: Final = (86_400.0, 3_600.0, 60.0, 1.0, 0.001)
"""Seconds of a day, an hour, a minute, a second, a thousandth of one."""


def reported(headers: Mapping[str, str]) -> Reported:
    """What is said of a minute's limits; `None` for each that is not said. A limit of nothing says nothing."""
    return Reported(
        Rates(_number(headers, "limit-requests") or None, _number(headers, "limit-tokens") or None),
        Rates(_number(headers, "remaining-requests"), _number(headers, "remaining-tokens")),
        Resets(_seconds(headers, "reset-requests"), _seconds(headers, "reset-tokens")),
    )


def _number(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(f"x-ratelimit-{name}", "").strip()
    return int(value) if value.isascii() and value.isdigit() else None


def _seconds(headers: Mapping[str, str], name: str) -> float | None:
    found = _TIME.fullmatch(headers.get(f"x-ratelimit-{name}", "").strip())
    if found is None or not found[0]:
        return None
    return sum(float(number) * seconds for number, seconds in zip(found.groups("0"), _PARTS, strict=True))
