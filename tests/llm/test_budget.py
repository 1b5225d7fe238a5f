"""The budget is hard: spent and reserved together never pass it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.request import Usage
from fieldguide.llm.budget import Budget, Reservation


def price(usage: Usage) -> float:
    """A cent for a thousand tokens in, two for a thousand out."""
    return usage.input_tokens / 100_000 + usage.output_tokens / 50_000


CALLS = st.lists(st.tuples(st.integers(0, 9_000), st.integers(0, 9_000), st.floats(0, 1), st.booleans()), max_size=60)


@given(CALLS, st.integers(0, 60_000), st.floats(0, 1))
def test_no_order_of_calls_passes_it(
    calls: list[tuple[int, int, float, bool]], max_tokens: int, max_cost: float
) -> None:
    """Calls overlap, use less than was reserved, or are given up and count in full."""
    budget = Budget(max_tokens=max_tokens, max_cost=max_cost, price=price)
    open_calls: list[tuple[Reservation, Usage | None]] = []
    for tokens_in, tokens_out, share, settle_first in calls:
        if settle_first and open_calls:
            budget.settle(*open_calls.pop())
        reserved = budget.reserve(Usage(tokens_in, tokens_out))
        if reserved is not None:
            used = None if share < 0.1 else Usage(tokens_in, int(tokens_out * share))
            open_calls.append((reserved, used))
    for reserved, used in open_calls:
        budget.settle(reserved, used)
    assert budget.spent.tokens <= max_tokens
    assert budget.spent.cost <= max_cost + 1e-9


def test_what_must_stay_affordable_is_kept() -> None:
    budget = Budget(max_tokens=1_000, max_cost=None, price=price)
    assert budget.reserve(Usage(400, 200), keep=Usage(400, 100)) is None
    assert budget.reserve(Usage(300, 200), keep=Usage(400, 100)) == Reservation(500, 0.0)


def test_a_refused_call_gives_its_reservation_back() -> None:
    budget = Budget(max_tokens=1_000, max_cost=None, price=price)
    first = budget.reserve(Usage(800, 200))
    assert first is not None
    assert budget.reserve(Usage(1, 0)) is None
    budget.settle(first, Usage(0, 0))
    assert budget.reserve(Usage(800, 200)) is not None


def test_without_limits_everything_may_be_sent() -> None:
    budget = Budget(max_tokens=None, max_cost=None, price=price)
    assert budget.reserve(Usage(10**9, 10**9)) is not None
