"""Buys the prose of a page from a model: notes where the tree is large, the page's request, verification of the answer.

Comes in: a `Purchase`, and the page as it stands.
Goes out: what was had (`Bought`): prose in which every name holds, and what could not be had.
Must never: ask for what is already paid for; let a failure of the provider end the run.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldguide.asking import Asked, Counter, ask, lastingly_without, verified_by
from fieldguide.demand import Demand, demand_of
from fieldguide.domain.basis import Basis, Changes
from fieldguide.domain.page import ExistingPage, Finding, Prose
from fieldguide.domain.report import Event, Missing, Note, Observer, Progress, Spending
from fieldguide.domain.request import Failure, Usage
from fieldguide.domain.sections import PROSE_KEYS
from fieldguide.domain.trouble import Trouble
from fieldguide.plan import name_digest
from fieldguide.revise import basis_of
from fieldguide.write import (
    PageShelf,
    ProseFailure,
    ReplyStore,
    Unwritten,
    WrittenProse,
    label_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.gather import Gathered
    from fieldguide.purchase import Purchase

FACTS = "facts"
EARLIER = "the earlier text"
UNVERIFIED = "nothing of what the model wrote held against the code"
NO_NOTES = "the page rests on the rest of the code"


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
            asked = asyncio.run(ask(purchase, gathered, counter, replies, account, demand.revision))
        bought = _settled(asked, gathered, page)
        basis = _basis_after(asked, bought) if demand.kept is None else None
        if basis is not None:
            PageShelf(replies, project).put(asked.purchase.terms.page, basis)
        if replies.problem:
            observer(Note(f"what was paid for is not kept: {replies.problem}", warning=True))
        replies.prune()
    return replace(bought, spending=account.spending)


def _without_a_request(purchase: Purchase, demand: Demand) -> Asked | None:
    """What a page is written of that was revised before, or need not be."""
    basis, changes, after = demand.kept, Changes(), None
    if basis is None and demand.revision is not None and demand.revision.request is None:
        basis, changes = demand.revision.basis, demand.revision.changes
        after = demand.revision.basis_after(purchase)
    if basis is None:
        return None
    without = lastingly_without(purchase, basis, changes)
    return Asked(purchase, WrittenProse(basis.prose, basis.missing), without, after)


def _basis_after(asked: Asked, bought: Bought) -> Basis | None:
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


def sections_for(bought: Bought) -> tuple[str, ...]:
    """Keys of the prose that there is."""
    return tuple(key for key in PROSE_KEYS if bought.prose and key in bought.prose.sections)


def _settled(asked: Asked, gathered: Gathered, page: ExistingPage | None) -> Bought:
    """Verify what was had, and name what was not."""
    without = _without_notes(asked.unwritten)
    answer = asked.answer
    if isinstance(answer, ProseFailure):
        # Prose that stands on the page from an earlier run stays, and the page with it.
        stands = page is not None and any(one.request_digest for one in page.sections)
        missing = tuple(Missing(key, answer.failure.fact, EARLIER if stands else FACTS) for key in PROSE_KEYS)
        return Bought(missing=missing, failure=answer.failure, page_stands=stands)
    verified = asked.verified or verified_by(asked.purchase, gathered, answer.prose)
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
