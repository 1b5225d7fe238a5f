"""Claims: two runs at once pay once for each digest, whatever becomes of either."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import TYPE_CHECKING

from store_processes import digest, pay_for_all, processes, reply

from fieldguide.llm.store import ReplyStore
from fieldguide.llm.store_claims import Claim

if TYPE_CHECKING:
    from pathlib import Path

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
        run.join(60)
    assert [run.exitcode for run in runs] == [0, 0]
    assert paid(journal) == Counter(range(REQUESTS))


def test_a_run_takes_over_what_a_killed_one_had_claimed(tmp_path: Path) -> None:
    """It pays again for what was in flight, and for nothing that was kept."""
    journal, cache, requests = tmp_path / "paid", tmp_path / "cache", 60
    context = processes()
    arguments = (str(cache), str(journal), requests)
    first = context.Process(target=pay_for_all, args=arguments, kwargs={"odd_seconds": 60})
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
    first.join(60)
    second.join(60)
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
            return await asyncio.wait_for(waiting, 5)

    assert asyncio.run(both()) == reply("paid for once")


def test_the_second_asks_itself_when_the_first_failed(tmp_path: Path) -> None:
    async def both() -> Reply | Claim:
        with ReplyStore(tmp_path) as one, ReplyStore(tmp_path) as other:
            claim = await one.obtain(digest(1))
            assert isinstance(claim, Claim)
            waiting = asyncio.create_task(other.obtain(digest(1)))
            await asyncio.sleep(0.05)
            one.release(claim)
            return await asyncio.wait_for(waiting, 5)

    assert asyncio.run(both()) == Claim(digest(1))


def test_a_run_that_stands_still_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    """While anything is kept, it does not stand still."""

    async def wait() -> float:
        with ReplyStore(tmp_path) as stopped, ReplyStore(tmp_path) as other:
            assert stopped.claim(digest(1))
            started = time.monotonic()
            waiting = asyncio.create_task(other.obtain(digest(1), patience=0.4))
            for number in range(2, 8):
                await asyncio.sleep(0.1)
                stopped.put(digest(number), reply("progress"))
            assert not waiting.done()
            assert await asyncio.wait_for(waiting, 10) == Claim(digest(1))
            return time.monotonic() - started

    assert asyncio.run(wait()) >= 0.9


def test_claims_are_cheap_and_leave_nothing_behind(tmp_path: Path) -> None:
    with ReplyStore(tmp_path) as store:
        started = time.process_time()
        claims = [store.claim(digest(number)) for number in range(3_000)]
        assert None not in claims
        assert time.process_time() - started < 0.5
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [0]


def test_where_nothing_can_be_locked_both_runs_go_on(tmp_path: Path) -> None:
    place = tmp_path / "a file"
    place.write_text("in the way of the directory")
    with ReplyStore(place) as one, ReplyStore(place) as other:
        assert one.claim(digest(1)) is not None
        assert other.claim(digest(1)) is not None
