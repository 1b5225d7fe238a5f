"""Ctrl-C and SIGTERM: an orderly end within a second, and an end at once for who asks twice.

Comes in: signals, and the account of the run. Goes out: a `KeyboardInterrupt` in the main thread (in a coroutine: the
cancellation of the main task, by `asyncio.Runner`), two lines that say how to go on, the exit code.
Must never: leave a process of ours running; end later than promised because something does not let go.

The main thread alone runs Python's signal handlers, and not while it is inside of a library's call. So a second thread
is told of every signal by the system's own handler (`signal.set_wakeup_fd`), and ends the process when the second is
over. Everything that was paid for is on the disk by then: the store is written before a reply is used.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from fieldguide.errors import ExitCode
from fieldguide.terminal.quantities import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess
    from types import FrameType
    from typing import NoReturn

    from fieldguide.terminal.progress import Account

SECONDS: Final = 0.75
"""For the orderly end; what is left of the promised second is for the process to go."""
_PATIENCE: Final = 0.1
_SIGNALS: Final = frozenset({signal.SIGINT, signal.SIGTERM})


class Interruption:
    """What is known of the end that a signal asked for."""

    def __init__(self, account: Account) -> None:
        """Remember whom to ask what was paid for."""
        self._account = account
        self._first = 0
        self._told = False
        self._came = threading.Event()
        self._telling = threading.Lock()

    @property
    def exit_code(self) -> ExitCode:
        """Of the first signal."""
        return ExitCode.TERMINATED if self._first == signal.SIGTERM else ExitCode.INTERRUPTED

    def came(self) -> bool:
        """Tell whether a signal asked for the end, waiting the moment that the thread which hears of it may need."""
        return self._came.wait(_PATIENCE)

    def tell(self, write: Callable[[str], None], *, patience: float = -1) -> None:
        """Write the two lines that say how to go on, once, whichever thread comes first.

        Args:
            write: Writes lines to standard error.
            patience: Seconds to wait for another thread that is at it; -1 for as long as it takes.
        """
        if not self._telling.acquire(timeout=patience):
            return
        try:
            if not self._told:
                write(self._farewell())
                self._told = True
        finally:
            self._telling.release()

    def _farewell(self) -> str:
        spending = self._account.spending
        kept = spending.kept if spending else 0
        said = "ended by SIGTERM" if self._first == signal.SIGTERM else "interrupted"
        paid = f"{counted(kept, 'request')} {'is' if kept == 1 else 'are'} paid for and kept"
        return (
            f"{said}: the page on the disk is whole, the old one or the new one\n"
            f"hint: type the same command again; {paid if kept else 'what the cache holds is not done twice'}"
        )

    def heed(self) -> None:
        """Heed signals from now on until the process ends. To be called by the main thread of a process of our own."""
        if os.name != "posix":
            return
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        if signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN:
            signal.signal(signal.SIGTERM, self._terminated)
        threading.Thread(target=self._look_on, args=(reading,), daemon=True, name="signals").start()

    def _terminated(self, number: int, frame: FrameType | None) -> None:
        """Do what Ctrl-C would: `asyncio` has a handler of its own for that while it runs."""
        self._first = self._first or number
        self._came.set()
        handler = signal.getsignal(signal.SIGINT)
        (handler if callable(handler) else signal.default_int_handler)(signal.SIGINT, frame)

    def _look_on(self, reading: int) -> NoReturn:
        self._first = _next_signal(reading, None) or signal.SIGINT
        self._came.set()
        _next_signal(reading, SECONDS)
        self._end_now()

    def leave(self) -> NoReturn:
        """End the process, all being said, without the interpreter's clearing away, which may take its second."""
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):
                stream.flush()
        os._exit(self.exit_code)

    def _end_now(self) -> NoReturn:
        """End without unwinding: whatever the main thread does, it has had its time, or nobody wants to wait."""
        _end_children()
        self.tell(_write, patience=_PATIENCE)
        os._exit(self.exit_code)


def forget_interrupt() -> None:
    """Have the interpreter exit by its code, not by a signal to itself, after a `KeyboardInterrupt` was caught.

    It takes one that came out of a text given to `exec` (a dataclass or named tuple made by an import) for one that
    nobody caught, until the next text is executed without one.
    """
    exec("")  # noqa: S102


def _write(text: str) -> None:
    """Write to standard error, not by `sys.stderr`: the main thread may hold its lock."""
    with suppress(OSError):
        if os.isatty(2) and os.environ.get("TERM", "dumb") != "dumb":
            os.write(2, b"\r\x1b[2K\x1b[?25h")  # the live line goes, the cursor comes back
        os.write(2, f"{text}\n".encode())


def _next_signal(reading: int, seconds: float | None) -> int:
    """Return the next signal that asks for an end; 0 when none came for so long."""
    until = None if seconds is None else monotonic() + seconds
    while True:
        left = None if until is None else max(0.0, until - monotonic())
        if not select.select([reading], [], [], left)[0]:
            return 0
        number = os.read(reading, 1)[0]
        if number in _SIGNALS:
            return number


def _end_children() -> None:
    """End workers, which are children of a server of theirs, and whatever else was started, where the system tells."""
    multiprocessing = sys.modules.get("multiprocessing")
    # The main thread may be changing what is asked here, or have ended it already.
    with suppress(OSError, ValueError, RuntimeError):
        workers: list[BaseProcess] = multiprocessing.active_children() if multiprocessing else []
        for worker in workers:
            worker.kill()
    with suppress(OSError, ValueError):
        for thread in Path("/proc/self/task").iterdir():
            for child in (thread / "children").read_text("ascii").split():
                os.kill(int(child), signal.SIGKILL)
