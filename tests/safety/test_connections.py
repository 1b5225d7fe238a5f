"""What a whole run connects to: nothing without a model, and with one the model's address alone.

The environments are those that make libraries talk: tracing, telemetry, error reports, proxies' absence.
"""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest

from pipeline.whole_run import REPLY, azure, committed, project, wide_project
from provider.loopback_provider import LoopbackProvider, running_provider
from safety.watched_run import CAN_FORBID, watched

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

TALKATIVE = {
    "LANGSMITH_TRACING": "true",
    "LANGSMITH_API_KEY": "trace-key",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGCHAIN_API_KEY": "trace-key",
    "LANGSMITH_OTEL_ENABLED": "true",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
    "SENTRY_DSN": "http://key@127.0.0.1:9/1",
    "OPENAI_LOG": "debug",
    "PYTHONDEVMODE": "1",
    "PYTHONWARNINGS": "ignore",
}


@pytest.fixture
def provider() -> Generator[LoopbackProvider]:
    """A running provider that answers as a capable model would."""
    with running_provider() as running:
        running.reply = REPLY
        yield running


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a remote, more files than one process reads, and names that libraries look up."""
    directory = committed(project(wide_project(tmp_path / "hall", 100)))
    config = directory / ".git" / "config"
    config.write_text(config.read_text() + '[remote "origin"]\n\turl = https://remote.example/hall.git\n')
    return directory


@pytest.mark.parametrize("words", [(), ("plan",), ("ledger",)], ids=["document", "plan", "ledger"])
def test_a_run_without_a_model_opens_no_connection(words: tuple[str, ...], repository: Path) -> None:
    done = watched(repository.parent, *words, str(repository), variables=TALKATIVE)
    assert done.code == 0, done.err
    assert done.connections == set()
    assert done.of("socket.getaddrinfo", "socket.gethostbyname", "urllib.Request", "http.client.connect") == []
    for program in done.programs:
        assert "git" in program.split()[0] or "multiprocessing" in program
        assert not any(word in program for word in ("fetch", "clone", "pull", "push", "ls-remote", "remote.example"))


@pytest.mark.skipif(not CAN_FORBID, reason="the kernel's filter is Linux's, for two kinds of processor")
@pytest.mark.parametrize("words", [(), ("plan",)], ids=["document", "plan"])
def test_not_even_compiled_libraries_make_a_socket_without_a_model(words: tuple[str, ...], repository: Path) -> None:
    """The kernel would kill the process: the engine that searches for secrets is compiled and can also connect."""
    done = watched(repository.parent, *words, str(repository), offline=True, variables=TALKATIVE)
    assert done.code == 0, done.err


@pytest.mark.skipif(not CAN_FORBID, reason="the kernel's filter is Linux's, for two kinds of processor")
def test_the_kernel_does_kill_what_makes_a_socket(tmp_path: Path) -> None:
    """The test above can fail; so can the ones that look at audit events."""
    code = "import socket; print('made', socket.socket(socket.AF_UNIX)); socket.socket()"
    done = watched(tmp_path, "-c", code, offline=True, program=[sys.executable])
    assert done.code == -signal.SIGSYS
    code = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.connect(('127.0.0.1', 9))"
    done = watched(tmp_path, "-c", code, program=[sys.executable])
    assert done.connections == {"('127.0.0.1', 9)"}


def test_a_run_with_a_model_connects_to_its_address_alone(repository: Path, provider: LoopbackProvider) -> None:
    done = watched(repository.parent, str(repository), variables=azure(provider) | TALKATIVE)
    assert len(provider.received) == 1, done.err
    host, _, port = provider.address[7:].partition(":")
    assert done.connections == {f"('{host}', {port})"}
    looked_up = {arguments[0] for arguments in done.of("socket.getaddrinfo", "socket.gethostbyname")}
    assert looked_up <= {f"'{host}'", f"b'{host}'"}


@pytest.mark.parametrize(
    ("words", "endpoint"),
    [
        (("--allow-host=model.example",), ""),
        ((), "http://model.example"),
        (("--allow-host=127.0.0.1", "--tracing"), ""),
    ],
    ids=["another-host", "not-encrypted", "traces-elsewhere"],
)
def test_a_run_that_would_connect_elsewhere_connects_nowhere(
    words: tuple[str, ...], endpoint: str, tmp_path: Path, provider: LoopbackProvider
) -> None:
    directory = project(tmp_path / "hall")
    variables = azure(provider) | ({"AZURE_OPENAI_ENDPOINT": endpoint} if endpoint else {})
    done = watched(tmp_path, *words, str(directory), variables=variables)
    assert done.code == 2
    assert "hint: " in done.err
    assert done.connections == set()
    assert not (directory / "README.md").exists()


def test_a_traced_run_connects_to_two_addresses_and_names_both(repository: Path, provider: LoopbackProvider) -> None:
    with running_provider() as langsmith:
        variables = azure(provider) | TALKATIVE | {"LANGSMITH_ENDPOINT": langsmith.address}
        done = watched(repository.parent, "--tracing", str(repository), variables=variables)
        expected = {f"('127.0.0.1', {one.address.rpartition(':')[2]})" for one in (provider, langsmith)}
        assert done.connections == expected, done.err
        said = watched(repository.parent, "ledger", str(repository)).out
        assert all(one.address[7:] in said for one in (provider, langsmith))
