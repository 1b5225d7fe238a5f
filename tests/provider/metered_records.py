"""What a metered server saw of every request, and sums over it.

Comes in: requests as they are answered. Goes out: records, a bill. Must never: change what is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provider.metered_faults import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

Json = dict[str, Any]


@dataclass(slots=True)
class Record:
    """One request for a chat completion. Times are seconds since the server started."""

    number: int
    arrived: float
    body: Json
    digest: str
    """Of its messages."""
    prompt_tokens: int
    reserved: int
    kind: str
    """`files`, `package`, `page`, `revision`, or `text` for what asks for no headings."""
    headings: tuple[str, ...]
    status: int = 0
    """0 until it is known, and for a connection that was reset or hung."""
    exceeded: str = ""
    """Of a 429: `requests`, `tokens` or `size`."""
    fault: Fault | None = None
    finish: str = ""
    completion_tokens: int = 0
    answered: float | None = None
    """When the answer was handed over; `None` while it is under way."""
    delivered: bool = False
    """The client was still there."""

    @property
    def admitted(self) -> bool:
        """It counts against the quota."""
        return self.status != 429

    @property
    def billed(self) -> bool:
        """The model ran, whether or not the client got the reply."""
        return bool(self.finish)


@dataclass(frozen=True, slots=True)
class Bill:
    """Sums over records."""

    requests: int
    limited: int
    """429s."""
    paid: int
    """Requests that were billed."""
    input_tokens: int
    """Of the billed ones."""
    output_tokens: int
    repeated_tokens: int
    """Input tokens of billed requests whose messages had been billed before."""


def bill_of(records: Sequence[Record], earlier: Sequence[Record] = ()) -> Bill:
    """Sums over records; what was billed in earlier ones was billed before."""
    seen = {one.digest for one in earlier if one.billed}
    repeated = 0
    paid = [one for one in records if one.billed]
    for one in paid:
        repeated += one.prompt_tokens if one.digest in seen else 0
        seen.add(one.digest)
    return Bill(
        len(records),
        sum(one.status == 429 for one in records),
        len(paid),
        sum(one.prompt_tokens for one in paid),
        sum(one.completion_tokens for one in paid),
        repeated,
    )
