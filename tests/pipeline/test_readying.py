"""Libraries that take long to load are loaded for the runs that need them, and for no other."""

from __future__ import annotations

import subprocess
import sys
from threading import Event
from typing import TYPE_CHECKING

import pytest

from cli.real_command import environment
from fieldguide.readying import readying
from pipeline.whole_run import azure

if TYPE_CHECKING:
    from pathlib import Path

    from provider.loopback_provider import LoopbackProvider

LARGE = ("kingfisher_sdk", "langchain_openai", "openai", "quicktok")
PROGRAM = f"""
import sys
from fieldguide.cli import main
code = main(sys.argv[1:])
print(*(name for name in {LARGE!r} if name in sys.modules), file=sys.stderr)
sys.exit(code)
"""


def loaded(home: Path, *words: str, **variables: str) -> set[str]:
    """The large libraries that a process has loaded when its command has ended well."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words, "--quiet"],
        cwd=home,
        env=environment(home, **variables),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split()[-len(LARGE) :]) & set(LARGE)


def test_a_run_loads_what_it_needs_and_none_that_it_does_not(
    turnstile: Path, provider: LoopbackProvider, tmp_path: Path
) -> None:
    counting, variables = {"kingfisher_sdk", "quicktok"}, azure(provider)
    assert loaded(tmp_path, "--no-model", "--stdout", "turnstile") == {"kingfisher_sdk"}
    (turnstile / "turnstile/shut.py").write_text("SHUT = True\n")
    assert loaded(tmp_path, "plan", "turnstile", **variables) == counting
    (turnstile / "turnstile/open.py").write_text("OPEN = True\n")
    assert loaded(tmp_path, "turnstile", **variables) == set(LARGE)
    assert not loaded(tmp_path, "turnstile", **variables) & {"langchain_openai", "openai"}


def test_nothing_is_loaded_before_that_is_begun() -> None:
    called: list[int] = []
    with readying(lambda: called.append(1)):
        pass
    assert not called


def test_what_was_begun_is_there_at_the_end() -> None:
    may, called = Event(), list[int]()

    def slowly() -> None:
        may.wait()
        called.append(1)

    with readying(slowly, may.set) as begin:
        begin()
    assert called == [1]


def test_what_cannot_be_loaded_is_told_by_whoever_waits_for_it() -> None:
    def lacking() -> None:
        raise ModuleNotFoundError(name="langchain_openai")

    with pytest.raises(ModuleNotFoundError), readying(lacking) as begin:
        begin()
