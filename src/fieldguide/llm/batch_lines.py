"""The two line formats of a batch: requests that go into its file, and results that come out of its files.

Comes in: a `Request`, or a line of an output or an error file. Goes out: a line of JSON, or what became of a request.
Must never: put in a line what a call through the door would not hold; raise on anything that a provider wrote.

Formats: OpenAI's API reference ("The request input object", "The request output object"); Azure OpenAI's guide to
batch deployments.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.request import Failure, Reply, StopReason, Usage
from fieldguide.domain.trouble import Trouble
from fieldguide.llm.connection import unreadable
from fieldguide.llm.failures import failure_of
from fieldguide.llm.passage import check_redacted, messages_of
from fieldguide.llm.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.domain.request import Request
    from fieldguide.llm.parameters import Parameters

ENDPOINT: Final = "/v1/chat/completions"
AZURE_ENDPOINT: Final = "/chat/completions"
_OK: Final = 200
_UNANSWERED: Final = frozenset({"batch_expired", "batch_cancelled"})
"""Codes of lines that were not worked on before the batch ended."""
_STOPS: Final = {"length": StopReason.LENGTH, "content_filter": StopReason.FILTERED}


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of one line."""

    digest: str
    """Of its request."""
    outcome: Reply | Failure
    refusal: Refusal | None = None


def endpoint_of(choice: ModelChoice) -> str:
    """The address within the API that a batch's lines are for."""
    return AZURE_ENDPOINT if choice.provider is Provider.AZURE else ENDPOINT


def line_of(request: Request, choice: ModelChoice, parameters: Parameters) -> bytes:
    """A request as a line of a batch's input file, in ASCII; its name in there is its digest.

    Raises:
        TypeError: A field of the request holds text that never was redacted.
    """
    check_redacted(request)
    body: dict[str, object] = {
        "model": choice.model,
        "messages": messages_of(request),
        parameters.limit: parameters.output_tokens,
    }
    if parameters.temperature is not None:
        body["temperature"] = parameters.temperature
    line = {"custom_id": request.digest, "method": "POST", "url": endpoint_of(choice), "body": body}
    return json.dumps(line, ensure_ascii=True).encode() + b"\n"


def result_of(line: bytes, choice: ModelChoice) -> LineResult | None:
    """Read a line of an output or an error file; `None` where it does not say whose result it is."""
    try:
        read = _mapping(json.loads(line))
    except ValueError:
        return None
    digest, response = _text(read.get("custom_id")), _mapping(read.get("response"))
    if not digest:
        return None
    body, status = _mapping(response.get("body")), response.get("status_code")
    if status == _OK:
        return LineResult(digest, _reply(body, choice))
    error = _mapping(body.get("error")) or _mapping(read.get("error"))
    refusal = _refusal(error, status if isinstance(status, int) else 0)
    if refusal.code in _UNANSWERED:
        message = "the batch ended before this request was worked on"
        return LineResult(digest, Failure(message, "submit it again", transient=True))
    return LineResult(digest, failure_of(refusal, choice), refusal)


def _reply(body: Mapping[str, object], choice: ModelChoice) -> Reply | Failure:
    choices = body.get("choices")
    first = _mapping(next(iter(cast("list[object]", choices)), None) if isinstance(choices, list) else None)
    message = _mapping(first.get("message"))
    if not first:
        return unreadable(choice)
    stop = _STOPS.get(_text(first.get("finish_reason")), StopReason.STOP)
    if message.get("refusal"):
        stop = StopReason.FILTERED
    counted = _mapping(body.get("usage"))
    usage = Usage(_count(counted.get("prompt_tokens")), _count(counted.get("completion_tokens")))
    return Reply(_text(message.get("content")), stop, usage, _text(body.get("model")) or choice.model)


def _refusal(error: Mapping[str, object], status: int) -> Refusal:
    inner = _mapping(error.get("innererror"))
    codes = [_text(one) for one in (error.get("code"), error.get("type"), inner.get("code"))]
    code = next((one for one in codes if one and not one.isdigit() and one != "invalid_request_error"), "")
    told = error.get("code")
    if not status and str(told).isdigit():  # some of Azure's lines have the status in the error's code alone
        status = int(str(told))
    return Refusal(status, code, _text(error.get("param")), _text(error.get("message")))


def passing(outcome: Failure) -> bool:
    """Whether the same line may fare better in the next batch."""
    return outcome.transient or outcome.trouble in {
        Trouble.RATE_LIMITED,
        Trouble.UNAVAILABLE,
        Trouble.GARBLED,
        Trouble.TIMEOUT,
        Trouble.CONNECTION,
    }


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
