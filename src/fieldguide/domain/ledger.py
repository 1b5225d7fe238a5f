"""What has left this machine: one record for each call, as the ledger holds it and people read it."""

from __future__ import annotations

from dataclasses import dataclass

from fieldguide.domain.source import Span


@dataclass(frozen=True, slots=True)
class Departure:
    """One call that leaves, as it is recorded before its first byte does. Never a prompt, a header or a key."""

    host: str
    """Host and port."""
    address: str
    """Without user, password and query."""
    model: str
    request: str
    """`Request.digest`."""
    payload: str
    """Hexadecimal SHA-256 of the payload."""
    size: int
    """Bytes of the payload."""
    sources: tuple[Span, ...] = ()
    """The lines that stand in it word for word. What is said of other files are facts: names, signatures, counts."""
    exact: bool = True
    """The payload is the very body of the HTTP request; else the messages as JSON, where a provider's own package
    makes the body."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a call ended."""

    outcome: str
    """A phrase of ours: `reply`, `content filter`, `HTTP status 429`. Never what a server said."""
    size: int = 0
    """Bytes of the body that came back, 0 when none did."""
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float | None = None
    """US dollars, `None` when no price is known."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call out of the ledger."""

    number: int
    """Of its first record."""
    time: str
    """UTC, as RFC 3339 has it."""
    departure: Departure
    arrival: Arrival | None = None
    """`None` when the run was ended before an outcome could be recorded."""


@dataclass(frozen=True, slots=True)
class LedgerReading:
    """A ledger as it was read, and whether its chain holds."""

    path: str
    calls: tuple[Call, ...] = ()
    records: int = 0
    head: str = ""
    """Digest of the last record: whoever noted it elsewhere can tell whether records were taken off the end."""
    fault: str = ""
    """The first record that does not hold, and why; empty when all of them do."""
    torn: tuple[int, ...] = ()
    """Line numbers of records that a run did not live to write whole."""
    unkeyed: int = 0
    """Records that were made without a key although one is set: whoever may write the file may have made them."""
