"""Says what a purchase would still cost, and what of it is paid for; nothing is sent.

Comes in: a `Purchase`, the page as it stands, where replies are kept. Goes out: a `PlanReport`.
Must never: send anything; count what is paid for among what is to be sent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.demand import demand_of
from fieldguide.domain.request import Usage
from fieldguide.domain.work import Errand, Purpose, Topic, WorkPlan
from fieldguide.plan import EXPECTED_PAGE, price
from fieldguide.weighing import Weighed, weighed
from fieldguide.write import REFUSED_BEFORE, NoteShelf, ReplyStore, Surveyed, ready_requests, render_request, survey

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.domain.limits import Limits
    from fieldguide.domain.page import ExistingPage
    from fieldguide.domain.report import PlanReport
    from fieldguide.purchase import Purchase
    from fieldguide.revise import Revision

MINUTE: Final = 60.0


def quoted_plan(
    report: PlanReport,
    purchase: Purchase,
    page: ExistingPage | None,
    store: Path | None,
    project: Path,
    *,
    show_prompts: bool,
) -> PlanReport:
    """Fill a report with what a purchase would cost.

    Args:
        report: Of the tree that was read.
        purchase: With a request, or with work.
        page: As it stands on disk.
        store: Directory in which replies are kept.
        project: The documented directory.
        show_prompts: Add the exact payload of every request that can be made now.
    """
    with ReplyStore(store) as replies:
        demand = demand_of(purchase, page, replies, str(project))
        if demand.revision is not None and demand.revision.request is not None:
            return _revised(report, purchase, demand.revision, show_prompts=show_prompts)
        if demand.refused:
            return replace(report, outline=replace(report.outline, refused=REFUSED_BEFORE))
        paid, shelf = demand.paid, NoteShelf(replies, str(project))
        if purchase.work is None or purchase.desk is None:
            prompts = (purchase.payload,) if show_prompts else ()
            report = replace(report, already_paid=paid, prompts=prompts)
            return _priced(report, purchase, weighed(purchase, Surveyed(), shelf), paid=paid)
        surveyed = survey(purchase.work, purchase.desk, shelf)
        left = weighed(purchase, surveyed, shelf)
        prompts = ()
        if show_prompts and not paid:
            prompts = tuple(render_request(request) for _, request in ready_requests(surveyed, purchase.desk, shelf))
    report = replace(
        report,
        already_paid=paid,
        prompts=prompts,
        work=purchase.work,
        left=WorkPlan(() if paid else left.left, purchase.work.left_out),
        paid=tuple(topic.key for errand in surveyed.paid for topic in errand.topics),
    )
    return _priced(report, purchase, left, paid=paid)


def _revised(report: PlanReport, purchase: Purchase, revision: Revision, *, show_prompts: bool) -> PlanReport:
    """Say what a revision would cost."""
    reply = purchase.terms.choice.reply_tokens
    topic = Topic(f"page:{purchase.outline.path}", Purpose.PAGE, input_tokens=revision.tokens, output_tokens=reply)
    errand = Errand((topic,), revision.tokens, reply)
    shown = revision.request if show_prompts else None
    report = replace(
        report,
        prompts=(render_request(shown),) if shown is not None else (),
        left=WorkPlan((errand,)),
        revised=len(revision.changes.files) + revision.changes.gone,
    )
    return _priced(report, purchase, Weighed((errand,), Usage(revision.tokens, EXPECTED_PAGE)), paid=False)


def _priced(report: PlanReport, purchase: Purchase, weight: Weighed, *, paid: bool) -> PlanReport:
    """Add money and time for what is left to be sent; of what is paid for, the price that it would have."""
    terms, outline = purchase.terms, purchase.outline
    errands = () if paid else weight.left
    tokens = sum(one.input_tokens for one in errands), sum(one.output_tokens for one in errands)
    worst = Usage(*tokens) if errands else Usage(outline.input_tokens, outline.output_tokens)
    return replace(
        report,
        cost=price(terms.choice, worst, terms.limits),
        seconds=least_seconds(len(errands), sum(tokens), terms.limits),
        expected_output=0 if paid else weight.usage.output_tokens,
    )


def least_seconds(requests: int, tokens: int, limits: Limits) -> float | None:
    """The least time that a quota allows; the first minute's share is there at once."""
    shares = [
        amount / limit
        for amount, limit in ((requests, limits.requests_per_minute), (tokens, limits.tokens_per_minute))
        if limit
    ]
    return MINUTE * max(0.0, max(shares) - 1.0) if shares else None
