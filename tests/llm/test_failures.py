"""Each way in which a call can fail, produced by a real server or a real socket, has its own fact and hint."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.request import Failure
from fieldguide.errors import ConfigurationError
from fieldguide.llm import ask
from provider.loopback_provider import KEY, Answer, LoopbackProvider, error

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from fieldguide.domain.request import Request
    from fieldguide.llm import Ledger

PROMPT_ECHO = "def f(x): return " + "x + " * 400


def fail(ledger: Ledger, request: Request, choice: ModelChoice) -> Failure:
    answer = asyncio.run(ask(request, choice, ledger))
    assert isinstance(answer, Failure), answer
    assert KEY not in answer.fact + answer.hint
    assert "\n" not in answer.fact + answer.hint
    return answer


def test_wrong_key_names_its_variable(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, compatible: ModelChoice, request_for_prose: Request
) -> None:
    wrong = SecretStr("sk-wrong-key-that-must-not-be-shown-9876")
    failure = fail(ledger, request_for_prose, replace(azure, key=wrong))
    assert failure.fact == f"`{provider.address[7:]}` refused the key in `AZURE_OPENAI_API_KEY`"
    other = fail(ledger, request_for_prose, replace(azure, key=wrong, key_variable="OPENAI_API_KEY"))
    assert "`OPENAI_API_KEY`" in other.fact
    third = fail(ledger, request_for_prose, replace(compatible, key=wrong, key_variable="FIELDGUIDE_API_KEY"))
    assert "`FIELDGUIDE_API_KEY`" in third.fact
    assert "9876" not in repr((failure, other, third))


def test_missing_key_of_a_compatible_server_says_so(
    ledger: Ledger, compatible: ModelChoice, request_for_prose: Request
) -> None:
    failure = fail(ledger, request_for_prose, replace(compatible, key=None))
    assert "carries no key" in failure.fact
    assert "OPENAI_API_KEY" in failure.hint


def test_wrong_deployment_names_it(ledger: Ledger, azure: ModelChoice, request_for_prose: Request) -> None:
    failure = fail(ledger, request_for_prose, replace(azure, model="gpt-4o"))
    assert "no deployment named `gpt-4o`" in failure.fact
    assert "AZURE_OPENAI_DEPLOYMENT" in failure.hint


def test_wrong_api_version_names_it(ledger: Ledger, azure: ModelChoice, request_for_prose: Request) -> None:
    failure = fail(ledger, request_for_prose, replace(azure, api_version="2019-01-01"))
    assert "API version `2019-01-01`" in failure.fact
    assert "OPENAI_API_VERSION" in failure.hint


def test_wrong_path_names_the_endpoint(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, compatible: ModelChoice, request_for_prose: Request
) -> None:
    failure = fail(ledger, request_for_prose, replace(azure, endpoint=f"{provider.address}/some/app"))
    assert f"no such API at `{provider.address}/some/app`" in failure.fact
    assert "AZURE_OPENAI_ENDPOINT" in failure.hint
    other = fail(ledger, request_for_prose, replace(compatible, endpoint=provider.address))
    assert "ends in `/v1`" in other.hint


@pytest.mark.parametrize(
    ("answer", "fact", "transient"),
    [
        (
            error(
                400,
                "This model's maximum context length is 8192 tokens. However, your messages resulted in 10250 tokens.",
                code="context_length_exceeded",
                param="messages",
            ),
            "too long for `prose-deployment`: it takes 8,192 tokens, 10,250 are needed",
            False,
        ),
        (
            error(
                400,
                "request (9017 tokens) exceeds the available context size (8192 tokens), try increasing it",
                type="exceed_context_size_error",
            ),
            "too long for `prose-deployment`: it takes 8,192 tokens, 9,017 are needed",
            False,
        ),
        (
            error(
                400,
                "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
                code="content_filter",
                param="prompt",
                innererror={"code": "ResponsibleAIPolicyViolation"},
            ),
            "the content filter of",
            False,
        ),
        (
            error(403, "Denied by Virtual Network/Firewall rules.", code="403"),
            "does not let this key",
            False,
        ),
        (error(404, "The model `gpt-9` does not exist", code="model_not_found"), "does not serve the model", False),
        (error(429, "You exceeded your current quota", code="insufficient_quota"), "used up its quota", False),
        (error(500, "The server had an error"), "failed with HTTP status 500: The server had an error", True),
        (error(503, "overloaded"), "failed with HTTP status 503: overloaded", True),
        (error(418, "I am a teapot"), "refused the request with HTTP status 418: I am a teapot", False),
        (Answer(502, raw=b"<html>Bad gateway</html>"), "failed with HTTP status 502", True),
        (Answer(200, raw=b"<html>Sign in</html>"), "did not answer as a chat model's API does", False),
        (Answer(200, raw=b"{", headers=(("Content-Type", "application/json"),)), "did not answer as a chat", False),
        (Answer(200, {"hello": "world"}), "did not answer as a chat model's API does", False),
        (Answer(200, {"choices": []}), "did not answer as a chat model's API does", False),
        (Answer(200, {"choices": None}), "did not answer as a chat model's API does", False),
        (Answer(200, {"choices": [{"message": None}]}), "did not answer as a chat model's API does", False),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_server_refuses_is_told_in_its_own_words(
    ledger: Ledger,
    answer: Answer,
    fact: str,
    transient: bool,  # noqa: FBT001  (pytest passes it by name)
    provider: LoopbackProvider,
    azure: ModelChoice,
    request_for_prose: Request,
) -> None:
    provider.script = [answer]
    failure = fail(ledger, request_for_prose, azure)
    assert fact in failure.fact
    assert failure.hint
    assert failure.transient is transient
    assert len(provider.received) == 1, "nothing is retried here"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [((("Retry-After", "17"),), 17.0), ((("retry-after-ms", "1500"), ("Retry-After", "2")), 1.5), ((), None)],
)
def test_rate_limit_says_how_long_to_wait(
    ledger: Ledger,
    headers: tuple[tuple[str, str], ...],
    seconds: float | None,
    provider: LoopbackProvider,
    azure: ModelChoice,
    request_for_prose: Request,
) -> None:
    limited = error(429, "Requests have exceeded token rate limit. Please retry after 17 seconds.", code="429")
    provider.script = [replace(limited, headers=headers)]
    failure = fail(ledger, request_for_prose, azure)
    assert failure.transient
    assert failure.retry_after == seconds
    assert seconds is None or f"wait {seconds:g} seconds" in failure.fact


def test_a_servers_words_are_cut_and_cleaned(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    provider.script = [error(418, f"bad \x1b[31mkey {KEY}\nsk-abcdefghijklmnop in {PROMPT_ECHO}")]
    failure = fail(ledger, request_for_prose, azure)
    assert "\x1b" not in failure.fact
    assert "sk-abcdef" not in failure.fact
    assert len(failure.fact) < 280


def test_timeout_says_how_long_it_waited(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    provider.script = [Answer(200, {}, delay=30.0)]
    failure = fail(ledger, request_for_prose, replace(azure, timeout=0.3))
    assert "within 0.3 seconds" in failure.fact
    assert "--timeout" in failure.hint
    assert failure.transient


def test_nothing_listens(ledger: Ledger, azure: ModelChoice, request_for_prose: Request) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    failure = fail(ledger, request_for_prose, replace(azure, endpoint=f"http://127.0.0.1:{port}"))
    assert failure.fact == f"nothing listens at `127.0.0.1:{port}`"


def test_no_such_host(ledger: Ledger, azure: ModelChoice, request_for_prose: Request) -> None:
    """A label of 64 characters is refused by the resolver itself, so no network is asked."""
    failure = fail(ledger, request_for_prose, replace(azure, endpoint="https://" + "a" * 63 + ".invalid"))
    assert "there is no host named" in failure.fact


def test_plain_http_where_tls_is_expected(
    ledger: Ledger, provider: LoopbackProvider, azure: ModelChoice, request_for_prose: Request
) -> None:
    failure = fail(ledger, request_for_prose, replace(azure, endpoint=provider.address.replace("http:", "https:")))
    assert "no trusted connection" in failure.fact


def test_a_certificate_nobody_vouches_for(
    ledger: Ledger, azure: ModelChoice, request_for_prose: Request, tmp_path: Path
) -> None:
    with self_signed_server(tmp_path) as port:
        failure = fail(ledger, request_for_prose, replace(azure, endpoint=f"https://127.0.0.1:{port}"))
    assert "its certificate was not accepted" in failure.fact
    assert "SSL_CERT_FILE" in failure.hint


def test_no_password_of_an_address_is_shown(
    ledger: Ledger, provider: LoopbackProvider, compatible: ModelChoice, request_for_prose: Request
) -> None:
    endpoint = provider.address.replace("//", "//user:hunter2secret@") + "/nowhere"
    failure = fail(ledger, request_for_prose, replace(compatible, endpoint=endpoint))
    assert "hunter2secret" not in failure.fact + failure.hint


def test_a_broken_proxy_setting_is_a_configuration_error(
    ledger: Ledger, azure: ModelChoice, request_for_prose: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://proxy.example")
    with pytest.raises(ConfigurationError, match="proxy"):
        asyncio.run(ask(request_for_prose, azure, ledger))


def test_an_unknown_langchain_provider_is_a_configuration_error(
    ledger: Ledger, azure: ModelChoice, request_for_prose: Request
) -> None:
    choice = replace(azure, provider=Provider.LANGCHAIN, model="no-such-provider:model")
    with pytest.raises(ConfigurationError) as caught:
        asyncio.run(ask(request_for_prose, choice, ledger))
    assert "provider:model" in caught.value.hint


def test_a_langchain_provider_that_is_not_installed_names_its_package(
    ledger: Ledger, azure: ModelChoice, request_for_prose: Request
) -> None:
    choice = replace(azure, provider=Provider.LANGCHAIN, model="anthropic:claude-sonnet-4-5")
    with pytest.raises(ConfigurationError) as caught:
        asyncio.run(ask(request_for_prose, choice, ledger))
    assert caught.value.hint == "pip install langchain-anthropic"


def test_entra_without_its_package_names_the_extra() -> None:
    """In a process of its own, where `azure.identity` cannot be imported."""
    program = """
import sys
sys.modules["azure.identity"] = None
from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.errors import ConfigurationError
from fieldguide.llm.provider import entra_token
try:
    entra_token(ModelChoice(Provider.AZURE, "d", "x", endpoint="https://x.example", entra=True))
except ConfigurationError as error:
    print(error, "|", error.hint)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "azure-identity" in done.stdout
    assert "pip install 'fieldguide[entra]'" in done.stdout


@contextmanager
def self_signed_server(directory: Path) -> Generator[int]:
    """Accept TLS connections on loopback with a certificate that no authority signed."""
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415

    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(hours=1))
    certificate = builder.sign(key, hashes.SHA256())
    pem = directory / "server.pem"
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(60)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    context.wrap_socket(connection, server_side=True).close()
                except (ssl.SSLError, ConnectionError):
                    return  # the client turned away

        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()
