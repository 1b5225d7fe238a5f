"""A project of 3,000 files, documented whole though the run is killed three times: `python bench/killed.py`.

With `PYTHONPATH=tests`; takes `[--project DIR] [--files N] [--seed N]`. Prints, for each start, how it ended and what
it was billed, and in the end the input tokens that were paid for twice beside those that were in flight when the run
was killed.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Final

from contenders import ours, run
from measurement import table
from projects import LARGE, make_project

from fieldguide.llm import read_ledger
from provider.metered_chat import Model
from provider.metered_provider import MeteredProvider, metered_provider

FILES: Final = 3000
KILLS: Final = 3
MODEL: Final = Model(base_seconds=0.3, seconds_per_token=0.0005)
HEADING: Final = (
    "start",
    "ended",
    "seconds",
    "requests",
    "input tokens",
    "paid before",
    "requests paid before",
    "open in the ledger",
)


def main() -> None:
    """Run, kill, run again, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--expected", type=int, help="requests of the whole run; else an undisturbed run tells")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch, metered_provider(model=MODEL) as provider:
        project = Path(scratch) / "project"
        if said.project:
            shutil.copytree(said.project, project, ignore=shutil.ignore_patterns(".git"))
        else:
            make_project(project, said.files, LARGE)
        expected = said.expected or _undisturbed(project, provider, Path(scratch))
        _killed(project, provider, Path(scratch), expected, Random(said.seed))  # noqa: S311  (instants, no secrets)


def _undisturbed(project: Path, provider: MeteredProvider, place: Path) -> int:
    """Requests of a run that nobody kills; it leaves neither records nor a page."""
    started = time.perf_counter()
    ended = run(ours(), project, provider, home=place / "undisturbed")
    bill = provider.bill()
    seconds = time.perf_counter() - started
    sums = f"{bill.paid} requests, {bill.input_tokens:,} tokens in"
    print(f"undisturbed: exit code {ended.code}, {seconds:.0f} s, {sums}", flush=True)
    provider.records.clear()
    (project / "README.md").unlink(missing_ok=True)
    return bill.paid


def _killed(project: Path, provider: MeteredProvider, place: Path, expected: int, random: Random) -> None:
    instants = sorted(random.randrange(1, expected) for _ in range(KILLS))
    rows: list[list[str]] = []
    flights = 0
    for start, instant in enumerate([*instants, None], start=1):
        first = len(provider.records)
        flying: list[int] = []

        def now(instant: int | None = instant, flying: list[int] = flying) -> bool:
            if instant is None or len(provider.records) < instant:
                return False
            flying.append(sum(one.prompt_tokens for one in provider.in_flight()))
            return True

        ended = run(ours(), project, provider, home=place / "home", kill_when=now)
        bill = provider.bill(first)
        flight = flying[0] if flying else 0
        flights += flight
        took, was = f"{ended.seconds:.0f}", "killed" if ended.code < 0 else f"exit code {ended.code}"
        again = _repeated(provider, first)
        sums = [f"{one:,}" for one in (bill.requests, bill.input_tokens, bill.repeated_tokens, again, _open(place))]
        rows.append([str(start), was, took, *sums])
        if ended.code > 0:
            print(ended.said)
    print(table(HEADING, rows))
    asked = {heading for one in provider.records for heading in one.headings}
    files = sum(heading.startswith("`") and "/`" not in heading for heading in asked)
    bill, page = provider.bill(), (project / "README.md").exists()
    print(
        f"paid twice: {bill.repeated_tokens:,} of {bill.input_tokens:,} tokens in; in flight when killed: {flights:,}"
    )
    print(f"notes asked on {files} files and parts; page written: {page}")


def _repeated(provider: MeteredProvider, first: int) -> int:
    """Requests since the first that were billed before it."""
    before = {one.digest for one in provider.records[:first] if one.billed}
    return sum(one.billed and one.digest in before for one in provider.records[first:])


def _open(place: Path) -> int:
    """Calls of all starts whose end is not in the ledger: under way, for the client, when it was killed."""
    ledgers = (place / "home").rglob("ledgers/*.jsonl")
    return sum(call.arrival is None for path in ledgers for call in read_ledger(path).calls)


if __name__ == "__main__":
    main()
