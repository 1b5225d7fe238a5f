"""Makes one call to the provider, for those who need no run around it.

Comes in: a `Request`, the choice. Goes out: a `Reply` or a `Failure`.
Must never: send what the ledger does not hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.llm.exchange import Exchange
from fieldguide.llm.passage import check_redacted

if TYPE_CHECKING:
    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.request import Failure, Reply, Request
    from fieldguide.llm.ledger import Ledger


async def ask(request: Request, choice: ModelChoice, ledger: Ledger) -> Reply | Failure:
    """Make one call without a store, a quota, a budget or another try; what goes wrong is returned, not raised.

    A parameter that a server refuses by name is left out or renamed, once each, and the request is sent again: the
    refused one was not billed.

    Raises:
        ConfigurationError: The provider needs a package that is not installed, the address may not be connected to,
            or the ledger cannot be written; nothing has left then.
        TypeError: A field of the request holds text that never was redacted.
    """
    check_redacted(request)
    async with Exchange(choice, ledger) as exchange:
        while True:
            exchanged = await exchange.make(request)
            if not exchanged.adapted:
                return exchanged.outcome
