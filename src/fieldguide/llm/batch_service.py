"""The provider's files and batches, as its own client library reaches them.

Comes in: a file of lines, the name of a file or of a batch. Goes out: a `BatchStanding`, lines of a file; what goes
wrong is a `Failure`, raised as `BatchTrouble` within this room.
Must never: make a batch a second time because the answer to the first try did not arrive.

API: OpenAI's reference (files, batches), Azure OpenAI's guide to batch deployments.
"""

from __future__ import annotations

import asyncio
from random import random
from typing import IO, TYPE_CHECKING, Any, Final, Self, TypeVar

from pydantic import SecretStr

from fieldguide.domain.batch import BatchStanding
from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.request import Failure
from fieldguide.domain.trouble import Trouble
from fieldguide.errors import ConfigurationError
from fieldguide.llm.batch_crossing import Crossing
from fieldguide.llm.batch_lines import endpoint_of
from fieldguide.llm.connection import too_slow, unreachable, unreadable
from fieldguide.llm.decision import Attempt, Leave, decide
from fieldguide.llm.destination import check_choice
from fieldguide.llm.failures import failure_of
from fieldguide.llm.passage import our_error
from fieldguide.llm.provider import OPENAI_ADDRESS, http_client, own_address
from fieldguide.llm.refusal import refusal_of
from fieldguide.llm.sign_in import SignIn
from fieldguide.llm.tracing import untraced

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path
    from types import TracebackType

    from httpx2 import AsyncClient
    from openai import AsyncOpenAI
    from openai.types import Batch

    from fieldguide.llm.ledger import Ledger

TAG: Final = "fieldguide"
"""Key of the metadata under which our tag stands."""
READ_RETRIES: Final = 4
"""Of requests that change nothing: the client library waits between them, as long as the provider asks."""
PAGES: Final = 10
"""Of a hundred batches each, in which an own one is looked for."""
PROCESSING: Final = 600.0
"""Seconds within which an uploaded file has to be ready."""
TRIES: Final = 4
"""Of an upload, or of making a batch, in one command."""
_SHORTEST: Final = 0.2
_LONGEST: Final = 10.0

Result = TypeVar("Result")


class BatchTrouble(Exception):  # noqa: N818  (it carries a failure, and never leaves this room)
    """A request about a file or a batch brought nothing."""

    def __init__(self, failure: Failure) -> None:
        """Keep what is to be told."""
        super().__init__(failure.fact)
        self.failure = failure

    @property
    def uncertain(self) -> bool:
        """Whether what was asked for may have been done all the same."""
        return self.failure.trouble in {
            Trouble.TIMEOUT, Trouble.CONNECTION, Trouble.UNAVAILABLE, Trouble.GARBLED, Trouble.RATE_LIMITED,
        }  # fmt: skip


