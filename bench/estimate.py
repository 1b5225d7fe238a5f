"""What a plan says beside what its run pays: `PYTHONPATH=tests python bench/estimate.py [DIRECTORY…]`.

Each directory is copied, planned, and documented against a server on loopback that counts tokens as the real ones do;
without any, 90 and 600 files of code that is installed beside fieldguide are two projects.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

from contenders import ours, run, said_to
from measurement import table
from projects import LARGE, SMALL, make_project

from provider.metered_chat import Model
from provider.metered_provider import MeteredProvider, metered_provider

if TYPE_CHECKING:
    from collections.abc import Iterator

HEADING: Final = ("project", "requests", "planned", "paid", "planned / paid", "of files, packages, the page")
MADE: Final = ((90, SMALL), (600, LARGE))


def main() -> None:
    """Plan, run, and print one table."""
    with tempfile.TemporaryDirectory() as scratch:
        rows = [_row(directory, Path(scratch) / f"home-{number}") for number, directory in _projects(Path(scratch))]
    print(table(HEADING, rows))


def _projects(scratch: Path) -> Iterator[tuple[int, Path]]:
    """Copies of the directories that were named, or made projects."""
    named = [Path(one).resolve() for one in sys.argv[1:]]
    for number, one in enumerate(named):
        copy = scratch / str(number) / one.name
        shutil.copytree(one, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        yield number, copy
    for number, (files, packages) in enumerate(() if named else MADE):
        project = scratch / str(number) / f"{files} files"
        make_project(project, files, packages)
        yield number, project


def _row(directory: Path, home: Path) -> list[str]:
    with metered_provider(model=Model()) as provider:
        planned = _plan(directory, provider, home)
        ended = run(ours(), directory, provider, home=home)
        bill = provider.bill()
        if ended.code not in {0, 3}:
            message = f"exit code {ended.code}: {ended.said}"
            raise RuntimeError(message)
        kinds: Counter[str] = Counter()
        for one in provider.records:
            kinds[one.kind] += one.prompt_tokens
    paid = bill.input_tokens
    shares = ", ".join(f"{kinds[kind]:,}" for kind in ("files", "package", "page"))
    name, requests = directory.name, f"{planned[0]} / {bill.paid}"
    return [name, requests, f"{planned[1]:,}", f"{paid:,}", f"{planned[1] / paid:.3f}", shares]


def _plan(directory: Path, provider: MeteredProvider, home: Path) -> tuple[int, int]:
    """Requests and input tokens of the plan."""
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "fieldguide", "plan", "--json", str(directory)]
    done = subprocess.run(command, env=said_to(provider, home), capture_output=True, text=True, check=True)
    plan = json.loads(done.stdout)
    return plan["requests"], plan["input_tokens"]


if __name__ == "__main__":
    main()
