"""Says what a page still asks for: nothing, a revision of what was written before, or all of it.

Comes in: a `Purchase`, the page as it stands, what is paid for. Goes out: a `Demand`, the same for a plan and a run.
Must never: send anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldguide.domain.basis import Basis
from fieldguide.revise import Revision, kept_answer, revision_for
from fieldguide.write import NoteShelf, PageShelf, survey

if TYPE_CHECKING:
    from fieldguide.domain.page import ExistingPage
    from fieldguide.purchase import Purchase
    from fieldguide.write import ReplyStore


@dataclass(frozen=True, slots=True)
class Demand:
    """What a page asks for. Where nothing is set, it is to be bought whole."""

    stands: bool = False
    """The page on disk holds the answer, and it is kept nowhere else."""
    at_hand: bool = False
    """Every reply for the whole page is kept."""
    kept: Basis | None = None
    """The answer, as a revision left it."""
    revision: Revision | None = None
    refused: bool = False
    """The content filter refused the one request before, so that it will not be sent."""

    @property
    def paid(self) -> bool:
        """No request is left."""
        revised = self.revision is not None and self.revision.request is None
        return self.stands or self.at_hand or self.kept is not None or revised


def demand_of(purchase: Purchase, page: ExistingPage | None, replies: ReplyStore, project: str) -> Demand:
    """Look at what is kept. `project` is what tells the documented directory from others."""
    if not purchase.digest:
        return Demand()
    shelf, pages = NoteShelf(replies, project), PageShelf(replies, project)
    if (kept := kept_answer(purchase, pages)) is not None:
        return Demand(kept=kept)
    if _at_hand(purchase, replies, shelf):
        return Demand(at_hand=True)
    if stands_on(page, purchase.digest):
        return Demand(stands=True)
    revision = revision_for(purchase, page, pages, shelf)
    alone = [purchase.request.digest] if purchase.request is not None and revision is None else []
    return Demand(revision=revision, refused=bool(shelf.refused(alone)))


def holds_prose(page: ExistingPage | None) -> bool:
    """Whether a model wrote something of the page that nobody has edited since."""
    return page is not None and any(one.request_digest and not one.edited for one in page.sections)


def stands_on(page: ExistingPage | None, digest: str) -> bool:
    """Whether the page's prose answers this; what a person edited may answer an older request."""
    prose = [one for one in page.sections if one.request_digest] if page is not None else []
    untouched = [one for one in prose if not one.edited]
    return {one.request_digest for one in untouched or prose} == {digest}


def _at_hand(purchase: Purchase, replies: ReplyStore, shelf: NoteShelf) -> bool:
    request = purchase.request
    if purchase.work is not None and purchase.desk is not None and purchase.front is not None:
        surveyed = survey(purchase.work, purchase.desk, shelf)
        if surveyed.ready or surveyed.waiting:
            return False
        request = purchase.front.request(surveyed.notes)
    return request is not None and replies.get(request.digest) is not None
