"""Error bodies as OpenAI and Azure OpenAI send them.

Comes in: what went wrong. Goes out: a status and a body. Must never: decide what goes wrong.
Source: OpenAI's API reference and guide to error codes; Azure OpenAI's REST reference and guide to content filtering.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from provider.loopback_http import HttpAnswer, json_answer

Json = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]

_SAFE: Final = {name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")}
FILTER_FINE: Final[Json] = dict(_SAFE)
FILTER_HIT: Final[Json] = {**_SAFE, "violence": {"filtered": True, "severity": "medium"}}


@dataclass(frozen=True, slots=True)
class Dialect:
    """Whose words an error is told in."""

    azure: bool
    model: str
    version: str = "v1"


def _error(status: int, error: Json, headers: Pairs = ()) -> HttpAnswer:
    return json_answer({"error": error}, status, headers)


def invalid(message: str, *, code: str | None = None, param: str | None = None, status: int = 400) -> HttpAnswer:
    """An error of the caller's."""
    return _error(status, {"message": message, "type": "invalid_request_error", "param": param, "code": code})


def rate_limited(
    dialect: Dialect, exceeded: str, limit: int, requested: int, wait: float, headers: Pairs
) -> HttpAnswer:
    """429 with the provider's own words, which differ for requests, tokens and a request that never fits."""
    minute = "requests per min (RPM)" if exceeded == "requests" else "tokens per min (TPM)"
    if dialect.azure:
        what = "call" if exceeded == "requests" else "token"
        said = (
            f"Requests to the ChatCompletions_Create Operation under Azure OpenAI API version {dialect.version} have "
            f"exceeded {what} rate limit of your current OpenAI S0 pricing tier. Please retry after "
            f"{max(1, math.ceil(wait))} seconds. Please go here: https://aka.ms/oai/quotaincrease if you would like to "
            "further increase the default rate limit."
        )
        return _error(429, {"code": "429", "message": said}, headers)
    if exceeded == "size":
        said = (
            f"Request too large for {dialect.model} in organization org-loopback on {minute}: Limit {limit}, Requested "
            f"{requested}. The input or output tokens must be reduced in order to run successfully. Visit "
            "https://platform.openai.com/account/rate-limits to learn more."
        )
    else:
        said = (
            f"Rate limit reached for {dialect.model} in organization org-loopback on {minute}: Limit {limit}, "
            f"Requested {requested}. Please try again in {wait:.3f}s. Visit "
            "https://platform.openai.com/account/rate-limits to learn more."
        )
    kind = "requests" if exceeded == "requests" else "tokens"
    return _error(429, {"message": said, "type": kind, "param": None, "code": "rate_limit_exceeded"}, headers)


def too_long(window: int, prompt: int, reserved: int) -> HttpAnswer:
    """400: the prompt, or the prompt with what is reserved for the reply, is beyond the window."""
    if prompt > window:
        said = f"However, your messages resulted in {prompt} tokens. Please reduce the length of the messages."
    else:
        said = (
            f"However, you requested {prompt + reserved} tokens ({prompt} in the messages, {reserved} in the "
            "completion). Please reduce the length of the messages or completion."
        )
    said = f"This model's maximum context length is {window} tokens. {said}"
    return invalid(said, code="context_length_exceeded", param="messages")


def filtered(dialect: Dialect) -> HttpAnswer:
    """400: the content filter refused the prompt."""
    said = (
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please "
        "modify your prompt and retry. To learn more about our content filtering policies please read our "
        "documentation: https://go.microsoft.com/fwlink/?linkid=2198766"
    )
    inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": FILTER_HIT}
    error: Json = {"message": said, "type": None, "param": "prompt", "code": "content_filter", "status": 400}
    return _error(400, {**error, "innererror": inner} if dialect.azure else error)


def failed(dialect: Dialect, status: int) -> HttpAnswer:
    """500 or 503."""
    if status == 503:
        said = "The engine is currently overloaded, please try again later"
        return _error(status, {"message": said, "type": "server_error", "param": None, "code": "service_unavailable"})
    said = "The server had an error while processing your request. Sorry about that!"
    if dialect.azure:
        return _error(status, {"code": "InternalServerError", "message": said})
    return _error(status, {"message": said, "type": "server_error", "param": None, "code": None})


def gateway_page() -> HttpAnswer:
    """502 with a page for people."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
    return HttpAnswer(502, page, kind="text/html")


def missing(what: str, identifier: str) -> HttpAnswer:
    """404: no such file or batch."""
    return invalid(f"No such {what} object: {identifier}", param="id", status=404)
