"""Reads what a server answered instead of a reply out of the client library's exception.

Comes in: an exception of `openai` or of `langchain_core`. Goes out: a `Refusal`.
Must never: show anything; what a server says may quote the key and the prompt.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from openai import APIError

_STATUSES: Final = (
    ("ModelAuthenticationError", 401),
    ("ModelPermissionDeniedError", 403),
    ("ModelNotFoundError", 404),
    ("ModelRateLimitError", 429),
    ("ContextOverflowError", 413),
    ("ModelInvalidRequestError", 400),
    ("ModelAPIError", 500),
)
"""What LangChain's own exceptions, which every provider's package raises, stand for."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a server answered instead of a reply. `status` is an HTTP status, 0 when there was none."""

    status: int
    code: str = ""
    param: str = ""
    message: str = ""
    """As the server said it."""
    retry_after: float | None = None
    """Seconds."""


def refusal_of(error: APIError) -> Refusal:
    """Read an error of the `openai` package, whose `body` is what stood under `error` in the reply."""
    response = getattr(error, "response", None)
    body = _mapping(error.body)
    inner = _mapping(body.get("innererror"))
    return Refusal(
        status=int(getattr(error, "status_code", 0)),
        code=_named(body.get("code"), body.get("type"), inner.get("code")),
        param=error.param or "",
        message=_text(body.get("message")) or error.message,
        retry_after=_retry_after(response.headers) if response is not None else None,
    )


def refusal_of_model_error(error: Exception) -> Refusal:
    """Read an error of another provider's package by the standard class of `langchain_core` that it belongs to."""
    names = {base.__name__ for base in type(error).__mro__}
    status = next((status for name, status in _STATUSES if name in names), 0)
    return Refusal(status, message=str(error))


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _named(*values: object) -> str:
    """The first code that is a name: some servers repeat the status there, and say in `type` what they mean."""
    texts = [_text(value) for value in values]
    return next((text for text in texts if text and not text.isdigit() and text != "invalid_request_error"), "")


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, as RFC 9110 section 10.2.3 has it, or as Azure's `retry-after-ms` says more exactly."""
    if re.fullmatch(r"\d+(?:\.\d+)?", milliseconds := headers.get("retry-after-ms", "")):
        return float(milliseconds) / 1000
    value = headers.get("retry-after", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", value):
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
