"""Follows a plan: has notes on files and packages written, what is needed first, and none that is paid for already.

Comes in: a `WorkPlan`, a desk that makes requests, a door that answers them, a shelf of notes that were paid for.
Goes out: notes by topic, what could not be had and why, what it cost.
Must never: ask for a note that is on the shelf; hold the texts of more files than are being asked about; end because
one request failed, unless no other would fare better.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, ParamSpec, Protocol

from fieldguide.domain.request import Failure, Reply, Request, StopReason, Usage
from fieldguide.domain.trouble import Trouble
from fieldguide.domain.work import Errand, Piece, Purpose, Topic, WorkPlan
from fieldguide.write.asker import REFUSED_BEFORE
from fieldguide.write.notes.reply import parse_notes

if TYPE_CHECKING:
    from fieldguide.domain.limits import Limits
    from fieldguide.write.asker import Asker
    from fieldguide.write.notes.request import Desk

_What = ParamSpec("_What")

AT_ONCE: Final = 24
"""Requests that are being made, wait at the door or are under way: only their texts are held."""

_SMALLER: Final = frozenset({Trouble.TOO_LONG, Trouble.LENGTH, Trouble.FILTERED, Trouble.OVERSIZE})
"""Troubles that a smaller request may not have: the one file that causes them is found by halving."""


class Shelf(Protocol):
    """Where notes are kept."""

    def get_notes(self, digests: Sequence[str]) -> Mapping[str, str]:
        """Notes by the digest of what shaped them, as far as there are any."""
        ...

    def put_notes(self, notes: Mapping[str, tuple[str, str]]) -> None:
        """Keep notes by digest, each with its topic's key, on disk before this returns."""
        ...

    def earlier_notes(self, keys: Sequence[str]) -> Mapping[str, str]:
        """The latest note on each topic of this project, whatever shaped it."""
        ...

    def refused(self, digests: Sequence[str]) -> frozenset[str]:
        """Those of the digests whose notes the content filter has refused before."""
        ...

    def put_refused(self, digests: Sequence[str]) -> None:
        """Remember what the content filter refused."""
        ...


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A topic without a note."""

    key: str
    reason: str
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """What came of a plan, but for its page."""

    notes: Mapping[str, str]
    unwritten: tuple[Unwritten, ...] = ()
    requests: int = 0
    """Sent in this run."""
    usage: Usage = field(default_factory=Usage)
    stopped: Failure | None = None
    """No other request would fare better, so none was sent any more."""


async def follow(plan: WorkPlan, desk: Desk, door: Asker, shelf: Shelf, limits: Limits) -> Followed:
    """Have every note of a plan written. The page's own errand is the caller's.

    Args:
        plan: Which notes.
        desk: Makes the requests.
        door: Answers them.
        shelf: Where notes are kept.
        limits: Of the run, which decide what goes first.
    """
    follower = _Follower(desk, door, shelf)
    topics = [topic for errand in plan.errands for topic in errand.topics if topic.purpose is not Purpose.PAGE]
    follower.had = {topic.key: asyncio.Event() for topic in topics}
    async with asyncio.TaskGroup() as group:
        for errand in _in_turn(plan.errands, limits):
            purpose = errand.topics[0].purpose
            if purpose is Purpose.FILE:
                await follower.places.acquire()
                group.create_task(follower.files(errand.topics))
            elif purpose is Purpose.PACKAGE:
                group.create_task(follower.package(errand.topics[0]))
    return Followed(follower.notes, tuple(follower.unwritten), follower.requests, follower.usage, follower.stopped)


class _Follower:
    """Notes as they come."""

    def __init__(self, desk: Desk, door: Asker, shelf: Shelf) -> None:
        """Begin with no notes."""
        self.desk = desk
        self.door = door
        self.shelf = shelf
        self.places = asyncio.Semaphore(AT_ONCE)
        self.making = asyncio.Lock()
        self.had: dict[str, asyncio.Event] = {}
        self.notes: dict[str, str] = {}
        self.unwritten: list[Unwritten] = []
        self.requests = 0
        self.usage = Usage()
        self.stopped: Failure | None = None

    async def files(self, topics: Sequence[Topic]) -> None:
        """Notes on files that share a request; takes a place that the caller has acquired."""
        try:
            digests = {one.key: found for one in topics if (found := self.desk.file_digest(one)) is not None}
            missing = self._wanted([one for one in topics if one.key in digests], digests)
            texts = {one.key: text for one in missing if (text := self.desk.text_of(one)) is not None}
            gone = [one for one in topics if one.key not in digests or (one in missing and one.key not in texts)]
            self._without(gone, "cannot be read any more")
            there = [one for one in missing if one.key in texts]
            if there:
                await self._ask_files(there, texts, digests)
        finally:
            self.places.release()
            for topic in topics:
                self.had[topic.key].set()

    async def package(self, topic: Topic) -> None:
        """The note on a package, once every note that it needs is there or is known not to come."""
        try:
            for key in topic.needs:
                await self.had[key].wait()
            needed = {key: self.notes[key] for key in topic.needs if self.notes.get(key)}
            if not needed:
                self._without([topic], "nothing is known of what it holds")
                return
            digest = self.desk.package_digest(topic, self.notes)
            if not self._wanted([topic], {topic.key: digest}):
                return
            async with self.places:
                earlier = self.shelf.earlier_notes([topic.key])
                request = await self._made(self.desk.package_request, topic, dict(self.notes), earlier.get(topic.key))
                notes, trouble = _parsed(await self._ask(request), [topic.key], earlier)
                if trouble[1] in _SMALLER and topic.key not in notes and len(topic.needs) > 1:
                    fewer = replace(topic, needs=topic.needs[: (len(topic.needs) + 1) // 2])
                    request = await self._made(
                        self.desk.package_request, fewer, dict(self.notes), earlier.get(topic.key)
                    )
                    notes, trouble = _parsed(await self._ask(request), [topic.key], earlier)
                self._keep(notes, {topic.key: digest})
                if topic.key not in notes:
                    self._refused([topic], {topic.key: digest}, trouble[1])
                    self._without([topic], *trouble)
        finally:
            self.had[topic.key].set()

    async def _ask_files(
        self, topics: Sequence[Topic], texts: Mapping[str, str], digests: Mapping[str, str], *, again: bool = True
    ) -> None:
        """Ask for notes on files; where a request has trouble that a smaller one may not have, ask in halves."""
        keys = [topic.key for topic in topics]
        earlier = self.shelf.earlier_notes(keys)
        outcome = await self._ask(await self._made(self.desk.files_request, topics, texts, earlier))
        notes, (reason, trouble) = _parsed(outcome, keys, earlier)
        self._keep(notes, digests)
        left = [topic for topic in topics if topic.key not in notes]
        if not left or self.stopped is not None:
            self._without(left, reason, trouble)
        elif trouble in _SMALLER and len(topics) > 1:
            middle = len(left) // 2  # one that is left of several is asked for alone
            for part in filter(None, (left[:middle], left[middle:])):
                await self._ask_files(part, texts, digests)
        elif trouble in {Trouble.TOO_LONG, Trouble.OVERSIZE} and len(left[0].pieces) > 1:
            await self._ask_shortened(left[0], digests)
        elif trouble is None and again:
            for topic in left:
                await self._ask_files([topic], texts, digests, again=False)
        elif trouble is Trouble.FILTERED and again and isinstance(outcome, Failure):
            await self._ask_files(left, texts, digests, again=False)  # a filter is not always of the same mind
        else:
            self._refused(left, digests, trouble)
            self._without(left, reason, trouble)

    async def _ask_shortened(self, topic: Topic, digests: Mapping[str, str]) -> None:
        """Ask about the first half of a file's pieces: the window is smaller than was thought."""
        shorter = replace(topic, pieces=_first_half(topic.pieces))
        text = self.desk.text_of(shorter)
        if text is None:
            self._without([topic], "cannot be read any more")
        else:
            await self._ask_files([shorter], {topic.key: text}, digests)

    async def _made(self, make: Callable[_What, Request], *what: _What.args, **more: _What.kwargs) -> Request:
        """Have a thread make a request: it is redacted once more, and meanwhile replies would lie unread."""
        async with self.making:
            return await asyncio.to_thread(make, *what, **more)

    async def _ask(self, request: Request) -> Reply | Failure:
        if self.stopped is not None:
            return self.stopped
        outcome = await self.door.ask(request)
        used = outcome.usage
        if used is not None:
            self.requests += 1
            self.usage = Usage(
                self.usage.input_tokens + used.input_tokens, self.usage.output_tokens + used.output_tokens
            )
        if isinstance(outcome, Failure) and outcome.trouble is Trouble.REFUSED:
            self.stopped = outcome
        return outcome

    def _wanted(self, topics: Sequence[Topic], digests: Mapping[str, str]) -> list[Topic]:
        """Topics whose note is not on the shelf, and was not refused when it was asked for before."""
        missing = self._kept(topics, digests)
        refused = self.shelf.refused([digests[topic.key] for topic in missing])
        self._without([one for one in missing if digests[one.key] in refused], REFUSED_BEFORE, Trouble.FILTERED)
        return [one for one in missing if digests[one.key] not in refused]

    def _refused(self, topics: Sequence[Topic], digests: Mapping[str, str], trouble: Trouble | None) -> None:
        if trouble is Trouble.FILTERED:
            self.shelf.put_refused([digests[topic.key] for topic in topics])

    def _kept(self, topics: Sequence[Topic], digests: Mapping[str, str]) -> list[Topic]:
        """Take what is on the shelf, and return the topics whose note is not."""
        kept = self.shelf.get_notes([digests[topic.key] for topic in topics])
        found = {topic.key: kept[digests[topic.key]] for topic in topics if digests[topic.key] in kept}
        self.notes |= found
        return [topic for topic in topics if topic.key not in found]

    def _keep(self, notes: Mapping[str, str], digests: Mapping[str, str]) -> None:
        if notes:
            self.shelf.put_notes({digests[key]: (key, text) for key, text in notes.items()})
        self.notes |= notes

    def _without(self, topics: Sequence[Topic], reason: str, trouble: Trouble | None = None) -> None:
        self.unwritten.extend(Unwritten(topic.key, reason, trouble) for topic in topics)


