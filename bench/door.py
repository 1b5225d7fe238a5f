"""The figures of the model's door in one table: `PYTHONPATH=tests python bench/door.py [PART …]`.

Parts: quota, faults, paid, overhead; all of them unless some are named. Every contender is a process of its own and
asks a server on loopback that counts as the real ones do. Without a project, 90 files of code that is installed beside
fieldguide are one; `--project DIR` takes another. A minute of the quota lasts 60 seconds unless `--minute` says
otherwise.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from change import what_is_paid
from faults import under_faults
from measurement import table
from overhead import cost_of_a_request
from projects import SMALL, make_project
from quota import FORMS, REQUESTS, TOKENS, under_quota

if TYPE_CHECKING:
    from collections.abc import Callable

FILES: Final = 90
HEADING: Final = ("figure", "who", "value", "of what")
Rows = list[list[str]]


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--project", type=Path)
    parser.add_argument("--minute", type=float, default=60.0)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "source"
        if said.project:
            shutil.copytree(said.project, project, ignore=shutil.ignore_patterns(".git"))
        else:
            make_project(project, FILES, SMALL)
        for part in said.parts or PARTS:
            print(f"\n{part}\n", flush=True)
            print(table(HEADING, PARTS[part](project, Path(scratch), said.minute)), flush=True)


def _quota(project: Path, place: Path, minute: float) -> Rows:
    rows: Rows = []
    fared = [one for form in FORMS for one in under_quota(project, place, minute, form)]
    for one in fared:
        ended = f"{one.run.seconds:.1f} s over {one.floor:.1f} s, {one.bill.paid} replies, exit code {one.run.code}"
        rows.append(
            [
                f"wall time over the floor of {REQUESTS} and {TOKENS:,}, {one.form}",
                one.name,
                f"{one.over_floor:.2f}",
                ended,
            ]
        )
    for one in fared:
        ended = f"{one.run.seconds:.1f} s over {one.floor_with_replies:.1f} s"
        rows.append(
            [f"the same, over a floor that waits for replies, {one.form}", one.name, f"{one.over_replies:.2f}", ended]
        )
    for one in fared:
        seen = f"{one.bill.limited} and {one.bill.paid} replies"
        rows.append([f"429s per 100 requests, {one.form}", one.name, f"{one.limited:.1f}", seen])
    return rows


def _faults(project: Path, place: Path, _: float) -> Rows:
    rows: Rows = []
    for runs in under_faults(project, place):
        codes = ", ".join(str(one.run.code) for one in runs)
        lost, sections = sum(one.lost for one in runs), sum(one.sections for one in runs)
        faults, good = sum(one.faults for one in runs), sum(one.refused_for_good for one in runs)
        said = f"of {sections}; {faults} faults, {good} refused for good, exit codes {codes}"
        rows.append(["sections lost", runs[0].name, str(lost), said])
    return rows


def _paid(project: Path, place: Path, _: float) -> Rows:
    paid = what_is_paid(project, place / "paid")
    first = f"of {paid.first:,} tokens in {paid.requests[0]} requests"

    def row(what: str, tokens: int, whole: int, said: str) -> list[str]:
        return [what, "fieldguide", f"{tokens / whole:.3f}", f"{tokens:,} {said}"]

    again = paid.killed - paid.undisturbed
    return [
        row("first run over the naive concatenation", paid.first, paid.naive, f"tokens over {paid.naive:,}"),
        row("unchanged run over the first", paid.unchanged, paid.first, first),
        row("a body changed, over the first", paid.body_changed, paid.first, f"{first}, now {paid.requests[2]}"),
        row("a function added, over the first", paid.name_added, paid.first, f"{first}, now {paid.requests[3]}"),
        row("the same, a model that changes it all", paid.fickle, paid.first, f"{first}, now {paid.requests[4]}"),
        ["paid again after SIGKILL half-way", "fieldguide", f"{again:,}", f"tokens; {paid.in_flight:,} were in flight"],
        ["paid again after SIGKILL half-way", "naive, a file at a time", f"{paid.naive // 2:,}", "tokens: all of it"],
        ["exit codes", "fieldguide", " ".join(map(str, paid.codes)), "first, unchanged, body, function twice, killed"],
    ]


def _overhead(_: Path, __: Path, ___: float) -> Rows:
    cost = cost_of_a_request()
    ours = f"at {cost.rate:.0f} requests a second, {cost.requests} requests"
    client = f"{1000 * cost.client_seconds:.2f}"
    return [
        ["our CPU, ms a request", "fieldguide's door", f"{1000 * cost.seconds:.2f}", ours],
        ["CPU, ms a request", "openai's client alone", client, "the same requests without the door"],
        ["CPU, ms a request", "the server", f"{1000 * cost.server_seconds:.2f}", "in its own process"],
    ]


PARTS: Final[dict[str, Callable[[Path, Path, float], Rows]]] = {
    "quota": _quota,
    "faults": _faults,
    "paid": _paid,
    "overhead": _overhead,
}


if __name__ == "__main__":
    main()
