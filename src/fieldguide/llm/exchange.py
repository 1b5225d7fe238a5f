"""Makes calls to the provider, one at a time or many at once, over one HTTP client.

Comes in: requests, and the choice that all of them are made with. Goes out: what became of each call.
Must never: try a call again; send what the ledger does not hold; let a third party see what passes unless the user
asked for it.

The client, the chat model and the prompts are made once: a client alone costs 20 ms of CPU, an Azure model as much.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self, cast

from fieldguide.domain.request import Failure, Reply, StopReason, Usage
from fieldguide.llm.connection import never_left, too_slow, unreachable, unreadable
from fieldguide.llm.destination import check_choice, takes_our_client
from fieldguide.llm.failures import failure_of, window_of
from fieldguide.llm.headers import reported
from fieldguide.llm.parameters import NEW_LIMIT, Parameters, first_parameters
from fieldguide.llm.passage import INTERRUPTED, Passage, Said, Ways, our_error
from fieldguide.llm.provider import chat_model, http_client, own_address
from fieldguide.llm.rates import Reported
from fieldguide.llm.recorder import Recorder
from fieldguide.llm.refusal import Refusal, refusal_of, refusal_of_model_error
from fieldguide.llm.reply import reply_of
from fieldguide.llm.sign_in import SignIn
from fieldguide.llm.trace import check_trace, trace
from fieldguide.llm.tracing import untraced

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from httpx2 import AsyncClient, Response
    from httpx2 import Request as Outgoing
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable

    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.request import PromptText, Request
    from fieldguide.llm.ledger import Ledger

    Chain = Runnable[dict[str, Any], AIMessage]

_PASSAGE: Final[ContextVar[Passage]] = ContextVar("passage")
"""The call that a task is making: the client's hooks run in the task's context. Without one nothing is sent."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What became of one call."""

    outcome: Reply | Failure
    billed: Usage | None = None
    """`None` when nobody knows: at the worst everything that the call may cost."""
    reported: Reported = field(default_factory=Reported)
    adapted: bool = False
    """A parameter was refused by name, and is left out or renamed from now on."""
    began: bool = False
    """The prompt passed, and a reply began."""
    window: int | None = None
    """Tokens that the model takes, where the provider told."""


