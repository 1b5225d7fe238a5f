"""Time under a quota, and 429s on the way: fieldguide, told its quota and learning it, beside the naive scripts.

Comes in: a project, a quota, how it is counted. Goes out: rows of the table of `door.py`. All contenders run at once,
each against a server of its own. The quota's floor is the least time in which it admits the very requests that a
contender sent, in their order, plus what the model took for the last of them. The other floor also waits where a
request needs replies: a page needs all notes. What a contender does besides, from the start of its process, counts
against it.
"""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from contenders import AT_ONCE, IN_ORDER, ONE_CALL, Contender, Run, ours, run, warm

from provider.metered_chat import Model
from provider.metered_provider import metered_provider
from provider.metered_quota import QuotaMeter, QuotaRules
from provider.metered_records import Bill, Record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Form = Literal["sliding", "bucket"]
FORMS: Final[tuple[Form, ...]] = ("sliding", "bucket")
REQUESTS: Final = 60
TOKENS: Final = 60_000
"""Of a minute."""
HEAD_START: Final = 20.0
"""Seconds that the naive scripts begin later, so that on a small machine nobody starts while others do."""
MODEL: Final = Model(base_seconds=0.5, seconds_per_token=0.005)
"""A second and a half for a note on two files, as the small models answer."""


@dataclass(frozen=True, slots=True)
class UnderQuota:
    """How a contender fared."""

    name: str
    run: Run
    floor: float
    """Seconds, by the quota alone."""
    floor_with_replies: float
    bill: Bill
    form: Form
    """How the provider counts: over a window that slides, or as a bucket that fills."""

    @property
    def over_floor(self) -> float:
        """Time over the least time; endless for a run that got nothing."""
        return self.run.seconds / self.floor if self.bill.paid else float("inf")

    @property
    def over_replies(self) -> float:
        """Time over the least time that also waits for replies that are needed."""
        return self.run.seconds / self.floor_with_replies if self.bill.paid else float("inf")

    @property
    def limited(self) -> float:
        """429s for each 100 requests that were answered; of all that were sent where none was."""
        return 100 * self.bill.limited / max(1, self.bill.paid)


def under_quota(project: Path, place: Path, minute: float, form: Form) -> list[UnderQuota]:
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
        runs = [pool.submit(_one, one, project, place / one.name.replace(" ", "-"), minute, form) for one in contenders]
        return [one.result() for one in runs]


def _one(contender: Contender, project: Path, place: Path, minute: float, form: Form) -> UnderQuota:
    if not contender.ours:
        time.sleep(HEAD_START)
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(project, place / "project")
    if contender.ours:
        warm(place / "home")
    rules = QuotaRules(REQUESTS, TOKENS, window_seconds=minute, form=form)
    scale = minute / 60.0
    model = Model(base_seconds=MODEL.base_seconds * scale, seconds_per_token=MODEL.seconds_per_token * scale)
    with metered_provider(quota=rules, model=model) as provider:
        outcome = run(contender, place / "project", provider, home=place / "home")
        admitted = [one for one in provider.records if one.admitted]
        floors = _floor(rules, admitted, waits=False), _floor(rules, admitted, waits=True)
        return UnderQuota(contender.name, outcome, *floors, provider.bill(), form)


def _floor(rules: QuotaRules, admitted: Sequence[Record], *, waits: bool) -> float:
    """Seconds until the last reply, when each request is sent the moment that it can be."""
    meter = QuotaMeter(rules)
    now = ended = 0.0
    for one in admitted:
        if waits and one.kind == "page":
            now = max(now, ended)
        while (admission := meter.admit(now, one.prompt_tokens + one.reserved)).counted is None:
            now += admission.wait + 1e-9
        ended = max(ended, now) if one.answered is None else max(ended, now + one.answered - one.arrived)
    return ended if admitted else 0.0
