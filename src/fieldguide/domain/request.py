"""What goes to a model and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Span
from fieldguide.domain.trouble import Trouble

PromptText = NewType("PromptText", str)
"""Text of a prompt file: the words of this program or of its user. Only the loader of prompts makes it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One call to a model. Repository text gets in only as `RedactedText`: no `str` fits any of the text fields."""

    system: PromptText
    """From a prompt file; never repository text."""
    prompt: PromptText
    """Template text of a prompt file, with `{name}` fields."""
    fields: tuple[tuple[str, RedactedText], ...]
    """Values for the template's fields."""
    sections: tuple[str, ...]
    """Keys of the sections that the reply must hold."""
    max_output_tokens: int
    digest: str
    """Hexadecimal, of exactly what shapes the reply: prompts, fields, model, parameters."""
    sources: tuple[Span, ...] = ()
    """The lines that the fields hold word for word, for the ledger; their paths are redacted like all the rest."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call cost. `cost` is in US dollars, `None` when no price is known."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None


class StopReason(StrEnum):
    """Why a reply ended."""

    STOP = "stop"
    LENGTH = "length"
    FILTERED = "content filter"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered."""

    text: str
    stop_reason: StopReason
    usage: Usage
    model: str
    """As the provider names it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that brought nothing: a value, so that the page can still be written from facts."""

    fact: str
    hint: str
    transient: bool = False
    retry_after: float | None = None
    """Seconds, where the provider said so."""
    trouble: Trouble = Trouble.UNAVAILABLE
    """What has to be done about it."""
    usage: Usage | None = None
    """What the provider billed all the same."""