class Exchange:
    """The provider, as one run reaches it. Every connection is closed when its context ends."""

    def __init__(self, choice: ModelChoice, ledger: Ledger) -> None:
        """Check where calls would go; nothing is imported, signed in to or connected to yet.

        Raises:
            ConfigurationError: Calls, or the traces that the user asked for, may not go there.
        """
        check_choice(choice, own_address(choice))
        check_trace(choice)
        self._choice = choice
        self._ledger = ledger
        self._recorder = Recorder(ledger)
        self._sign_in = SignIn(choice)
        self._client: AsyncClient | None = None
        self._shape: Parameters | None = None
        self._models: dict[tuple[Parameters, str], BaseChatModel] = {}
        self._prompts: dict[tuple[PromptText, PromptText], Runnable[dict[str, Any], Any]] = {}
        self._chains: dict[tuple[PromptText, PromptText, Parameters, str], Chain] = {}
        self._ways = Ways(choice)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client, self._client = self._client, None
        try:
            if client is not None:
                await client.aclose()
        finally:
            await self._recorder.close()

    async def make(self, request: Request, said: Said = (), leaving: Callable[[], None] | None = None) -> Exchanged:
        """Make one call. Every try is recorded before it leaves.

        Args:
            request: The call's first two turns, and its parameters.
            said: Turns after those.
            leaving: Called at the moment that it leaves, and again when all of it has left.

        Raises:
            ConfigurationError: The provider needs a package that is not installed, the address may not be connected
                to, or the ledger cannot be written; nothing has left then.
        """
        with untraced():
            token = await self._sign_in.token()
            if isinstance(token, Failure):
                return Exchanged(token, Usage())
            parameters = self._parameters(request)
            watch = (leaving,) if leaving else ()
            passage, started = self._passage(request, said, *watch), datetime.now(UTC)
            _PASSAGE.set(passage)
            try:
                outcome, billed = await self._call(request, parameters, token, passage, said)
            except BaseException:
                passage.end(INTERRUPTED)
                raise
            passage.end(outcome)
            if self._choice.tracing:
                reply = outcome if isinstance(outcome, Reply) else None
                await asyncio.to_thread(trace, request, self._choice, reply, started, self._ledger)
        return self._exchanged(outcome, billed, parameters, passage)

    def _passage(self, request: Request, said: Said, *watch: Callable[[], None]) -> Passage:
        return Passage(request, self._choice, self._recorder, said, *watch, ways=self._ways)

    def _parameters(self, request: Request) -> Parameters:
        """What is tried first, without what was refused in this run."""
        first = first_parameters(request, self._choice)
        return replace(self._shape, output_tokens=first.output_tokens) if self._shape else first

    def _exchanged(
        self, outcome: Reply | Failure | Refusal, billed: Usage | None, parameters: Parameters, passage: Passage
    ) -> Exchanged:
        said = reported(passage.headers)
        if not isinstance(outcome, Refusal):
            return Exchanged(outcome, billed, said, began=isinstance(outcome, Reply))
        adapted = parameters.after(outcome)
        if adapted is not None:
            self._shape = adapted
        failure = failure_of(outcome, self._choice)
        return Exchanged(failure, billed, said, adapted=adapted is not None, window=window_of(outcome))

    async def _call(
        self, request: Request, parameters: Parameters, token: str, passage: Passage, said: Said
    ) -> tuple[Reply | Failure | Refusal, Usage | None]:
        """Make one call, and turn every way in which it is known to fail into a value. With what it cost."""
        import openai  # noqa: PLC0415  (0.6 s, only where a model is asked)
        from langchain_core.exceptions import ModelConnectionError, ModelError, ModelTimeoutError  # noqa: PLC0415

        choice = self._choice
        chain = self._chain(request, parameters, token)
        fields: dict[str, Any] = {name: value.text for name, value in request.fields}
        if not takes_our_client(choice):
            await passage.leaves_unseen()
        outcome: Reply | Failure | Refusal
        billed: Usage | None = Usage()
        try:
            async with asyncio.timeout(choice.timeout):
                message = await chain.ainvoke({**fields, _SAID: list(said)})
        except (TimeoutError, openai.APITimeoutError, ModelTimeoutError) as error:
            outcome, billed = too_slow(choice), _at_worst(error, passage)
        except (openai.APIConnectionError, ModelConnectionError) as error:
            if (ours := our_error(error)) is not None:
                raise ours from None
            outcome, billed = unreachable(choice, error), _at_worst(error, passage)
        except openai.APIError as error:
            outcome = refusal_of(error)
        except ModelError as error:
            outcome = refusal_of_model_error(error)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # How LangChain says that Azure filtered the reply, or fails on one that is no chat completion.
            billed = passage.billed()
            outcome = unreadable(choice, passage.headers.get("content-type", ""))
            if isinstance(error, ValueError) and "content filter" in str(error):
                outcome = Reply("", StopReason.FILTERED, billed or Usage(), choice.model)
        else:
            outcome = reply_of(message, choice)
            billed = outcome.usage if outcome.usage != Usage() else None
        return outcome, billed

    def _chain(self, request: Request, parameters: Parameters, token: str) -> Chain:
        """`prompt | model`. Repository text is handed in as variables, so that its braces are no template."""
        key = (request.system, request.prompt, parameters, token)
        if key not in self._chains:
            self._chains[key] = self._new_chain(request, parameters, token)
        return self._chains[key]

    def _new_chain(self, request: Request, parameters: Parameters, token: str) -> Chain:
        prompt = self._prompt(request)
        if not takes_our_client(self._choice):
            return cast("Chain", prompt | self._model(parameters, token))
        most = parameters.output_tokens
        limit = {NEW_LIMIT: most} if parameters.limit == NEW_LIMIT else {"extra_body": {parameters.limit: most}}
        return cast("Chain", prompt | self._model(replace(parameters, output_tokens=1), token).bind(**limit))

    def _prompt(self, request: Request) -> Runnable[dict[str, Any], Any]:
        from langchain_core.messages import SystemMessage  # noqa: PLC0415  (0.5 s, only where a model is asked)
        from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder  # noqa: PLC0415  (likewise)

        key = (request.system, request.prompt)
        if key not in self._prompts:
            turns = [SystemMessage(request.system), ("human", request.prompt), MessagesPlaceholder(_SAID)]
            self._prompts[key] = ChatPromptTemplate.from_messages(turns)
        return self._prompts[key]

    def _model(self, parameters: Parameters, token: str) -> BaseChatModel:
        if self._client is None:
            self._client = http_client(self._choice, _leaves, _answered)
        key = (parameters, token)
        if key not in self._models:
            self._models[key] = chat_model(self._choice, parameters, self._client, token)
        return self._models[key]


_SAID: Final = "turns after the request"
"""No prompt file can have a field of this name: it has blanks."""


def _at_worst(error: BaseException, passage: Passage) -> Usage | None:
    """What a call without an answer may have cost: nothing, or nobody knows how much."""
    return Usage() if never_left(error) or not passage.left else None


async def _leaves(outgoing: Outgoing) -> None:
    await _PASSAGE.get().leaves(outgoing)


async def _answered(response: Response) -> None:
    await _PASSAGE.get().answered(response)
