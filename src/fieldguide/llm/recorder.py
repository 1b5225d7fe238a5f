"""Has the ledger written by a thread, many records at once, while calls go on.

Comes in: departures and ends of calls, from tasks of one event loop. Goes out: records in the ledger.
Must never: let a departure count as recorded before it is on the disk; keep the loop waiting for a disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.ledger import Departure
from fieldguide.llm.grouping import Grouped

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Sequence

    from fieldguide.domain.ledger import Arrival
    from fieldguide.llm.ledger import Entry, Ledger


class Recorder:
    """The ledger, as one run writes it."""

    def __init__(self, ledger: Ledger) -> None:
        """Nothing waits."""
        self._ledger = ledger
        self._records = Grouped(self._written)

    def departs(self, departure: Departure) -> Future[int]:
        """The number of a departure's record, once it is on the disk.

        The future's exception is a `ConfigurationError` when it cannot be written: then nothing may leave.
        """
        return self._records.add(departure)

    def arrives(self, departure: Future[int], arrival: Arrival) -> None:
        """Write down how the call ended that this departure began; nothing where none was recorded."""
        if not departure.done():
            departure.add_done_callback(lambda done: self.arrives(done, arrival))
        elif not departure.cancelled() and departure.exception() is None:
            self._records.add((departure.result(), arrival))

    async def close(self) -> None:
        """Wait until everything is written."""
        await self._records.close()

    def _written(self, entries: Sequence[Entry]) -> list[int | Exception]:
        """Numbers of records, or why a departure has none."""
        try:
            return list(self._ledger.write(entries))
        except OSError as error:
            ends = sum(not isinstance(entry, Departure) for entry in entries)
            if ends:
                self._ledger.warn_of_missing_ends(ends, error)
            refused = self._ledger.unwritable(error)
            return [refused if isinstance(entry, Departure) else 0 for entry in entries]
