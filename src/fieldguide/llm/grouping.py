"""Has a thread work for many tasks: what comes while it is busy is done together.

Comes in: entries, from tasks of one event loop. Goes out: what became of each.
Must never: keep an entry waiting for others to come; keep the loop waiting for a disk.

What is synced to a disk takes milliseconds, and several entries hardly more than one.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Callable, Sequence

Entry = TypeVar("Entry")
Done = TypeVar("Done")


class Grouped(Generic[Entry, Done]):
    """A thread's work on entries."""

    def __init__(self, work: Callable[[Sequence[Entry]], Sequence[Done | Exception]]) -> None:
        """Nothing waits.

        Args:
            work: What becomes of several entries, in their order: a result, or an exception for whoever waits for it.
        """
        self._work = work
        self._waiting: list[tuple[Entry, Future[Done]]] = []
        self._working: asyncio.Task[None] | None = None

    def add(self, entry: Entry) -> Future[Done]:
        """What becomes of an entry, once it is done. Shield it: what is begun is finished, whoever gives up."""
        loop = asyncio.get_running_loop()
        done: Future[Done] = loop.create_future()
        self._waiting.append((entry, done))
        if self._working is None:
            self._working = loop.create_task(self._run())
        return done

    async def close(self) -> None:
        """Wait until everything is done."""
        while self._working is not None:
            await asyncio.shield(self._working)

    async def _run(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                results = await asyncio.to_thread(self._work, [entry for entry, _ in batch])
                for result, (_, done) in zip(results, batch, strict=True):
                    if done.done():
                        continue
                    if isinstance(result, Exception):
                        done.set_exception(result)
                    else:
                        done.set_result(result)
                await asyncio.sleep(0)  # callbacks of the batch may have added to what waits
        finally:
            self._working = None
