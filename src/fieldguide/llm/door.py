"""The one door: every word that goes to a model goes through `ask`.

Comes in: a `Request`, whose repository text is `RedactedText` by its type, and a `ModelChoice`.
Goes out: a `Reply`, or a `Failure` that says what to do.
Must never: send text that is not in the request, or anything that the ledger does not hold; log a prompt, a reply or
a key; retry what a server refused unchanged; let a third party see what passes unless the user asked for it.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.request import Failure, Reply, StopReason, Usage
from fieldguide.llm.connection import too_slow, unreachable, unreadable
from fieldguide.llm.destination import check_choice, takes_our_client
from fieldguide.llm.failures import failure_of
from fieldguide.llm.parameters import Parameters, first_parameters
from fieldguide.llm.passage import INTERRUPTED, Passage, our_error
from fieldguide.llm.provider import chat_model, entra_token, http_client, own_address
from fieldguide.llm.refusal import Refusal, refusal_of, refusal_of_model_error
from fieldguide.llm.trace import check_trace, trace
from fieldguide.llm.tracing import untraced

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.runnables import Runnable

    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.request import Request
    from fieldguide.llm.ledger import Ledger

_CUT_OFF: Final = frozenset({"length", "max_tokens", "max_output_tokens", "model_length"})
_FILTERED: Final = frozenset({"content_filter", "safety", "refusal", "recitation", "prohibited_content", "blocklist"})
"""Reasons to stop, as the providers name them, in lower case."""


async def ask(request: Request, choice: ModelChoice, ledger: Ledger) -> Reply | Failure:
    """Send one request and return the model's reply; what goes wrong is returned, not raised.

    A parameter that a server refuses by name is left out or renamed, once each, and the request is sent again: the
    refused one was not billed. Nothing else is tried twice here. Every try is recorded before it leaves.

    Raises:
        ConfigurationError: The provider needs a package that is not installed, the address may not be connected to,
            or the ledger cannot be written; nothing has left then.
        TypeError: A field of the request holds text that never was redacted.
    """
    for name, value in request.fields:
        if not isinstance(value, RedactedText):  # pyright: ignore[reportUnnecessaryIsInstance]  (types end at run time)
            message = f"the field `{name}` was not redacted"
            raise TypeError(message)
    check_choice(choice, own_address(choice))
    check_trace(choice)
    with untraced():
        token = await asyncio.to_thread(entra_token, choice) if choice.entra else ""
        if isinstance(token, Failure):
            return token
        parameters = first_parameters(request, choice)
        while True:
            outcome = await _recorded(request, choice, parameters, token, ledger)
            if not isinstance(outcome, Refusal):
                return outcome
            adapted = parameters.after(outcome)
            if adapted is None:
                return failure_of(outcome, choice)
            parameters = adapted


async def _recorded(
    request: Request, choice: ModelChoice, parameters: Parameters, token: str, ledger: Ledger
) -> Reply | Failure | Refusal:
    """Make one call, with its departure and its end in the ledger."""
    passage, started = Passage(request, choice, ledger), datetime.now(UTC)
    try:
        outcome = await _call(request, choice, parameters, token, passage)
    except BaseException:
        passage.end(INTERRUPTED)
        raise
    passage.end(outcome)
    if choice.tracing:
        reply = outcome if isinstance(outcome, Reply) else None
        await asyncio.to_thread(trace, request, choice, reply, started, ledger)
    return outcome


async def _call(
    request: Request, choice: ModelChoice, parameters: Parameters, token: str, passage: Passage
) -> Reply | Failure | Refusal:
    """Make one call, and turn every way in which it is known to fail into a value."""
    import openai  # noqa: PLC0415  (0.6 s, only where a model is asked)
    from langchain_core.exceptions import ModelConnectionError, ModelError, ModelTimeoutError  # noqa: PLC0415  (likewise)

    async with http_client(choice, passage.leaves, passage.answered) as client:
        chain = _chain(request, chat_model(choice, parameters, client, token))
        fields = {name: value.text for name, value in request.fields}
        if not takes_our_client(choice):
            passage.leaves_unseen()
        try:
            async with asyncio.timeout(choice.timeout):
                message = await chain.ainvoke(fields)
        except (TimeoutError, openai.APITimeoutError, ModelTimeoutError):
            return too_slow(choice)
        except (openai.APIConnectionError, ModelConnectionError) as error:
            if (ours := our_error(error)) is not None:
                raise ours from None
            return unreachable(choice, error)
        except openai.APIError as error:
            return refusal_of(error)
        except ModelError as error:
            return refusal_of_model_error(error)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            # How LangChain says that Azure filtered the reply, or fails on one that is no chat completion.
            filtered = isinstance(error, ValueError) and "content filter" in str(error)
            return Reply("", StopReason.FILTERED, Usage(), choice.model) if filtered else unreadable(choice)
    return _reply(message, choice)


def _chain(request: Request, model: BaseChatModel) -> Runnable[dict[str, str], AIMessage]:
    """`prompt | model`. Repository text is handed in as variables, so that its braces are no template."""
    from langchain_core.messages import SystemMessage  # noqa: PLC0415  (0.5 s, only where a model is asked)
    from langchain_core.prompts import ChatPromptTemplate  # noqa: PLC0415  (likewise)

    prompt = ChatPromptTemplate.from_messages([SystemMessage(request.system), ("human", request.prompt)])
    return cast("Runnable[dict[str, str], AIMessage]", prompt | model)


def _reply(message: AIMessage, choice: ModelChoice) -> Reply:
    metadata = cast("Mapping[str, object]", message.response_metadata)
    counted = message.usage_metadata
    usage = Usage(counted["input_tokens"], counted["output_tokens"]) if counted else Usage()
    named = metadata.get("model_name") or metadata.get("model")
    return Reply(str(message.text), _stop_reason(message, metadata), usage, str(named or choice.model))


def _stop_reason(message: AIMessage, metadata: Mapping[str, object]) -> StopReason:
    """Why the reply ended; each provider has a name and a place of its own for it."""
    details = metadata.get("incomplete_details")
    reasons = {str(metadata.get(key, "")).lower() for key in ("finish_reason", "stop_reason", "done_reason")}
    if isinstance(details, dict):
        reasons.add(str(cast("dict[str, object]", details).get("reason", "")).lower())
    if reasons & _FILTERED or message.additional_kwargs.get("refusal"):
        return StopReason.FILTERED
    return StopReason.LENGTH if reasons & _CUT_OFF else StopReason.STOP