class BatchService:
    """Files and batches of one account, as one command reaches them."""

    def __init__(self, choice: ModelChoice, ledger: Ledger) -> None:
        """Check where requests would go; nothing is imported, signed in to or connected to yet.

        Raises:
            ConfigurationError: They may not go there, or the provider has no batches that are known here.
        """
        if choice.provider is Provider.LANGCHAIN:
            fact = f"`{choice.model}` cannot be asked in batches: they are an API of Azure OpenAI and of OpenAI"
            raise ConfigurationError(fact, hint="run `fieldguide DIR`, or name a model of one of these")
        check_choice(choice, own_address(choice))
        self._choice = choice
        self.crossing = Crossing(choice, ledger)
        self._sign_in = SignIn(choice)
        self._http: AsyncClient | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.crossing.end()
        if self._http is not None:
            await self._http.aclose()

    async def upload(self, path: Path, name: str) -> str:
        """Upload a file of lines, and wait until it can be used; the provider's name for it."""

        async def send(client: AsyncOpenAI) -> str:
            with path.open("rb") as content:
                return (await client.files.create(file=(name, content), purpose="batch")).id

        file = await self._called(send)
        self.crossing.sources = ()
        pause, waited = _SHORTEST, 0.0
        while await self._called(lambda client: _file_status(client, file), again=READ_RETRIES) not in _READY:
            if waited > PROCESSING:
                raise BatchTrouble(Failure("the provider does not take the uploaded file in", "submit it again later"))
            await asyncio.sleep(pause)
            waited += pause
            pause = min(_LONGEST, 2 * pause)
        return file

    async def create(self, file: str, tag: str) -> BatchStanding:
        """Make a batch of an uploaded file, and write our tag on it. Never tried again here."""

        async def make(client: AsyncOpenAI) -> Batch:
            endpoint: Any = endpoint_of(self._choice)
            return await client.batches.create(
                input_file_id=file, endpoint=endpoint, completion_window="24h", metadata={TAG: tag}
            )

        return _standing(await self._called(make))

    async def look(self, batch: str) -> BatchStanding:
        """Ask once how far a batch is."""
        return _standing(await self._called(lambda client: client.batches.retrieve(batch), again=READ_RETRIES))

    async def find(self, tag: str, done: frozenset[str]) -> BatchStanding | None:
        """The latest batch with our tag on it that is not among those done with; `None` where there is none."""
        after: dict[str, Any] = {}
        for _ in range(PAGES):

            async def listed(client: AsyncOpenAI, after: dict[str, Any] = after) -> list[Batch]:
                return (await client.batches.list(limit=100, **after)).data

            batches = await self._called(listed, again=READ_RETRIES)
            for one in batches:
                if (one.metadata or {}).get(TAG) == tag and one.id not in done:
                    return _standing(one)
            if not batches or len(batches) < 100:  # noqa: PLR2004  (the limit above)
                break
            after = {"after": batches[-1].id}
        return None

    async def cancel(self, batch: str) -> BatchStanding:
        """Call a batch off."""
        return _standing(await self._called(lambda client: client.batches.cancel(batch)))

    async def delete(self, file: str) -> None:
        """Have the provider forget a file."""
        await self._called(lambda client: client.files.delete(file))

    async def download(self, file: str, into: IO[bytes]) -> None:
        """Write what a file holds into another, from its start. How the call ended is recorded by `crossing.end`."""

        async def read(client: AsyncOpenAI) -> None:
            async with client.files.with_streaming_response.content(file) as response:
                into.seek(0)
                into.truncate()
                async for part in response.iter_bytes():
                    into.write(part)
                into.seek(0)

        await self._called(read, again=READ_RETRIES, held=True)

    async def _called(
        self, call: Callable[[AsyncOpenAI], Awaitable[Result]], *, again: int = 0, held: bool = False
    ) -> Result:
        """Make one request, and turn every way in which it is known to fail into `BatchTrouble`."""
        with untraced():
            token = await self._sign_in.token()
            if isinstance(token, Failure):
                raise BatchTrouble(token)
            import httpx2  # noqa: PLC0415  (likewise)
            import openai  # noqa: PLC0415  (0.6 s, only where a batch is concerned)

            try:
                return await call(self._client(token, again))
            except openai.APITimeoutError as error:
                raise BatchTrouble(too_slow(self._choice)) from error
            except openai.APIConnectionError as error:
                if (ours := our_error(error)) is not None:
                    raise ours from None
                raise BatchTrouble(unreachable(self._choice, error)) from error
            except openai.APIStatusError as error:
                raise BatchTrouble(failure_of(refusal_of(error), self._choice)) from error
            except httpx2.HTTPError as error:  # while a file comes: there the library leaves it as it is
                raise BatchTrouble(unreachable(self._choice, error)) from error
            except (openai.APIError, ValueError, AttributeError, TypeError) as error:
                # How the client fails on an answer that is none of this API.
                raise BatchTrouble(unreadable(self._choice)) from error
            finally:
                if not held:
                    self.crossing.end()

    def _client(self, token: str, again: int) -> AsyncOpenAI:
        """A client with the credentials that hold now; all share one HTTP client."""
        import openai  # noqa: PLC0415  (0.6 s)

        choice = self._choice
        if self._http is None:
            self._http = http_client(choice, self.crossing.leaves, self.crossing.answered)
        key = choice.key or SecretStr("none")
        common: dict[str, Any] = {
            "max_retries": again,
            "timeout": choice.timeout,
            "default_headers": dict(choice.headers) or None,
            "http_client": self._http,
        }
        if choice.provider is Provider.AZURE and choice.api_version:
            signed: dict[str, Any] = {"azure_ad_token": token} if token else {"api_key": key.get_secret_value()}
            return openai.AsyncAzureOpenAI(
                azure_endpoint=choice.endpoint, api_version=choice.api_version, **signed, **common
            )
        return openai.AsyncOpenAI(base_url=_address(choice), api_key=token or key.get_secret_value(), **common)


_READY: Final = frozenset({"processed", ""})
"""A compatible server may know no status."""


async def _file_status(client: AsyncOpenAI, file: str) -> str:
    described = await client.files.retrieve(file)
    if described.status == "error":
        raise BatchTrouble(Failure("the provider refused the uploaded file", "submit again"))
    return described.status or ""


def _address(choice: ModelChoice) -> str:
    if choice.provider is Provider.AZURE:
        return choice.endpoint.rstrip("/").removesuffix("/openai/v1") + "/openai/v1/"
    return choice.endpoint or OPENAI_ADDRESS


def _standing(batch: Batch) -> BatchStanding:
    counts = batch.request_counts
    data = batch.errors.data if batch.errors and batch.errors.data else []
    return BatchStanding(
        batch=batch.id,
        status=batch.status,
        total=counts.total if counts else 0,
        completed=counts.completed if counts else 0,
        failed=counts.failed if counts else 0,
        expires=float(batch.expires_at) if batch.expires_at else None,
        faults=tuple(dict.fromkeys(one.code or "unknown" for one in data)),
        input_file=batch.input_file_id,
        output_file=batch.output_file_id or "",
        error_file=batch.error_file_id or "",
        tag=(batch.metadata or {}).get(TAG, ""),
    )


async def persistently(
    work: Callable[[], Awaitable[Result]], made: Callable[[], Awaitable[Result | None]] | None = None
) -> Result:
    """Try again what may pass; before it is tried again, `made` looks whether it was done all the same."""
    tries = 0
    while True:
        tries += 1
        try:
            return await work()
        except BatchTrouble as error:
            if not error.uncertain or tries >= TRIES:
                raise
            attempt = Attempt(tries, tries, 0.0, error.failure.retry_after)
            decision = decide(error.failure.trouble, attempt, random())  # noqa: S311  (no secret)
            if isinstance(decision, Leave):
                raise
            await asyncio.sleep(decision.after)
        if made is not None and (found := await made()) is not None:
            return found
