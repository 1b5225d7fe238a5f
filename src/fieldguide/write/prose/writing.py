"""Buys the prose of a page: one request through the door, and its reply taken apart.

Comes in: a `Request` and a `ModelChoice`. Goes out: `WrittenProse`, or a `ProseFailure` that tells what it cost.
Must never: publish what was cut off; pay twice for the reply to one request.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from fieldguide.domain.page import Prose
from fieldguide.domain.report import Missing
from fieldguide.domain.request import Failure, Reply, StopReason, Usage
from fieldguide.llm import Ledger, ask
from fieldguide.llm.store import ReplyStore
from fieldguide.write.prose.reply import parse_reply

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.request import Request


@dataclass(frozen=True, slots=True)
class WrittenProse:
    """Prose as the model wrote it, not yet verified, and what of it is missing."""

    prose: Prose
    missing: tuple[Missing, ...]
    usage: Usage
    """Of this run: nothing for a reply that was paid for in an earlier one. Without a price, which `plan` knows."""
    requests: int
    """Sent in this run: 1, or 0 for a reply that was paid for."""
    digest: str
    """Of the request that it answers."""


@dataclass(frozen=True, slots=True)
class ProseFailure:
    """Nothing that can be published was had; a reply that could not be used was paid for all the same."""

    failure: Failure
    usage: Usage = field(default_factory=Usage)
    requests: int = 1


async def write_prose(
    request: Request, choice: ModelChoice, ledger: Ledger, *, store: Path | None = None
) -> WrittenProse | ProseFailure:
    """Ask the model for the prose, unless the reply to exactly this request is kept already.

    Args:
        request: As `prose_request` made it.
        choice: The model.
        ledger: In which every call is recorded before it leaves.
        store: Directory in which whole replies are kept; `None` keeps none.

    Raises:
        ConfigurationError: The provider needs a package that is not installed, its address may not be connected to,
            or the ledger cannot be written.
    """
    with ReplyStore(store) as replies:
        kept = replies.get(request.digest)
        reply = kept or await ask(request, choice, ledger)
        if isinstance(reply, Failure):
            return ProseFailure(reply)
        if kept is None:
            replies.put(request.digest, reply)
    usage, requests = (Usage(), 0) if kept else (reply.usage, 1)
    unusable = _unusable(reply, choice)
    if unusable is not None:
        return ProseFailure(unusable, usage, requests)
    parsed = parse_reply(reply.text, reply.stop_reason, request.sections)
    if not parsed.sections:
        return ProseFailure(_formless(reply, choice), usage, requests)
    prose = Prose(parsed.sections, parsed.descriptions, _author(reply.model))
    return WrittenProse(prose, parsed.missing, usage, requests, request.digest)


def is_kept(request: Request, store: Path | None) -> bool:
    """Whether the reply to exactly this request was paid for in an earlier run and is at hand."""
    with ReplyStore(store) as replies:
        return replies.get(request.digest) is not None


def _unusable(reply: Reply, choice: ModelChoice) -> Failure | None:
    """Why a reply holds nothing to take apart."""
    if reply.stop_reason is StopReason.FILTERED:
        return Failure(
            f"the content filter took back what `{choice.model}` wrote",
            "see what is sent with `fieldguide plan --show-prompts`, and leave the cause out with `--exclude`",
        )
    if reply.text.strip():
        return None
    if reply.stop_reason is StopReason.LENGTH:
        return Failure(
            f"`{choice.model}` used up its {choice.reply_tokens:,} tokens before it wrote a word",
            "give it more with `--max-output-tokens`",
        )
    return Failure(f"`{choice.model}` answered with no text", "run again, or choose another model")


def _formless(reply: Reply, choice: ModelChoice) -> Failure:
    if reply.stop_reason is StopReason.LENGTH:
        return Failure(
            f"the reply of `{choice.model}` was cut off before its first section was whole",
            "give it more with `--max-output-tokens`",
        )
    return Failure(
        f"the reply of `{choice.model}` holds none of the sections asked for",
        "choose a more capable model, or look at your own prompts if you gave any",
    )


def _author(model: str) -> str:
    """The model's name for the page's footer; of one that is served from a file, the file's name alone."""
    if "\\" in model:
        return PureWindowsPath(model).stem
    return PurePosixPath(model).stem if model.startswith(("/", ".", "~")) else model
