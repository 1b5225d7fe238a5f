"""Signing in with Entra ID through the real `azure-identity`, against a managed-identity endpoint on loopback."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.request import Failure, Reply
from fieldguide.llm import ask
from fieldguide.llm.provider import entra_token
from fieldguide.llm.sign_in import REFRESH, SignIn

if TYPE_CHECKING:
    from collections.abc import Generator

    from fieldguide.domain.model import ModelChoice
    from fieldguide.domain.request import Request
    from fieldguide.llm import Ledger
    from provider.loopback_provider import LoopbackProvider

pytest.importorskip("azure.identity", reason="the extra `entra` is not installed")

TOKEN = "token-of-the-managed-identity"  # noqa: S105  (made up)


@contextmanager
def managed_identity() -> Generator[str]:
    """The endpoint that Azure App Service gives its programs (`IDENTITY_ENDPOINT`), which `azure-identity` asks."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(
                {
                    "access_token": TOKEN,
                    "expires_on": str(int(time.time()) + 3600),
                    "resource": "https://cognitiveservices.azure.com",
                    "token_type": "Bearer",
                }
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name is http.server's)
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def entra(azure: ModelChoice, monkeypatch: pytest.MonkeyPatch) -> ModelChoice:
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
    return replace(azure, entra=True, key=None)


@pytest.mark.parametrize("version", ["2024-10-21", ""])
def test_the_token_signs_in_to_both_endpoints(
    ledger: Ledger,
    version: str,
    provider: LoopbackProvider,
    entra: ModelChoice,
    request_for_prose: Request,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider.key = TOKEN
    with managed_identity() as endpoint:
        monkeypatch.setenv("IDENTITY_ENDPOINT", endpoint)
        monkeypatch.setenv("IDENTITY_HEADER", "secret-of-the-host")
        answer = asyncio.run(ask(request_for_prose, replace(entra, api_version=version), ledger))
    assert isinstance(answer, Reply), answer
    assert provider.received[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert "api-key" not in provider.received[0].headers


def test_a_sign_in_that_the_resource_refuses_names_the_role(
    ledger: Ledger,
    provider: LoopbackProvider,
    entra: ModelChoice,
    request_for_prose: Request,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    provider.key = "another token"
    with managed_identity() as endpoint:
        monkeypatch.setenv("IDENTITY_ENDPOINT", endpoint)
        monkeypatch.setenv("IDENTITY_HEADER", "secret-of-the-host")
        answer = asyncio.run(ask(request_for_prose, entra, ledger))
    assert isinstance(answer, Failure)
    assert "sign-in with Entra ID" in answer.fact
    assert "Cognitive Services OpenAI User" in answer.hint


def test_no_way_to_sign_in_is_a_failure_with_a_hint(
    ledger: Ledger,
    provider: LoopbackProvider,
    entra: ModelChoice,
    request_for_prose: Request,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    answer = asyncio.run(ask(request_for_prose, entra, ledger))
    assert isinstance(answer, Failure)
    assert "Entra ID" in answer.fact
    assert "az login" in answer.hint
    assert provider.received == []


def test_a_token_is_fetched_once_and_replaced_before_its_end(
    entra: ModelChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty calls at once share one sign-in; the next one comes when less than five minutes are left."""

    async def tokens(sign_in: SignIn) -> set[str | Failure]:
        return set(await asyncio.gather(*(sign_in.token() for _ in range(20))))

    signed_in: list[float] = []
    real = entra_token

    def counted(choice: ModelChoice) -> tuple[str, float] | Failure:
        signed_in.append(time.time())
        return real(choice)

    with managed_identity() as endpoint:
        monkeypatch.setenv("IDENTITY_ENDPOINT", endpoint)
        monkeypatch.setenv("IDENTITY_HEADER", "secret-of-the-host")
        monkeypatch.setattr("fieldguide.llm.sign_in.entra_token", counted)
        sign_in = SignIn(entra)
        assert asyncio.run(tokens(sign_in)) == {TOKEN}
        assert len(signed_in) == 1
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 3600 - REFRESH + 5)
        assert asyncio.run(sign_in.token()) == TOKEN
        assert len(signed_in) == 2
