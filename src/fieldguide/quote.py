"""Says what a purchase would still cost, and what of it is paid for; nothing is sent.

Comes in: a `Purchase`, the page as it stands, where replies are kept. Goes out: a `PlanReport`.
Must never: send anything; count what is paid for among what is to be sent.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.buy import at_hand, stands_on
from fieldguide.domain.request import Usage
from fieldguide.domain.work import Errand, WorkPlan
from fieldguide.plan import expected_output, price
from fieldguide.weighing import weighed
from fieldguide.write import NoteShelf, ReplyStore, ready_requests, render_request, survey

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fieldguide.domain.limits import Limits
    from fieldguide.domain.page import ExistingPage
    from fieldguide.domain.report import PlanReport
    from fieldguide.purchase import Purchase

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
        shelf = NoteShelf(replies, str(project))
        paid = stands_on(page, purchase.digest) or at_hand(purchase, replies, shelf)
        if purchase.work is None or purchase.desk is None:
            prompts = (purchase.payload,) if show_prompts else ()
            errand = Errand((), purchase.outline.input_tokens, purchase.outline.output_tokens)
            return _priced(replace(report, already_paid=paid, prompts=prompts), purchase, () if paid else (errand,))
        surveyed = survey(purchase.work, purchase.desk, shelf)
        left = () if paid else weighed(purchase, surveyed, shelf)
        prompts = ()
        if show_prompts and not paid:
            prompts = tuple(render_request(request) for _, request in ready_requests(surveyed, purchase.desk, shelf))
    report = replace(
        report,
        already_paid=paid,
        prompts=prompts,
        work=purchase.work,
        left=WorkPlan(left, purchase.work.left_out),
        paid=tuple(topic.key for errand in surveyed.paid for topic in errand.topics),
    )
    return _priced(report, purchase, left)


def _priced(report: PlanReport, purchase: Purchase, left: Iterable[Errand]) -> PlanReport:
    """Add money and time for what is left to be sent; of what is paid for, the price that it would have."""
    terms, outline = purchase.terms, purchase.outline
    errands = list(left)
    whole = Usage(outline.input_tokens, outline.output_tokens)
    tokens = sum(one.input_tokens for one in errands), sum(one.output_tokens for one in errands)
    worst = Usage(*tokens) if errands else whole
    return replace(
        report,
        cost=price(terms.choice, worst, terms.limits),
        seconds=least_seconds(len(errands), sum(tokens), terms.limits),
        expected_output=sum(map(expected_output, errands)),
    )


def least_seconds(requests: int, tokens: int, limits: Limits) -> float | None:
    """The least time that a quota allows; the first minute's share is there at once."""
    shares = [
        amount / limit
        for amount, limit in ((requests, limits.requests_per_minute), (tokens, limits.tokens_per_minute))
        if limit
    ]
    return MINUTE * max(0.0, max(shares) - 1.0) if shares else None
