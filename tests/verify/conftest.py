"""A small project on disk, read through the rooms that read trees, that the checks of prose and links are tried on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from verify.resolution.place_trees import codebase_of

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase

CORE = '''\
"""Call again what failed."""

from tenacity import AsyncRetrying


import os
HOME = os.environ.get("RELAY_HOME")


def register(mode):
    return lambda each: each


def retry(on, attempts=10):
    """Call again."""
    return AsyncRetrying(on, attempts)


@register("turbo")
class Caller:
    """Keeps how to call."""

    def __init__(self, attempts=10):
        self.attempts = attempts

    def bind(self):
        """Keep the errors, too."""
        return BoundCaller(self.attempts)


class BoundCaller(Caller):
    """Keeps the errors, too."""


_BACKOFF_LIMIT = 10
'''
FILES = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "relay-tool"
version = "1.0"
dependencies = ["tenacity"]

[project.scripts]
relay = "relay.cli:main"

[project.optional-dependencies]
fast = ["orjson>=3"]
""",
    "Makefile": ".PHONY: docs\n\ndocs:\n\tsphinx-build -W docs\n",
    "src/relay/__init__.py": 'from relay._core import Caller, retry\n\n__all__ = ["Caller", "retry"]\n',
    "src/relay/_core.py": CORE + "\n" * (90 - CORE.count("\n")),
    "src/relay/cli.py": """\
import argparse


def main():
    parser = argparse.ArgumentParser(prog="relay")
    commands = parser.add_subparsers()
    scan = commands.add_parser("scan")
    scan.add_argument("--depth", "-d", type=int)
    scan.add_argument("--colour", choices=["red", "green"])
    scan.add_argument("path")
    parser.parse_args()
""",
    "docs/guide.md": "# The `relay` guide\n\nText.\n\n## First steps\n",
    "docs/Übersicht (1).png": "",
}


@pytest.fixture(scope="session")
def codebase(tmp_path_factory: pytest.TempPathFactory) -> Codebase:
    """A library with a class, a subclass, a command with one subcommand, make targets and one dependency."""
    return codebase_of(tmp_path_factory.mktemp("relay") / "relay-tool", FILES)
