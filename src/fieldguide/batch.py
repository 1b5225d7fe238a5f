"""The story of `fieldguide batch`: the next requests of a page go out as one batch, and come back into the store.

Comes in: `Settings` and an observer of events. Goes out: a `BatchReport`.
Must never: print; pay for what is paid for or is in a batch already; forget a batch whose replies are not kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fieldguide.batch_layer import Layer, digest_of_note
from fieldguide.domain.batch import LEFT_OUT, BatchNext, BatchReport, Collected
from fieldguide.domain.model import ModelChoice
from fieldguide.domain.report import Note, Observer, Progress
from fieldguide.domain.request import StopReason, Usage
from fieldguide.domain.sections import PROSE_KEYS
from fieldguide.domain.trouble import Trouble
from fieldguide.errors import ConfigurationError
from fieldguide.llm.batch import BatchDoor, Submitted
from fieldguide.llm.batch_record import alone, record_file
from fieldguide.llm.batch_results import TOKEN_LIMIT, Verdict
from fieldguide.llm.budget import Budget, price_under
from fieldguide.pipeline import ledger_of, opened
from fieldguide.settings import Settings
from fieldguide.write import NoteShelf, ReplyStore
from fieldguide.write.notes import parse_notes
from fieldguide.write.prose.reply import parse_reply

if TYPE_CHECKING:
    from fieldguide.domain.batch import BatchStanding, NoteAsked
    from fieldguide.domain.request import Reply

MOST_FRUITLESS: Final = 4
"""Batches in a row that brought nothing, after which nobody waits for another."""
SHARE: Final = 0.5
"""Of the usual price, which Azure and OpenAI ask for what a batch holds."""
FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 300.0
"""Seconds between two looks at a batch that is waited for; a half more each time."""


def submit(settings: Settings, observer: Observer) -> BatchReport:
    """Make a batch of the next requests that are not paid for. One before that has ended is collected first.

    With `wait`, go on until nothing is left that a batch could bring.

    Raises:
        ConfigurationError: No model is chosen, its provider has no batches, or something cannot be written.
        ProviderError: The provider did not take it.
        SecretsFoundError: There are secrets in what was read, and the user wants none.
    """

    def work(batches: _Batches) -> BatchReport:
        report = batches.submit()
        return (
            replace(batches.finish(), operation="submit") if settings.wait and report.next is BatchNext.WAIT else report
        )

    return _alone(settings, observer, work)


def status(settings: Settings, observer: Observer) -> BatchReport:
    """Ask once how far the batch is. Raises what `submit` does."""
    return _alone(settings, observer, lambda batches: batches.status())


def collect(settings: Settings, observer: Observer) -> BatchReport:
    """Take the results over, and say whether there is more to submit; with `wait`, do that too, until there is none.

    Raises what `submit` does.
    """
    return _alone(settings, observer, lambda batches: batches.finish() if settings.wait else batches.collect())


def cancel(settings: Settings, observer: Observer) -> BatchReport:
    """Call the batch off. Raises what `submit` does."""
    return _alone(settings, observer, lambda batches: batches.cancel())


OPERATIONS: Final = {"submit": submit, "status": status, "collect": collect, "cancel": cancel}


def _alone(settings: Settings, observer: Observer, work: Callable[[_Batches], BatchReport]) -> BatchReport:
    choice = settings.model
    if choice is None or settings.cache is None:
        fact = "no model is chosen that a batch could be submitted to"
        raise ConfigurationError(fact, hint="`fieldguide --help` says how one is chosen, under `Who writes the prose`")
    path = record_file(settings.state, settings.directory)
    with alone(path), ReplyStore(settings.cache) as replies:
        ledger = ledger_of(settings)
        # A batch has its own, lower price, in the ledger as well.
        ledger = replace(ledger, price=_half(ledger.price) if ledger.price else None)
        limits = settings.limits
        price = price_under(limits, ledger.price)
        # The ledger's price is halved already; one that the user gives is the usual one.
        price = _half(price) if limits.price_in is not None else price
        budget = Budget(max_tokens=limits.max_tokens, max_cost=limits.max_cost, price=price)
        report = work(_Batches(settings, choice, observer, replies, BatchDoor(choice, ledger, path), budget, price))
        replies.prune()
        return report


def _half(price: Callable[[Usage], float | None]) -> Callable[[Usage], float | None]:
    def halved(usage: Usage) -> float | None:
        cost = price(usage)
        return None if cost is None else SHARE * cost

    return halved


@dataclass(frozen=True, slots=True)
class _Batches:
    """What every operation works with."""

    settings: Settings
    choice: ModelChoice
    observer: Observer
    replies: ReplyStore
    door: BatchDoor
    budget: Budget
    price: Callable[[Usage], float | None]
    """Of a batch: half of the usual one."""

    @property
    def shelf(self) -> NoteShelf:
        return NoteShelf(self.replies, str(self.settings.directory))

    def status(self) -> BatchReport:
        standing = self.door.status()
        return BatchReport("status", _after(standing), standing)

    def cancel(self) -> BatchReport:
        standing = self.door.cancel()
        return BatchReport("cancel", _after(standing), standing)

    def collect(self) -> BatchReport:
        standing, collected = self._collected()
        if standing is not None and collected is None:
            return BatchReport("collect", BatchNext.WAIT, standing)
        with opened(self.settings, self.observer) as run:
            if run.purchase is None:
                return BatchReport("collect", BatchNext.DOCUMENT, standing, collected=collected)
            layer = Layer(run.purchase, run.page, self.replies, self.shelf, self.door.record.refused)
            more = next(layer.lines(), None) is not None
            following = BatchNext.SUBMIT if more else BatchNext.DOCUMENT
            return BatchReport("collect", following, standing, collected=collected, left=layer.left)

    def submit(self) -> BatchReport:
        standing, collected = self._collected()
        if standing is not None and collected is None:
            self.observer(Note("a batch is under way already: nothing more is submitted before it is collected"))
            return BatchReport("submit", BatchNext.WAIT, standing)
        if collected is not None and collected.failure is not None:
            return BatchReport("submit", BatchNext.SUBMIT, standing, collected=collected)
        with opened(self.settings, self.observer) as run:
            if run.purchase is None:
                return BatchReport("submit", BatchNext.DOCUMENT, collected=collected)
            layer = Layer(run.purchase, run.page, self.replies, self.shelf, self.door.record.refused)
            self.observer(Progress(f"submitting requests to {self.choice.model}"))
            submitted = self.door.submit(layer.lines(), self.budget)
            self.door.forget_refused(layer.met)
        report = BatchReport(
            "submit",
            _following(submitted),
            submitted.standing,
            submitted=0 if submitted.found else submitted.requests,
            worst=replace(submitted.worst, cost=self.price(submitted.worst)),
            collected=collected,
            waiting=layer.waiting,
            beyond=submitted.beyond,
            short=submitted.short,
            left=layer.left,
        )
        if submitted.found:
            self.observer(Note("the provider has a batch of exactly these requests: none was made anew"))
        return report

    def finish(self) -> BatchReport:
        """Wait, collect and submit, until nothing is left that a batch could bring, or batches bring nothing."""
        total, fruitless = Collected(), 0
        while True:
            self._wait()
            before = self.door.record.most_tokens
            report = self.collect()
            one = report.collected or Collected()
            total = _sum(total, one)
            report = replace(report, collected=total)
            fruitful = one.kept or one.refused or self.door.record.most_tokens != before
            fruitless = 0 if fruitful else fruitless + 1
            failed = one.failure is not None or _refused_whole(report.standing)
            if report.next is not BatchNext.SUBMIT or failed or fruitless >= MOST_FRUITLESS:
                return replace(report, stopped=report.next is not BatchNext.DOCUMENT)
            submitted = self.submit()
            if submitted.next is BatchNext.DOCUMENT or submitted.submitted == 0:
                stopped = submitted.next is not BatchNext.DOCUMENT
                return replace(submitted, operation="collect", collected=total, stopped=stopped)

    def _wait(self) -> None:
        pause = FIRST_PAUSE
        while (standing := self.door.status()) is not None and not standing.ended:
            done = standing.completed + standing.failed
            self.observer(Progress(f"waiting for batch {standing.batch}", done, standing.total))
            time.sleep(pause)
            pause = min(LONGEST_PAUSE, 1.5 * pause)

    def _collected(self) -> tuple[BatchStanding | None, Collected | None]:
        standing, collected = self.door.collect(self._take)
        if collected is not None:
            collected = replace(collected, usage=replace(collected.usage, cost=self.price(collected.usage)))
        return standing, collected

    def _take(self, digest: str, reply: Reply, notes: tuple[NoteAsked, ...]) -> Verdict | str:
        """Keep a reply, and the notes in it, as a run would.

        Raises:
            ConfigurationError: It cannot be kept.
        """
        if not notes:
            whole = reply.stop_reason is StopReason.STOP and bool(
                parse_reply(reply.text, reply.stop_reason, PROSE_KEYS).sections
            )
            if whole:
                self._check(kept=self.replies.put(digest, reply))
            return Verdict.KEPT if whole else _why(reply)
        keys = [one.key for one in notes]
        went_along = {one.key: one.earlier for one in notes}
        earlier = {
            key: note for key, note in self.shelf.earlier_notes(keys).items() if digest_of_note(note) == went_along[key]
        }
        parsed = parse_notes(reply.text, reply.stop_reason, keys, earlier)
        self.shelf.put_notes({one.digest: (one.key, parsed[one.key]) for one in notes if one.key in parsed})
        self._check(kept=not self.replies.problem)
        if len(parsed) < len(keys):
            return _why(reply)
        return Verdict.KEPT

    def _check(self, *, kept: bool) -> None:
        if not kept:
            fact = f"the replies cannot be kept: {self.replies.problem or 'the store does not take them'}"
            hint = "mend that, or name another place with `--cache-dir`; the batch can be collected again"
            raise ConfigurationError(fact, hint=hint)


def _why(reply: Reply) -> str:
    """Why a reply does not hold what was asked for."""
    match reply.stop_reason:
        case StopReason.LENGTH:
            return Trouble.LENGTH.value
        case StopReason.FILTERED:
            return Trouble.FILTERED.value
        case StopReason.STOP:
            return LEFT_OUT


def _refused_whole(standing: BatchStanding | None) -> bool:
    """Whether the provider would not take any batch, rather than one of this size."""
    return standing is not None and standing.status == "failed" and TOKEN_LIMIT not in standing.faults


def _after(standing: BatchStanding | None) -> BatchNext:
    if standing is None:
        return BatchNext.SUBMIT
    return BatchNext.COLLECT if standing.ended else BatchNext.WAIT


def _following(submitted: Submitted) -> BatchNext:
    if submitted.standing is not None:
        return _after(submitted.standing)
    return BatchNext.SUBMIT if submitted.beyond else BatchNext.DOCUMENT


def _sum(one: Collected, other: Collected) -> Collected:
    usage = Usage(
        one.usage.input_tokens + other.usage.input_tokens,
        one.usage.output_tokens + other.usage.output_tokens,
        None if other.usage.cost is None else (one.usage.cost or 0.0) + other.usage.cost,
    )
    refused = {**one.refused, **other.refused}
    return Collected(one.kept + other.kept, other.again, refused, (*one.topics, *other.topics), usage, other.failure)
