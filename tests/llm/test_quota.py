"""The quota's policy, without waiting: time is a number that the tests advance."""

from __future__ import annotations

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from fieldguide.llm.quota import FIRST_MARGIN, WINDOW, Quota, Sent
from fieldguide.llm.rates import Rates, Reported

REQUESTS = st.lists(st.integers(1, 1_000), min_size=1, max_size=120)


def sent_at(quota: Quota, sizes: list[int]) -> list[tuple[float, int]]:
    """When each request is sent by somebody who sends the next one as soon as the quota lets him."""
    now, times = 0.0, list[tuple[float, int]]()
    for tokens in sizes:
        now += quota.delay(now, tokens)
        quota.take(now, tokens)
        times.append((now, tokens))
    return times


@given(REQUESTS, st.integers(1_000, 5_000), st.integers(1, 30), st.floats(0.0, FIRST_MARGIN * 0.99))
def test_no_minute_of_the_provider_holds_more_than_the_quota(
    sizes: list[int], tokens: int, requests: int, lateness: float
) -> None:
    """Whatever the requests, and although the provider counts the first of a minute later than it was sent."""
    times = sent_at(Quota(Rates(requests, tokens)), sizes)
    window = deque[tuple[float, int]]()
    for place, (at, size) in enumerate(times):
        arrives = at + (lateness if place % 2 == 0 else 0.0)
        window.append((arrives, size))
        counted = [one for one in window if arrives - WINDOW < one[0] <= arrives]
        assert len(counted) <= requests
        assert sum(one[1] for one in counted) <= tokens


@given(REQUESTS, st.integers(1_000, 5_000))
def test_no_request_waits_while_there_is_room(sizes: list[int], tokens: int) -> None:
    quota = Quota(Rates(tokens=tokens))
    now = 0.0
    counted = deque[tuple[float, int]]()
    for size in sizes:
        wait = quota.delay(now, size)
        if wait:
            just_before = now + wait - 1e-6
            still = sum(one for at, one in counted if at + WINDOW + FIRST_MARGIN > just_before)
            assert still + size > tokens
        now += wait
        quota.take(now, size)
        counted.append((now, size))


def test_a_quota_that_is_used_to_the_full_costs_less_than_a_twentieth_over_its_floor() -> None:
    """The floor is what the quota lets through evenly: requests or tokens over those of a minute."""
    sizes = [1_500] * 300
    end = sent_at(Quota(Rates(60, 60_000), evenly=True), sizes)[-1][0]
    floor = max(len(sizes) / 60, sum(sizes) / 60_000) * WINDOW
    assert end <= 1.05 * floor


def test_ten_seconds_hold_a_sixth_of_the_requests_where_the_provider_looks_at_them() -> None:
    times = [at for at, _ in sent_at(Quota(Rates(60, None), evenly=True), [1] * 30)]
    assert all(later - earlier > 10.0 for earlier, later in zip(times, times[10:], strict=False))


def test_a_request_above_a_minute_is_known_to_fit_never() -> None:
    quota = Quota(Rates(tokens=1_000))
    assert quota.never_fits(1_001)
    assert not quota.never_fits(1_000)


def test_everybody_waits_as_long_as_the_provider_asks() -> None:
    quota = Quota(Rates())
    quota.pause(10.0, 7.0)
    quota.pause(10.0, 3.0)
    assert quota.delay(10.0, 1) == 7.0
    assert quota.delay(17.0, 1) == 0.0


def test_what_the_user_says_outranks_the_headers_and_headers_fill_in_the_rest() -> None:
    quota = Quota(Rates(requests=10))
    quota.learn(0.0, quota.take(0.0, 1), Reported(Rates(99, 5_000)))
    assert quota.rates == Rates(10, 5_000)


def test_what_others_send_under_the_same_quota_counts() -> None:
    quota = Quota(Rates())
    sent = quota.take(0.0, 1_000)
    quota.learn(1.0, sent, Reported(Rates(None, 10_000), Rates(None, 2_000)))
    assert quota.delay(1.0, 2_000) == 0.0
    assert quota.delay(1.0, 2_001) > 50.0


def test_what_the_provider_gave_back_can_be_used_at_once() -> None:
    quota = Quota(Rates())
    sent = quota.take(0.0, 9_000)
    assert not quota.rates.known()
    quota.learn(5.0, sent, Reported(Rates(None, 10_000), Rates(None, 8_000)))
    assert quota.delay(5.0, 8_000) == 0.0


def test_a_429_widens_the_margin_up_to_a_bound() -> None:
    quota = Quota(Rates(requests=1))
    sent = quota.take(0.0, 1)
    before = quota.delay(0.0, 1)
    quota.limited(1.0, sent)
    once = quota.delay(0.0, 1)
    assert before < once
    quota.limited(1.0, sent)
    assert quota.delay(0.0, 1) == once, "requests that were under way together teach it once"
    for second in range(2, 20):
        quota.limited(second, Sent(second - 0.5, 1))
    assert once < quota.delay(0.0, 1) <= WINDOW + 4.0


def test_requests_that_overtake_each_other_are_no_sign_of_others_and_give_nothing_back() -> None:
    """Three went out at once; the last one arrived first, so the provider had counted it alone."""
    quota = Quota(Rates())
    first, second, third = (quota.take(at, 1_000) for at in (0.0, 0.001, 0.002))
    limit = Rates(None, 3_000)
    quota.learn(1.0, third, Reported(limit, Rates(None, 2_000)))
    quota.learn(1.0, first, Reported(limit, Rates(None, 1_000)))
    quota.learn(1.1, second, Reported(limit, Rates(None, 0)))
    assert quota.delay(1.1, 1) > 58.0
    assert quota.delay(WINDOW + FIRST_MARGIN + 0.1, 3_000) == 0.0


def test_a_slow_answer_does_not_make_others_of_what_counted_when_it_was_admitted() -> None:
    quota = Quota(Rates())
    quota.learn(1.0, quota.take(0.0, 9_000), Reported(Rates(None, 10_000), Rates(None, 1_000)))
    slow = quota.take(50.0, 500)
    quota.learn(100.0, slow, Reported(Rates(None, 10_000), Rates(None, 500)))
    assert quota.delay(100.0, 9_500) == 0.0


def test_a_limit_that_is_not_said_is_learnt_from_what_remains() -> None:
    quota = Quota(Rates())
    sent = quota.take(0.0, 1_000)
    quota.learn(1.0, sent, Reported(remaining=Rates(None, 9_000)))
    assert quota.rates.tokens == 10_000
