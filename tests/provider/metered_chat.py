"""Chat completions as a provider makes them: counted, metered, filtered, and sometimes gone wrong.

Comes in: the body of a chat completion's request. Goes out: an `Outcome` that says what to send and what it cost.
Must never: touch a connection; a batch asks the same way as a caller who waits.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib
import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, cast

from provider.metered_faults import Fault, FaultRates
from provider.metered_writing import Detail, reply_to

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Json = dict[str, Any]

REFUSED_FOR_GOOD: Final = "this sentence is refused for good"
"""Whatever prompt holds it is refused by the content filter, each time."""
_PER_MESSAGE: Final = 4
_PRIMING: Final = 3
_DEFAULT_REPLY: Final = 16
"""Tokens that Azure reserves where no most is said."""


class _Encoding(Protocol):
    def count(self, text: str) -> int: ...


@cache
def encoding(name: str = "o200k_base") -> _Encoding:
    """A tokenizer of `quicktok`, which has no types."""
    return cast("_Encoding", importlib.import_module("quicktok").get_encoding(name))


def prompt_tokens(body: Json) -> int:
    """Tokens of all messages, as OpenAI's cookbook counts them."""
    messages = cast("list[Json]", body.get("messages", []))
    return _PRIMING + sum(_PER_MESSAGE + encoding().count(_text(one)) for one in messages)


def reserved_tokens(body: Json) -> int:
    """Most tokens of the reply."""
    for name in ("max_completion_tokens", "max_tokens"):
        if body.get(name) is not None:
            return int(body[name])
    return _DEFAULT_REPLY


def digest_of(body: Json) -> str:
    """Of what is asked, whatever the parameters."""
    return hashlib.sha256(json.dumps(body.get("messages", []), sort_keys=True).encode()).hexdigest()


def user_text(body: Json) -> str:
    """The last message."""
    messages = cast("list[Json]", body.get("messages", []))
    return _text(messages[-1]) if messages else ""


def _text(message: Json) -> str:
    content: Any = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in cast("list[Json]", content))


@dataclass(frozen=True, slots=True)
class Model:
    """How the model behind the server behaves."""

    name: str = "gpt-4o-2024-08-06"
    context_window: int = 128_000
    detail: Detail = "content"
    """What a note depends on: every character of a file, or only the names that it defines."""
    plain_words: int = 300
    base_seconds: float = 0.0
    """Until the first token of a reply."""
    seconds_per_token: float = 0.0
    """Of the reply."""
    slow_seconds: float = 5.0
    """What `Fault.SLOW` adds."""
    hang_seconds: float = 600.0


Verdict = Literal["reply", "too long", "refused", "fault"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a model made of a request."""

    verdict: Verdict
    text: str = ""
    finish: str = "stop"
    completion_tokens: int = 0
    fault: Fault | None = None
    seconds: float = 0.0


@dataclass(slots=True)
class Mind:
    """The model: replies by what is asked, faults by their rates."""

    model: Model
    faults: FaultRates = field(default_factory=FaultRates)
    tries: dict[str, int] = field(default_factory=dict[str, int])

    def outcome(self, body: Json, tokens: int) -> Outcome:
        """Answer a request of so many prompt tokens."""
        if tokens + reserved_tokens(body) > self.model.context_window:
            return Outcome("too long")
        if any(REFUSED_FOR_GOOD in _text(one) for one in body.get("messages", [])):
            return Outcome("refused")
        digest = digest_of(body)
        self.tries[digest] = self.tries.get(digest, 0) + 1
        fault = self.faults.draw(digest, self.tries[digest])
        if fault in {Fault.SERVER_ERROR, Fault.UNAVAILABLE, Fault.RESET, Fault.HANG, Fault.RATE_LIMITED, Fault.PAGE}:
            return Outcome("fault", fault=fault)
        if fault is Fault.REFUSED:
            return Outcome("refused", fault=fault)
        return self._reply(body, fault)

    def _reply(self, body: Json, fault: Fault | None) -> Outcome:
        text = reply_to(user_text(body), detail=self.model.detail, plain_words=self.model.plain_words)
        most = reserved_tokens(body) if "messages" in body else _DEFAULT_REPLY
        finish = "stop"
        if fault in {Fault.LENGTH, Fault.FILTERED}:
            text = text[: len(text) // 2]
            finish = "length" if fault is Fault.LENGTH else "content_filter"
        tokens = encoding().count(text)
        said = body.get("max_completion_tokens") or body.get("max_tokens")
        while said is not None and tokens > most:
            text, finish = text[: max(1, len(text) * most // tokens - 1)], "length"
            tokens = encoding().count(text)
        seconds = self.model.base_seconds + tokens * self.model.seconds_per_token
        seconds += self.model.slow_seconds if fault is Fault.SLOW else 0.0
        return Outcome("reply", text, finish, tokens, fault, seconds)


def completion_body(model: str, outcome: Outcome, tokens: int, number: int) -> Json:
    """The body of a chat completion. What the filter took back has no text, as Azure sends it."""
    text = None if outcome.finish == "content_filter" else outcome.text
    message = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": f"chatcmpl-{number:08d}",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": model,
        "choices": [{"index": 0, "finish_reason": outcome.finish, "logprobs": None, "message": message}],
        "usage": _usage(outcome, tokens),
        "system_fingerprint": "fp_loopback",
    }


def chunk_bodies(model: str, outcome: Outcome, tokens: int, number: int, *, usage: bool) -> list[Json]:
    """The chunks of a streamed completion, some words each."""
    common = {
        "id": f"chatcmpl-{number:08d}",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": model,
    }

    def chunk(delta: Json, finish: str | None = None) -> Json:
        return {**common, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    step = 80
    pieces = [outcome.text[place : place + step] for place in range(0, len(outcome.text), step)]
    chunks = [chunk({"role": "assistant", "content": ""}), *(chunk({"content": piece}) for piece in pieces)]
    chunks.append(chunk({}, outcome.finish))
    if usage:
        chunks.append({**common, "choices": [], "usage": _usage(outcome, tokens)})
    return chunks


async def streamed(chunks: list[Json], fault: Fault | None) -> AsyncIterator[bytes]:
    """Server-sent events; a fault ends them early."""
    most = max(1, len(chunks) // 2) if fault in {Fault.CUT_BODY, Fault.CUT_JSON} else len(chunks)
    for chunk in chunks[:most]:
        yield f"data: {json.dumps(chunk)}\n\n".encode()
        await asyncio.sleep(0)
    if fault is Fault.CUT_JSON:
        yield f"data: {json.dumps(chunks[most])[:-20]}".encode()
    elif most == len(chunks):
        yield b"data: [DONE]\n\n"


def _usage(outcome: Outcome, tokens: int) -> Json:
    total = tokens + outcome.completion_tokens
    return {"prompt_tokens": tokens, "completion_tokens": outcome.completion_tokens, "total_tokens": total}
