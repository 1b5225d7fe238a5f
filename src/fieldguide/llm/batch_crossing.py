"""Watches every HTTP request about files and batches: checked where it goes, and written down, before it leaves.

Comes in: requests as the HTTP client is about to send them. Goes out: records in the ledger.
Must never: let a byte pass that was not recorded; record a body, a header or a key.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from fieldguide.domain.ledger import Arrival, Departure
from fieldguide.llm.destination import check_address
from fieldguide.llm.provider import own_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from httpx2 import Request as Outgoing
    from httpx2 import Response

    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.source import Span
    from fieldguide.llm.ledger import Ledger


class Crossing:
    """All requests of one command, made one after the other. `leaves` and `answered` are the HTTP client's hooks."""

    def __init__(self, choice: ModelChoice, ledger: Ledger) -> None:
        """Nothing has left yet."""
        self._choice = choice
        self._ledger = ledger
        self._open = 0
        self._status = 0
        self.tag = ""
        """Of the batch that requests are about, for the ledger."""
        self.sources: Sequence[Span] = ()
        """Lines of code that the next request holds word for word."""

    async def leaves(self, outgoing: Outgoing) -> None:
        """Check and record what the client is about to send.

        Raises:
            ConfigurationError: It may not go there, or cannot be recorded; the client then sends nothing.
        """
        self.end()
        url = outgoing.url
        check_address(self._choice, str(url.copy_with(username=None, password=None)), own_address(self._choice))
        body = await outgoing.aread()
        departure = Departure(
            host=url.netloc.decode("ascii").rpartition("@")[2],
            address=str(url.copy_with(username=None, password=None, query=None, fragment=None)),
            model=self._choice.model,
            request=self.tag,
            payload=hashlib.sha256(body).hexdigest(),
            size=len(body),
            sources=tuple(self.sources),
        )
        # A handful of calls in a command: a thread for the disk would win nothing.
        self._open = self._ledger.departs(departure)

    async def answered(self, response: Response) -> None:
        """Remember what came back."""
        self._status = response.status_code

    def end(self, arrival: Arrival | None = None) -> None:
        """Record how the last call ended, by its status where nothing else is said; nothing where nothing left."""
        if self._open:
            said = f"HTTP status {self._status}" if self._status else "no answer"
            self._ledger.arrived(self._open, arrival or Arrival(said))
        self._open = self._status = 0
