"""Says why no reply arrived: no connection, no time, or something at the address that is no model.

Comes in: the choice that the call was made with, and the client's exception. Goes out: a `Failure`.
Must never: show the text of an exception, which may quote an address with a password.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.request import Failure
from fieldguide.domain.trouble import Trouble
from fieldguide.llm.provider import address_of, host_of

if TYPE_CHECKING:
    from fieldguide.domain.model import ModelChoice


def unreadable(choice: ModelChoice, media_type: str = "") -> Failure:
    """The server answered with success, but with something that is no chat completion.

    JSON that is cut off may be whole the next time; a page for people will stay one.
    """
    page = "html" in media_type
    return Failure(
        f"`{host_of(choice)}` did not answer as a chat model's API does",
        f"check the address `{address_of(choice)}`: a proxy, a sign-in page or another service may be at it",
        trouble=Trouble.REFUSED if page else Trouble.GARBLED,
    )


def too_slow(choice: ModelChoice) -> Failure:
    """No reply within the time limit."""
    fact = f"no reply from `{host_of(choice)}` within {choice.timeout:g} seconds"
    return Failure(fact, "give it longer with `--timeout`", transient=True, trouble=Trouble.TIMEOUT)


def unreachable(choice: ModelChoice, cause: BaseException) -> Failure:
    """No connection; `cause` is the exception of the client, whose chain says what the trouble is."""
    host = host_of(choice)
    text = " | ".join(_chain(cause)).lower()
    for pattern, fact, hint, trouble in _CONNECTION:
        if re.search(pattern, text):
            return Failure(fact.format(host=host), hint, transient=True, trouble=trouble)
    fact = f"the connection to `{host}` failed"
    return Failure(fact, "check the network and run again", transient=True, trouble=Trouble.CONNECTION)


def never_left(cause: BaseException) -> bool:
    """Whether there was no connection to send anything over."""
    return (
        re.search(r"connecterror|connecttimeout|proxyerror|pooltimeout", " | ".join(_chain(cause)).lower()) is not None
    )


_CONNECTION: Final = (
    (
        r"proxyerror|407 proxy",
        "the proxy on the way to `{host}` did not let the request through",
        "check `HTTPS_PROXY` and `NO_PROXY`",
        Trouble.REFUSED,
    ),
    (
        r"certificate|sslerror",
        "no trusted connection to `{host}`: its certificate was not accepted",
        "check the address, and name your organisation's certificates with `SSL_CERT_FILE`",
        Trouble.REFUSED,
    ),
    (
        r"gaierror|name or service not known|nodename nor servname|name resolution|getaddrinfo|no address associated",
        "there is no host named `{host}`",
        "check the endpoint's spelling and the network",
        Trouble.CONNECTION,
    ),
    (
        r"connectionrefused|connection refused|all connection attempts failed",
        "nothing listens at `{host}`",
        "check the address and the port, and that the server runs",
        Trouble.CONNECTION,
    ),
)


def _chain(error: BaseException) -> list[str]:
    """Types and texts of an exception and of what it came from. The texts are matched, never shown."""
    seen: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in seen:
        seen.append(current)
        current = current.__cause__ or current.__context__
    return [f"{type(one).__name__}: {one}" for one in seen]
