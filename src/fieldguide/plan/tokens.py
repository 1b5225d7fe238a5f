"""Counts tokens as the model's own tokenizer would, without the network.

Comes in: a model choice and text. Goes out: a number of tokens, never too small.
Must never: download a table; treat a special token that stands in repository text as anything but text.
"""

from __future__ import annotations

import importlib
import math
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol, cast

if TYPE_CHECKING:
    from fieldguide.domain.model import ModelChoice

_ENCODINGS: Final = (
    (r"gpt-oss", "o200k_harmony"),
    (r"(?:chatgpt-4o|gpt-4o|gpt-4\.[1-9]|gpt-(?:[5-9]|1\d)|o[1-9])(?![a-z])", "o200k_base"),
    (r"gpt-(?:3\.?5|4)(?![a-z\d])", "cl100k_base"),
    (r"(?:meta-)?llama-?3", "llama3"),
    (r"qwen-?(?:2|2\.5|3)(?![\d])", "qwen3"),
)
"""First match wins. `quicktok.encoding_for_model` takes `gpt-4.1` for a `gpt-4` and does not know `gpt-5`; for OpenAI's
names this table agrees with `tiktoken.model`, which the tests compare it with."""

_FALLBACK: Final = "o200k_base"
UNKNOWN_MARGIN: Final = 1.25
"""Tokenizers of other families need up to a quarter more tokens for code than `o200k_base`."""


class _Encoding(Protocol):
    """The part of `quicktok.Tokenizer` that is used here."""

    def count(self, text: str) -> int: ...


@dataclass(frozen=True, slots=True)
class TokenCounter:
    """Counts for one model. `exact` is false where another family's tokenizer stands in, with a margin on top."""

    encoding: _Encoding
    exact: bool

    def count(self, text: str) -> int:
        """Tokens of `text`; special tokens in it are counted as the text that they are."""
        tokens = self.encoding.count(text)
        return tokens if self.exact else math.ceil(tokens * UNKNOWN_MARGIN)


def encoding_name(model: str) -> str | None:
    """Name of the encoding that a model uses, or `None` when its family is not known."""
    bare = model.lower().rpartition("/")[2]
    return next((encoding for pattern, encoding in _ENCODINGS if re.match(pattern, bare)), None)


def token_counter(choice: ModelChoice) -> TokenCounter:
    """Load the tokenizer of the chosen model, which takes about half a second."""
    name = encoding_name(choice.underlying)
    return TokenCounter(_load(name or _FALLBACK), exact=name is not None)


@cache
def _load(encoding: str) -> _Encoding:
    """Import `quicktok`, which has no types, where it is wanted: a run without a model needs none of its tables."""
    quicktok = importlib.import_module("quicktok")
    return cast("_Encoding", quicktok.get_encoding(encoding))
