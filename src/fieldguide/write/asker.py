"""The door as far as the writing of notes and prose sees it, and one that remembers what the content filter refused.

Comes in: a `Request`. Goes out: a `Reply`, or a `Failure`.
Must never: know how a request is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from fieldguide.domain.request import Failure, Reply, StopReason
from fieldguide.domain.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.request import Request

REFUSED_BEFORE: Final = "the content filter refused it in an earlier run, and `--no-cache` asks anew"


class Asker(Protocol):
    """Answers requests."""

    async def ask(self, request: Request, *, continued: bool = False) -> Reply | Failure:
        """Answer a request, or say what is the trouble; waiting, retrying and keeping the reply are the door's.

        `continued`: a reply that reached its most tokens is asked to go on.
        """
        ...


class Refusals(Protocol):
    """Where it is kept what the content filter refused."""

    def refused(self, digests: Sequence[str]) -> frozenset[str]:
        """Those of the digests that it has refused before."""
        ...

    def put_refused(self, digests: Sequence[str]) -> None:
        """Remember what it refused."""
        ...


@dataclass(frozen=True, slots=True)
class RememberingAsker:
    """Asks nothing again that was refused in an earlier run."""

    door: Asker
    refusals: Refusals

    async def ask(self, request: Request, *, continued: bool = False) -> Reply | Failure:
        """Answer a request, or say what is the trouble."""
        if self.refusals.refused([request.digest]):
            return Failure(
                f"the page's request: {REFUSED_BEFORE}",
                "see what is sent with `fieldguide plan --show-prompts`, and leave the cause out with `--exclude`",
                trouble=Trouble.FILTERED,
            )
        outcome = await self.door.ask(request, continued=continued)
        if _refused(outcome):
            self.refusals.put_refused([request.digest])
        return outcome


def _refused(outcome: Reply | Failure) -> bool:
    if isinstance(outcome, Failure):
        return outcome.trouble is Trouble.FILTERED
    return outcome.stop_reason is StopReason.FILTERED
