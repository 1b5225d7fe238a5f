"""Joins a reply that was cut off with what the model wrote when it was asked to go on.

Comes in: two replies. Goes out: one, without a seam. Must never: drop a word that is not there twice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.request import Usage

if TYPE_CHECKING:
    from fieldguide.domain.request import Reply

GO_ON: Final = (
    "Your reply reached its most tokens. Go on exactly where it stopped, in mid-word if need be: repeat nothing, "
    "and write no word about this."
)
MOST_CONTINUATIONS: Final = 2
"""Each one pays for the prompt again."""
_SHORTEST: Final = 12
"""Characters that have to agree before they count as repeated."""
_LONGEST: Final = 2_000


def joined(first: Reply, second: Reply) -> Reply:
    """The two as one. A model often says the last words again: what ends one and begins the other stands once."""
    text = first.text + second.text[_overlap(first.text, second.text) :]
    usage = Usage(
        first.usage.input_tokens + second.usage.input_tokens, first.usage.output_tokens + second.usage.output_tokens
    )
    return replace(second, text=text, usage=usage)


def _overlap(first: str, second: str) -> int:
    """Characters at the beginning of `second` that repeat the end of `first`."""
    longest = min(len(first), len(second), _LONGEST)
    return next((size for size in range(longest, _SHORTEST - 1, -1) if first.endswith(second[:size])), 0)
