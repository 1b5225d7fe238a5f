"""What a run says while it works.

Comes in: events of the pipeline. Goes out: a live line on a terminal, plain lines elsewhere, nothing when quiet.
Must never: write to standard output; let a name from a repository drive the terminal.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from time import monotonic, time
from typing import TYPE_CHECKING

from fieldguide.domain.report import Event, Note, Observer, Progress, Spending
from fieldguide.settings.quoting import printable
from fieldguide.terminal.journal import journal
from fieldguide.terminal.output import say
from fieldguide.terminal.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from fieldguide.terminal.live import LiveLine

PLAIN_SECONDS = 10.0
"""Between two plain lines of one stage: enough to show life, little enough for the log of a build."""


class Account:
    """What a run told last of its requests: what an interruption and the report at the end go by."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self.spending: Spending | None = None


@contextmanager
def progress(
    *, quiet: bool, verbose: bool, account: Account | None = None, plain_seconds: float = PLAIN_SECONDS
) -> Generator[Observer]:
    """Give the observer for a run, and clear the live line at its end.

    Who wants to hear everything gets plain lines: a live line would be torn by what the log says in between.

    Args:
        quiet: Nothing is shown.
        verbose: The log is said aloud besides.
        account: Is told of every `Spending`.
        plain_seconds: Between two plain lines of one stage.
    """
    account = account or Account()
    if quiet:
        yield _recorded(_nothing, account)
    elif _is_live() and not verbose:
        # Imported here: only a terminal needs it, and it takes a tenth of a second.
        from fieldguide.terminal.live import LiveLine  # noqa: PLC0415

        standing = Standing()
        with LiveLine(standing) as line:
            yield _recorded(_Live(standing, line).observe, account)
    else:
        plain = _Plain(plain_seconds)
        try:
            yield _recorded(plain.observe, account)
        finally:
            plain.end()


def _is_live() -> bool:
    """Standard error is a terminal that can move its cursor, and no build service keeps it as a log."""
    if sys.stderr is None or os.environ.get("CI"):  # pyright: ignore[reportUnnecessaryComparison]
        return False
    return sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def _nothing(event: Event) -> None:
    """Say nothing of `event`."""


def _recorded(observer: Callable[[Event], None], account: Account) -> Observer:
    """Record stages and notes in the log, and what was spent in the account, before they are shown."""
    stages: set[str] = set()

    def observe(event: Event) -> None:
        if isinstance(event, Note):
            (journal().warning if event.warning else journal().info)("%s", event.message)
        elif isinstance(event, Spending):
            account.spending = event
        elif event.stage not in stages:
            stages.add(event.stage)
            journal().info("%s", event.stage)
        observer(event)

    return observe


def note_line(note: Note) -> str:
    """Return the one line that shows a note."""
    return ("warning: " if note.warning else "") + printable(note.message)


class _Live:
    """Tells the live line what it shows."""

    def __init__(self, standing: Standing, line: LiveLine) -> None:
        self._standing = standing
        self._line = line

    def observe(self, event: Event) -> None:
        if isinstance(event, Note):
            self._line.say(note_line(event))
        else:
            self._standing.hear(event, monotonic())


class _Plain:
    """Plain lines: one when a stage begins, one now and then while it lasts.

    While requests are under way a thread looks on, so that a long wait that nothing interrupts is told too.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._standing = Standing()
        self._said = ""
        self._said_at = 0.0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._onlooker: threading.Thread | None = None

    def observe(self, event: Event) -> None:
        if isinstance(event, Note):
            say(note_line(event))
            return
        now = monotonic()
        begins = isinstance(event, Progress) and event.stage != self._standing.stage
        self._standing.hear(event, now)
        if begins:
            with self._lock:
                self._said, self._said_at = self._standing.stage, now
                say(self._said)
        else:
            self._tell(now)
        if self._standing.asks and self._onlooker is None:
            self._onlooker = threading.Thread(target=self._look_on, daemon=True, name="plain progress")
            self._onlooker.start()

    def end(self) -> None:
        """Say no more."""
        self._ended.set()
        if self._onlooker is not None:
            self._onlooker.join()

    def _look_on(self) -> None:
        while not self._ended.wait(self._seconds / 10):
            if self._standing.asks:
                self._tell(monotonic())

    def _tell(self, now: float) -> None:
        with self._lock:
            if now - self._said_at < self._seconds:
                return
            first, *more = (part.text for line in self._standing.lines(now, time()) for part in line)
            line = f"{first}: {', '.join(more)}" if more else first
            if line != self._said:
                self._said, self._said_at = line, now
                say(line)
