"""Limits that fill evenly, against a provider's own count; time is a number that the tests advance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.llm.headers import reported
from fieldguide.llm.quota import FIRST_MARGIN, Quota, Sent
from fieldguide.llm.rates import Rates, Reported, Resets
from fieldguide.llm.refill import Refill
from provider.metered_quota import QuotaMeter, QuotaRules, shortest

if TYPE_CHECKING:
    from provider.metered_quota import Admission

LIMIT = 6_000
SIZES = st.lists(st.integers(1, LIMIT // 4), min_size=12, max_size=80)


def said(rules: QuotaRules, admission: Admission) -> Reported:
    """What the headers of an answer say."""
    return Reported(
        Rates(rules.requests, rules.tokens),
        Rates(admission.remaining_requests, admission.remaining_tokens),
        Resets(admission.reset_requests, admission.reset_tokens),
    )


def sent(
    rules: QuotaRules, sizes: list[int], *, lateness: float = 0.0, answer: float = 0.4
) -> tuple[float, int, Quota]:
    """Send each request as soon as the quota lets it go; answers come later, in their order.

    Returns:
        When the last one went out, how many of them met a 429, and the quota.
    """
    meter, quota = QuotaMeter(rules), Quota(Rates(rules.requests, rules.tokens))
    now, refused = 0.0, 0
    coming: list[tuple[float, Admission, Sent]] = []
    for place, tokens in enumerate(sizes):
        while True:
            wait = quota.delay(now, tokens)
            if coming and coming[0][0] <= now + wait:
                now, admission, ticket = coming.pop(0)
                quota.learn(now, ticket, said(rules, admission))
            elif wait > 0:
                now += wait
            else:
                break
        arrives = now + (lateness if place % 2 == 0 else 0.0)
        admission = meter.admit(arrives, tokens)
        refused += admission.counted is None
        coming.append((arrives + answer, admission, quota.take(now, tokens)))
    for at, admission, ticket in coming:
        quota.learn(at, ticket, said(rules, admission))
    return now, refused, quota


@given(
    SIZES,
    st.integers(5, 100),
    st.floats(0.0, FIRST_MARGIN * 0.9),
    st.floats(FIRST_MARGIN, 20.0),
    st.sampled_from(["bucket", "sliding"]),
)
def test_a_provider_that_counts_in_either_way_refuses_nothing(
    sizes: list[int], requests: int, lateness: float, answer: float, form: Literal["bucket", "sliding"]
) -> None:
    assert sent(QuotaRules(requests, LIMIT, form=form), sizes, lateness=lateness, answer=answer)[1] == 0


@pytest.mark.parametrize("form", ["bucket", "sliding"])
@pytest.mark.parametrize(("requests", "tokens"), [(60, 300), (600, 900)])
def test_either_quota_is_used_to_the_full(form: Literal["bucket", "sliding"], requests: int, tokens: int) -> None:
    rules = QuotaRules(requests, 60_000, form=form)
    sizes = [tokens] * (10 * min(requests, 60_000 // tokens) // 2)
    assert sent(rules, sizes)[0] <= 1.02 * shortest(rules, sizes)


def test_what_others_take_of_a_bucket_is_seen() -> None:
    rules = QuotaRules(None, LIMIT, form="bucket")
    _, _, quota = sent(rules, [500] * 6)
    ticket = quota.take(100.0, 500)
    before = quota.delay(100.5, 1_000)
    quota.learn(100.5, ticket, Reported(Rates(None, LIMIT), Rates(None, 0), Resets(None, 60.0)))
    assert before == 0.0
    assert 9.0 < quota.delay(100.5, 1_000) < 11.0


def test_what_a_bucket_got_back_can_be_used() -> None:
    rules = QuotaRules(None, LIMIT, form="bucket")
    _, _, quota = sent(rules, [500] * 3)
    large = quota.take(200.0, 5_000)
    assert quota.delay(200.1, 4_000) > 25.0
    quota.learn(200.1, large, Reported(Rates(None, LIMIT), Rates(None, 5_500), Resets(None, 5.0)))
    assert quota.delay(200.1, 4_000) == 0.0


def test_one_answer_that_contradicts_settles_it() -> None:
    refill = Refill()
    for left in (5_000, 4_000, 3_000):
        refill.hears(LIMIT, left, (LIMIT - left) / 100, 60.0)
    assert refill.evenly
    refill.hears(LIMIT, 2_000, 60.0, 60.0)
    assert not refill.evenly


def test_an_answer_when_almost_all_is_used_tells_nothing() -> None:
    refill = Refill()
    for _ in range(5):
        refill.hears(LIMIT, 100, 60.0, 60.0)
    assert not refill.evenly
    assert not refill.contradicted


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("20ms", 0.02),
        ("1h2m3.5s", 3723.5),
        ("59.123s", 59.123),
        ("", None),
        ("soon", None),
    ],
)
def test_times_are_read_as_openai_writes_them(text: str, seconds: float | None) -> None:
    assert reported({"x-ratelimit-reset-tokens": text}).reset.tokens == seconds
