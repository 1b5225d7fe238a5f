"""The door for batches: submits requests as one batch of the provider's, looks after it, and takes the results over.

Comes in: requests, whose repository text is `RedactedText` by its type; results, line by line.
Goes out: how far a batch is, and what came of its lines.
Must never: send text that is not in a request, or anything that the ledger does not hold; make a batch of what is in
one already; forget a batch before everything in it is kept.

Before a file is uploaded its batch is written down with a tag, and the batch carries the tag. A command that was
killed in between leaves the tag behind, and the next one looks for the batch by it before it does anything else.
"""

from __future__ import annotations

import asyncio
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from fieldguide.domain.batch import BatchLine, BatchStanding, Collected
from fieldguide.domain.ledger import Arrival
from fieldguide.domain.request import Usage
from fieldguide.errors import ConfigurationError, ProviderError
from fieldguide.llm.batch_file import BatchFile, write_file
from fieldguide.llm.batch_record import MOST_COLLECTED, BatchRecord, Submission, read_record, write_record
from fieldguide.llm.batch_results import TOKEN_LIMIT, Take, Taken
from fieldguide.llm.batch_service import BatchService, BatchTrouble, persistently
from fieldguide.llm.provider import address_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from fieldguide.domain.model import ModelChoice
    from fieldguide.llm.budget import Budget
    from fieldguide.llm.ledger import Ledger

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Submitted:
    """What `BatchDoor.submit` did."""

    standing: BatchStanding | None
    """`None` where there was nothing to submit."""
    requests: int = 0
    worst: Usage = Usage()  # noqa: RUF009  (frozen)
    beyond: int = 0
    """Requests that did not fit."""
    short: bool = False
    """Some of them for the budget's sake."""
    found: bool = False
    """There was such a batch already: none was made."""


