"""Who goes out when, by a real clock and a quota whose minute lasts less than a second."""

from __future__ import annotations

import asyncio
from time import monotonic

import pytest

from fieldguide.domain.request import Usage
from fieldguide.domain.trouble import Trouble
from fieldguide.llm.admission import Admission
from fieldguide.llm.budget import Budget
from fieldguide.llm.congestion import CongestionWindow
from fieldguide.llm.quota import Quota
from fieldguide.llm.rates import Rates, Reported
from fieldguide.llm.turns import Ticket

MINUTE = 0.6
UNLIMITED = Budget(max_tokens=None, max_cost=None, price=lambda _: None)


def admission(rates: Rates, *, most: int = 16, budget: Budget = UNLIMITED) -> Admission:
    return Admission(Quota(rates, window=MINUTE), CongestionWindow(first=most, most=most), budget)


async def went_out(door: Admission, sizes: list[int]) -> list[tuple[int, float]]:
    """Sizes in the order in which they went out, with the seconds after which they did; nothing comes back."""
    started, out = monotonic(), list[tuple[int, float]]()

    async def one(tokens: int) -> None:
        ticket = await door.enter(tokens, Usage(tokens, tokens), again=False)
        assert isinstance(ticket, Ticket)
        out.append((tokens, monotonic() - started))

    async with asyncio.TaskGroup() as group:
        for tokens in sizes:
            group.create_task(one(tokens))
    return out


def test_smaller_ones_fill_a_minute_that_the_next_one_is_too_large_for() -> None:
    out = asyncio.run(went_out(admission(Rates(60, 1_000)), [600, 500, 300, 100]))
    assert [tokens for tokens, _ in out] == [600, 300, 100, 500]
    assert out[2][1] < MINUTE / 2
    assert MINUTE <= out[3][1] < 1.5 * MINUTE


def test_nobody_passes_one_that_would_wait_longer_for_it() -> None:
    """The large one needs the whole of the next minute, so that nothing may still count by then."""

    async def run() -> list[tuple[int, float]]:
        door = admission(Rates(60, 1_000))
        await went_out(door, [400])
        await asyncio.sleep(MINUTE / 3)
        return await went_out(door, [1_000, 200])

    out = asyncio.run(run())
    assert [tokens for tokens, _ in out] == [1_000, 200]
    assert out[0][1] < MINUTE


def test_nobody_passes_under_a_budget() -> None:
    budget = Budget(max_tokens=100_000, max_cost=None, price=lambda _: None)
    out = asyncio.run(went_out(admission(Rates(60, 1_000), budget=budget), [600, 500, 300]))
    assert [tokens for tokens, _ in out] == [600, 500, 300]


def test_while_no_limit_is_known_the_shortest_goes_first_and_then_many_at_once() -> None:
    async def run() -> tuple[int, int]:
        door = Admission(Quota(Rates(), window=MINUTE), CongestionWindow(first=1, most=8), UNLIMITED)
        waiting = [asyncio.create_task(door.enter(size, Usage(0, size), again=False)) for size in (50, 20, 30)]
        await asyncio.sleep(0.05)
        (first,) = [place for place, one in enumerate(waiting) if one.done()]
        ticket = waiting[first].result()
        assert isinstance(ticket, Ticket)
        door.back(ticket, Usage(0, 20))
        door.answered(ticket, Reported(Rates(60, 1_000), Rates(59, 980)), 20)
        await asyncio.sleep(0.05)
        return first, sum(one.done() for one in waiting)

    assert asyncio.run(run()) == (1, 3)


@pytest.mark.parametrize("after", [0, 1, 2], ids=["while it waits", "before it is called", "when it was called"])
def test_a_task_that_is_cancelled_keeps_neither_place_nor_money_nor_quota(after: int) -> None:
    async def run() -> None:
        budget = Budget(max_tokens=1_000, max_cost=None, price=lambda _: None)
        door = admission(Rates(60, 1_000), most=1, budget=budget)
        first = await door.enter(400, Usage(200, 200), again=False)
        assert isinstance(first, Ticket)
        given_up = asyncio.create_task(door.enter(600, Usage(300, 300), again=False))
        await asyncio.sleep(0.01)
        if after:
            door.back(first, Usage(200, 200))
        if after > 1:
            await asyncio.sleep(0)
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
        if not after:
            door.back(first, Usage(200, 200))
        other = await asyncio.wait_for(door.enter(600, Usage(300, 300), again=False), MINUTE / 2)
        assert isinstance(other, Ticket)
        assert door.in_flight == 1

    asyncio.run(run())


def test_what_fits_into_no_minute_is_turned_away_and_the_next_one_goes() -> None:
    async def run() -> tuple[Ticket | Trouble, Ticket | Trouble]:
        door = admission(Rates(60, 1_000))
        large = asyncio.create_task(door.enter(1_001, Usage(1_000, 1), again=False))
        small = asyncio.create_task(door.enter(1_000, Usage(999, 1), again=False))
        return await large, await small

    large, small = asyncio.run(run())
    assert large is Trouble.OVERSIZE
    assert isinstance(small, Ticket)
