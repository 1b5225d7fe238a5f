"""Has the ledger written by a thread, many records at once, while calls go on.

Comes in: departures and ends of calls, from tasks of one event loop. Goes out: records in the ledger.
Must never: let a departure count as recorded before it is on the disk; keep the loop waiting for a disk.

A record is synced, which takes milliseconds: at hundreds of calls a second those that wait are written together.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from fieldguide.domain.ledger import Departure

if TYPE_CHECKING:
    from asyncio import Future

    from fieldguide.domain.ledger import Arrival
    from fieldguide.llm.ledger import Entry, Ledger


class Recorder:
    """The ledger, as one run writes it."""

    def __init__(self, ledger: Ledger) -> None:
        """Nothing waits."""
        self._ledger = ledger
        self._waiting: list[tuple[Entry, Future[int]]] = []
        self._writing: asyncio.Task[None] | None = None

    def departs(self, departure: Departure) -> Future[int]:
        """The number of a departure's record, once it is on the disk.

        The future's exception is a `ConfigurationError` when it cannot be written: then nothing may leave.
        """
        return self._add(departure)

    def arrives(self, departure: Future[int], arrival: Arrival) -> None:
        """Write down how the call ended that this departure began; nothing where none was recorded."""
        if not departure.done():
            departure.add_done_callback(lambda done: self.arrives(done, arrival))
        elif not departure.cancelled() and departure.exception() is None:
            self._add((departure.result(), arrival))

    async def close(self) -> None:
        """Wait until everything is written."""
        while self._writing is not None:
            await asyncio.shield(self._writing)

    def _add(self, entry: Entry) -> Future[int]:
        loop = asyncio.get_running_loop()
        written: Future[int] = loop.create_future()
        self._waiting.append((entry, written))
        if self._writing is None:
            self._writing = loop.create_task(self._write())
        return written

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._write_batch(batch)
                await asyncio.sleep(0)  # callbacks of the batch may have added to what waits
        finally:
            self._writing = None

    async def _write_batch(self, batch: list[tuple[Entry, Future[int]]]) -> None:
        entries = [entry for entry, _ in batch]
        try:
            numbers = await asyncio.to_thread(self._ledger.write, entries)
        except OSError as error:
            ends = sum(not isinstance(entry, Departure) for entry in entries)
            if ends:
                self._ledger.warn_of_missing_ends(ends, error)
            for entry, written in batch:
                if isinstance(entry, Departure):
                    written.set_exception(self._ledger.unwritable(error))
                else:
                    written.cancel()
            return
        for number, (_, written) in zip(numbers, batch, strict=True):
            if not written.done():
                written.set_result(number)
