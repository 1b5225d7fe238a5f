"""Fixtures of whole runs: a project, a provider on loopback, the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.whole_run import REPLY, Runs, project
from provider.loopback_provider import LoopbackProvider, running_provider

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.fixture
def provider() -> Generator[LoopbackProvider]:
    """A running provider that answers as a capable model would."""
    with running_provider() as running:
        running.reply = REPLY
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runs:
    """The command, in this process, with `tmp_path` as working directory and home."""

    def capture() -> tuple[str, str]:
        said = capsys.readouterr()
        return said.out, said.err

    return Runs(tmp_path, monkeypatch, capture)


@pytest.fixture
def turnstile(tmp_path: Path) -> Path:
    """A small project, without version control."""
    return project(tmp_path / "turnstile")
