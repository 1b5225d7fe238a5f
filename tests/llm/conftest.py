"""The loopback provider, and choices and requests for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.request import PromptText, Request
from fieldguide.llm import Ledger
from provider.loopback_provider import DEPLOYMENT, KEY, LoopbackProvider, running_provider

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

CODE = "def f(x):\n    return {x: '{not_a_field}'}  # {braces} }{\n"


@pytest.fixture
def provider() -> Generator[LoopbackProvider]:
    """A running loopback provider."""
    with running_provider() as running:
        yield running


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the proxies of the machine that runs the tests out of them."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def azure(provider: LoopbackProvider) -> ModelChoice:
    """A deployment on Azure, with a key."""
    return ModelChoice(
        Provider.AZURE,
        DEPLOYMENT,
        "AZURE_OPENAI_ENDPOINT",
        family="gpt-4o",
        endpoint=provider.address,
        api_version="2024-10-21",
        key=SecretStr(KEY),
        temperature=0.2,
        timeout=120,
    )


@pytest.fixture
def compatible(provider: LoopbackProvider) -> ModelChoice:
    """A server of one's own."""
    return ModelChoice(
        Provider.COMPATIBLE, "local", "--base-url", endpoint=f"{provider.address}/v1", key=SecretStr(KEY), timeout=120
    )


@pytest.fixture
def request_for_prose() -> Request:
    """A request whose field holds everything that a template could trip over."""
    return Request(
        system=PromptText("You write {{braces}} as they are."),
        prompt=PromptText("The code:\n{code}\nIn braces: {{x}}."),
        fields=(("code", RedactedText(CODE)),),
        sections=("tagline",),
        max_output_tokens=700,
        digest="0" * 32,
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A ledger that holds nothing yet."""
    return Ledger(tmp_path / "state" / "ledger.jsonl")
