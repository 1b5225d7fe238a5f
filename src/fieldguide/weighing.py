"""Weighs what of a purchase is still to be asked: for the plan that a user reads, and for the progress of a run.

Comes in: a `Purchase`, how far it is paid for, where its notes are kept. Goes out: errands with the tokens that they
are expected to take.
Must never: send anything; change what is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.work import Errand, Purpose
from fieldguide.plan import expected, token_counter

if TYPE_CHECKING:
    from fieldguide.purchase import Purchase
    from fieldguide.write import NoteShelf, Surveyed


def weighed(purchase: Purchase, surveyed: Surveyed, shelf: NoteShelf) -> tuple[Errand, ...]:
    """The requests that a page still needs which rests on notes; its own is the last.

    Notes that are at hand are counted as they are, and so are the earlier notes that go along where one is asked anew;
    others are expected to be like those of this project that were had before, else as long as the prompts ask for.
    """
    if purchase.work is None:
        return ()
    count = token_counter(purchase.terms.choice).count
    topics = [topic for errand in purchase.work.errands for topic in errand.topics if topic.purpose is not Purpose.PAGE]
    earlier = shelf.earlier_notes([topic.key for topic in topics])
    sizes = purchase.notes_weigh.measured({key: count(text) for key, text in {**earlier, **surveyed.notes}.items()})
    asked = (*surveyed.ready, *surveyed.waiting, purchase.work.errands[-1])
    return tuple(expected(one, sizes, earlier) for one in asked)
