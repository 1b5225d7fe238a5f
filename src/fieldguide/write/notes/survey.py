"""Says how far a plan is paid for, and which of its requests can be made now, without asking anything.

Comes in: a `WorkPlan`, a desk that makes requests, a shelf of notes that were paid for.
Goes out: the notes at hand, the requests that can be made from them, the errands that wait for replies.
Must never: reach a model; make a request before somebody wants to see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fieldguide.domain.work import Errand, Purpose, Topic, WorkPlan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.domain.request import Request
    from fieldguide.write.notes.following import Shelf
    from fieldguide.write.notes.request import Desk


@dataclass(frozen=True, slots=True)
class Surveyed:
    """Where a plan stands; its page's own errand is in none of the lists, for that request is the caller's."""

    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    """At hand, by topic."""
    paid: tuple[Errand, ...] = ()
    """Errands of which every note is at hand."""
    ready: tuple[Errand, ...] = ()
    """Errands that can be asked now, with only those topics whose note is not at hand."""
    waiting: tuple[Errand, ...] = ()
    """Errands that depend on replies."""
    digests: Mapping[str, str] = field(default_factory=dict[str, str])
    """Under which the notes of all topics that can be asked now will be kept, by topic."""


def survey(plan: WorkPlan, desk: Desk, shelf: Shelf) -> Surveyed:
    """Look at every errand of a plan but its page's. What was refused before is not asked again, nor waited for."""
    notes: dict[str, str] = {}
    digests: dict[str, str] = {}
    paid: list[Errand] = []
    ready: list[Errand] = []
    waiting: list[Errand] = []
    without: set[str] = set()
    for errand in plan.errands:
        purpose = errand.topics[0].purpose
        if purpose is Purpose.PAGE:
            continue
        needs = errand.topics[0].needs
        if purpose is Purpose.PACKAGE and not all(key in notes or key in without for key in needs):
            waiting.append(errand)
            continue
        if purpose is Purpose.PACKAGE and not any(notes.get(key) for key in needs):
            without.add(errand.topics[0].key)
            continue
        known = _digests(errand, desk, notes)
        kept = shelf.get_notes(list(known.values()))
        notes |= {key: kept[digest] for key, digest in known.items() if digest in kept}
        refused = shelf.refused([digest for digest in known.values() if digest not in kept])
        without |= {key for key, digest in known.items() if digest in refused}
        there = known.keys() - without - notes.keys()
        missing = tuple(topic for topic in errand.topics if topic.key in there)
        if missing:
            digests |= {topic.key: known[topic.key] for topic in missing}
            ready.append(_only(errand, missing))
        else:
            paid.append(errand)
    return Surveyed(notes, tuple(paid), tuple(ready), tuple(waiting), digests)


def ready_requests(surveyed: Surveyed, desk: Desk, shelf: Shelf) -> Iterator[tuple[Errand, Request]]:
    """Make the requests that can be asked now, one at a time."""
    for errand in surveyed.ready:
        topics = errand.topics
        earlier = shelf.earlier_notes([topic.key for topic in topics])
        if topics[0].purpose is Purpose.PACKAGE:
            request = desk.package_request(topics[0], surveyed.notes, earlier.get(topics[0].key))
            yield errand, request
            continue
        texts = {topic.key: text for topic in topics if (text := desk.text_of(topic)) is not None}
        there = [topic for topic in topics if topic.key in texts]
        if there:
            yield errand, desk.files_request(there, texts, earlier)


def _digests(errand: Errand, desk: Desk, notes: Mapping[str, str]) -> dict[str, str]:
    """Digests of the notes of an errand's topics, as far as they can be read."""
    if errand.topics[0].purpose is Purpose.PACKAGE:
        topic = errand.topics[0]
        return {topic.key: desk.package_digest(topic, notes)}
    return {topic.key: digest for topic in errand.topics if (digest := desk.file_digest(topic)) is not None}


def _only(errand: Errand, topics: tuple[Topic, ...]) -> Errand:
    """An errand with those of its topics that are still to be asked."""
    dropped = [topic for topic in errand.topics if topic not in topics]
    without = sum(topic.input_tokens for topic in dropped)
    return replace(
        errand,
        topics=topics,
        input_tokens=errand.input_tokens - without,
        fixed_tokens=errand.fixed_tokens - without,
        output_tokens=errand.output_tokens - sum(topic.output_tokens for topic in dropped),
    )
