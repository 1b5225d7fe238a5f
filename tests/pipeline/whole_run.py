"""A project, the words of a capable model on it, and the whole command run over it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from cli.real_command import environment
from fieldguide.cli import main
from provider.loopback_provider import DEPLOYMENT, KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import pytest

    from provider.loopback_provider import LoopbackProvider
    from provider.metered_provider import MeteredProvider

FILES: Final = {
    "pyproject.toml": """\
[project]
name = "turnstile"
version = "1.0"
description = "Count who goes in."
requires-python = ">=3.11"
dependencies = ["httpx>=0.27"]

[project.scripts]
turnstile = "turnstile.gate:main"
""",
    "turnstile/__init__.py": '''\
"""Count who goes in."""

from turnstile.gate import Gate, admit, announce

__all__ = ["Gate", "admit", "announce"]
''',
    "turnstile/gate.py": '''\
"""The gate and its counter."""

import argparse
import os

import httpx

from turnstile.store import Store

LIMIT = int(os.environ.get("TURNSTILE_LIMIT", "10"))


class Gate:
    """Let people in until the hall is full."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.store = Store()

    def open(self) -> bool:
        """Tell whether one more may enter."""
        return len(self.store.names) < self.limit


def admit(gate: Gate, name: str) -> bool:
    """Let a person in, and say whether there was room."""
    if gate.open():
        gate.store.names.append(name)
        return True
    return False


def announce(address: str, count: int) -> None:
    httpx.post(address, json={"count": count})


def main() -> None:
    parser = argparse.ArgumentParser(description="Count who goes in.")
    parser.add_argument("--limit", type=int, default=10, help="how many there is room for")
    parser.parse_args()
''',
    "turnstile/store.py": '''\
"""Keep the names of who is inside."""


class Store:
    """Names in the order in which they came."""

    def __init__(self) -> None:
        self.names: list[str] = []
''',
    "tests/test_gate.py": """\
from turnstile import Gate, admit


def test_a_full_hall_admits_nobody():
    gate = Gate(limit=1)
    assert admit(gate, "ada")
    assert not admit(gate, "bob")
""",
}

REPLY: Final = """\
## tagline

Counts the people in a hall and closes the door when it is full.

## overview

The class `Gate` holds a limit and `admit` asks it before it lets a person in.
Whoever runs a small hall needs nothing else.

## highlights

- `Gate` closes by itself when its limit is reached.
- `turnstile.store.Store` keeps the names in their order.

## how_it_works

`admit` calls `Gate.open` and appends the name to the list that `Store` keeps.

## usage

Make a `Gate` and hand it to `admit` with every name.

## pitfalls

- `announce` fails when the address of `httpx.post` cannot be reached.

## descriptions

- `turnstile.announce`: Tells an address how many are inside.

## end
"""

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Said:
    """What one run of the command said."""

    code: int
    out: str
    err: str


class Runs:
    """The command in this process, with an environment that holds nothing of the person who runs the tests."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch, capture: Callable[[], tuple[str, str]]) -> None:
        """Keep where to run; `capture` gives what was printed since it was last asked."""
        self.home = home
        self._monkeypatch = monkeypatch
        self._capture = capture

    def __call__(self, *words: str, here: Path | None = None, variables: Mapping[str, str] = NOTHING) -> Said:
        """Run the command with the words and the variables of its environment."""
        with self._monkeypatch.context() as patch:
            for name in ("FIELDGUIDE", "AZURE", "OPENAI", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
                for variable in _starting_with(name):
                    patch.delenv(variable)
            for variable, value in environment(self.home, **dict(variables)).items():
                patch.setenv(variable, value)
            patch.chdir(here or self.home)
            self._capture()
            code = main(list(words))
            said = Said(code, *self._capture())
        assert "Traceback" not in said.err
        return said


def _starting_with(name: str) -> list[str]:
    return [variable for variable in os.environ if variable.upper().startswith(name)]


def azure(provider: LoopbackProvider | MeteredProvider, **other: str) -> dict[str, str]:
    """Return Azure's four variables, and what a test sets otherwise."""
    return {
        "AZURE_OPENAI_ENDPOINT": provider.address,
        "AZURE_OPENAI_API_KEY": KEY,
        "AZURE_OPENAI_DEPLOYMENT": DEPLOYMENT,
        "OPENAI_API_VERSION": "2024-10-21",
        # The deployment's own name tells nothing of its model.
        "FIELDGUIDE_MODEL": "gpt-4o",
        **other,
    }


def project(directory: Path, files: Mapping[str, str] = FILES) -> Path:
    """Write a project's files and return its directory."""
    for path, text in files.items():
        place = directory / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return directory


def git(directory: Path, *words: str) -> str:
    """Run git, with a name and a date of its own, and return what it printed."""
    settings = ("user.name=A", "user.email=a@example.com", "init.defaultBranch=main", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *(part for one in settings for part in ("-c", one)), *words],
        cwd=directory,
        capture_output=True,
        text=True,
        check=True,
        env=environment(directory.parent, GIT_CONFIG_NOSYSTEM="1"),
    )
    return done.stdout


def committed(directory: Path) -> Path:
    """Make a repository of a directory, with everything in it committed."""
    git(directory, "init", "--quiet")
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message=first")
    return directory


def wide_project(directory: Path, modules: int) -> Path:
    """Write a package of many modules that import each other: enough for several processes."""
    package = directory / "wide"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text('"""A wide package."""\n')
    for number in range(modules):
        before = f"from wide.part{number // 2} import Part{number // 2}\n\n\n" if number > 1 else ""
        (package / f"part{number}.py").write_text(
            f'"""Part {number} of many."""\n\n{before}class Part{number}:\n    """The part numbered {number}."""\n'
        )
    return directory
