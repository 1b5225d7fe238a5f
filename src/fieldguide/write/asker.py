"""The door as far as the writing of notes and prose sees it.

Comes in: a `Request`. Goes out: a `Reply`, or a `Failure`.
Must never: know how a request is sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fieldguide.domain.request import Failure, Reply, Request


class Asker(Protocol):
    """Answers requests."""

    async def ask(self, request: Request, *, continued: bool = False) -> Reply | Failure:
        """Answer a request, or say what is the trouble; waiting, retrying and keeping the reply are the door's.

        `continued`: a reply that reached its most tokens is asked to go on.
        """
        ...
