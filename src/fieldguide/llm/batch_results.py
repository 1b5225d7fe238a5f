"""Takes the results of a batch over, line by line.

Comes in: lines of an output and of an error file, in any order. Goes out: what came of every request that was asked.
Must never: take a result for a request that was not asked; count a line twice; let a line without a result be lost.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING, Final

from fieldguide.domain.batch import Collected, NoteAsked
from fieldguide.domain.request import Failure, Reply, Usage
from fieldguide.domain.trouble import Trouble
from fieldguide.llm.batch_lines import LineResult, passing, result_of
from fieldguide.llm.parameters import Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fieldguide.domain.batch import BatchStanding
    from fieldguide.domain.model import ModelChoice
    from fieldguide.llm.batch_record import Submission

TOKEN_LIMIT: Final = "token_limit_exceeded"  # noqa: S105  (a code of the provider's)


class Verdict(Enum):
    """What became of a reply."""

    KEPT = "kept"
    """Everything that was asked for is in the store."""
    AGAIN = "again"


Take = Callable[[str, Reply, tuple[NoteAsked, ...]], Verdict | str]
"""Keeps the reply to a request, by its digest, with the notes that were asked for; a text says why it is of no use."""


class Taken:
    """Results of a batch, as they come."""

    def __init__(self, choice: ModelChoice, submission: Submission, take: Take) -> None:
        """Nothing was read yet."""
        self._choice, self._take = choice, take
        self._waiting: dict[str, tuple[NoteAsked, ...]] = dict(submission.lines)
        self._lines: Mapping[str, Sequence[NoteAsked]] = submission.lines
        self._shape = Parameters(1, submission.limit, submission.temperature)
        self.adapted: Parameters | None = None
        """What to send after the model has refused a parameter by name."""
        self.usage = Usage()
        self._kept = 0
        self._again = 0
        self._refused: dict[str, str] = {}
        self._failure: Failure | None = None

    def line(self, line: bytes) -> None:
        """Take a line over; one that is no result of ours is passed over."""
        result = result_of(line, self._choice)
        if result is None or (notes := self._waiting.pop(result.digest, None)) is None:
            return
        verdict = self._verdict(result, notes)
        if verdict is Verdict.KEPT:
            self._kept += 1
        elif verdict is Verdict.AGAIN:
            self._again += 1
        else:
            self._refused[result.digest] = verdict

    def _verdict(self, result: LineResult, notes: tuple[NoteAsked, ...]) -> Verdict | str:
        outcome = result.outcome
        if isinstance(outcome, Reply):
            used = outcome.usage
            self.usage = Usage(
                self.usage.input_tokens + used.input_tokens, self.usage.output_tokens + used.output_tokens
            )
            return self._take(result.digest, outcome, notes)
        if result.refusal is not None and (adapted := self._shape.after(result.refusal)) is not None:
            self.adapted = adapted
            return Verdict.AGAIN
        if outcome.trouble is Trouble.REFUSED:
            self._failure = outcome
            return Verdict.AGAIN
        return Verdict.AGAIN if passing(outcome) else outcome.trouble.value

    def result(self, standing: BatchStanding) -> Collected:
        """What came of everything; a line without a result is for the next batch."""
        if TOKEN_LIMIT in standing.faults and len(self._lines) == 1:
            self._refused.update(dict.fromkeys(self._lines, Trouble.OVERSIZE.value))
            self._waiting.clear()
        topics = tuple(one.key for digest in self._refused for one in self._lines[digest])
        again = self._again + len(self._waiting)
        return Collected(self._kept, again, self._refused, topics, self.usage, self._failure)
