"""From request to prose over HTTP: what is had, what is missing, what it cost, and what is never paid for twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.limits import Limits
from fieldguide.domain.model import ModelChoice
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.report import Event, Spending
from fieldguide.domain.request import PromptText, Request
from fieldguide.llm import Door, Ledger
from fieldguide.llm.store import ReplyStore
from fieldguide.write.prose import ProseFailure, WrittenProse, write_prose
from provider.loopback_provider import LoopbackProvider, completion

if TYPE_CHECKING:
    from pathlib import Path


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


@dataclass(frozen=True, slots=True)
class Desk:
    """Where prose is asked for, through a real door."""

    choice: ModelChoice
    ledger: Ledger
    spent: list[Spending]

    def outcome(self, request: Request, store: Path | None = None) -> WrittenProse | ProseFailure:
        """Ask for prose in a run of its own."""
        return asyncio.run(self._asked(request, store))

    def had(self, request: Request, store: Path | None = None) -> WrittenProse:
        """Ask for prose, and have it."""
        written = self.outcome(request, store)
        assert isinstance(written, WrittenProse), written
        return written

    async def _asked(self, request: Request, store: Path | None) -> WrittenProse | ProseFailure:
        def observe(event: Event) -> None:
            assert isinstance(event, Spending)
            self.spent.append(event)

        with ReplyStore(store) as replies:
            async with Door(self.choice, Limits(), replies, self.ledger, observe, count=len) as door:
                return await write_prose(request, self.choice, door, replies)


@pytest.fixture
def desk(ledger: Ledger, choice: ModelChoice) -> Desk:
    return Desk(choice, ledger, [])


def test_prose_comes_with_its_author(desk: Desk, provider: LoopbackProvider, prose_asked: Request) -> None:
    provider.reply = REPLY
    written = desk.had(prose_asked)
    assert written.prose.sections == {"tagline": "Does one thing.", "overview": "It is small.\nIt works."}
    assert written.prose.model == "gpt-4o-2024-08-06"
    assert written.missing == ()
    assert (desk.spent[-1].input_tokens, desk.spent[-1].output_tokens) == (1200, 340)


def test_a_cut_off_reply_gives_its_whole_sections(desk: Desk, provider: LoopbackProvider, prose_asked: Request) -> None:
    cut = completion(REPLY[: REPLY.index(" It works")], finish="length")
    provider.script = [cut, *[completion(" and", finish="length")] * 2]
    written = desk.had(prose_asked)
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
    desk: Desk,
    text: str | None,
    finish: str,
    fact: str,
    provider: LoopbackProvider,
    prose_asked: Request,
    tmp_path: Path,
) -> None:
    provider.anything = completion(text, finish=finish)
    failure = desk.outcome(prose_asked, tmp_path)
    assert isinstance(failure, ProseFailure)
    assert fact in failure.failure.fact
    assert failure.failure.hint
    # It is not taken for an answer by the next run.
    before = len(provider.received)
    desk.outcome(prose_asked, tmp_path)
    assert len(provider.received) > before


def test_a_reply_is_paid_for_once(desk: Desk, provider: LoopbackProvider, prose_asked: Request, tmp_path: Path) -> None:
    provider.reply = REPLY
    first = desk.had(prose_asked, tmp_path / "cache")
    second = desk.had(prose_asked, tmp_path / "cache")
    assert len(provider.received) == 1
    assert second.prose == first.prose
    assert (desk.spent[-1].from_store, desk.spent[-1].input_tokens) == (1, 0)


def test_a_cut_off_reply_is_not_kept(
    desk: Desk, provider: LoopbackProvider, prose_asked: Request, tmp_path: Path
) -> None:
    provider.reply = REPLY
    cut = completion("## tagline\nA thing.\n## overview\ncut", finish="length")
    provider.script = [cut, *[completion(" and", finish="length")] * 2]
    desk.had(prose_asked, tmp_path)
    assert set(desk.had(prose_asked, tmp_path).prose.sections) == {"tagline", "overview"}
    assert len(provider.received) == 4


def test_a_model_served_from_a_file_is_named_without_its_directory(
    desk: Desk, provider: LoopbackProvider, prose_asked: Request
) -> None:
    answer = completion(REPLY)
    assert answer.body is not None
    provider.script = [answer]
    answer.body["model"] = "/home/someone/models/small-q4.gguf"
    assert desk.had(prose_asked).prose.model == "small-q4"
