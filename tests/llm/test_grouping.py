"""Work of a thread for many tasks."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from fieldguide.llm.grouping import Grouped
from waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Sequence


class Slow:
    """Work that ends when it is let."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.may_end = threading.Event(), threading.Event()

    def work(self, entries: Sequence[int]) -> list[int | Exception]:
        """Give ten times each, but for seven."""
        self.batches.append(list(entries))
        self.begun.set()
        assert self.may_end.wait(PATIENCE)
        return [ValueError("seven") if one == 7 else one * 10 for one in entries]


def test_what_comes_while_the_thread_is_busy_is_done_together_and_each_gets_its_own() -> None:
    async def run() -> tuple[list[list[int]], list[object]]:
        slow = Slow()
        grouped = Grouped(slow.work)
        first = grouped.add(1)
        await asyncio.to_thread(slow.begun.wait, PATIENCE)
        others = [grouped.add(number) for number in (2, 7, 3)]
        slow.may_end.set()
        return slow.batches, await asyncio.gather(first, *others, return_exceptions=True)

    batches, results = asyncio.run(run())
    assert batches == [[1], [2, 7, 3]]
    assert results[:2] == [10, 20]
    assert isinstance(results[2], ValueError)
    assert results[3] == 30


def test_what_was_begun_is_done_before_it_closes_though_nobody_waits_for_it() -> None:
    async def run() -> list[list[int]]:
        slow = Slow()
        grouped = Grouped(slow.work)
        waiting = asyncio.create_task(_shielded(grouped, 1))
        await asyncio.to_thread(slow.begun.wait, PATIENCE)
        grouped.add(2)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        slow.may_end.set()
        await grouped.close()
        return slow.batches

    assert asyncio.run(run()) == [[1], [2]]


async def _shielded(grouped: Grouped[int, int], entry: int) -> int:
    return await asyncio.shield(grouped.add(entry))
