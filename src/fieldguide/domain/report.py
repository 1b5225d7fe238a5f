"""What a run tells people and machines: events while it works, one report at its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from fieldguide.domain.injection import Injection
from fieldguide.domain.page import Finding, Outline
from fieldguide.domain.redacted import Redaction
from fieldguide.domain.request import Failure, Usage
from fieldguide.domain.source import Skipped
from fieldguide.domain.work import WorkPlan
from fieldguide.errors import ExitCode, FieldguideError


@dataclass(frozen=True, slots=True)
class Progress:
    """Work done of work known in one stage; `total` is 0 while it is not known."""

    stage: str
    """A verb with its object, lower case: `reading files`, `analysing code`, `asking gpt-4o`."""
    done: int = 0
    total: int = 0
    unit: str = ""
    """What is counted, in the plural, where the stage does not say it: `pages`, `notes`."""


@dataclass(frozen=True, slots=True)
class Spending:
    """Where the requests of a run stand, and what they have cost so far. The last one of a run is its account.

    Tokens and money are those of replies that came in this run; what the store held costs nothing.
    """

    done: int = 0
    """Requests that need nothing more: answered, found in the store, or given up."""
    planned: int = 0
    """Requests of the whole plan; 0 while it is not known."""
    in_flight: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    """US dollars; `None` when no price is known."""
    waiting_until: float | None = None
    """Seconds since the epoch; `None` unless the quota or the provider lets nothing through until then."""
    seconds_left: float | None = None
    """The least that the quota allows for the rest of the plan; `None` where no quota is known."""
    planned_input_tokens: int = 0
    """Expected of the whole plan, as are the next two; 0 while it is not known."""
    planned_output_tokens: int = 0
    planned_cost: float | None = None
    from_store: int = 0
    """Of `done`: nothing was sent for them."""
    unsent: int = 0
    """Of `done`: nothing was sent, for the budget or the quota does not allow it."""
    kept: int = 0
    """Of `done`: bought in this run, and on the disk."""
    retries: int = 0
    """Times that something was sent again."""
    waited: float = 0.0
    """Seconds in which nothing could be sent for the quota's or the provider's sake."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth a line on stderr: which provider was chosen and why, what was left out."""

    message: str
    warning: bool = False


Event = Progress | Spending | Note
Observer = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Missing:
    """A section that was not written as planned."""

    section: str
    reason: str
    instead: str
    """What stands there now: `facts`, `the earlier text` or `nothing`."""
    paths: tuple[str, ...] = ()
    """Of a request that no section is for, and then `section` is empty: files and packages that it was about."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Of files: `read` in full, `listed` without being read, and those skipped are in the report itself."""

    read: int = 0
    listed: int = 0
    lines: int = 0
    symbols: int = 0
    from_cache: int = 0


@dataclass(frozen=True, slots=True)
class PlanReport:
    """What a run would read, redact, send and pay."""

    outline: Outline
    counts: Counts
    skipped: tuple[Skipped, ...]
    redactions: tuple[Redaction, ...]
    provider: str
    """Who would be asked and by which variable; `no model` else."""
    cost: float | None
    """US dollars at the worst case of the output; `None` when no price is known."""
    already_paid: bool = False
    """The page holds the reply to exactly this request: nothing will be sent."""
    prompts: tuple[str, ...] = ()
    """Exact payload, when asked for; of several requests those that can be made now."""
    work: WorkPlan | None = None
    """Every request of a page that rests on notes; `None` where the page is one request."""
    left: WorkPlan | None = None
    """What of it is not paid for yet, the page's request included."""
    revised: int | None = None
    """Files that have changed since the page was written, where its prose is revised and not written anew."""
    paid: tuple[str, ...] = ()
    """Keys of the topics whose notes are paid for."""
    seconds: float | None = None
    """The least that the quota allows for what is left; `None` where no quota is known."""
    injections: tuple[Injection, ...] = ()
    """Places in what was read that address a language model, or hide text from people."""
    expected_output: int = 0
    """Tokens of replies of the usual length, of what is left; `outline.output_tokens` is the worst case of all."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did."""

    path: str
    """Of the page written, as the user will find it; `-` for standard output."""
    text: str
    """The page, whole."""
    changed: bool
    """A byte of the file on disk changed."""
    counts: Counts
    skipped: tuple[Skipped, ...]
    redactions: tuple[Redaction, ...]
    provider: str
    requests: int
    usage: Usage
    references_checked: int
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    failure: Failure | None
    """Set when the provider was asked and nothing could be had."""
    kept: str = ""
    """Path of the earlier file when `--replace` put one aside."""
    seconds: float = 0.0
    spending: Spending | None = None
    """Of all requests together; `None` where no request was planned."""
    injections: tuple[Injection, ...] = ()
    """Places in what was read that address a language model, or hide text from people."""

    @property
    def exit_code(self) -> ExitCode:
        """0 when everything planned is on the page, 3 when part is missing, 4 when the provider gave nothing."""
        if self.failure is not None:
            return ExitCode.PROVIDER
        return ExitCode.PARTIAL if self.missing else ExitCode.DONE


class SecretsFoundError(FieldguideError):
    """The user wants a run to end before anything is sent or written when there are secrets in what was read."""

    exit_code: ClassVar[ExitCode] = ExitCode.FINDINGS

    def __init__(self, fact: str, *, hint: str, redactions: tuple[Redaction, ...]) -> None:
        """Keep all records of redaction too, for the report that names every one."""
        super().__init__(fact, hint=hint)
        self.redactions = redactions
