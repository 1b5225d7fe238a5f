"""Time under a quota, and 429s on the way: fieldguide, told its quota and learning it, beside the naive scripts.

Comes in: a project, a quota. Goes out: rows of the table of `door.py`. All contenders run at once, each against a
server of its own. The floor is the least time in which the quota admits the very requests that a contender sent, in
their order, plus what the model took for the last of them; what a contender does besides counts against it.
"""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from contenders import AT_ONCE, IN_ORDER, ONE_CALL, Contender, Run, ours, run

from provider.metered_chat import Model
from provider.metered_provider import metered_provider
from provider.metered_quota import QuotaRules, shortest
from provider.metered_records import Bill, Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

REQUESTS: Final = 60
TOKENS: Final = 60_000
"""Of a minute."""
MODEL: Final = Model(base_seconds=0.5, seconds_per_token=0.005)
"""A second and a half for a note on two files, as the small models answer."""


@dataclass(frozen=True, slots=True)
class UnderQuota:
    """How a contender fared."""

    name: str
    run: Run
    floor: float
    """Seconds."""
    bill: Bill

    @property
    def over_floor(self) -> float:
        """Time over the least time; endless for a run that got nothing."""
        return self.run.seconds / self.floor if self.bill.paid else float("inf")

    @property
    def limited(self) -> float:
        """429s for each 100 requests that were answered; of all that were sent where none was."""
        return 100 * self.bill.limited / max(1, self.bill.paid)


def under_quota(project: Path, place: Path, minute: float) -> list[UnderQuota]:
    """Run every contender under the quota, whose minute lasts so many seconds."""
    told = ("--rpm", str(REQUESTS), "--tpm", str(TOKENS))
    contenders = [
        ours(*told, minute=minute, name="fieldguide, told"),
        ours(minute=minute, name="fieldguide, learns"),
        IN_ORDER,
        AT_ONCE,
        ONE_CALL,
    ]
    with ThreadPoolExecutor(len(contenders)) as pool:
        runs = [pool.submit(_one, one, project, place / one.name.replace(" ", "-"), minute) for one in contenders]
        return [one.result() for one in runs]


def _one(contender: Contender, project: Path, place: Path, minute: float) -> UnderQuota:
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(project, place / "project")
    rules = QuotaRules(REQUESTS, TOKENS, window_seconds=minute)
    scale = minute / 60.0
    model = Model(base_seconds=MODEL.base_seconds * scale, seconds_per_token=MODEL.seconds_per_token * scale)
    with metered_provider(quota=rules, model=model) as provider:
        outcome = run(contender, place / "project", provider, home=place / "home")
        admitted = [one for one in provider.records if one.admitted]
        return UnderQuota(contender.name, outcome, _floor(rules, admitted), provider.bill())


def _floor(rules: QuotaRules, admitted: Sequence[Record]) -> float:
    if not admitted:
        return 0.0
    last = admitted[-1]
    took = (last.answered or last.arrived) - last.arrived
    return shortest(rules, [one.prompt_tokens + one.reserved for one in admitted]) + took
