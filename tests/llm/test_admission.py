"""Who goes out when, by a clock that jumps to what is due next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any, Literal, TypeVar

import pytest
from virtual_time import runner

from fieldguide.domain.request import Usage
from fieldguide.domain.trouble import Trouble
from fieldguide.llm.admission import Admission
from fieldguide.llm.budget import Budget
from fieldguide.llm.congestion import CongestionWindow
from fieldguide.llm.quota import Quota
from fieldguide.llm.rates import Rates, Reported
from fieldguide.llm.turns import Ticket
from provider.metered_quota import QuotaMeter, QuotaRules, shortest

MINUTE = 60.0
T = TypeVar("T")
UNLIMITED = Budget(max_tokens=None, max_cost=None, price=lambda _: None)


Run = Callable[[Coroutine[object, object, T]], T]


@pytest.fixture
def in_virtual_time(monkeypatch: pytest.MonkeyPatch) -> Run[Any]:
    return runner(monkeypatch, "fieldguide.llm.admission.monotonic")


def admission(rates: Rates, *, most: int = 16, budget: Budget = UNLIMITED) -> Admission:
    return Admission(Quota(rates, window=MINUTE), CongestionWindow(first=most, most=most), budget)


async def went_out(door: Admission, sizes: list[int]) -> list[tuple[int, float]]:
    """Sizes in the order in which they went out, with the seconds after which they did; nothing comes back."""
    clock = asyncio.get_running_loop().time
    started, out = clock(), list[tuple[int, float]]()

    async def one(tokens: int) -> None:
        ticket = await door.enter(tokens, Usage(tokens, tokens), again=False)
        assert isinstance(ticket, Ticket)
        out.append((tokens, clock() - started))

    async with asyncio.TaskGroup() as group:
        for tokens in sizes:
            group.create_task(one(tokens))
    return out


def test_smaller_ones_fill_a_minute_that_the_next_one_is_too_large_for(in_virtual_time: Run[Any]) -> None:
    out = in_virtual_time(went_out(admission(Rates(60, 1_000)), [600, 500, 300, 100]))
    assert [tokens for tokens, _ in out] == [600, 300, 100, 500]
    assert out[2][1] < MINUTE / 2
    assert MINUTE <= out[3][1] < 1.01 * MINUTE


def test_nobody_passes_one_that_would_wait_longer_for_it(in_virtual_time: Run[Any]) -> None:
    """The large one needs the whole of the next minute, so that nothing may still count by then."""

    async def run() -> list[tuple[int, float]]:
        door = admission(Rates(60, 1_000))
        await went_out(door, [400])
        await asyncio.sleep(MINUTE / 3)
        return await went_out(door, [1_000, 200])

    out = in_virtual_time(run())
    assert [tokens for tokens, _ in out] == [1_000, 200]
    assert out[0][1] < MINUTE


def test_nobody_goes_out_while_all_are_told_to_wait(in_virtual_time: Run[Any]) -> None:
    async def run() -> list[tuple[int, float]]:
        door = admission(Rates(60, 1_000))
        door.pause(MINUTE / 3)
        return await went_out(door, [100, 200])

    assert all(MINUTE / 3 <= seconds < MINUTE / 2 for _, seconds in in_virtual_time(run()))


def test_nobody_passes_under_a_budget(in_virtual_time: Run[Any]) -> None:
    budget = Budget(max_tokens=100_000, max_cost=None, price=lambda _: None)
    out = in_virtual_time(went_out(admission(Rates(60, 1_000), budget=budget), [600, 500, 300]))
    assert [tokens for tokens, _ in out] == [600, 500, 300]


def test_while_no_limit_is_known_the_shortest_goes_first_and_then_many_at_once(in_virtual_time: Run[Any]) -> None:
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

    assert in_virtual_time(run()) == (1, 3)


@pytest.mark.parametrize("after", [0, 1, 2], ids=["while it waits", "before it is called", "when it was called"])
def test_a_task_that_is_cancelled_keeps_neither_place_nor_money_nor_quota(
    in_virtual_time: Run[Any], after: int
) -> None:
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

    in_virtual_time(run())


def test_what_fits_into_no_minute_is_turned_away_and_the_next_one_goes(in_virtual_time: Run[Any]) -> None:
    async def run() -> tuple[Ticket | Trouble, Ticket | Trouble]:
        door = admission(Rates(60, 1_000))
        large = asyncio.create_task(door.enter(1_001, Usage(1_000, 1), again=False))
        small = asyncio.create_task(door.enter(1_000, Usage(999, 1), again=False))
        return await large, await small

    large, small = in_virtual_time(run())
    assert large is Trouble.OVERSIZE
    assert isinstance(small, Ticket)


@pytest.mark.parametrize(("told", "form"), [(True, "sliding"), (False, "sliding"), (False, "bucket")])
def test_a_quota_is_used_to_the_full_without_a_429(
    in_virtual_time: Run[Any], *, told: bool, form: Literal["sliding", "bucket"]
) -> None:
    """Two hundred requests under 60 a minute, and a provider that counts each a moment after it was sent."""
    rules = QuotaRules(60, 60_000, form=form)
    meter, turned_away, arrived = QuotaMeter(rules), list[float](), list[float]()

    async def one(door: Admission, number: int) -> None:
        loop = asyncio.get_running_loop()
        tokens = 300 + number % 7
        ticket = await door.enter(tokens, Usage(tokens, tokens), again=False)
        assert isinstance(ticket, Ticket)
        door.leaves(ticket)
        await asyncio.sleep(0.01 + number % 5 / 50)
        counted = meter.admit(loop.time(), tokens)
        (arrived if counted.counted else turned_away).append(loop.time())
        await asyncio.sleep(0.5)
        left = Rates(counted.remaining_requests, counted.remaining_tokens)
        door.answered(ticket, Reported(Rates(60, 60_000), left), tokens)
        door.back(ticket, Usage(tokens, tokens))

    async def all_of() -> None:
        first = 16 if told else 1
        rates = Rates(60, 60_000) if told else Rates()
        door = Admission(Quota(rates), CongestionWindow(first=first, most=64), UNLIMITED)
        async with asyncio.TaskGroup() as group:
            for number in range(200):
                group.create_task(one(door, number))

    in_virtual_time(all_of())
    assert turned_away == []
    assert len(arrived) == 200
    assert max(arrived) - min(arrived) <= 1.05 * shortest(replace(rules, form="sliding"), [300] * 200)
