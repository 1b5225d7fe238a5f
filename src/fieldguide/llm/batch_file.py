"""Writes the file of a batch: requests, a line each, as many as may be in it.

Comes in: requests, best first; what the model is known to take; a budget. Goes out: a file, and what it holds.
Must never: put in what the budget does not cover at the worst; hold more than one request in memory.

Limits of a file: OpenAI's guide to batches (50,000 requests, 200 MB); Azure's are no lower.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fieldguide.domain.batch import BatchLine, NoteAsked
from fieldguide.domain.request import Usage
from fieldguide.domain.source import Span
from fieldguide.llm.batch_lines import line_of
from fieldguide.llm.parameters import Parameters, first_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.request import Request
    from fieldguide.llm.batch_record import BatchRecord
    from fieldguide.llm.budget import Budget

MOST_LINES: Final = 50_000
MOST_BYTES: Final = 48_000_000
"""Less than providers take: the body of an upload is in memory when its digest is written down."""


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file that was written, and what it holds."""

    path: Path
    lines: Mapping[str, tuple[NoteAsked, ...]]
    """Notes that each request asks for, by its digest."""
    sources: tuple[Span, ...]
    worst: Usage
    beyond: int
    """Requests that are not in it."""
    short: bool
    """Some of them for the budget's sake."""
    limit: str
    temperature: float | None

    @property
    def tokens(self) -> int:
        """Of all prompts and the most of all replies."""
        return self.worst.input_tokens + self.worst.output_tokens


def write_file(
    path: Path, lines: Iterable[BatchLine], choice: ModelChoice, record: BatchRecord, budget: Budget
) -> BatchFile:
    """Write as many lines as may be in a file; one is written whatever the provider is thought to take.

    Raises:
        TypeError: A field of a request holds text that never was redacted.
    """
    held: dict[str, tuple[NoteAsked, ...]] = {}
    sources: dict[Span, None] = {}
    worst, size, beyond, short = Usage(), 0, 0, False
    shape = Parameters(1, "", None)
    with path.open("wb") as file:
        for line in lines:
            request = line.request
            if request.digest in held:
                continue
            shape = _shape(request, choice, record)
            text = line_of(request, choice, shape)
            tokens = _sum(worst, line.worst)
            if held and (len(held) >= MOST_LINES or size + len(text) > MOST_BYTES or _over(tokens, record)):
                beyond += 1
                continue
            if budget.reserve(line.worst) is None:
                beyond, short = beyond + 1, True
                continue
            file.write(text)
            held[request.digest] = line.notes
            sources |= dict.fromkeys(request.sources)
            worst, size = tokens, size + len(text)
    return BatchFile(path, held, tuple(sources), worst, beyond, short, shape.limit, shape.temperature)


def _shape(request: Request, choice: ModelChoice, record: BatchRecord) -> Parameters:
    """Parameters of a request, without what the model is known to refuse."""
    first = first_parameters(request, choice)
    return replace(
        first,
        limit=record.limit or first.limit,
        temperature=first.temperature if record.takes_temperature else None,
    )


def _over(tokens: Usage, record: BatchRecord) -> bool:
    return record.most_tokens is not None and tokens.input_tokens + tokens.output_tokens > record.most_tokens


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(one.input_tokens + other.input_tokens, one.output_tokens + other.output_tokens)
