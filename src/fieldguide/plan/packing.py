"""Packs files into requests, and has those that must wait for the quota's next minute be answered soon.

Comes in: topics of files, and what a request and a minute have room for. Goes out: errands, each topic in one.
Must never: leave a topic out; make a request larger than the room allows.

The page waits for the last of the notes. Where a minute's quota does not hold all of them, the last ones leave when the
next minute begins, and what it takes to write them lies between that and the page. A note on a large file is no longer
than one on a small file. So it is the largest files that wait, as few as possible, and hardly any shares its request.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from fieldguide.domain.work import Errand, Topic
from fieldguide.plan.room import FILE_REPLY, TOPIC_TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fieldguide.plan.room import Room

MOST_LATE: Final = 6
"""Requests that wait for the next minute; where more have to, their replies do not decide how long the run takes."""
MOST_TOGETHER: Final = 3
"""Files that share one of these."""
DEARER: Final = 0.025
"""Share of the tokens that more requests may cost, for the words of the prompt that each of them has."""


def packed(topics: Sequence[Topic], room: Room) -> list[Errand]:
    """Files in requests: those of a directory together, as many as evidence and reply have room for."""
    plain = list(_in_order(topics, room, apart=True))
    return _with_late(topics, plain, room) or plain


def weight_of(errands: Iterable[Errand]) -> int:
    """Tokens that a quota counts for them: of their prompts, and reserved for their replies."""
    return sum(one.input_tokens + one.output_tokens for one in errands)


def _with_late(topics: Sequence[Topic], plain: Sequence[Errand], room: Room) -> list[Errand]:
    """The same files, the largest of them in requests of their own; nothing where that gains nothing."""
    weight = weight_of(plain)
    minutes = weight // room.minute.tokens if room.minute.tokens else 0
    if not minutes or not room.minute.tokens:
        return []
    largest = sorted(topics, key=lambda one: (-one.input_tokens, one.key))
    for together in range(1, MOST_TOGETHER + 1):
        for count in range(1, together * MOST_LATE + 1):
            late = list(_in_order(largest[:count], room, most=together))
            if len(late) > MOST_LATE:
                break
            early = list(_in_order(largest[count:], room))
            if weight_of(early) > minutes * room.minute.tokens:
                continue
            if weight_of(early) + weight_of(late) <= (1 + DEARER) * weight and _in_requests(early, late, room, minutes):
                return [*early, *late]
            break
    return []


def _in_requests(early: Sequence[Errand], late: Sequence[Errand], room: Room, minutes: int) -> bool:
    """Whether the requests of so many minutes and then of one, in which the page is asked for too, are not too many."""
    most = room.minute.requests
    return most is None or (len(early) <= minutes * most and len(late) < most)


def _in_order(topics: Sequence[Topic], room: Room, *, apart: bool = False, most: int | None = None) -> Iterator[Errand]:
    """Errands of the topics, by their directories.

    Args:
        topics: Of files.
        room: What a request may hold.
        apart: A request that is half full takes none of another directory.
        most: Topics of a request, where that is less than replies have room for.
    """
    replies = max(1, (room.reply - TOPIC_TOKENS) // FILE_REPLY)
    most_topics = min(replies, most or replies)
    shared: list[Topic] = []
    size = 0
    for topic in sorted(topics, key=lambda one: (posixpath.dirname(one.key), one.key)):
        size += topic.input_tokens
        elsewhere = bool(shared) and posixpath.dirname(shared[-1].key) != posixpath.dirname(topic.key)
        wide = apart and elsewhere and 2 * size > room.errand
        if shared and (size > room.errand or len(shared) >= most_topics or wide):
            yield _errand(shared, room)
            shared, size = [], topic.input_tokens
        shared.append(topic)
    if shared:
        yield _errand(shared, room)


def _errand(topics: Sequence[Topic], room: Room) -> Errand:
    tokens = room.file_prompt + sum(topic.input_tokens for topic in topics)
    reply = sum(topic.output_tokens for topic in topics) + room.thinking
    return Errand(tuple(topics), tokens, reply, fixed_tokens=tokens)
