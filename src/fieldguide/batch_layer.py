"""Says which requests of a purchase a batch can hold now: those that are not paid for and wait for no reply.

Comes in: a `Purchase`, what is paid for, what batches could not bring. Goes out: lines of the next batch, one by one.
Must never: make a line of what is paid for; make one of a request that was refused, which would be refused again.

A request of several topics that was refused is made again in halves, until the one topic is found that is the cause;
that one is left to a run, which can do more about it. What rests on its note goes on without it, as in a run.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from fieldguide.demand import demand_of
from fieldguide.domain.batch import BatchLine, NoteAsked
from fieldguide.domain.request import Usage
from fieldguide.domain.work import Purpose
from fieldguide.plan import token_counter
from fieldguide.write import render_request, survey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fieldguide.domain.page import ExistingPage
    from fieldguide.domain.request import Request
    from fieldguide.domain.work import Errand, Topic, WorkPlan
    from fieldguide.purchase import Purchase
    from fieldguide.write import Desk, NoteShelf, ReplyStore

CHAT_TOKENS = 40
"""For the form of a chat."""


def digest_of_note(note: str) -> str:
    """By which an earlier note is known again that went along with a request."""
    return blake2b(note.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Layer:
    """The next layer of a purchase. What it counts holds when `lines` has come to its end."""

    def __init__(
        self,
        purchase: Purchase,
        page: ExistingPage | None,
        replies: ReplyStore,
        shelf: NoteShelf,
        refused: Mapping[str, str],
    ) -> None:
        """Nothing is read yet.

        Args:
            purchase: What the page needs.
            page: As it stands on disk.
            replies: What was paid for.
            shelf: Notes that were paid for.
            refused: Why requests would fare no better in another batch, by their digest.
        """
        self._purchase, self._page = purchase, page
        self._replies, self._shelf, self._refused = replies, shelf, refused
        self._count = token_counter(purchase.terms.choice).count
        self._notes: dict[str, str] = {}
        self._without: set[str] = set()
        self.waiting = 0
        """Requests that depend on replies."""
        self.left = 0
        """Requests that no batch can bring."""
        self.met: set[str] = set()
        """Digests of refused requests that the plan still holds."""

    def lines(self) -> Iterator[BatchLine]:
        """Lines of the next batch, best first."""
        purchase = self._purchase
        demand = demand_of(purchase, self._page, self._replies, self._shelf.project)
        if not purchase.digest or demand.paid:
            return
        revised = demand.revision.request if demand.revision is not None else None
        if revised is not None and revised.digest not in self._refused:
            yield from self._of_page(revised)
            return
        some = False
        if purchase.work is not None and purchase.desk is not None:
            for line in self._of_notes(purchase.work, purchase.desk):
                some = True
                yield line
        request = purchase.request
        if some or self.waiting:
            self.waiting += 1
        elif request is not None or purchase.front is not None:
            if request is None and purchase.front is not None:
                request = purchase.front.request(self._notes)
            if request is not None:
                yield from self._of_page(request)

    def _of_page(self, request: Request) -> Iterator[BatchLine]:
        if self._replies.get(request.digest) is not None:
            return
        if request.digest in self._refused:
            self.met.add(request.digest)
            self.left += 1
            return
        yield self._line(request, ())

    def _of_notes(self, work: WorkPlan, desk: Desk) -> Iterator[BatchLine]:
        surveyed = survey(work, desk, self._shelf)
        self._notes |= surveyed.notes
        for errand in surveyed.ready:
            digests = {topic.key: surveyed.digests[topic.key] for topic in errand.topics}
            if errand.topics[0].purpose is Purpose.PACKAGE:
                yield from self._of_package(errand.topics[0], digests[errand.topics[0].key], desk)
            else:
                yield from self._of_files(errand.topics, digests, desk)
        yield from self._of_waiting(surveyed.waiting, desk)

    def _of_waiting(self, errands: Sequence[Errand], desk: Desk) -> Iterator[BatchLine]:
        """Packages of which some notes are missing: without those that no batch can bring."""
        for errand in errands:
            topic = errand.topics[0]
            missing = {key for key in topic.needs if key not in self._notes}
            if not missing <= self._without:
                self.waiting += 1
                continue
            if not any(self._notes.get(key) for key in topic.needs):
                self._without.add(topic.key)
                continue
            digest = desk.package_digest(topic, self._notes)
            kept = self._shelf.get_notes([digest])
            if digest in kept:
                self._notes[topic.key] = kept[digest]
            else:
                yield from self._of_package(topic, digest, desk)

    def _of_package(self, topic: Topic, digest: str, desk: Desk) -> Iterator[BatchLine]:
        earlier = self._shelf.earlier_notes([topic.key])
        request = desk.package_request(topic, self._notes, earlier.get(topic.key))
        if request.digest in self._refused:
            self._leave(request, topic)
        else:
            yield self._line(request, _asked([topic], {topic.key: digest}, earlier))

    def _of_files(self, topics: Sequence[Topic], digests: Mapping[str, str], desk: Desk) -> Iterator[BatchLine]:
        texts = {topic.key: text for topic in topics if (text := desk.text_of(topic)) is not None}
        self._without |= {topic.key for topic in topics if topic.key not in texts}
        there = [topic for topic in topics if topic.key in texts]
        if not there:
            return
        earlier = self._shelf.earlier_notes([topic.key for topic in there])
        request = desk.files_request(there, texts, earlier)
        if request.digest not in self._refused:
            yield self._line(request, _asked(there, digests, earlier))
        elif len(there) == 1:
            self._leave(request, there[0])
        else:
            self.met.add(request.digest)
            middle = len(there) // 2
            yield from self._of_files(there[:middle], digests, desk)
            yield from self._of_files(there[middle:], digests, desk)

    def _leave(self, request: Request, topic: Topic) -> None:
        self.met.add(request.digest)
        self._without.add(topic.key)
        self.left += 1

    def _line(self, request: Request, notes: tuple[NoteAsked, ...]) -> BatchLine:
        return BatchLine(
            request, notes, Usage(self._count(render_request(request)) + CHAT_TOKENS, request.max_output_tokens)
        )


def _asked(topics: Sequence[Topic], digests: Mapping[str, str], earlier: Mapping[str, str]) -> tuple[NoteAsked, ...]:
    return tuple(
        NoteAsked(one.key, digests[one.key], digest_of_note(earlier[one.key]) if one.key in earlier else "")
        for one in topics
    )
