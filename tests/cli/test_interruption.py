"""Ctrl-C and SIGTERM: an end within a second whatever is going on, nothing left running, and a word on how to go on."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from real_command import COMMAND, environment, everything_shown, fieldguide

from pipeline.whole_run import wide_project
from waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

PROMISED = 1.0
SLACK = 1.0
"""Seconds for a machine that does something else meanwhile."""
TRIES = 6
"""What always takes longer than is promised does so in each; a machine that is busy does not hold up every one."""
KEPT = "hint: type the same command again; 12 requests are paid for and kept"

PROGRAM = """
import asyncio, hashlib, socket, sys, time
from fieldguide.domain.report import Progress, Spending
from fieldguide.terminal.interruption import Interruption
from fieldguide.terminal.output import say
from fieldguide.terminal.progress import Account, progress

async def forever(): await asyncio.sleep(600)
async def in_a_thread(): await asyncio.to_thread(time.sleep, 600)
async def stubborn():
    while True:
        try: await asyncio.sleep(600)
        except asyncio.CancelledError: print("asked", flush=True)

account = Account()
interruption = Interruption(account)
try:
    interruption.heed()
    with progress(quiet=True, verbose=False, account=account) as observe:
        observe(Spending(done=15, planned=31, from_store=3, kept=12))
        print("ready", flush=True)
        {body}
except KeyboardInterrupt:
    interruption.tell(say)
    interruption.leave()
"""
BODIES = {
    "asleep in a coroutine": "asyncio.run(forever())",
    "asleep": "time.sleep(600)",
    "in a thread that is waited for": "asyncio.run(in_a_thread())",
    "in a library that hears no signal": "hashlib.pbkdf2_hmac('sha256', b'', b'', 2 * 10**9)",
    "in a text that is executed": "exec('time.sleep(600)')",
    "in a coroutine that will not be cancelled": "asyncio.run(stubborn())",
}


ON_ITS_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


def _left(session: int) -> list[str]:
    """Return the command lines of what still runs in a session."""
    left: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            fields = (process / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == session and fields[0] != "Z":
                left.append((process / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return left


def _nothing_is_left(session: int) -> None:
    """Workers that lost their parent end on their own: they have a moment for it."""
    wait_until(lambda: not _left(session), "the end of all that the command had started")


def _in_time(attempt: Callable[[Path], float], tmp_path: Path, most: float = PROMISED + SLACK) -> None:
    """Make an attempt, which tells its seconds, in a place of its own until one keeps the promise."""
    took: list[float] = []
    while not took or (took[-1] >= most and len(took) < TRIES):
        place = tmp_path / f"try {len(took)}"
        place.mkdir()
        took.append(attempt(place))
    assert took[-1] < most, took


@contextmanager
def _running(tmp_path: Path, *command: str) -> Generator[subprocess.Popen[str]]:
    """Start a command as the leader of a session of its own."""
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _ended(process: subprocess.Popen[str], began: float) -> tuple[int, str, float]:
    """Wait for the end; return the exit code, what was said, and the seconds it took."""
    _, said = process.communicate(timeout=PATIENCE)
    return process.returncode, said, time.monotonic() - began


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(("number", "code", "word"), [(2, 130, "interrupted"), (15, 143, "ended by SIGTERM")])
def test_whatever_is_going_on_it_ends_within_a_second(
    tmp_path: Path, body: str, number: int, code: int, word: str
) -> None:
    def attempt(place: Path) -> float:
        with _running(place, sys.executable, "-c", PROGRAM.format(body=BODIES[body])) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.1)
            began = time.monotonic()
            process.send_signal(number)
            ended, said, took = _ended(process, began)
        assert (ended, said.splitlines()) == (
            code, [f"{word}: the page on the disk is whole, the old one or the new one", KEPT]
        )  # fmt: skip
        return took

    _in_time(attempt, tmp_path)


def test_a_second_ctrl_c_ends_it_at_once(tmp_path: Path) -> None:
    """The first is refused by a coroutine that catches it; without the second it would take its time."""

    def attempt(place: Path) -> float:
        program = PROGRAM.format(body=BODIES["in a coroutine that will not be cancelled"])
        with _running(place, sys.executable, "-c", program) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.1)
            process.send_signal(signal.SIGINT)
            assert process.stdout.readline() == "asked\n"
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            ended, said, took = _ended(process, began)
        assert (ended, said.splitlines()[-1]) == (130, KEPT)
        return took

    _in_time(attempt, tmp_path, 0.5)


@pytest.mark.parametrize(("number", "code"), [(2, 130), (15, 143)])
def test_workers_are_not_waited_for_and_not_left_behind(tmp_path: Path, number: int, code: int) -> None:
    def attempt(place: Path) -> float:
        wide_project(place / "project", 1_500)
        with _running(place, *COMMAND, "--no-model", "--jobs=2", "project") as process:
            # The command, what watches its resources, the server of workers, and two workers.
            wait_until(lambda: len(_left(process.pid)) >= 5 or process.poll() is not None, "two workers")
            began = time.monotonic()
            process.send_signal(number)
            ended, said, took = _ended(process, began)
            _nothing_is_left(process.pid)
        assert ended == code, said
        assert "Traceback" not in said
        assert "hint: type the same command again" in said
        assert not (place / "project" / "README.md").exists()
        return took

    _in_time(attempt, tmp_path)


@pytest.mark.parametrize("tenths", [1, 3, 6, 10, 15])
def test_at_any_instant_a_run_ends_in_order(tmp_path: Path, tenths: int) -> None:
    def attempt(place: Path) -> float:
        wide_project(place / "project", 300)
        with _running(place, *COMMAND, "--no-model", "--no-cache", "project") as process:
            # In its first moment Python itself has no handler yet.
            time.sleep(tenths / 10)
            heeded = _heeds(process.pid)
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            ended, said, took = _ended(process, began)
            _nothing_is_left(process.pid)
        if ended != 0 and heeded:
            assert ended == 130, said
            assert "Traceback" not in said
        return took

    _in_time(attempt, tmp_path)


def _heeds(process: int) -> bool:
    """Whether a process has the command's own handlers in place: Python's has none of SIGTERM."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def test_ctrl_c_on_a_terminal_leaves_it_as_it_was(tmp_path: Path) -> None:
    """The key itself, on a terminal that sends the signal to everything in its foreground."""
    _in_time(_on_a_terminal, tmp_path)


