"""Asks a model for all that a page needs, through one open door: notes, the page or its revision, a correction.

Comes in: a `Purchase`, a revision if one will do. Goes out: `Asked`: the answer for the page, and what it goes without.
Must never: ask for what is already paid for; let a failure of the provider end the run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fieldguide.correct import corrected
from fieldguide.domain.basis import Basis, Changes
from fieldguide.domain.report import Observer, Progress, Spending
from fieldguide.domain.request import Request, Usage
from fieldguide.domain.trouble import Trouble
from fieldguide.errors import ConfigurationError
from fieldguide.llm import Ledger
from fieldguide.llm.store_windows import keep_window
from fieldguide.plan import EXPECTED_PAGE, price, token_counter
from fieldguide.purchase import Purchase, prepare
from fieldguide.revise import Revision, topics_without
from fieldguide.verify import VerifiedProse, verify_prose
from fieldguide.weighing import weighed
from fieldguide.write import (
    Door,
    NoteShelf,
    ProseFailure,
    RememberingAsker,
    ReplyStore,
    Reviser,
    Unwritten,
    WrittenProse,
    correction_request,
    follow,
    load_prompts,
    survey,
    write_prose,
    write_revision,
)

if TYPE_CHECKING:
    from fieldguide.domain.limits import Limits
    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.page import Prose
    from fieldguide.gather import Gathered
    from fieldguide.terms import Terms

_OF_THE_REVISION: Final = frozenset({Trouble.FILTERED, Trouble.TOO_LONG, Trouble.OVERSIZE, Trouble.INVALID})
"""Troubles of a request that others need not have."""
SMALLER_PLANS: Final = 3
"""How often a page is planned anew for a window, or a quota, that is smaller than was thought."""


EXPECTED_CORRECTION: Final = Usage(1_500, 500)
"""Tokens of a request that corrects a section or two."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Where a page is bought: what was paid for, what is written down, who is told."""

    store: Path | None
    """Directory in which replies and notes are kept; `None` keeps none."""
    project: Path
    """The documented directory."""
    ledger: Ledger
    observer: Observer


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """The answer for the page, and the notes that it goes without.

    It has no `repr` of its own: when `asyncio.run` puts the handler of Ctrl-C back it has the whole result written
    out, the codebase with it, for the message of an error that nobody sees. That took seconds, and twice the memory of
    a run.
    """

    purchase: Purchase
    answer: WrittenProse | ProseFailure
    unwritten: tuple[Unwritten, ...] = ()
    basis: Basis | None = None
    """Of a page that was revised: what it rests on now."""
    verified: VerifiedProse | None = None
    """Of the answer; `None` where nothing was asked, or nothing had."""


async def ask(
    purchase: Purchase,
    gathered: Gathered,
    counter: Counter,
    replies: ReplyStore,
    observer: Observer,
    revision: Revision | None,
) -> Asked:
    """Ask for a revision, or for everything; where the model takes less than was thought, by a smaller plan.

    Raises:
        ConfigurationError: As `Door` does; or the cost is limited, and no price of the stronger model is known.
    """
    terms = purchase.terms
    _check_price(terms)
    shelf = NoteShelf(replies, str(counter.project))
    count = token_counter(terms.choice).count
    async with Door(terms.choice, terms.limits, replies, counter.ledger, observer, count=count) as door:
        asked = await _answered(purchase, gathered, revision, door, shelf, replies)
        if door.window is not None:
            keep_window(replies, terms.choice, door.window)
        asked = await _corrected(asked, gathered, door, terms.choice)
    return await _strengthened(asked, gathered, counter, replies, observer, door.spending)


async def _answered(
    purchase: Purchase,
    gathered: Gathered,
    revision: Revision | None,
    door: Door,
    shelf: NoteShelf,
    replies: ReplyStore,
) -> Asked:
    """The answer as the model gives it."""
    if revision is not None and revision.request is not None:
        door.plan(1, Usage(revision.tokens, EXPECTED_PAGE))
        asker = RememberingAsker(door, shelf)
        answer = await write_revision(revision.request, revision.basis, purchase.terms.choice, asker, replies)
        if not _wanted_whole(answer):
            without = lastingly_without(purchase, revision.basis, revision.changes)
            return Asked(purchase, answer, without, revision.basis_after(purchase))
    asked = await _once(purchase, door, shelf, replies)
    for _ in range(SMALLER_PLANS):
        failed = asked.answer.failure if isinstance(asked.answer, ProseFailure) else None
        if failed is None or failed.trouble not in {Trouble.TOO_LONG, Trouble.OVERSIZE}:
            break
        smaller = prepare(gathered, _smaller(asked.purchase.terms, door))
        if not smaller.digest:
            break
        asked = await _once(smaller, door, shelf, replies)
    return asked


