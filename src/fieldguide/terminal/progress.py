"""What a run says while it works.

Comes in: events of the pipeline. Goes out: a live line on a terminal, plain lines elsewhere, nothing when quiet.
Must never: write to standard output; let a name from a repository drive the terminal.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from fieldguide.domain.report import Event, Note, Observer, Progress
from fieldguide.settings.quoting import printable
from fieldguide.terminal.journal import journal
from fieldguide.terminal.output import say

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rich.progress import Progress as Bars

_PLAIN_SECONDS = 10.0
"""Between two plain lines of one stage: enough to show life, little enough for the log of a build."""


@contextmanager
def progress(*, quiet: bool, verbose: bool) -> Generator[Observer]:
    """Give the observer for a run, and clear the live line at its end.

    Who wants to hear everything gets plain lines: a live line would be torn by what the log says in between.
    """
    if quiet:
        yield _recorded(_nothing)
    elif _is_live() and not verbose:
        with _bars() as bars:
            yield _recorded(_Live(bars).observe)
    else:
        yield _recorded(_Plain().observe)


def _is_live() -> bool:
    """Standard error is a terminal that can move its cursor, and no build service keeps it as a log."""
    if sys.stderr is None or os.environ.get("CI"):  # pyright: ignore[reportUnnecessaryComparison]
        return False
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def _nothing(event: Event) -> None:
    """Say nothing of `event`."""


def _recorded(observer: Callable[[Event], None]) -> Observer:
    """Record stages and notes in the log before they are shown."""
    stages: set[str] = set()

    def observe(event: Event) -> None:
        if isinstance(event, Note):
            (journal().warning if event.warning else journal().info)("%s", event.message)
        elif isinstance(event, Progress) and event.stage not in stages:
            stages.add(event.stage)
            journal().info("%s", event.stage)
        observer(event)

    return observe


def note_line(note: Note) -> str:
    """Return the one line that shows a note."""
    return ("warning: " if note.warning else "") + printable(note.message)


class _Plain:
    """Plain lines: one when a stage begins, one now and then while it lasts."""

    def __init__(self) -> None:
        self._stage = ""
        self._said_at = 0.0

    def observe(self, event: Event) -> None:
        if isinstance(event, Note):
            say(note_line(event))
            return
        if not isinstance(event, Progress):
            return
        now = monotonic()
        begins = event.stage != self._stage
        if not begins and now - self._said_at < _PLAIN_SECONDS:
            return
        self._stage, self._said_at = event.stage, now
        say(event.stage if begins or not event.total else f"{event.stage}: {event.done} of {event.total}")


class _Live:
    """One live line: the stage, its count, the time it has taken and is likely to take still."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._stage = ""
        self._task = bars.add_task("", total=None, visible=False, count="")

    def observe(self, event: Event) -> None:
        if isinstance(event, Note):
            self._bars.console.print(note_line(event), markup=False, highlight=False, soft_wrap=True)
            return
        if not isinstance(event, Progress):
            return
        if event.stage != self._stage:
            self._stage = event.stage
            self._bars.reset(self._task, total=event.total or None, description=printable(event.stage), visible=True)
        self._bars.update(self._task, completed=event.done, total=event.total or None, count=_count(event))


def _count(event: Progress) -> str:
    if event.total:
        return f"{event.done:,} of {event.total:,}"
    return f"{event.done:,}" if event.done else ""


def _bars() -> Bars:
    # Imported here: only a terminal needs it, and it takes a tenth of a second.
    from rich import progress as rich  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415

    return rich.Progress(
        rich.SpinnerColumn(),
        rich.TextColumn("{task.description}", markup=False),
        rich.TextColumn("{task.fields[count]}", markup=False),
        rich.TimeElapsedColumn(),
        rich.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
