"""Where a call may go: no other host, no redirect, nothing unencrypted; and that it is refused before a byte leaves."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.request import Failure, Reply
from fieldguide.errors import ConfigurationError
from fieldguide.llm import Ledger, ask, read_ledger
from fieldguide.llm.destination import check_address, check_choice
from provider.loopback_provider import error, running_provider

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.domain.request import Request
    from provider.loopback_provider import LoopbackProvider

CHOICE = ModelChoice(Provider.COMPATIBLE, "m", "test", endpoint="https://model.example/v1")


def allowed(*hosts: str) -> ModelChoice:
    return replace(CHOICE, allowed_hosts=frozenset(hosts))


@pytest.mark.parametrize(
    ("hosts", "address"),
    [
        ((), "https://model.example/v1/chat"),
        ((), "https://MODEL.example.:443/"),
        (("other.example",), "https://other.example:8443/x"),
        (("other.example:8443",), "https://other.example:8443/x"),
        (("bücher.example",), "https://xn--bcher-kva.example/"),
        (("[::1]:8000",), "http://[::1]:8000/"),
        (("[2001:db8::7]",), "https://[2001:db8::7]:9/"),
    ],
)
def test_an_allowed_host_is_reached(hosts: tuple[str, ...], address: str) -> None:
    check_address(allowed(*hosts), address, CHOICE.endpoint)


@pytest.mark.parametrize(
    ("hosts", "address"),
    [
        ((), "https://evil.example/v1/chat"),
        ((), "https://model.example:8443/"),
        ((), "https://model.example.evil.example/"),
        ((), "https://model.example@evil.example/"),
        ((), "https://evil.example/model.example"),
        (("other.example",), "https://model.example/"),
        (("other.example:8443",), "https://other.example/"),
        (("other.example",), "https://sub.other.example/"),
        (("127.0.0.1",), "http://127.0.0.2/"),
    ],
)
def test_every_other_host_is_refused(hosts: tuple[str, ...], address: str) -> None:
    with pytest.raises(ConfigurationError, match="not among the hosts"):
        check_address(allowed(*hosts), address, CHOICE.endpoint)


@pytest.mark.parametrize("host", ["model.example", "10.0.0.7", "127.0.0.1.example", "localhost.example", "192.168.0.1"])
def test_what_is_not_encrypted_leaves_the_machine_only_by_a_flag(host: str) -> None:
    address = f"http://{host}/v1"
    with pytest.raises(ConfigurationError, match="would not be encrypted") as caught:
        check_choice(replace(CHOICE, endpoint=address), address)
    assert "--allow-http" in caught.value.hint
    check_choice(replace(CHOICE, endpoint=address, allow_http=True), address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "model.localhost"])
def test_this_machine_needs_no_encryption(host: str) -> None:
    check_choice(replace(CHOICE, endpoint=f"http://{host}:8000"), f"http://{host}:8000")


def test_a_model_at_another_host_than_the_allowed_ones_is_refused_before_anything_leaves(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    choice = replace(azure, allowed_hosts=frozenset({"model.example"}))
    with pytest.raises(ConfigurationError, match=r"`127\.0\.0\.1` is not among"):
        asyncio.run(ask(request_for_prose, choice, ledger))
    assert provider.received == []
    assert not ledger.path.exists()


def test_a_model_at_an_allowed_host_answers(ledger: Ledger, azure: ModelChoice, request_for_prose: Request) -> None:
    choice = replace(azure, allowed_hosts=frozenset({"127.0.0.1"}))
    assert isinstance(asyncio.run(ask(request_for_prose, choice, ledger)), Reply)


def test_the_client_itself_refuses_an_address_that_the_settings_do_not_name(
    ledger: Ledger, azure: ModelChoice, request_for_prose: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were a client library to take another address from somewhere, its request would be stopped."""
    from fieldguide.llm import provider as building  # noqa: PLC0415  (to lead it astray)

    with running_provider() as elsewhere:
        real = building.chat_model

        def astray(choice: ModelChoice, *others: object) -> object:
            return real(replace(choice, endpoint=elsewhere.address), *others)  # pyright: ignore[reportArgumentType]

        monkeypatch.setattr("fieldguide.llm.exchange.chat_model", astray)
        with pytest.raises(ConfigurationError, match="not among the hosts") as caught:
            asyncio.run(ask(request_for_prose, azure, ledger))
        assert "not the model's own host" in caught.value.hint
        assert elsewhere.received == []
    assert read_ledger(ledger.path).records == 0


def test_a_redirect_to_another_host_is_not_followed_though_that_host_is_allowed(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    with running_provider() as elsewhere:
        moved = replace(error(307, "moved"), headers=(("Location", f"{elsewhere.address}/v1/chat/completions"),))
        provider.script = [moved]
        choice = replace(azure, allowed_hosts=frozenset({"127.0.0.1", "localhost"}))
        assert isinstance(asyncio.run(ask(request_for_prose, choice, ledger)), Failure)
        assert elsewhere.received == []
    (call,) = read_ledger(ledger.path).calls
    assert call.arrival is not None
    assert call.arrival.outcome == "HTTP status 307"


def test_a_provider_whose_package_connects_by_itself_is_refused_where_hosts_are_limited() -> None:
    choice = replace(CHOICE, provider=Provider.LANGCHAIN, model="anthropic:claude", endpoint="")
    check_choice(choice, "")
    with pytest.raises(ConfigurationError, match="connects by itself"):
        check_choice(replace(choice, allowed_hosts=frozenset({"api.anthropic.com"})), "")
    check_choice(replace(choice, model="openai:gpt", allowed_hosts=frozenset({"api.openai.com"})), "")


OWN_PACKAGE = """\
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult

class ChatOllama(BaseChatModel, extra="allow"):
    @property
    def _llm_type(self):
        return "own"

    def _generate(self, messages, stop=None, run_manager=None, **others):
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content="Well."))])
"""


def test_a_call_that_a_providers_own_package_makes_is_recorded_by_its_messages(
    ledger: Ledger,
    request_for_prose: Request,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The package stands in for one that is not installed here; its body is its own affair, and the record says so."""
    (tmp_path / "langchain_ollama.py").write_text(OWN_PACKAGE)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    choice = replace(CHOICE, provider=Provider.LANGCHAIN, model="ollama:own", endpoint="http://localhost:11434")
    answer = asyncio.run(ask(request_for_prose, choice, ledger))
    assert isinstance(answer, Reply), answer
    (call,) = read_ledger(ledger.path).calls
    assert not call.departure.exact
    assert (call.departure.host, call.departure.model) == ("localhost:11434", "ollama:own")
    assert call.arrival is not None
    assert call.arrival.outcome == "reply: stop"


def test_a_provider_of_langchain_that_takes_our_client_is_watched_by_it(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    choice = replace(
        azure, provider=Provider.LANGCHAIN, model="openai:gpt-4o", endpoint=f"{provider.address}/v1", api_version=""
    )
    assert isinstance(asyncio.run(ask(request_for_prose, choice, ledger)), Reply)
    (call,) = read_ledger(ledger.path).calls
    assert call.departure.exact
    assert call.departure.address == f"{provider.address}/v1/chat/completions"
