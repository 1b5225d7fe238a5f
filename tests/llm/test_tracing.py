"""Tracing to LangSmith: off whatever the environment says, and by `--tracing` the redacted text and nothing else."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.request import Reply
from fieldguide.domain.source import Span
from fieldguide.errors import ConfigurationError
from fieldguide.llm import Ledger, ask, read_ledger
from fieldguide.llm.tracing import untraced
from provider.loopback_provider import KEY, Answer, error, running_provider
from waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Generator

    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.request import Request
    from provider.loopback_provider import LoopbackProvider


@pytest.fixture
def langsmith(monkeypatch: pytest.MonkeyPatch) -> Generator[tuple[LoopbackProvider, list[bytes]]]:
    """A server in LangSmith's place, and the bodies that it got."""
    bodies: list[bytes] = []
    with running_provider() as server:
        server.on_body = bodies.append
        server.anything = Answer(202, {})
        monkeypatch.setenv("LANGSMITH_ENDPOINT", server.address)
        monkeypatch.setenv("LANGSMITH_API_KEY", "lsv2_key_of_the_user")
        monkeypatch.setenv("LANGSMITH_PROJECT", "docs")
        monkeypatch.setenv("LANGCHAIN_REVISION", "a-word-of-the-environment")
        yield server, bodies


def test_a_trace_holds_the_redacted_text_and_the_reply_and_nothing_of_ours(
    ledger: Ledger,
    provider: LoopbackProvider,
    langsmith: tuple[LoopbackProvider, list[bytes]],
    azure: ModelChoice,
    request_for_prose: Request,
) -> None:
    server, bodies = langsmith
    choice = replace(azure, tracing=True, headers=(("X-Gateway-Key", "key-of-a-gateway"),))
    request = replace(request_for_prose, sources=(Span("a.py", 1, 2),))
    assert isinstance(asyncio.run(ask(request, choice, ledger)), Reply)
    (body,) = bodies
    run = json.loads(body)
    assert run["inputs"]["messages"] == [
        {"role": role, "content": content} for role, content in provider.received[0].messages
    ]
    assert run["outputs"] == {"text": provider.reply, "stop_reason": "stop"}
    assert run["session_name"] == "docs"
    assert server.received[0].headers["x-api-key"] == "lsv2_key_of_the_user"
    whole = body.decode() + str(server.received)
    ours = (KEY, "key-of-a-gateway", "X-Gateway", provider.address, "a-word-of-the-environment", os.uname().nodename)
    assert [word for word in ours if word in whole] == []
    first, second = read_ledger(ledger.path).calls
    assert first.departure.host == provider.address[7:]
    assert (second.departure.host, second.departure.model) == (server.address[7:], "LangSmith")
    assert second.departure.sources == request.sources
    assert second.arrival is not None
    assert second.arrival.outcome == "traced"


def test_nothing_is_traced_without_the_flag(
    ledger: Ledger,
    langsmith: tuple[LoopbackProvider, list[bytes]],
    azure: ModelChoice,
    request_for_prose: Request,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    asyncio.run(ask(request_for_prose, azure, ledger))
    assert langsmith[1] == []
    assert len(read_ledger(ledger.path).calls) == 1


@pytest.mark.parametrize("refusal", [error(401, "no"), error(500, "no"), replace(error(307, "moved"))])
def test_a_trace_that_fails_costs_no_reply_and_is_on_record(
    refusal: Answer,
    ledger: Ledger,
    provider: LoopbackProvider,
    langsmith: tuple[LoopbackProvider, list[bytes]],
    azure: ModelChoice,
    request_for_prose: Request,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The redirect would lead to the model's server: it is not followed."""
    langsmith[0].anything = replace(refusal, headers=(("Location", f"{provider.address}/v1/chat/completions"),))
    assert isinstance(asyncio.run(ask(request_for_prose, replace(azure, tracing=True), ledger)), Reply)
    outcome = read_ledger(ledger.path).calls[1].arrival
    assert outcome is not None
    assert outcome.outcome not in {"", "traced"}
    assert len(provider.received) == 1
    said = capsys.readouterr()
    assert "def f(x)" not in said.err + said.out + ledger.path.read_text()


@pytest.mark.parametrize("address", ["http://trace.example", "https://trace.example"])
def test_a_trace_goes_nowhere_that_a_call_may_not_go(
    address: str,
    ledger: Ledger,
    provider: LoopbackProvider,
    azure: ModelChoice,
    request_for_prose: Request,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGSMITH_ENDPOINT", address)
    choice = replace(azure, tracing=True, allowed_hosts=frozenset({"127.0.0.1"}))
    with pytest.raises(ConfigurationError, match=r"trace\.example"):
        asyncio.run(ask(request_for_prose, choice, ledger))
    assert provider.received == []


def test_contexts_without_traces_may_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first to enter leaves first; the environment and the loggers come back with the last."""
    monkeypatch.setenv("OPENAI_LOG", "debug")
    logger = logging.getLogger("openai")
    level = logger.level
    first, second, inside = threading.Event(), threading.Event(), threading.Event()

    def enter(done: threading.Event) -> None:
        with untraced():
            inside.set()
            done.wait(PATIENCE)

    threads = [threading.Thread(target=enter, args=(event,)) for event in (first, second)]
    for thread in threads:
        inside.clear()
        thread.start()
        assert inside.wait(PATIENCE)
    first.set()
    threads[0].join()
    assert "OPENAI_LOG" not in os.environ
    assert not logger.isEnabledFor(logging.CRITICAL)
    second.set()
    threads[1].join()
    assert os.environ["OPENAI_LOG"] == "debug"
    assert logger.level == level
