"""Buys the prose of a page from a model: notes where the tree is large, the page's request, verification of the answer.

Comes in: a `Purchase`, and the page as it stands.
Goes out: what was had (`Bought`): prose in which every name holds, and what could not be had.
Must never: ask for what is already paid for; let a failure of the provider end the run.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fieldguide.demand import Demand, demand_of
from fieldguide.domain.basis import Basis, Changes
from fieldguide.domain.page import ExistingPage, Finding, Prose
from fieldguide.domain.report import Event, Missing, Note, Observer, Progress, Spending
from fieldguide.domain.request import Failure, Request, Usage
from fieldguide.domain.sections import PROSE_KEYS
from fieldguide.domain.trouble import Trouble
from fieldguide.llm import Ledger
from fieldguide.llm.store_windows import keep_window
from fieldguide.plan import EXPECTED_PAGE, name_digest, token_counter
from fieldguide.purchase import Purchase, prepare
from fieldguide.revise import Revision, basis_of, topics_without
from fieldguide.verify import verify_prose
from fieldguide.weighing import weighed
from fieldguide.write import (
    Door,
    NoteShelf,
    PageShelf,
    ProseFailure,
    RememberingAsker,
    ReplyStore,
    Unwritten,
    WrittenProse,
    follow,
    label_of,
    survey,
    write_prose,
    write_revision,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.gather import Gathered
    from fieldguide.terms import Terms

FACTS = "facts"
EARLIER = "the earlier text"
UNVERIFIED = "nothing of what the model wrote held against the code"
NO_NOTES = "the page rests on the rest of the code"
_OF_THE_REVISION: Final = frozenset({Trouble.FILTERED, Trouble.TOO_LONG, Trouble.OVERSIZE, Trouble.INVALID})
"""Troubles of a request that others need not have."""
SMALLER_PLANS: Final = 3
"""How often a page is planned anew for a window, or a quota, that is smaller than was thought."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What was had for the page; empty without a model."""

    prose: Prose | None = None
    digest: str = ""
    """Of what the prose answers."""
    missing: tuple[Missing, ...] = ()
    findings: tuple[Finding, ...] = ()
    failure: Failure | None = None
    page_stands: bool = False
    """The page on disk is the best to be had: it answers this request, or holds prose that could not be had anew."""
    spending: Spending | None = None
    """Of all requests together; `None` where none was to be made."""

    @property
    def requests(self) -> int:
        """Asked of the provider in this run."""
        spent = self.spending
        return spent.done - spent.from_store - spent.unsent if spent else 0


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a page is bought: what was paid for, what is written down, who is told."""

    store: Path | None
    """Directory in which replies and notes are kept; `None` keeps none."""
    project: Path
    """The documented directory."""
    ledger: Ledger
    observer: Observer


def buy(purchase: Purchase, gathered: Gathered, page: ExistingPage | None, counter: Counter) -> Bought:
    """Have the prose written and verified. What cannot be had is named, and facts stand in its place.

    Raises:
        ConfigurationError: The provider's package is missing, its address may not be connected to, the ledger cannot
            be written, or a budget in money is set and no price is known.
    """
    observer = counter.observer
    if purchase.outline.assumed:
        observer(Note(purchase.outline.assumed, warning=True))
    if not purchase.digest:
        return Bought(missing=tuple(Missing(key, purchase.outline.refused, FACTS) for key in PROSE_KEYS))
    project = str(counter.project)
    with ReplyStore(counter.store) as replies:
        demand = demand_of(purchase, page, replies, project)
        if demand.stands:
            observer(Note("the page already holds the answer to exactly this request: nothing is sent"))
            return Bought(page_stands=True)
        account = _Account(observer)
        asked = _without_a_request(purchase, demand)
        if asked is None:
            observer(Progress(f"asking {purchase.terms.choice.model}", 0, purchase.outline.requests))
            asked = asyncio.run(_asked(purchase, gathered, counter, replies, account, demand.revision))
        bought = _settled(asked, gathered, page)
        basis = _basis_after(asked, bought) if demand.kept is None else None
        if basis is not None:
            PageShelf(replies, project).put(asked.purchase.terms.page, basis)
        if replies.problem:
            observer(Note(f"what was paid for is not kept: {replies.problem}", warning=True))
        replies.prune()
    return replace(bought, spending=account.spending)


def _without_a_request(purchase: Purchase, demand: Demand) -> _Asked | None:
    """What a page is written of that was revised before, or need not be."""
    basis, changes, after = demand.kept, Changes(), None
    if basis is None and demand.revision is not None and demand.revision.request is None:
        basis, changes = demand.revision.basis, demand.revision.changes
        after = demand.revision.basis_after(purchase)
    if basis is None:
        return None
    without = _lastingly_without(purchase, basis, changes)
    return _Asked(purchase, WrittenProse(basis.prose, basis.missing), without, after)


def _lastingly_without(purchase: Purchase, basis: Basis, changes: Changes) -> tuple[Unwritten, ...]:
    """Notes that could not be had when the page was written whole, and could not be had now."""
    without = topics_without(purchase, basis, changes)
    return tuple(Unwritten(key, why, Trouble.FILTERED) for key, why in without.items())


def _basis_after(asked: _Asked, bought: Bought) -> Basis | None:
    """What the page rests on that was written now; `None` where a later run may get more for it."""
    passing = any(one.trouble is not Trouble.FILTERED for one in asked.unwritten)
    open_ended = asked.basis is None and any(one.section and one.reason != UNVERIFIED for one in bought.missing)
    basis = None if bought.prose is None or passing or open_ended else asked.basis or basis_of(asked.purchase)
    if basis is None or bought.prose is None:
        return None
    missing = tuple(one for one in bought.missing if one.section)
    without = {name_digest(one.key): one.reason for one in asked.unwritten}
    return replace(basis, prose=bought.prose, missing=missing, without=without)


class _Account:
    """Hands events on, and keeps the last word on what was spent."""

    def __init__(self, observer: Observer) -> None:
        """Nothing was spent yet."""
        self.spending: Spending | None = None
        self._observer = observer

    def __call__(self, event: Event) -> None:
        if isinstance(event, Spending):
            self.spending = event
        self._observer(event)


@dataclass(frozen=True, slots=True, repr=False)
class _Asked:
    """The answer for the page, and the notes that it goes without.

    It has no `repr` of its own: when `asyncio.run` puts the handler of Ctrl-C back it has the whole result written out,
    the codebase with it, for the message of an error that nobody sees. That took seconds, and twice the memory of a run.
    """

    purchase: Purchase
    answer: WrittenProse | ProseFailure
    unwritten: tuple[Unwritten, ...] = ()
    basis: Basis | None = None
    """Of a page that was revised: what it rests on now."""


async def _asked(
    purchase: Purchase,
    gathered: Gathered,
    counter: Counter,
    replies: ReplyStore,
    observer: Observer,
    revision: Revision | None,
) -> _Asked:
    """Ask for a revision, or for everything; where the model takes less than was thought, by a smaller plan."""
    terms = purchase.terms
    shelf = NoteShelf(replies, str(counter.project))
    count = token_counter(terms.choice).count
    async with Door(terms.choice, terms.limits, replies, counter.ledger, observer, count=count) as door:
        if revision is not None and revision.request is not None:
            door.plan(1, Usage(revision.tokens, EXPECTED_PAGE))
            asker = RememberingAsker(door, shelf)
            answer = await write_revision(revision.request, revision.basis, terms.choice, asker, replies)
            if not _wanted_whole(answer):
                without = _lastingly_without(purchase, revision.basis, revision.changes)
                return _Asked(purchase, answer, without, revision.basis_after(purchase))
        asked = await _once(purchase, door, shelf, replies)
        for _ in range(SMALLER_PLANS):
            failed = asked.answer.failure if isinstance(asked.answer, ProseFailure) else None
            if failed is None or failed.trouble not in {Trouble.TOO_LONG, Trouble.OVERSIZE}:
                break
            smaller = prepare(gathered, _smaller(asked.purchase.terms, door))
            if not smaller.digest:
                break
            asked = await _once(smaller, door, shelf, replies)
        if door.window is not None:
            keep_window(replies, terms.choice, door.window)
    return asked


def _wanted_whole(answer: WrittenProse | ProseFailure) -> bool:
    """Whether a revision did not do, and the page that is written whole may."""
    return isinstance(answer, ProseFailure) and (answer.unusable or answer.failure.trouble in _OF_THE_REVISION)


def _smaller(terms: Terms, door: Door) -> Terms:
    """The same terms for the window or the quota that was learnt; for half of what was thought where none was."""
    had = terms.request_tokens
    if door.rates.tokens and door.rates.tokens < min(door.window or had, had):
        return replace(terms, limits=replace(terms.limits, tokens_per_minute=door.rates.tokens))
    learnt = door.window or had
    return replace(terms, choice=replace(terms.choice, context_window=learnt if learnt < had else had // 2))


async def _once(purchase: Purchase, door: Door, shelf: NoteShelf, replies: ReplyStore) -> _Asked:
    """Ask for the notes of a plan, if it has any, and for the page."""
    request: Request | None = purchase.request
    unwritten: tuple[Unwritten, ...] = ()
    if purchase.work is not None and purchase.desk is not None and purchase.front is not None:
        front = purchase.work.errands[-1]
        weight = weighed(purchase, survey(purchase.work, purchase.desk, shelf), shelf)
        door.plan(len(weight.left), weight.usage)
        # The page matters more than any note: what it may cost is not spent on them.
        door.set_aside(Usage(front.input_tokens, front.output_tokens))
        in_order = purchase.terms.limits.budgeted
        followed = await follow(purchase.work, purchase.desk, door, shelf, in_order=in_order)
        door.set_aside(None)
        unwritten = followed.unwritten
        if followed.stopped is not None:
            return _Asked(purchase, ProseFailure(followed.stopped), unwritten)
        request = purchase.front.request(followed.notes)
    else:
        door.plan(1, Usage(purchase.outline.input_tokens, EXPECTED_PAGE))
    if request is None:
        message = "a purchase with a digest has a request, or work from which it is made"
        raise ValueError(message)
    asker = RememberingAsker(door, shelf)
    return _Asked(purchase, await write_prose(request, purchase.terms.choice, asker, replies), unwritten)


def sections_for(bought: Bought) -> tuple[str, ...]:
    """Keys of the prose that there is."""
    return tuple(key for key in PROSE_KEYS if bought.prose and key in bought.prose.sections)


def _settled(asked: _Asked, gathered: Gathered, page: ExistingPage | None) -> Bought:
    """Verify what was had, and name what was not."""
    without = _without_notes(asked.unwritten)
    answer = asked.answer
    if isinstance(answer, ProseFailure):
        # Prose that stands on the page from an earlier run stays, and the page with it.
        stands = page is not None and any(one.request_digest for one in page.sections)
        missing = tuple(Missing(key, answer.failure.fact, EARLIER if stands else FACTS) for key in PROSE_KEYS)
        return Bought(missing=missing, failure=answer.failure, page_stands=stands)
    verified = verify_prose(answer.prose, gathered.codebase, evidence=asked.purchase.outline.evidence)
    emptied = answer.prose.sections.keys() - verified.prose.sections.keys()
    missing = (*answer.missing, *(Missing(key, UNVERIFIED, FACTS) for key in PROSE_KEYS if key in emptied), *without)
    digest = asked.purchase.digest
    # Half a digest says that a model wrote it, and is never taken for a whole answer to the request.
    whole = digest[: len(digest) // 2] if missing else digest
    return Bought(prose=verified.prose, digest=whole, missing=missing, findings=verified.findings)


def _without_notes(unwritten: Sequence[Unwritten]) -> tuple[Missing, ...]:
    """Files and packages of which nothing was noted, by the reason."""
    by_reason: dict[str, list[str]] = {}
    for one in unwritten:
        by_reason.setdefault(one.reason, []).append(label_of(one.key).replace("`", ""))
    return tuple(Missing("", reason, NO_NOTES, tuple(paths)) for reason, paths in by_reason.items())


def usage_of(bought: Bought) -> Usage:
    """What was paid in this run."""
    spent = bought.spending
    return Usage(spent.input_tokens, spent.output_tokens, spent.cost) if spent else Usage()
