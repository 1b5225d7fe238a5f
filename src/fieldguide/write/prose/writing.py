"""Buys the prose of a page: one request through the door, and its reply taken apart.

Comes in: a `Request` and a `ModelChoice`. Goes out: `WrittenProse`, or a `ProseFailure`.
Must never: publish what was cut off; pay twice for the reply to one request.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from fieldguide.domain.page import Prose
from fieldguide.domain.report import Missing
from fieldguide.domain.request import Failure, Reply, StopReason
from fieldguide.write.prose.reply import Parsed, parse_reply, parse_revision

if TYPE_CHECKING:
    from fieldguide.domain.basis import Basis
    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.request import Request
    from fieldguide.llm.store import ReplyStore
    from fieldguide.write.asker import Asker


@dataclass(frozen=True, slots=True)
class WrittenProse:
    """Prose as the model wrote it, not yet verified, and what of it is missing."""

    prose: Prose
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class ProseFailure:
    """Nothing that can be published was had."""

    failure: Failure
    unusable: bool = False
    """The model answered, but nothing that could be used."""


async def write_prose(
    request: Request, choice: ModelChoice, door: Asker, store: ReplyStore
) -> WrittenProse | ProseFailure:
    """Ask the model for the prose.

    Args:
        request: As `prose_request` made it.
        choice: The model.
        door: Answers a request; a reply that was paid for already is not asked for again.
        store: Where replies are kept: one that holds nothing of what was asked for is taken out.
    """
    reply = await door.ask(request, continued=True)
    if isinstance(reply, Failure):
        return ProseFailure(reply)
    unusable = _unusable(reply, choice)
    parsed = parse_reply(reply.text, reply.stop_reason, request.sections)
    if unusable is None and not parsed.sections:
        unusable = _formless(reply, choice)
    if unusable is not None:
        store.forget(request.digest)
        return ProseFailure(unusable, unusable=True)
    return _written(parsed, reply)


async def write_revision(
    request: Request, basis: Basis, choice: ModelChoice, door: Asker, store: ReplyStore
) -> WrittenProse | ProseFailure:
    """Ask the model which sections of a page are no longer true, and for those anew.

    Args:
        request: As `revision_request` made it.
        basis: Of the prose as it stands.
        choice: The model.
        door: Answers a request.
        store: Where replies are kept.
    """
    reply = await door.ask(request, continued=True)
    if isinstance(reply, Failure):
        return ProseFailure(reply)
    unusable = _unusable(reply, choice)
    parsed = parse_revision(reply.text, reply.stop_reason, request.sections, basis)
    if unusable is None and not parsed.answered:
        unusable = _formless(reply, choice)
    if unusable is not None:
        store.forget(request.digest)
        return ProseFailure(unusable, unusable=True)
    return _written(parsed, reply)


def _written(parsed: Parsed, reply: Reply) -> WrittenProse:
    return WrittenProse(Prose(parsed.sections, parsed.descriptions, _author(reply.model)), parsed.missing)


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