def _in_turn(errands: Sequence[Errand], limits: Limits) -> list[Errand]:
    """Errands in the order in which they go to the door.

    Under a budget the plan's, the best first: the door may not let all of them pass. Else those with the longest
    replies go first, so that nobody waits for a long one in the end ("longest processing time": R. Graham, "Bounds on
    multiprocessing timing anomalies", 1969); but where the quota is still to be learnt, which takes an answer, the
    shortest goes before them.
    """
    if limits.budgeted:
        return list(errands)
    longest_first = sorted(errands, key=lambda one: -one.output_tokens)
    files = [one for one in longest_first if one.topics[0].purpose is Purpose.FILE]
    if limits.told or not files:
        return longest_first
    return [files[-1], *(one for one in longest_first if one is not files[-1])]


def _parsed(
    outcome: Reply | Failure, keys: Sequence[str], earlier: Mapping[str, str]
) -> tuple[dict[str, str], tuple[str, Trouble | None]]:
    """Notes of an outcome, and why there are no more of them."""
    if isinstance(outcome, Failure):
        return {}, (outcome.fact, outcome.trouble)
    notes = parse_notes(outcome.text, outcome.stop_reason, keys, earlier)
    match outcome.stop_reason:
        case StopReason.LENGTH:
            return notes, ("the reply reached its most tokens", Trouble.LENGTH)
        case StopReason.FILTERED:
            return notes, ("the content filter took back what the model wrote", Trouble.FILTERED)
        case StopReason.STOP:
            return notes, ("the model left it out", None)


def _first_half(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(pieces[: (len(pieces) + 1) // 2])
