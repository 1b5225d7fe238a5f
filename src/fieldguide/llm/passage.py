"""Watches one call through the door: where it goes is checked, and that it leaves is written down, before it does.

Comes in: a request on its way out, as the HTTP client is about to send it. Goes out: records for the ledger.
Must never: let a byte pass that was not recorded; keep or record a body, a header or a key.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from typing import TYPE_CHECKING, Final, cast

from fieldguide.domain.ledger import Arrival, Departure
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.request import Failure, Reply, Usage
from fieldguide.errors import FieldguideError
from fieldguide.llm.destination import check_address
from fieldguide.llm.provider import address_of, host_of, own_address

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Awaitable, Callable, Mapping

    from httpx2 import URL, Response
    from httpx2 import Request as Outgoing

    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.request import Request
    from fieldguide.llm.recorder import Recorder
    from fieldguide.llm.refusal import Refusal

    Watch = Callable[[str, Mapping[str, object]], Awaitable[None]]

INTERRUPTED: Final = "interrupted"
_TRACE: Final = "trace"
"""The extension of a request that `httpcore` tells its events."""
_WHOLLY_SENT: Final = ".send_request_body.complete"
"""The event, in every version of HTTP, that `httpcore` tells when the last byte of a request went out."""

Said = tuple[tuple[str, str], ...]
"""Turns of a conversation: role (`assistant` or `user`) and content."""


def _nothing() -> None:
    """Nobody wants to know."""


class Ways:
    """Addresses that the calls of a run are sent to, each checked before the first of them leaves."""

    def __init__(self, choice: ModelChoice) -> None:
        """None was taken yet."""
        self._choice = choice
        self._taken: dict[str, tuple[str, str]] = {}

    def checked(self, url: URL) -> tuple[str, str]:
        """Host and address of a call, for people to read: without a user, a password and a query.

        Raises:
            ConfigurationError: It may not go there.
        """
        whole = str(url.copy_with(username=None, password=None)) if url.userinfo else str(url)
        if whole not in self._taken:
            check_address(self._choice, whole, own_address(self._choice))
            address = str(url.copy_with(username=None, password=None, query=None, fragment=None))
            self._taken[whole] = url.netloc.decode("ascii").rpartition("@")[2], address
        return self._taken[whole]


class Passage:
    """One call on its way. `leaves` and `answered` are the hooks of the HTTP client."""

    def __init__(
        self,
        request: Request,
        choice: ModelChoice,
        recorder: Recorder,
        said: Said = (),
        leaving: Callable[[], None] = _nothing,
        *,
        ways: Ways | None = None,
    ) -> None:
        """Nothing has left yet.

        Args:
            request: What leaves.
            choice: Where it goes.
            recorder: Where that is recorded.
            said: Turns of the conversation that come after the request's own.
            leaving: Called at the moment that it leaves, and again when all of it has left.
            ways: Those that other calls of the run took.
        """
        self._request = request
        self._said = said
        self._leaving = leaving
        self._last: Response | None = None
        self.left = False
        self._choice = choice
        self._recorder = recorder
        self._ways = ways or Ways(choice)
        self._departure: Future[int] | None = None
        self._response: Response | None = None

    async def leaves(self, outgoing: Outgoing) -> None:
        """Check and record what the client is about to send.

        Raises:
            ConfigurationError: It may not go there, or cannot be recorded; the client then sends nothing.
        """
        host, address = self._ways.checked(outgoing.url)
        self._end(self._status())
        body = await outgoing.aread()
        outgoing.extensions[_TRACE] = _watch(outgoing.extensions, self._leaving)
        await self._depart(host, address, body, exact=True)

    async def answered(self, response: Response) -> None:
        """Remember what came back."""
        self._response = self._last = response

    @property
    def headers(self) -> Mapping[str, str]:
        """Of the last answer; none where no answer began, or where it was not seen here."""
        return self._last.headers if self._last is not None else {}

    def billed(self) -> Usage | None:
        """What the last answer says that it cost, where the client made nothing of it; `None` when it does not."""
        try:
            body = cast("object", json.loads(self._last.content)) if self._last is not None else None
        except (ValueError, RuntimeError):  # no JSON, or a body that was not read to its end
            return None
        usage = cast("dict[str, object]", body).get("usage") if isinstance(body, dict) else None
        counted = cast("dict[str, object]", usage) if isinstance(usage, dict) else {}
        tokens = counted.get("prompt_tokens"), counted.get("completion_tokens")
        return Usage(tokens[0], tokens[1]) if isinstance(tokens[0], int) and isinstance(tokens[1], int) else None

    async def leaves_unseen(self) -> None:
        """Record a call that a provider's own package makes, of which no body is seen here.

        Raises:
            ConfigurationError: It cannot be recorded; then it may not be made.
        """
        messages = json.dumps(messages_of(self._request, self._said), ensure_ascii=True).encode()
        await self._depart(host_of(self._choice), address_of(self._choice), messages, exact=False)

    def end(self, outcome: Reply | Failure | Refusal | str) -> None:
        """Record how the call ended; nothing where nothing had left."""
        if isinstance(outcome, Reply):
            self._end(f"reply: {outcome.stop_reason.value}", outcome)
        elif isinstance(outcome, Failure):
            self._end(outcome.fact)
        else:
            self._end(outcome if isinstance(outcome, str) else self._status(outcome.status))

    async def _depart(self, host: str, address: str, body: bytes, *, exact: bool) -> None:
        request = self._request
        digest = hashlib.sha256(body).hexdigest()
        sources = request.sources
        self._departure = self._recorder.departs(
            Departure(host, address, self._choice.model, request.digest, digest, len(body), sources, exact=exact)
        )
        # Shielded: what is being written down gets its end, though the call is given up meanwhile.
        await asyncio.shield(self._departure)
        self.left = True
        self._leaving()

    def _end(self, outcome: str, reply: Reply | None = None) -> None:
        if self._departure is None:
            return
        size = self._response.num_bytes_downloaded if self._response is not None else 0
        usage = reply.usage if reply else None
        arrival = Arrival(outcome, size, usage.input_tokens, usage.output_tokens) if usage else Arrival(outcome, size)
        self._recorder.arrives(self._departure, arrival)
        self._departure, self._response = None, None

    def _status(self, status: int = 0) -> str:
        known = self._response.status_code if self._response is not None else status
        return f"HTTP status {known}" if known else "refused"


def _watch(extensions: dict[str, object], sent: Callable[[], None]) -> Watch:
    """Hear what the connection does: a provider counts a request when it has all of it, not while one connects."""

    async def watch(event: str, _: Mapping[str, object]) -> None:
        if event.endswith(_WHOLLY_SENT):
            sent()
            # Nothing else is to be heard; and a request that holds who watches it is freed only by a collection.
            extensions.pop(_TRACE, None)

    return watch


def messages_of(request: Request, said: Said = ()) -> list[dict[str, str]]:
    """The two messages of a request, filled in, and the turns that came after them."""
    filled = request.prompt.format_map({name: value.text for name, value in request.fields})
    turns = (("system", request.system), ("user", filled), *said)
    return [{"role": role, "content": content} for role, content in turns]


def check_redacted(request: Request) -> None:
    """Look at run time at what the types promise.

    Raises:
        TypeError: A field of the request holds text that never was redacted.
    """
    for name, value in request.fields:
        if not isinstance(value, RedactedText):  # pyright: ignore[reportUnnecessaryIsInstance]  (types end at run time)
            message = f"the field `{name}` was not redacted"
            raise TypeError(message)


def our_error(error: BaseException) -> FieldguideError | None:
    """The error of ours that a client library has wrapped in one of its own."""
    seen: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in seen:
        if isinstance(current, FieldguideError):
            return current
        seen.append(current)
        current = current.__cause__ or current.__context__
    return None
