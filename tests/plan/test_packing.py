"""Files in requests: each in one, none too large, and few that wait for the quota's next minute."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.work import Errand, Purpose, Topic
from fieldguide.plan.packing import DEARER, MOST_LATE, packed, weight_of
from fieldguide.plan.room import FILE_REPLY, Minute, Room

ROOM = Room(request=60_000, reply=4_000, thinking=0, file_prompt=800, package_prompt=800, page_prompt=1_500)
SIZES = st.lists(st.integers(20, ROOM.errand), min_size=1, max_size=60)
MINUTES = st.builds(Minute, st.none() | st.integers(1, 40), st.none() | st.integers(10_000, 200_000))


def topics(sizes: list[int]) -> list[Topic]:
    return [
        Topic(f"file:src/{number % 4}/{number}.py", Purpose.FILE, (), (), size, FILE_REPLY, 1.0)
        for number, size in enumerate(sizes)
    ]


def waiting(errands: list[Errand], tokens: int) -> list[Errand]:
    """Those that a minute has no room for, when those with the longest replies leave first."""
    late: list[Errand] = []
    for errand in sorted(errands, key=lambda one: -one.output_tokens):
        tokens -= weight_of([errand])
        if tokens < 0:
            late.append(errand)
    return late


@given(SIZES, MINUTES)
def test_every_file_is_in_one_request_and_none_is_too_large(sizes: list[int], minute: Minute) -> None:
    files = topics(sizes)
    errands = packed(files, replace(ROOM, minute=minute))
    assert Counter(topic for errand in errands for topic in errand.topics) == Counter(files)
    for errand in errands:
        assert sum(topic.input_tokens for topic in errand.topics) <= ROOM.errand
        assert errand.output_tokens == FILE_REPLY * len(errand.topics) <= ROOM.reply
        assert errand.input_tokens == ROOM.file_prompt + sum(topic.input_tokens for topic in errand.topics)


@given(SIZES, MINUTES)
def test_a_quota_makes_a_plan_dearer_by_little_or_leaves_it_alone(sizes: list[int], minute: Minute) -> None:
    files = topics(sizes)
    plain, quoted = packed(files, ROOM), packed(files, replace(ROOM, minute=minute))
    assert weight_of(quoted) <= (1 + DEARER) * weight_of(plain)
    if minute.tokens is None or weight_of(plain) < minute.tokens:
        assert quoted == plain


def test_few_large_files_wait_for_the_next_minute_each_in_a_request_of_its_own() -> None:
    """What the page waits for in the end is then a reply about one file."""
    files = topics([400] * 84 + [1_500, 1_900, 2_000])
    minute = Minute(60, 60_000)
    plain, quoted = packed(files, ROOM), packed(files, replace(ROOM, minute=minute))
    assert max(len(one.topics) for one in waiting(plain, 60_000)) > 1
    late = waiting(quoted, 60_000)
    assert 0 < len(late) <= MOST_LATE
    assert {len(one.topics) for one in late} == {1}
    assert min(topic.input_tokens for one in late for topic in one.topics) > 400


def test_no_more_requests_are_made_than_a_minute_allows() -> None:
    files = topics([400] * 84 + [1_500, 1_900, 2_000])
    plain = packed(files, ROOM)
    assert packed(files, replace(ROOM, minute=Minute(1, 60_000))) == plain
    assert packed(files, replace(ROOM, minute=Minute(60, 60_000))) != plain
