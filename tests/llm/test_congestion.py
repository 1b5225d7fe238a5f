"""How many requests are in flight, as answers come and fail to come."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fieldguide.llm.congestion import CongestionWindow


def test_it_doubles_while_all_goes_well_up_to_what_the_user_allows() -> None:
    window = CongestionWindow(first=1, most=10)
    sizes: list[int] = []
    now = 0.0
    for _ in range(5):
        sizes.append(window.size)
        for _ in range(window.size):
            window.answered(now, now + 1, 100)
        now += 1
    assert sizes == [1, 2, 4, 8, 10]


def test_requests_that_failed_together_halve_it_once() -> None:
    window = CongestionWindow(first=8, most=8)
    for _ in range(8):
        window.pressed(sent=0.0, now=1.0)
    assert window.size == 4
    window.pressed(sent=2.0, now=3.0)
    assert window.size == 2


def test_after_a_failure_it_grows_by_one_a_round() -> None:
    window = CongestionWindow(first=8, most=16)
    window.pressed(0.0, 1.0)
    for _ in range(4):
        window.answered(1.0, 2.0, 100)
    assert window.size in {4, 5}


def test_replies_that_slow_down_shrink_it_before_the_provider_complains() -> None:
    window = CongestionWindow(first=8, most=8)
    for number in range(20):
        window.answered(float(number), number + 1.0, 100)
    before = window.size
    for number in range(20, 26):
        window.answered(float(number), number + 9.0, 100)
    assert window.size < before


def test_long_replies_are_not_slow_ones() -> None:
    window = CongestionWindow(first=8, most=8)
    for number in range(20):
        window.answered(float(number), number + 1.0, 100)
    for number in range(20, 40):
        window.answered(float(number), number + 10.0, 1_000)
    assert window.size == 8


@given(st.lists(st.tuples(st.booleans(), st.floats(0.1, 100), st.integers(0, 5_000))), st.integers(1, 50))
def test_it_stays_between_one_and_the_most(events: list[tuple[bool, float, int]], most: int) -> None:
    window = CongestionWindow(first=4, most=most)
    now = 0.0
    for good, seconds, tokens in events:
        if good:
            window.answered(now, now + seconds, tokens)
        else:
            window.pressed(now, now + seconds)
        now += seconds
        assert 1 <= window.size <= most
