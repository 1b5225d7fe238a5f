"""Retry decisions as data: every trouble, bounded in tries and in time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.trouble import Trouble
from fieldguide.llm.decision import LONGEST, SECONDS, TRIES, Attempt, Leave, Retry, decide

NO_WAIT = 0.0
PASSING = (Trouble.UNAVAILABLE, Trouble.CONNECTION, Trouble.GARBLED)
LASTING = (Trouble.LENGTH, Trouble.TOO_LONG, Trouble.OVERSIZE, Trouble.BUDGET, Trouble.FILTERED)


@given(st.sampled_from(sorted(Trouble)), st.floats(0, 1), st.floats(0, 60))
def test_every_request_comes_to_an_end(trouble: Trouble, draw: float, duration: float) -> None:
    """Whatever the trouble: with growing waits, or those that the provider asks for, it ends in bounded time."""
    tries = limited = 0
    elapsed = 0.0
    for _ in range(10_000):
        tries, limited = (tries, limited + 1) if trouble is Trouble.RATE_LIMITED else (tries + 1, 0)
        elapsed += duration
        decision = decide(trouble, Attempt(tries, limited, elapsed, retry_after=1.0), draw)
        if isinstance(decision, Leave):
            break
        elapsed += decision.after
    else:
        pytest.fail("it never ended")
    assert elapsed <= SECONDS + 2 * duration + LONGEST


@pytest.mark.parametrize("trouble", PASSING)
def test_what_may_pass_is_tried_six_times(trouble: Trouble) -> None:
    assert isinstance(decide(trouble, Attempt(TRIES - 1, 0, 1.0), 0.5), Retry)
    assert isinstance(decide(trouble, Attempt(TRIES, 0, 1.0), 0.5), Leave)


@pytest.mark.parametrize("trouble", LASTING)
def test_what_depends_on_the_request_is_not_sent_again(trouble: Trouble) -> None:
    decision = decide(trouble, Attempt(1, 0, 1.0), 0.5)
    assert isinstance(decision, Leave)
    assert not decision.whole_door


def test_a_reply_that_was_taken_back_midway_gets_a_second_try() -> None:
    assert isinstance(decide(Trouble.FILTERED, Attempt(1, 0, 1.0, reply_began=True), 0.5), Retry)
    assert isinstance(decide(Trouble.FILTERED, Attempt(2, 0, 1.0, reply_began=True), 0.5), Leave)


def test_a_refused_key_ends_everything_at_once() -> None:
    assert decide(Trouble.REFUSED, Attempt(1, 0, 0.0), 0.5) == Leave(
        "no other request would fare better", whole_door=True
    )


def test_a_rate_limit_is_waited_out_by_the_whole_door_as_the_provider_says() -> None:
    decision = decide(Trouble.RATE_LIMITED, Attempt(1, 9, 100.0, retry_after=17.25), 0.5)
    assert decision == Retry(17.25, whole_door=True)


@given(st.integers(1, TRIES - 1), st.floats(0, 1))
def test_the_jitter_is_full_and_bounded(tries: int, draw: float) -> None:
    """Between nothing and a bound that doubles, so that clients who failed together do not come back together."""
    decision = decide(Trouble.UNAVAILABLE, Attempt(tries, 0, 1.0), draw)
    assert isinstance(decision, Retry)
    assert decision.after == draw * min(LONGEST, 0.5 * 2**tries)
    assert decide(Trouble.UNAVAILABLE, Attempt(tries, 0, 1.0), NO_WAIT) == Retry(0.0)
