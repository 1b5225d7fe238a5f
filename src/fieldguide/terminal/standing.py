"""Where a run stands, in words: what is done of what is planned, paid, waited for, and how long it still takes.

Comes in: events of the pipeline, and the time. Goes out: parts of one or two lines, and as many of them as fit.
Must never: print; read a clock; call a guess exact.
"""

from __future__ import annotations

from time import localtime, strftime
from typing import TYPE_CHECKING, NamedTuple

from fieldguide.domain.report import Progress, Spending
from fieldguide.settings.quoting import printable
from fieldguide.terminal.quantities import counted, dollars, duration, rough, rounded, stopwatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_SOON = 2.0
"""Seconds of a stage after which its pace tells how long the rest takes."""


class Part(NamedTuple):
    """A piece of a line."""

    text: str
    rank: int
    """The highest goes first where there is no room."""
    short: str = ""
    """Says the same in less room; empty where there is no such way."""


class Standing:
    """What a run has said last. One thread tells it events; another one may ask for lines at any time."""

    def __init__(self) -> None:
        """Begin before the first stage."""
        self.stage = ""
        self._progress = Progress("")
        self._spending: Spending | None = None
        self._began = self._asked = self._heard = 0.0

    @property
    def asks(self) -> bool:
        """Whether requests are under way in this stage."""
        return self._spending is not None

    def hear(self, event: Progress | Spending, now: float) -> None:
        """Take over what an event says. `now` is in seconds of a monotonic clock."""
        if isinstance(event, Spending):
            if self._spending is None:
                self._asked = now
            self._spending, self._heard = event, now
            return
        if event.stage != self.stage:
            self.stage, self._spending, self._began = event.stage, None, now
        self._progress = event

    def lines(self, now: float, clock: float) -> tuple[list[Part], ...]:
        """Return the parts of each line. `clock` is in seconds since the epoch."""
        spending = self._spending
        if spending is None:
            return (list(self._stage_parts(now)),)
        return list(self._request_parts(spending, now, clock)), list(self._account_parts(spending, now))

    def _stage_parts(self, now: float) -> Iterator[Part]:
        progress, elapsed = self._progress, now - self._began
        yield Part(printable(self.stage), 1)
        if progress.done or progress.total:
            of = f" of {progress.total:,}" if progress.total else ""
            yield Part(f"{progress.done:,}{of} {progress.unit}".rstrip(), 0)
        yield Part(stopwatch(elapsed), 3)
        if progress.done and progress.total > progress.done and elapsed > _SOON:
            left = elapsed / progress.done * (progress.total - progress.done)
            yield Part(f"about {duration(left)} left", 2)

    def _request_parts(self, spending: Spending, now: float, clock: float) -> Iterator[Part]:
        yield Part(printable(self.stage), 4)
        if spending.planned:
            noun = "request" if spending.planned == 1 else "requests"
            yield Part(f"{spending.done:,} of {spending.planned:,} {noun}", 0)
        else:
            yield Part(counted(spending.done, "request"), 0)
        if spending.in_flight:
            yield Part(f"{spending.in_flight:,} in flight", 3)
        if spending.waiting_until is not None and spending.waiting_until > clock:
            until = strftime("%H:%M:%S", localtime(spending.waiting_until))
            yield Part(f"waiting for quota until {until}", 1, f"quota: {until}")
        left = self._left(spending, now, clock)
        if left is not None:
            yield Part(f"about {duration(left)} left", 2, f"{duration(left)} left")

    def _account_parts(self, spending: Spending, now: float) -> Iterator[Part]:
        progress = self._progress
        if progress.total:
            unit = progress.unit or ("page" if progress.total == 1 else "pages")
            yield Part(f"{progress.done:,} of {progress.total:,} {unit}", 2)
        used = spending.input_tokens + spending.output_tokens
        planned = spending.planned_input_tokens + spending.planned_output_tokens
        of, short = (f" of about {rounded(planned):,}", f" of {rough(planned)}") if planned else ("", "")
        yield Part(f"{used:,}{of} tokens", 1, f"{rough(used)}{short} tokens")
        if spending.cost is not None:
            most = spending.planned_cost or 0.0
            of, short = (f" of about {dollars(most, most)}", f" of {dollars(most, most)}") if most else ("", "")
            cost = dollars(spending.cost, max(spending.cost, most))
            yield Part(f"{cost}{of}", 0, f"{cost}{short}")
        if spending.from_store:
            yield Part(f"{spending.from_store:,} paid for before", 4)
        yield Part(stopwatch(now - self._asked), 3)

    def _left(self, spending: Spending, now: float, clock: float) -> float | None:
        """Seconds until the plan is done: the longest of what the pace so far, the quota and a pause say."""
        rest = spending.planned - spending.done
        if rest <= 0:
            return None
        told: list[float] = []
        bought, elapsed = spending.done - spending.from_store, now - self._asked
        if bought > 0 and elapsed > 0:
            # While few have come, those under way tell something too: half of each is done.
            halves = spending.in_flight / 2 if bought < spending.in_flight else 0.0
            told.append(rest * elapsed / (bought + halves))
        if spending.seconds_left is not None:
            told.append(spending.seconds_left - (now - self._heard))
        if told and spending.waiting_until is not None:
            told.append(spending.waiting_until - clock)
        return max(0.0, *told) if told else None


def fitted(parts: Sequence[Part], width: int, separator: str, measure: Callable[[str], int]) -> str:
    """Join as many parts as `width` holds: whole ones first, then short ones, then without the least important."""
    kept = list(parts)
    line = separator.join(part.text for part in kept)
    while measure(line) > width and kept:
        line = separator.join(part.short or part.text for part in kept)
        if measure(line) <= width or len(kept) == 1:
            break
        kept.remove(max(kept, key=lambda part: part.rank))
    return line
