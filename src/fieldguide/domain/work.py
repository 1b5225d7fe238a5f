"""What a model is asked in one run: topics, and the requests that they share.

Must never: hold text. A plan over a million lines is a list of spans.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fieldguide.domain.source import Role, Span


class Purpose(StrEnum):
    """What a topic's note is for."""

    FILE = "file"
    PACKAGE = "package"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole definitions of one file, as evidence; its text is read when the request is made."""

    span: Span
    tokens: int
    role: Role = Role.SOURCE


@dataclass(frozen=True, slots=True)
class Topic:
    """What one note is about."""

    key: str
    """`file:src/a.py`, `file:src/a.py#2` for a part of it, `package:src/pkg`, `page:README.md`."""
    purpose: Purpose
    pieces: tuple[Piece, ...] = ()
    """Best first."""
    needs: tuple[str, ...] = ()
    """Keys of the topics whose notes go along."""
    input_tokens: int = 0
    """Of the pieces, and of the needed notes as far as they are known or expected; without the prompt."""
    output_tokens: int = 0
    """Most tokens of its note."""
    rank: float = 0.0
    context: tuple[str, ...] = ()
    """Those needs of which only the first sentence goes along: what is imported, not what is part of the topic."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One request: one topic, or several of the same purpose that share it."""

    topics: tuple[Topic, ...]
    input_tokens: int
    """With the prompt."""
    output_tokens: int
    """Reserved for the reply."""
    fixed_tokens: int = 0
    """Of the input: all but the notes of other topics, which are only expected until they are there."""


@dataclass(frozen=True, slots=True)
class WorkPlan:
    """Every request of a run. What an errand needs comes before it."""

    errands: tuple[Errand, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    """Paths that no request holds, and why."""

    @property
    def input_tokens(self) -> int:
        """Of all requests."""
        return sum(errand.input_tokens for errand in self.errands)

    @property
    def output_tokens(self) -> int:
        """Reserved for all replies."""
        return sum(errand.output_tokens for errand in self.errands)
