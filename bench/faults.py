"""What is lost when the provider fails: 5 % 500, 5 % 503, 3 % resets, 3 % cut JSON, 3 % filtered replies.

Comes in: a project. Goes out: sections lost, fieldguide's beside the naive script's, summed over several seeds.
In some files stands a sentence that the filter refuses for good: nobody can have those.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contenders import AT_ONCE, IN_ORDER, Contender, Run, ours, run, warm
from projects import plant_refusals

from provider.metered_faults import Fault, FaultRates
from provider.metered_provider import MeteredProvider, metered_provider

if TYPE_CHECKING:
    from pathlib import Path

RATES: Final = (
    (Fault.SERVER_ERROR, 0.05),
    (Fault.UNAVAILABLE, 0.05),
    (Fault.RESET, 0.03),
    (Fault.CUT_JSON, 0.03),
    (Fault.FILTERED, 0.03),
)
SEEDS: Final = (1, 2, 3)
REFUSED: Final = 3
"""Files that the filter refuses for good."""


@dataclass(frozen=True, slots=True)
class UnderFaults:
    """What became of one run."""

    name: str
    run: Run
    sections: int
    lost: int
    refused_for_good: int
    faults: int
    missing: tuple[str, ...]


def under_faults(project: Path, place: Path) -> list[list[UnderFaults]]:
    """Run the contenders once for each seed."""
    return [
        [_one(one, seed, project, place / f"faults-{seed}") for seed in SEEDS] for one in (ours(), IN_ORDER, AT_ONCE)
    ]


def _one(contender: Contender, seed: int, project: Path, place: Path) -> UnderFaults:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(project, place / "project")
    if contender.ours:
        warm(place / "home")
    plant_refusals(place / "project", REFUSED)
    with metered_provider(faults=FaultRates(RATES, seed)) as provider:
        outcome = run(contender, place / "project", provider, home=place / "home")
        asked, had = _sections(provider, by_heading=contender.ours)
        faults = sum(one.fault is not None for one in provider.records)
    lost = tuple(sorted(asked - had))
    return UnderFaults(contender.name, outcome, len(asked), len(lost), REFUSED, faults, lost)


def _sections(provider: MeteredProvider, *, by_heading: bool) -> tuple[set[str], set[str]]:
    """What was asked for, and what arrived whole: headings of notes and sections, or a naive script's texts."""
    asked: set[str] = set()
    had: set[str] = set()
    for record in provider.records:
        names = set(record.headings) if by_heading else {record.digest}
        asked |= names
        cut = record.fault in {Fault.CUT_JSON, Fault.CUT_BODY}
        if record.status == 200 and record.finish == "stop" and record.delivered and not cut:  # noqa: PLR2004  (HTTP)
            had |= names
    return asked, had
