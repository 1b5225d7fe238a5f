"""Reads a reply out of the message that LangChain makes of it.

Comes in: a message of a chat model. Goes out: a `Reply`. Must never: take a reply that was cut off for a whole one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from fieldguide.domain.request import Reply, StopReason, Usage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langchain_core.messages import AIMessage

    from fieldguide.domain.model import ModelChoice

_CUT_OFF: Final = frozenset({"length", "max_tokens", "max_output_tokens", "model_length"})
_FILTERED: Final = frozenset({"content_filter", "safety", "refusal", "recitation", "prohibited_content", "blocklist"})
"""Reasons to stop, as the providers name them, in lower case."""


def reply_of(message: AIMessage, choice: ModelChoice) -> Reply:
    """Text, reason to stop, usage and the model's own name."""
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