async def _corrected(asked: Asked, gathered: Gathered, door: Door, choice: ModelChoice) -> Asked:
    """The same with what the code does not bear out mended by the model, as far as it can."""
    answer, terms = asked.answer, asked.purchase.terms
    if isinstance(answer, ProseFailure):
        return asked
    prose, verified = await corrected(
        answer.prose,
        partial(verified_by, asked.purchase, gathered),
        _reviser(terms, gathered, choice),
        door,
        asking=lambda: door.plan(door.spending.planned + 1, _expected(door, EXPECTED_CORRECTION, choice, terms)),
        verified=asked.verified,
    )
    return replace(asked, answer=replace(answer, prose=prose), verified=verified)


async def _strengthened(
    asked: Asked, gathered: Gathered, counter: Counter, replies: ReplyStore, observer: Observer, before: Spending
) -> Asked:
    """The same with what is still wrong mended by the stronger model, of what is left of the budget."""
    answer, terms, verified = asked.answer, asked.purchase.terms, asked.verified
    choice = terms.stronger
    if choice is None or isinstance(answer, ProseFailure) or verified is None:
        return asked
    if correction_request(_reviser(terms, gathered, choice), answer.prose, verified.findings) is None:
        return asked
    observer(Progress(f"asking {choice.model} for what is still wrong"))
    ledger = replace(counter.ledger, price=partial(price, choice))
    count, limits = token_counter(choice).count, _left(terms.limits, before)
    async with Door(choice, limits, replies, ledger, observer, count=count) as door:
        door.go_on(before)
        return await _corrected(asked, gathered, door, choice)


def _left(limits: Limits, spent: Spending) -> Limits:
    """What another model may use: the same quota, the rest of the budget, and its own list prices."""
    tokens, cost = limits.max_tokens, limits.max_cost
    return replace(
        limits,
        max_tokens=None if tokens is None else tokens - spent.input_tokens - spent.output_tokens,
        max_cost=None if cost is None else cost - (spent.cost or 0.0),
        price_in=None,
        price_out=None,
    )


def _check_price(terms: Terms) -> None:
    """Refuse a budget that cannot be kept, before anything is paid.

    Raises:
        ConfigurationError: The cost is limited, and no price of the stronger model is known.
    """
    if terms.stronger is None or terms.limits.max_cost is None or price(terms.stronger, Usage(1, 1)) is not None:
        return
    fact = f"`--max-cost` cannot be kept: the price of the stronger model `{terms.stronger.model}` is not known"
    hint = "limit the run with `--max-tokens`, or take out `--stronger-model`"
    raise ConfigurationError(fact, hint=hint)


def _reviser(terms: Terms, gathered: Gathered, choice: ModelChoice) -> Reviser:
    return Reviser(gathered.codebase.name, choice, load_prompts(terms.prompts), gathered.last_look.seal)


def verified_by(purchase: Purchase, gathered: Gathered, prose: Prose) -> VerifiedProse:
    """What of prose the code bears out, and what the model was given."""
    evidence, read, installed = purchase.outline.evidence, gathered.read, gathered.installed
    return verify_prose(prose, gathered.codebase, evidence=evidence, read=read, installed=installed)


def _expected(door: Door, more: Usage, choice: ModelChoice, terms: Terms) -> Usage:
    """What the run is expected to take, with so much more of a model."""
    now = door.spending
    added = price(choice, more, terms.limits if choice == terms.choice else None)
    return Usage(
        now.planned_input_tokens + more.input_tokens,
        now.planned_output_tokens + more.output_tokens,
        None if now.planned_cost is None or added is None else now.planned_cost + added,
    )


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


async def _once(purchase: Purchase, door: Door, shelf: NoteShelf, replies: ReplyStore) -> Asked:
    """Ask for the notes of a plan, if it has any, and for the page."""
    request: Request | None = purchase.request
    unwritten: tuple[Unwritten, ...] = ()
    if purchase.work is not None and purchase.desk is not None and purchase.front is not None:
        front = purchase.work.errands[-1]
        weight = weighed(purchase, survey(purchase.work, purchase.desk, shelf), shelf)
        door.plan(len(weight.left), weight.usage)
        # The page matters more than any note: what it may cost is not spent on them.
        door.set_aside(Usage(front.input_tokens, front.output_tokens))
        followed = await follow(purchase.work, purchase.desk, door, shelf, purchase.terms.limits)
        door.set_aside(None)
        unwritten = followed.unwritten
        if followed.stopped is not None:
            return Asked(purchase, ProseFailure(followed.stopped), unwritten)
        request = purchase.front.request(followed.notes)
    else:
        door.plan(1, Usage(purchase.outline.input_tokens, EXPECTED_PAGE))
    if request is None:
        message = "a purchase with a digest has a request, or work from which it is made"
        raise ValueError(message)
    asker = RememberingAsker(door, shelf)
    return Asked(purchase, await write_prose(request, purchase.terms.choice, asker, replies), unwritten)


def lastingly_without(purchase: Purchase, basis: Basis, changes: Changes) -> tuple[Unwritten, ...]:
    """Notes that could not be had when the page was written whole, and could not be had now."""
    without = topics_without(purchase, basis, changes)
    return tuple(Unwritten(key, why, Trouble.FILTERED) for key, why in without.items())