class BatchDoor:
    """Batches of one documented directory. Its methods may be called while the record is held (`alone`)."""

    def __init__(self, choice: ModelChoice, ledger: Ledger, record: Path) -> None:
        """Nothing is connected to yet.

        Raises:
            ConfigurationError: The record cannot be read, or batches may not go to where the choice says.
        """
        self._choice, self._ledger, self._path = choice, ledger, record
        self.record: BatchRecord = read_record(record)
        submission = self.record.submission
        if submission is not None and submission.endpoint != address_of(choice):
            fact = f"a batch of this directory was submitted to `{submission.endpoint}`, not to `{address_of(choice)}`"
            raise ConfigurationError(fact, hint="name that address again, to collect the batch or to cancel it")
        BatchService(choice, ledger)

    def status(self) -> BatchStanding | None:
        """Ask once how far the batch is; `None` where there is none.

        Raises:
            ProviderError: The provider does not say.
        """
        return self._run(self._pending)

    def cancel(self) -> BatchStanding | None:
        """Call the batch off; `None` where there is none. What was answered until then can be collected.

        Raises:
            ProviderError: The provider does not do it.
        """

        async def cancelled(service: BatchService) -> BatchStanding | None:
            standing = await self._pending(service)
            return standing if standing is None or standing.ended else await service.cancel(standing.batch)

        return self._run(cancelled)

    def submit(self, lines: Iterable[BatchLine], budget: Budget) -> Submitted:
        """Make a batch of as many requests as fit into one file and into the budget, best first.

        Raises:
            ConfigurationError: The record or the ledger cannot be written; nothing has left then.
            ProviderError: The provider did not take it.
        """
        if self.record.submission is not None:
            message = "the batch before is collected first"
            raise ValueError(message)
        with tempfile.TemporaryDirectory(prefix="fieldguide-") as folder:
            file = write_file(Path(folder) / "lines.jsonl", lines, self._choice, self.record, budget)
            if not file.lines:
                return Submitted(None, beyond=file.beyond, short=file.short)
            standing, found = self._run(lambda service: self._submitted(service, file))
        return Submitted(standing, len(file.lines), file.worst, file.beyond, file.short, found)

    def collect(self, take: Take) -> tuple[BatchStanding | None, Collected | None]:
        """Take the results of a batch over that has ended, line by line; nothing of one that is under way.

        Raises:
            ConfigurationError: What `take` raises: the batch can be collected again.
            ProviderError: The provider does not give it.
        """

        async def collected(service: BatchService) -> tuple[BatchStanding | None, Collected | None]:
            standing = await self._pending(service)
            submission = self.record.submission
            if standing is None or submission is None or not standing.ended:
                return standing, None
            taken = Taken(self._choice, submission, take)
            for name in filter(None, (standing.output_file, standing.error_file)):
                await self._read(service, name, taken)
            result = taken.result(standing)
            self._done_with(standing, submission, taken, result)
            for name in filter(None, (standing.input_file, standing.output_file, standing.error_file)):
                with suppress(BatchTrouble):  # they go by themselves some day; everything in them is kept
                    await service.delete(name)
            return standing, result

        return self._run(collected)

    async def _read(self, service: BatchService, name: str, taken: Taken) -> None:
        # Not in memory: a file may be as large as the provider likes.
        with tempfile.TemporaryFile(prefix="fieldguide-") as content:
            await service.download(name, content)
            before = taken.usage
            size = 0
            for line in content:
                size += len(line)
                taken.line(line)
            used = taken.usage
            tokens = used.input_tokens - before.input_tokens, used.output_tokens - before.output_tokens
            service.crossing.end(Arrival("results of a batch", size, *tokens))

    def _done_with(self, standing: BatchStanding, submission: Submission, taken: Taken, result: Collected) -> None:
        record = self.record
        changed = replace(
            record,
            submission=None,
            collected=(*record.collected, standing.batch)[-MOST_COLLECTED:],
            refused={**record.refused, **result.refused},
        )
        if TOKEN_LIMIT in standing.faults:
            changed = replace(changed, most_tokens=submission.tokens // 2)
        if taken.adapted is not None:
            changed = replace(
                changed, limit=taken.adapted.limit, takes_temperature=taken.adapted.temperature is not None
            )
        self._keep(changed)

    async def _pending(self, service: BatchService) -> BatchStanding | None:
        """The batch that is not collected yet; one that was about to be made when a command ended is looked for."""
        submission = self.record.submission
        if submission is None:
            return None
        service.crossing.tag = submission.tag
        if submission.batch:
            return await service.look(submission.batch)
        found = await service.find(submission.tag, frozenset(self.record.collected))
        if found is None:
            if submission.file:
                with suppress(BatchTrouble):
                    await service.delete(submission.file)
            self._keep(replace(self.record, submission=None))
            return None
        self._keep(replace(self.record, submission=replace(submission, batch=found.batch, file=found.input_file)))
        return found

    async def _submitted(self, service: BatchService, file: BatchFile) -> tuple[BatchStanding, bool]:
        digests = "".join(sorted(file.lines)).encode()
        tag = blake2b(digests, digest_size=16).hexdigest()
        submission = Submission(
            tag, address_of(self._choice), file.lines, file.tokens, limit=file.limit, temperature=file.temperature
        )
        service.crossing.tag = tag
        done = frozenset(self.record.collected)
        # By a machine whose record is lost, say.
        found = await service.find(tag, done)
        if found is not None:
            submission = replace(submission, batch=found.batch, file=found.input_file)
            self._keep(replace(self.record, submission=submission))
            return found, True
        self._keep(replace(self.record, submission=submission))

        async def upload() -> str:
            service.crossing.sources = file.sources
            return await service.upload(file.path, f"fieldguide-{tag}.jsonl")

        async def make() -> BatchStanding:
            return await service.create(submission.file, tag)

        async def made() -> BatchStanding | None:
            return await service.find(tag, done)

        try:
            submission = replace(submission, file=await persistently(upload))
            self._keep(replace(self.record, submission=submission))
            standing = await persistently(make, made)
        except BatchTrouble as error:
            if not error.uncertain:
                self._keep(replace(self.record, submission=None))
            raise
        self._keep(replace(self.record, submission=replace(submission, batch=standing.batch)))
        return standing, False

    def _keep(self, record: BatchRecord) -> None:
        write_record(self._path, record)
        self.record = record

    def forget_refused(self, needed: Iterable[str]) -> None:
        """Let go of what is remembered of requests that no plan holds any more."""
        wanted = set(needed)
        kept = {digest: why for digest, why in self.record.refused.items() if digest in wanted}
        if kept != self.record.refused:
            self._keep(replace(self.record, refused=kept))

    def _run(self, work: Callable[[BatchService], Awaitable[Result]]) -> Result:
        async def run() -> Result:
            async with BatchService(self._choice, self._ledger) as service:
                return await work(service)

        try:
            return asyncio.run(run())
        except BatchTrouble as error:
            raise ProviderError(error.failure.fact, hint=error.failure.hint) from error
