"""The whole chain with a real server and real tokens. The model's prose is poor; that it arrives is the point."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.codebase import Codebase
from fieldguide.domain.limits import Limits
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.report import Event, Spending
from fieldguide.domain.request import Failure, PromptText, Reply, Request, StopReason
from fieldguide.domain.source import Role, SourceFile
from fieldguide.llm import Door, ask
from fieldguide.llm.store import ReplyStore
from fieldguide.plan import make_outline, weigh
from fieldguide.redact import Redactor, seal
from fieldguide.write.prose import ProseFailure, WrittenProse, prose_request, render_request, write_prose

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.domain.model import ModelChoice
    from fieldguide.llm import Ledger

pytestmark = pytest.mark.model

CODE = '''\
def retry(function, attempts=3):
    """Call a function again until it succeeds."""
    for attempt in range(attempts):
        try:
            return function()
        except OSError:
            continue
    raise RuntimeError("gave up")
'''
OWN_PROMPT = """\
---
fields: [evidence, sections]
---
{evidence}

Say in one sentence what this Python function does. Sections: {sections}.
"""


def test_a_real_reply_has_real_usage(ledger: Ledger, local: ModelChoice) -> None:
    fields = (("code", RedactedText(CODE)),)
    request = Request(
        PromptText("You explain code in one sentence."),
        PromptText("{code}\nWhat does it do?"),
        fields,
        ("tagline",),
        30,
        "0" * 32,
    )
    reply = asyncio.run(ask(request, local, ledger))
    assert isinstance(reply, Reply), reply
    assert reply.text.strip()
    assert 60 < reply.usage.input_tokens < 400
    assert 0 < reply.usage.output_tokens <= 30
    assert reply.stop_reason is (StopReason.LENGTH if reply.usage.output_tokens == 30 else StopReason.STOP)


def test_a_request_beyond_its_context_is_told_with_the_servers_numbers(ledger: Ledger, local: ModelChoice) -> None:
    fields = (("code", RedactedText(CODE * 200)),)
    request = Request(PromptText("System."), PromptText("{code}"), fields, ("tagline",), 30, "0" * 32)
    failure = asyncio.run(ask(request, local, ledger))
    assert isinstance(failure, Failure)
    assert re.search(r"too long for `smollm2`: it takes 8,192 tokens, \d\d,\d{3} are needed", failure.fact), (
        failure.fact
    )


def test_the_chain_from_plan_to_reply(ledger: Ledger, local: ModelChoice, tmp_path: Path) -> None:
    """Plan, request, door, parser. A model of this size may miss the form: then that is what the failure says."""
    (tmp_path / "readme.md").write_text(OWN_PROMPT)
    source = SourceFile("retry.py", "python", len(CODE), "", Role.SOURCE)
    codebase = Codebase("retry", (source,))
    outline = make_outline(codebase, page="README.md", choice=local, read=lambda _: RedactedText(CODE), facts="")
    assert outline.requests == 1
    request = prose_request(
        outline, codebase, local, "", prompts=tmp_path, seal=lambda text: seal(text, Redactor(b"k" * 32))
    )
    weighed = weigh(outline, render_request(request), local)
    spent: list[Spending] = []

    def observe(event: Event) -> None:
        assert isinstance(event, Spending)
        spent.append(event)

    async def answered() -> WrittenProse | ProseFailure:
        with ReplyStore(None) as store:
            async with Door(local, Limits(), store, ledger, observe, count=len) as door:
                return await write_prose(request, local, door, store)

    answer = asyncio.run(answered())
    assert isinstance(answer, WrittenProse | ProseFailure)
    assert weighed.input_tokens <= spent[-1].input_tokens * 1.6
    assert spent[-1].output_tokens > 0
    assert spent[-1].done >= 1
    if isinstance(answer, ProseFailure):
        assert "sections asked for" in answer.failure.fact or "cut off" in answer.failure.fact


def test_our_count_of_tokens_is_no_less_than_the_servers(ledger: Ledger, local: ModelChoice) -> None:
    """An unknown tokenizer is counted with a margin: what the plan says fits does fit."""
    fields = (("code", RedactedText(CODE * 10)),)
    request = Request(PromptText("System."), PromptText("{code}"), fields, ("tagline",), 1, "0" * 32)
    reply = asyncio.run(ask(request, replace(local, max_output_tokens=1), ledger))
    assert isinstance(reply, Reply), reply
    source = SourceFile("retry.py", "python", len(CODE), "", Role.SOURCE)
    outline = make_outline(
        Codebase("retry", (source,)), page="README.md", choice=local, read=lambda _: RedactedText(CODE * 10), facts=""
    )
    assert outline.evidence[0].tokens >= reply.usage.input_tokens * 0.9
