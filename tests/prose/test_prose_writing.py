"""From request to prose over HTTP: what is had, what is missing, what it cost, and what is never paid for twice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.request import PromptText, Request, Usage
from fieldguide.write.prose import ProseFailure, WrittenProse, write_prose
from provider.loopback_provider import LoopbackProvider, completion, error

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.domain.model import ModelChoice
    from fieldguide.llm import Ledger

REPLY = "## tagline\n\nDoes one thing.\n\n## overview\n\nIt is small. It works.\n\n## end\n"


@pytest.fixture
def prose_asked() -> Request:
    return Request(
        PromptText("System."),
        PromptText("{evidence}"),
        (("evidence", RedactedText("x = 1")),),
        ("tagline", "overview"),
        500,
        "d" * 32,
    )


def had(ledger: Ledger, request: Request, choice: ModelChoice, store: Path | None = None) -> WrittenProse:
    written = asyncio.run(write_prose(request, choice, ledger, store=store))
    assert isinstance(written, WrittenProse), written
    return written


def failed(ledger: Ledger, request: Request, choice: ModelChoice, store: Path | None = None) -> ProseFailure:
    failure = asyncio.run(write_prose(request, choice, ledger, store=store))
    assert isinstance(failure, ProseFailure), failure
    return failure


def test_prose_comes_with_its_author_usage_and_digest(
    ledger: Ledger, provider: LoopbackProvider, choice: ModelChoice, prose_asked: Request
) -> None:
    provider.reply = REPLY
    written = had(ledger, prose_asked, choice)
    assert written.prose.sections == {"tagline": "Does one thing.", "overview": "It is small.\nIt works."}
    assert written.prose.model == "gpt-4o-2024-08-06"
    assert written.usage == Usage(1200, 340)
    assert (written.requests, written.missing, written.digest) == (1, (), "d" * 32)


def test_a_cut_off_reply_gives_its_whole_sections(
    ledger: Ledger, provider: LoopbackProvider, choice: ModelChoice, prose_asked: Request
) -> None:
    provider.script = [completion(REPLY[: REPLY.index(" It works")], finish="length")]
    written = had(ledger, prose_asked, choice)
    assert set(written.prose.sections) == {"tagline"}
    assert [one.section for one in written.missing] == ["overview"]


@pytest.mark.parametrize(
    ("text", "finish", "fact"),
    [
        ("", "stop", "answered with no text"),
        (" \n", "stop", "answered with no text"),
        ("", "length", "before it wrote a word"),
        ("## tagline\nDoes one", "length", "cut off before its first section was whole"),
        ("I am sorry, I cannot.", "stop", "none of the sections asked for"),
        (REPLY, "content_filter", "content filter took back"),
        (None, "content_filter", "content filter took back"),
    ],
)
def test_a_reply_of_no_use_is_a_failure_with_a_hint(
    ledger: Ledger,
    text: str | None,
    finish: str,
    fact: str,
    provider: LoopbackProvider,
    choice: ModelChoice,
    prose_asked: Request,
    tmp_path: Path,
) -> None:
    provider.script = [completion(text, finish=finish)]
    failure = failed(ledger, prose_asked, choice, tmp_path if finish != "stop" else None)
    assert fact in failure.failure.fact
    assert failure.failure.hint
    assert failure.requests == 1
    assert finish == "content_filter" or failure.usage == Usage(1200, 340), "it was paid for"


def test_a_refused_call_costs_nothing(
    ledger: Ledger, provider: LoopbackProvider, choice: ModelChoice, prose_asked: Request
) -> None:
    provider.script = [error(500, "broken")]
    assert failed(ledger, prose_asked, choice).usage == Usage()


def test_a_reply_is_paid_for_once(
    ledger: Ledger, provider: LoopbackProvider, choice: ModelChoice, prose_asked: Request, tmp_path: Path
) -> None:
    provider.reply = REPLY
    first = had(ledger, prose_asked, choice, tmp_path / "cache")
    second = had(ledger, prose_asked, choice, tmp_path / "cache")
    assert len(provider.received) == 1
    assert second.prose == first.prose
    assert (second.requests, second.usage) == (0, Usage())


def test_a_cut_off_reply_is_not_kept(
    ledger: Ledger, provider: LoopbackProvider, choice: ModelChoice, prose_asked: Request, tmp_path: Path
) -> None:
    provider.reply = REPLY
    provider.script = [completion("## tagline\nA thing.\n## overview\ncut", finish="length")]
    had(ledger, prose_asked, choice, tmp_path)
    assert set(had(ledger, prose_asked, choice, tmp_path).prose.sections) == {"tagline", "overview"}
    assert len(provider.received) == 2


def test_a_model_served_from_a_file_is_named_without_its_directory(
    ledger: Ledger, provider: LoopbackProvider, choice: ModelChoice, prose_asked: Request
) -> None:
    answer = completion(REPLY)
    assert answer.body is not None
    provider.script = [answer]
    answer.body["model"] = "/home/someone/models/small-q4.gguf"
    assert had(ledger, prose_asked, choice).prose.model == "small-q4"
