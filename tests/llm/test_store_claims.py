"""Claims: two runs at once pay once for each digest, whatever becomes of either."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from types import SimpleNamespace
from typing import TYPE_CHECKING

from store_processes import digest, pay_for_all, processes, reply

from fieldguide.llm.store import ReplyStore
from fieldguide.llm.store_claims import Claim
from growth import calls
from waiting import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from fieldguide.domain.request import Reply

REQUESTS = 200


def paid(journal: Path) -> Counter[int]:
    return Counter(int(line.split()[1]) for line in journal.read_text().splitlines())


def test_two_runs_at_once_pay_once_for_each_of_200_requests(tmp_path: Path) -> None:
    journal = tmp_path / "paid"
    context = processes()
    runs = [
        context.Process(target=pay_for_all, args=(str(tmp_path / "cache"), str(journal), REQUESTS)) for _ in range(2)
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join(PATIENCE)
    assert [run.exitcode for run in runs] == [0, 0]
    assert paid(journal) == Counter(range(REQUESTS))


def test_a_run_takes_over_what_a_killed_one_had_claimed(tmp_path: Path) -> None:
    """It pays again for what was in flight, and for nothing that was kept."""
    journal, cache, requests = tmp_path / "paid", tmp_path / "cache", 60
    context = processes()
    arguments = (str(cache), str(journal), requests)
    first = context.Process(target=pay_for_all, args=arguments, kwargs={"odd_seconds": 600})
    first.start()
    with ReplyStore(cache) as store:
        while sum(store.get(digest(number)) is not None for number in range(requests)) < requests // 2:
            assert first.is_alive() or not first.exitcode
            time.sleep(0.01)
    second = context.Process(target=pay_for_all, args=arguments)
    second.start()
    time.sleep(0.3)
    assert paid(journal).total() == requests, "while the first one lives, it is waited for"
    first.kill()
    first.join(PATIENCE)
    second.join(PATIENCE)
    assert (first.exitcode, second.exitcode) == (-9, 0)
    assert paid(journal) == Counter({number: 1 + number % 2 for number in range(requests)})


def test_a_claim_excludes_other_runs_and_other_tasks_until_it_is_released(tmp_path: Path) -> None:
    with ReplyStore(tmp_path) as one, ReplyStore(tmp_path) as other:
        claim = one.claim(digest(1))
        assert claim is not None
        assert one.claim(digest(1)) is None
        assert other.claim(digest(1)) is None
        assert other.claim(digest(2)) is not None
        one.release(claim)
        one.release(claim)
        assert other.claim(digest(1)) is not None
        assert one.claim(digest(2)) is None
        other.close()
        assert one.claim(digest(2)) is not None


def test_the_second_waits_for_the_reply_of_the_first(tmp_path: Path) -> None:
    async def both() -> Reply | Claim:
        with ReplyStore(tmp_path) as one, ReplyStore(tmp_path) as other:
            claim = await one.obtain(digest(1))
            assert isinstance(claim, Claim)
            waiting = asyncio.create_task(other.obtain(digest(1)))
            await asyncio.sleep(0.1)
            assert not waiting.done()
            one.put(digest(1), reply("paid for once"))
            one.release(claim)
            return await asyncio.wait_for(waiting, PATIENCE)

    assert asyncio.run(both()) == reply("paid for once")


def test_the_second_asks_itself_when_the_first_failed(tmp_path: Path) -> None:
    async def both() -> Reply | Claim:
        with ReplyStore(tmp_path) as one, ReplyStore(tmp_path) as other:
            claim = await one.obtain(digest(1))
            assert isinstance(claim, Claim)
            waiting = asyncio.create_task(other.obtain(digest(1)))
            await asyncio.sleep(0.05)
            one.release(claim)
            return await asyncio.wait_for(waiting, PATIENCE)

    assert asyncio.run(both()) == Claim(digest(1))


def test_a_run_that_stands_still_is_not_waited_for_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While anything is kept, it does not stand still. Hours pass by a clock of the test's own, between two looks."""
    hours, looks = 0.0, 0

    def monotonic() -> float:
        nonlocal looks
        looks += 1
        return hours

    async def pass_by(more: float) -> None:
        nonlocal hours
        hours, before = hours + more, looks
        while looks == before:  # noqa: ASYNC110  (the clock that is read sets no event)
            await asyncio.sleep(0.01)

    async def wait() -> Reply | Claim:
        with ReplyStore(tmp_path) as stopped, ReplyStore(tmp_path) as other:
            assert stopped.claim(digest(1))
            waiting = asyncio.create_task(other.obtain(digest(1), patience=1.5))
            for number in range(2, 5):
                stopped.put(digest(number), reply("progress"))
                await pass_by(1)
            assert not waiting.done()
            await pass_by(2)
            return await asyncio.wait_for(waiting, PATIENCE)

    monkeypatch.setattr("fieldguide.llm.store.time", SimpleNamespace(monotonic=monotonic, time=time.time))
    assert asyncio.run(wait()) == Claim(digest(1))


def test_claims_are_cheap_and_leave_nothing_behind(tmp_path: Path) -> None:
    with ReplyStore(tmp_path) as store:
        claims: list[Claim | None] = []
        few = calls(lambda: claims.extend(store.claim(digest(number)) for number in range(100)))
        many = calls(lambda: claims.extend(store.claim(digest(number)) for number in range(100, 3_100)))
        assert None not in claims
        assert many <= 30 * few
        assert many < 3_000 * 25
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [0]


def test_where_nothing_can_be_locked_both_runs_go_on(tmp_path: Path) -> None:
    place = tmp_path / "a file"
    place.write_text("in the way of the directory")
    with ReplyStore(place) as one, ReplyStore(place) as other:
        assert one.claim(digest(1)) is not None
        assert other.claim(digest(1)) is not None
