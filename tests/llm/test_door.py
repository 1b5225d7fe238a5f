"""The door against a real HTTP server that speaks the providers' protocols, through the real client libraries."""

from __future__ import annotations

import asyncio
import logging
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.request import Failure, Reply, StopReason, Usage
from fieldguide.llm import ask
from provider.loopback_provider import DEPLOYMENT, KEY, LoopbackProvider, completion, error, running_provider

if TYPE_CHECKING:
    from collections.abc import Generator

    from fieldguide.domain.redacted import RedactedText
    from fieldguide.domain.request import Request
    from fieldguide.llm import Ledger


def call(ledger: Ledger, request: Request, choice: ModelChoice) -> Reply:
    answer = asyncio.run(ask(request, choice, ledger))
    assert isinstance(answer, Reply), answer
    return answer


def test_azure_gets_its_path_version_key_and_parameters(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    reply = call(ledger, request_for_prose, azure)
    assert reply == Reply(provider.reply, StopReason.STOP, Usage(1200, 340), "gpt-4o-2024-08-06")
    (received,) = provider.received
    assert received.path == f"/openai/deployments/{DEPLOYMENT}/chat/completions"
    assert received.query["api-version"] == ["2024-10-21"]
    assert received.headers["api-key"] == KEY
    assert "authorization" not in received.headers
    assert received.body["temperature"] == 0.2
    assert received.body["max_completion_tokens"] == 700
    assert "max_tokens" not in received.body
    assert "stream" not in received.body or not received.body["stream"]


def test_code_with_braces_arrives_as_it_is(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    call(ledger, request_for_prose, azure)
    code = request_for_prose.fields[0][1].text
    assert provider.received[0].messages == [
        ("system", request_for_prose.system),
        ("user", f"The code:\n{code}\nIn braces: {{x}}."),
    ]


def test_azure_v1_endpoint_needs_no_version(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    for endpoint in (provider.address, f"{provider.address}/openai/v1", f"{provider.address}/openai/v1/"):
        call(ledger, request_for_prose, replace(azure, api_version="", endpoint=endpoint))
    assert {one.path for one in provider.received} == {"/openai/v1/chat/completions"}
    assert all(not one.query for one in provider.received)
    assert all(one.body["model"] == DEPLOYMENT for one in provider.received)


def test_compatible_server_gets_the_old_name_of_the_limit_and_no_other_servers_key(
    ledger: Ledger,
    provider: LoopbackProvider,
    compatible: ModelChoice,
    request_for_prose: Request,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-server-0123456789")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    provider.key = ""
    call(ledger, request_for_prose, replace(compatible, key=None))
    (received,) = provider.received
    assert received.body["max_tokens"] == 700
    assert "max_completion_tokens" not in received.body
    assert "temperature" not in received.body
    assert "another-server" not in str(received)


def test_azure_key_is_used_though_the_environment_has_a_token_and_another_endpoint(
    ledger: Ledger,
    provider: LoopbackProvider,
    azure: ModelChoice,
    request_for_prose: Request,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "a-token-of-the-environment")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_API_VERSION", "1999-01-01")
    call(ledger, request_for_prose, azure)
    assert provider.received[0].headers["api-key"] == KEY
    assert "a-token-of-the-environment" not in str(provider.received)


def test_headers_of_the_user_are_sent(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    call(ledger, request_for_prose, replace(azure, headers=(("X-Gateway", "team-a"),)))
    assert provider.received[0].headers["x-gateway"] == "team-a"


@pytest.mark.parametrize("family", ["o3-mini", "gpt-5"])
def test_reasoning_models_get_no_temperature(
    ledger: Ledger, family: str, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    provider.refused_parameters = frozenset({"temperature", "max_tokens"})
    call(ledger, request_for_prose, replace(azure, family=family, api_version="2024-06-01"))
    assert len(provider.received) == 1


def test_old_azure_versions_get_the_old_name_at_once(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    call(ledger, request_for_prose, replace(azure, api_version="2024-02-01"))
    assert provider.received[0].body["max_tokens"] == 700


def test_refused_parameters_are_adapted_once_each(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    provider.refused_parameters = frozenset({"temperature", "max_completion_tokens"})
    call(ledger, request_for_prose, azure)
    first, second, third = (one.body for one in provider.received)
    assert "temperature" in first
    assert "max_completion_tokens" in first
    assert "max_completion_tokens" not in second
    assert second["max_tokens"] == 700
    assert "temperature" not in third


def test_a_server_without_param_is_understood_by_its_words(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    provider.script = [error(400, "Unrecognized request argument supplied: max_completion_tokens")]
    call(ledger, request_for_prose, azure)
    assert [("max_tokens" in one.body) for one in provider.received] == [False, True]


def test_a_limit_that_is_too_high_is_not_tried_under_its_other_name(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    too_high = "max_tokens is too large: 700. This model supports at most 512 completion tokens."
    provider.script = [error(400, too_high, code="invalid_value", param="max_completion_tokens")]
    answer = asyncio.run(ask(request_for_prose, azure, ledger))
    assert isinstance(answer, Failure)
    assert "512" in answer.fact
    assert len(provider.received) == 1


@pytest.mark.parametrize(
    ("finish", "stop"),
    [
        ("stop", StopReason.STOP),
        ("length", StopReason.LENGTH),
        ("content_filter", StopReason.FILTERED),
        ("STOP", StopReason.STOP),
    ],
)
def test_why_a_reply_ended_is_known(
    ledger: Ledger,
    finish: str,
    stop: StopReason,
    provider: LoopbackProvider,
    azure: ModelChoice,
    request_for_prose: Request,
) -> None:
    provider.script = [completion("text", finish=finish)]
    assert call(ledger, request_for_prose, azure).stop_reason is stop


def test_a_reply_without_content_is_an_empty_reply(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    provider.script = [completion(None, finish="content_filter")]
    assert call(ledger, request_for_prose, azure).text == ""


def forget_environment() -> None:
    """Have LangSmith look at the environment anew: it remembers what it read."""
    from langsmith import utils  # noqa: PLC0415  (slow to import)

    cast("Any", utils.get_env_var).cache_clear()


@pytest.fixture(scope="module")
def eavesdropper() -> Generator[LoopbackProvider]:
    """A server that the environment names as LangSmith's; one for all, since LangSmith remembers its address."""
    with running_provider() as running:
        yield running
    forget_environment()


@pytest.mark.parametrize(
    "switch",
    [
        {"LANGSMITH_TRACING": "true"},
        {"LANGSMITH_TRACING_V2": "true", "LANGCHAIN_TRACING_V2": "true"},
        {"LANGCHAIN_TRACING": "true"},
        {"LANGCHAIN_HANDLER": "langchain"},
        {"LANGSMITH_GATEWAY": "true"},
    ],
    ids="+".join,
)
def test_nothing_is_traced_whatever_the_environment_says(
    ledger: Ledger,
    switch: dict[str, str],
    provider: LoopbackProvider,
    eavesdropper: LoopbackProvider,
    azure: ModelChoice,
    request_for_prose: Request,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment = {
        "LANGSMITH_ENDPOINT": eavesdropper.address,
        "LANGCHAIN_ENDPOINT": eavesdropper.address,
        "LANGSMITH_API_KEY": "trace-key",
        **switch,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    forget_environment()
    eavesdropper.received.clear()
    call(ledger, request_for_prose, azure)
    # Traces are sent by a background thread when it is asked to flush, or at exit.
    from langchain_core.tracers.langchain import wait_for_all_tracers  # noqa: PLC0415  (slow to import)

    wait_for_all_tracers()
    assert eavesdropper.received == []
    assert environment.items() <= os.environ.items()
    assert len(provider.received) == 1


def test_the_eavesdropper_would_hear_an_untamed_chain(
    eavesdropper: LoopbackProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the door the same environment does send traces: the test above can fail."""
    from langchain_core.runnables import RunnableLambda  # noqa: PLC0415  (slow to import)
    from langchain_core.tracers.langchain import wait_for_all_tracers  # noqa: PLC0415

    for name in ("LANGSMITH_ENDPOINT", "LANGCHAIN_ENDPOINT"):
        monkeypatch.setenv(name, eavesdropper.address)
    monkeypatch.setenv("LANGSMITH_API_KEY", "trace-key")
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    forget_environment()
    RunnableLambda(len).invoke("text")
    wait_for_all_tracers()
    assert eavesdropper.received


def test_no_log_at_any_level_holds_the_key_or_the_prompt(
    ledger: Ledger,
    provider: LoopbackProvider,
    azure: ModelChoice,
    request_for_prose: Request,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_LOG", "debug")
    caplog.set_level(logging.DEBUG)
    provider.script = [
        error(400, "Unsupported parameter: 'temperature'", code="unsupported_parameter", param="temperature")
    ]
    call(ledger, request_for_prose, azure)
    assert len(provider.received) == 2
    assert KEY not in caplog.text
    assert "def f(x)" not in caplog.text


def test_a_redirect_carries_the_code_nowhere(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    with running_provider() as elsewhere:
        answer = error(307, "moved")
        provider.script = [replace(answer, headers=(("Location", f"{elsewhere.address}/v1/chat/completions"),))]
        failure = asyncio.run(ask(request_for_prose, azure, ledger))
        assert isinstance(failure, Failure)
        assert "another address" in failure.fact
        assert elsewhere.received == []


def test_a_proxy_of_the_environment_is_used(
    ledger: Ledger,
    provider: LoopbackProvider,
    azure: ModelChoice,
    request_for_prose: Request,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Plain HTTP goes to a proxy with the whole address in the request line; the loopback server stands in for one."""
    monkeypatch.setenv("HTTP_PROXY", provider.address)
    call(ledger, request_for_prose, replace(azure, endpoint="http://model.example", allow_http=True))
    assert provider.received[0].headers["host"] == "model.example"


def test_text_that_was_not_redacted_does_not_pass(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    plain = cast("RedactedText", "a plain string")
    with pytest.raises(TypeError, match="not redacted"):
        asyncio.run(ask(replace(request_for_prose, fields=(("code", plain),)), azure, ledger))
    assert provider.received == []


def test_any_provider_of_langchain_is_reached(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    """`init_chat_model` with a package that is installed; the address and the key are ours."""
    choice = replace(
        azure, provider=Provider.LANGCHAIN, model="openai:gpt-4o", endpoint=f"{provider.address}/v1", api_version=""
    )
    assert call(ledger, request_for_prose, choice).text == provider.reply
    assert provider.received[0].body["model"] == "gpt-4o"
    assert provider.received[0].headers["authorization"] == f"Bearer {KEY}"
