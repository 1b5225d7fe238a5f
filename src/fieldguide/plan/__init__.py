"""Room of the stage `plan`: what a page will hold, what its prose rests on, how many tokens and how much money.

Comes in: a `Codebase` and the model's choice. Goes out: an `Outline`, a price.
Must never: call a model or touch the network.
"""

from __future__ import annotations

from fieldguide.plan.changes import FACTS, NAMES, Held, compare, marked, name_digest
from fieldguide.plan.evidence import closed_up
from fieldguide.plan.expectation import EXPECTED_PAGE, NoteSizes, expected, expected_output
from fieldguide.plan.limits import context_window, price
from fieldguide.plan.outline import NO_CODE, assumptions, make_outline, too_large, weigh
from fieldguide.plan.room import Minute, Room
from fieldguide.plan.tokens import TokenCounter, token_counter
from fieldguide.plan.work import labels_of, work_plan

__all__ = [
    "EXPECTED_PAGE",
    "FACTS",
    "NAMES",
    "NO_CODE",
    "Held",
    "Minute",
    "NoteSizes",
    "Room",
    "TokenCounter",
    "assumptions",
    "closed_up",
    "compare",
    "context_window",
    "expected",
    "expected_output",
    "labels_of",
    "make_outline",
    "marked",
    "name_digest",
    "price",
    "token_counter",
    "too_large",
    "weigh",
    "work_plan",
]
