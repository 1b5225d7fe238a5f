"""What is asked through a provider's Batch API, and how far that is: the nouns of `fieldguide batch`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from fieldguide.domain.request import Failure, Request, Usage
from fieldguide.errors import ExitCode

ENDED = frozenset({"completed", "failed", "expired", "cancelled"})
"""Statuses of a batch that nothing follows."""
LEFT_OUT = "left out"
"""Why a topic has no note although its request was answered: the model did not mention it."""


@dataclass(frozen=True, slots=True)
class NoteAsked:
    """A note that a line of a batch asks for."""

    key: str
    """Of its topic."""
    digest: str
    """Under which it will be kept."""
    earlier: str = ""
    """Digest of the earlier note that went along; empty where none did."""


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One request on its way into a batch."""

    request: Request
    notes: tuple[NoteAsked, ...] = ()
    """Empty for the request of a page."""
    worst: Usage = field(default_factory=Usage)
    """Tokens of its prompt, and the most of its reply."""


@dataclass(frozen=True, slots=True)
class BatchStanding:
    """A batch, as the provider shows it."""

    batch: str
    """The provider's name for it."""
    status: str
    """`validating`, `in_progress`, `finalizing`, `completed`, `failed`, `expired`, `cancelling`, `cancelled`."""
    total: int = 0
    completed: int = 0
    failed: int = 0
    expires: float | None = None
    """Seconds since the epoch."""
    faults: tuple[str, ...] = ()
    """Codes of what the provider found wrong with the whole of it."""
    input_file: str = ""
    output_file: str = ""
    error_file: str = ""
    tag: str = ""
    """What we wrote on it; empty on what others made."""

    @property
    def ended(self) -> bool:
        """Nothing follows but to collect it."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of the lines of a batch."""

    kept: int = 0
    """Replies with all that was asked for, now in the store."""
    again: int = 0
    """Lines that failed for the moment: the next batch holds them again."""
    refused: Mapping[str, str] = field(default_factory=dict[str, str])
    """Lines that would fare no better, by request digest: in part of their topics, or by a later run, they may."""
    topics: tuple[str, ...] = ()
    """Keys of the topics of refused lines."""
    usage: Usage = field(default_factory=Usage)
    failure: Failure | None = None
    """What would stop every line: a key or a model that the provider does not take."""


class BatchNext(StrEnum):
    """What a person does next."""

    WAIT = "status"
    """The batch is under way."""
    COLLECT = "collect"
    SUBMIT = "submit"
    DOCUMENT = "document"
    """Nothing is left that a batch could bring: `fieldguide DIR` writes the page."""


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What a `batch` command did."""

    operation: str
    next: BatchNext
    standing: BatchStanding | None = None
    """The batch that it concerns; `None` where there is none."""
    submitted: int = 0
    """Requests that were put into it by this command."""
    worst: Usage = field(default_factory=Usage)
    """Of those; `cost` is what the batch may cost at half the price."""
    collected: Collected | None = None
    waiting: int = 0
    """Requests that depend on replies: later layers."""
    beyond: int = 0
    """Requests that what is left of the budget does not cover, or one file does not hold."""
    short: bool = False
    """The budget, not the size of a file, is why."""
    left: int = 0
    """Requests that no batch can bring, which `fieldguide DIR` asks in another way."""
    stopped: bool = False
    """It was to go on until nothing is left, and did not come so far."""

    @property
    def exit_code(self) -> ExitCode:
        """3 where something could not be had or is not there yet to be collected, 4 where no line would be answered."""
        collected = self.collected
        if collected is not None and collected.failure is not None:
            return ExitCode.PROVIDER
        missing = self.short or self.stopped or (collected is not None and bool(collected.refused))
        early = self.operation == "collect" and self.next is BatchNext.WAIT
        failed = self.standing is not None and self.standing.status == "failed"
        return ExitCode.PARTIAL if missing or early or failed else ExitCode.DONE
