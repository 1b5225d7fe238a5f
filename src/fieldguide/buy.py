"""Buys the prose of a page from a model: plan, request, answer, verification of the answer.

Comes in: a gathered codebase and the model's choice.
Goes out: what would be bought (`Purchase`), and what was (`Bought`): prose in which every name holds.
Must never: ask for what is already paid for; let a failure of the provider end the run.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fieldguide.domain.model import ModelChoice
from fieldguide.domain.page import ExistingPage, Finding, Outline, Prose
from fieldguide.domain.report import Missing, Note, Observer, Progress
from fieldguide.domain.request import Failure, Request, Usage
from fieldguide.domain.sections import FACTS_ONLY, PROSE_KEYS
from fieldguide.plan import make_outline, price, weigh
from fieldguide.verify import verify_prose
from fieldguide.write import (
    ProseFailure,
    WrittenProse,
    facts_for_model,
    is_kept,
    prose_request,
    render_request,
    render_sections,
    undescribed,
    write_prose,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fieldguide.domain.redacted import Redaction
    from fieldguide.gather import Gathered
    from fieldguide.llm import Ledger

FACTS = "facts"
EARLIER = "the earlier text"
UNVERIFIED = "nothing of what the model wrote held against the code"


@dataclass(frozen=True, slots=True)
class Purchase:
    """What the model will be asked, whole. Without a request `outline.refused` says why there is none."""

    outline: Outline
    choice: ModelChoice
    request: Request | None = None
    payload: str = ""
    """Exactly what would leave, as people read it."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What was had for the page; empty without a model."""

    prose: Prose | None = None
    digest: str = ""
    """Of the request that the prose answers."""
    usage: Usage = field(default_factory=Usage)
    requests: int = 0
    """Sent in this run: 0 when the reply was already paid for."""
    missing: tuple[Missing, ...] = ()
    findings: tuple[Finding, ...] = ()
    failure: Failure | None = None
    page_stands: bool = False
    """The page on disk is the best to be had: it answers this request, or holds prose that could not be had anew."""


def prepare(gathered: Gathered, choice: ModelChoice, *, page: str, prompts: Path | None) -> Purchase:
    """Plan the request for the page at `page`, exactly as it would be sent; nothing is sent."""
    codebase = gathered.codebase
    facts = facts_for_model(render_sections(codebase, page=page, outline_sections=FACTS_ONLY))
    outline = make_outline(codebase, page=page, choice=choice, read=gathered.read, facts=facts)
    if not outline.requests:
        return Purchase(outline, choice)
    request = prose_request(
        outline,
        codebase,
        choice,
        facts,
        prompts=prompts,
        seal=gathered.last_look.seal,
        undescribed=undescribed(codebase),
    )
    payload = render_request(request)
    left = gathered.last_look.certain(payload)
    outline = _refused(outline, left) if left else weigh(outline, payload, choice)
    return Purchase(outline, choice, request, payload) if outline.requests else Purchase(outline, choice)


def _refused(outline: Outline, left: Sequence[Redaction]) -> Outline:
    """The outline without a request, since a secret would leave in its words: in the user's own prompts, say."""
    kinds = ", ".join(sorted({one.kind for one in left}))
    reason = f"the finished request holds a secret ({kinds}) that does not come from the files that were read"
    return Outline(outline.path, FACTS_ONLY, window=outline.window, assumed=outline.assumed, refused=reason)


def holds_prose(page: ExistingPage | None) -> bool:
    """Whether a model wrote something of the page that nobody has edited since."""
    return page is not None and any(one.request_digest and not one.edited for one in page.sections)


def is_paid(purchase: Purchase, page: ExistingPage | None, store: Path | None) -> bool:
    """Whether the reply to this request is kept already, or stands on the page, wherever it was bought."""
    request = purchase.request
    if request is None:
        return False
    return _stands_on(page, request) or is_kept(request, store)


def _stands_on(page: ExistingPage | None, request: Request) -> bool:
    """Whether the page's prose answers this request; what a person edited may answer an older one."""
    prose = [one for one in page.sections if one.request_digest] if page is not None else []
    untouched = [one for one in prose if not one.edited]
    return {one.request_digest for one in untouched or prose} == {request.digest}


def buy(
    purchase: Purchase,
    gathered: Gathered,
    page: ExistingPage | None,
    ledger: Ledger,
    *,
    store: Path | None,
    observer: Observer,
) -> Bought:
    """Have the prose written and verified. What cannot be had is named, and facts stand in its place.

    Raises:
        ConfigurationError: The provider's package is missing, its address may not be connected to, or the ledger
            cannot be written.
    """
    choice, outline = purchase.choice, purchase.outline
    if outline.assumed:
        observer(Note(outline.assumed, warning=True))
    if purchase.request is None:
        return Bought(missing=tuple(Missing(key, outline.refused, FACTS) for key in PROSE_KEYS))
    if _stands_on(page, purchase.request) and not is_kept(purchase.request, store):
        observer(Note("the page already holds the answer to exactly this request: nothing is sent"))
        return Bought(page_stands=True)
    asking = f"asking {choice.model}"
    observer(Progress(asking, 0, 1))
    answer = asyncio.run(write_prose(purchase.request, choice, ledger, store=store))
    observer(Progress(asking, 1, 1))
    if isinstance(answer, ProseFailure):
        return _failed(answer, choice, page)
    return _verified(answer, gathered, outline, choice)


def sections_for(bought: Bought) -> tuple[str, ...]:
    """Keys of the prose that there is."""
    return tuple(key for key in PROSE_KEYS if bought.prose and key in bought.prose.sections)


def _priced(usage: Usage, choice: ModelChoice) -> Usage:
    return replace(usage, cost=price(choice, usage)) if usage.input_tokens or usage.output_tokens else usage


def _failed(answer: ProseFailure, choice: ModelChoice, page: ExistingPage | None) -> Bought:
    """Nothing was had: prose that stands on the page from an earlier run stays, and the page with it."""
    stands = page is not None and any(one.request_digest for one in page.sections)
    instead = EARLIER if stands else FACTS
    return Bought(
        usage=_priced(answer.usage, choice),
        requests=answer.requests,
        missing=tuple(Missing(key, answer.failure.fact, instead) for key in PROSE_KEYS),
        failure=answer.failure,
        page_stands=stands,
    )


def _verified(answer: WrittenProse, gathered: Gathered, outline: Outline, choice: ModelChoice) -> Bought:
    verified = verify_prose(answer.prose, gathered.codebase, evidence=outline.evidence)
    emptied = answer.prose.sections.keys() - verified.prose.sections.keys()
    missing = (*answer.missing, *(Missing(key, UNVERIFIED, FACTS) for key in PROSE_KEYS if key in emptied))
    return Bought(
        prose=verified.prose,
        # Half a digest says that a model wrote it, and is never taken for a whole answer to the request.
        digest=answer.digest[: len(answer.digest) // 2] if missing else answer.digest,
        usage=_priced(answer.usage, choice),
        requests=answer.requests,
        missing=missing,
        findings=verified.findings,
    )