def _on_a_terminal(place: Path) -> float:
    (place / "project").mkdir()
    (place / "project" / "a.py").write_text('"""One module."""\n')
    controller, terminal = pty.openpty()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        with subprocess.Popen(
            [sys.executable, "-c", ON_ITS_TERMINAL, *COMMAND, "--base-url", address, "--model=m", "project"],
            cwd=place,
            env=environment(place, TERM="xterm", COLUMNS="100"),
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
        ) as process:
            os.close(terminal)
            connection, _ = server.accept()
            time.sleep(0.3)
            began = time.monotonic()
            os.write(controller, b"\x03")
            shown = everything_shown(controller)
            process.wait(PATIENCE)
            took = time.monotonic() - began
            connection.close()
            _nothing_is_left(process.pid)
    assert process.returncode == 130, shown
    assert "asking m" in shown
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l")
    assert shown.splitlines()[-1].startswith("hint: type the same command again")
    assert "Traceback" not in shown
    return took


def test_what_a_library_makes_of_an_interrupt_is_one(tmp_path: Path) -> None:
    """Libraries in Rust panic where their import is cut short; the run was interrupted all the same."""
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / "platformdirs.py").write_text(
        "import os, signal, time\n"
        "try:\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    time.sleep(60)\n"
        "except KeyboardInterrupt:\n"
        "    raise SystemError('the import was cut short') from None\n"
    )
    wide_project(tmp_path / "project", 3)
    ran = fieldguide("--no-model", "project", home=tmp_path, PYTHONPATH=str(tmp_path / "cut"))
    assert (ran.returncode, ran.stdout) == (130, "")
    assert ran.stderr.splitlines()[0].startswith("interrupted: the page on the disk is whole")
    assert "cut short" not in ran.stderr
