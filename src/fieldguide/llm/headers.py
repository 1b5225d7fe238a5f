"""Reads what a provider says of its quota in the headers of an answer.

Comes in: headers. Goes out: limits, and what is left of them. Must never: guess at a header that is no number.

Sources: OpenAI's guide to rate limits (`x-ratelimit-limit-*`, `-remaining-*`), which Azure OpenAI follows, though some
of its versions send what remains without the limit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.llm.quota import Rates, Reported

if TYPE_CHECKING:
    from collections.abc import Mapping


def reported(headers: Mapping[str, str]) -> Reported:
    """Limits of a minute and what is left; `None` for each that is not said. A limit of nothing says nothing."""
    return Reported(
        Rates(_number(headers, "limit-requests") or None, _number(headers, "limit-tokens") or None),
        Rates(_number(headers, "remaining-requests"), _number(headers, "remaining-tokens")),
    )


def _number(headers: Mapping[str, str], name: str) -> int | None:
    value = headers.get(f"x-ratelimit-{name}", "").strip()
    return int(value) if value.isascii() and value.isdigit() else None
