"""Weighs what of a purchase is still to be asked: for the plan that a user reads, and for the progress of a run.

Comes in: a `Purchase`, how far it is paid for, where its notes are kept. Goes out: errands with the tokens that they
are expected to take.
Must never: send anything; change what is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldguide.domain.request import Usage
from fieldguide.domain.work import Errand, Purpose
from fieldguide.plan import EXPECTED_PAGE, expected, expected_output, token_counter

if TYPE_CHECKING:
    from fieldguide.purchase import Purchase
    from fieldguide.write import NoteShelf, Surveyed


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is still to be asked."""

    left: tuple[Errand, ...]
    """In the plan's order; the page's own last."""
    usage: Usage
    """All of it together: what goes in, and what is expected to come out."""


def weighed(purchase: Purchase, surveyed: Surveyed, shelf: NoteShelf) -> Weighed:
    """Weigh the requests that a purchase still needs.

    Notes that are at hand are counted as they are, and so are the earlier notes that go along where one is asked anew;
    others are expected to be like those of this project that were had before, else as long as the prompts ask for.
    """
    if purchase.work is None:
        only = Errand((), purchase.outline.input_tokens, purchase.outline.output_tokens)
        return Weighed((only,), Usage(only.input_tokens, EXPECTED_PAGE))
    count = token_counter(purchase.terms.choice).count
    topics = [topic for errand in purchase.work.errands for topic in errand.topics if topic.purpose is not Purpose.PAGE]
    earlier = shelf.earlier_notes([topic.key for topic in topics])
    sizes = purchase.notes_weigh.measured({key: count(text) for key, text in {**earlier, **surveyed.notes}.items()})
    asked = (*surveyed.ready, *surveyed.waiting)
    left = tuple(expected(one, sizes, earlier) for one in (*asked, purchase.work.errands[-1]))
    output = sum(expected_output(one, sizes) for one in left)
    return Weighed(left, Usage(sum(one.input_tokens for one in left), output))
