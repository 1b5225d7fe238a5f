"""What is said while it works: a live line on a terminal, plain lines elsewhere, nothing when quiet; and the log."""

from __future__ import annotations

import logging
import os
import pty
import re
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from real_command import environment, everything_shown
from told_events import ASKING, EVENTS, FAR

from fieldguide.errors import ConfigurationError
from fieldguide.terminal.journal import keeping_log
from fieldguide.terminal.progress import Account, progress
from waiting import wait_until

TESTS = str(Path(__file__).parent)
PROGRAM = """
import time
from told_events import {events}
from fieldguide.terminal.journal import keeping_log
from fieldguide.terminal.progress import progress
with keeping_log(None, verbose=False), progress(quiet=False, verbose=False) as observe:
    for event in {events}:
        observe(event)
        time.sleep(0.15)
print("result")
"""


def test_elsewhere_a_stage_is_one_plain_line(capsys: pytest.CaptureFixture[str]) -> None:
    with keeping_log(None, verbose=False), progress(quiet=False, verbose=False) as observe:
        for event in EVENTS:
            observe(event)
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "reading files",
        "prose by `m`",
        "warning: a \\x1b[31mhostile\\nname",
        "analysing code",
    ]


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with keeping_log(None, verbose=False), progress(quiet=True, verbose=False) as observe:
        for event in EVENTS:
            observe(event)
    assert capsys.readouterr() == ("", "")


def _on_a_terminal(tmp_path: Path, events: str = "EVENTS", **variables: str) -> tuple[str, str]:
    """Run `PROGRAM` with standard error on a terminal; return standard output and what the terminal got."""
    controller, terminal = pty.openpty()
    program = PROGRAM.format(events=events)
    zone = {"TZ": os.environ["TZ"]} if "TZ" in os.environ else {}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment(tmp_path, PYTHONPATH=TESTS, **zone, **variables),
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    ) as process:
        os.close(terminal)
        shown = everything_shown(controller)
        output = process.communicate(timeout=60)[0]
    assert process.returncode == 0, shown
    return output, shown


def test_a_terminal_gets_a_live_line_that_is_cleared_and_no_hostile_name(tmp_path: Path) -> None:
    output, shown = _on_a_terminal(tmp_path, TERM="xterm", COLUMNS="100")
    assert output == "result\n"
    assert "2,818 of 2,818" in shown
    assert "\x1b[31mhostile" not in shown
    assert "\\x1b[31mhostile\\nname" in shown
    assert shown.rstrip().endswith(("\x1b[2K", "\x1b[?25h"))


WHEN = time.strftime("%H:%M:%S", time.localtime(FAR))


def _drawn(shown: str) -> list[str]:
    """Return the lines that a terminal showed at one time or another, without what moves its cursor."""
    return [line.strip() for line in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "\n", shown).split("\n") if line.strip()]


def test_a_terminal_shows_what_is_done_of_what_is_planned_and_until_when_it_waits(tmp_path: Path) -> None:
    _, shown = _on_a_terminal(tmp_path, "ASKING", TERM="xterm", COLUMNS="120")
    lines = _drawn(shown)
    first = f"asking m · 8 of 31 requests · 4 in flight · waiting for quota until {WHEN} · about "
    assert any(line.partition(" ")[2].startswith(first) and line.endswith(" left") for line in lines)
    account = "5 of 9 notes · 64,123 of about 140,000 tokens · $0.16 of about $0.42 · 3 paid for before · 0:00"
    assert account in lines


@pytest.mark.parametrize("columns", [100, 60, 40, 20, 6])
def test_a_narrow_terminal_gets_what_matters_most_and_never_a_wrapped_line(tmp_path: Path, columns: int) -> None:
    _, shown = _on_a_terminal(tmp_path, "ASKING", TERM="xterm", COLUMNS=str(columns))
    lines = _drawn(shown)
    assert max(len(line) for line in lines if line != "result") <= columns
    if columns >= 40:
        assert any("8 of 31 requests" in line and WHEN in line for line in lines)
        assert any("$0.16 of $0.42" in line or "$0.16 of about $0.42" in line for line in lines)


def test_nothing_is_drawn_twice_between_two_erasures(tmp_path: Path) -> None:
    """What redraws without erasing, or erases more than it drew, flickers or eats lines above."""
    _, shown = _on_a_terminal(tmp_path, "ASKING", TERM="xterm", COLUMNS="100")
    frames = shown.split("asking m")[2:]
    assert len(frames) >= 3
    for frame in frames[:-1]:
        assert frame.count("\x1b[2K") == 2
        assert frame.count("\x1b[1A") == 1


def test_in_a_log_the_standing_of_requests_is_told_now_and_then_even_when_nothing_happens(
    capsys: pytest.CaptureFixture[str],
) -> None:
    account = Account()
    with (
        keeping_log(None, verbose=False),
        progress(quiet=False, verbose=False, account=account, plain_seconds=0.3) as observe,
    ):
        for event in ASKING:
            observe(event)
        shown: list[str] = []
        wait_until(lambda: shown.append(capsys.readouterr().err) or "".join(shown).count("\n") >= 2, "a second line")
    said = "".join(shown).splitlines()
    assert said[0] == "asking m"
    assert said[1].startswith(f"asking m: 8 of 31 requests, 4 in flight, waiting for quota until {WHEN}, about ")
    assert said[1].endswith(" left, 5 of 9 notes, 64,123 of about 140,000 tokens, $0.16 of about $0.42, "
                            "3 paid for before, 0:00")  # fmt: skip
    assert account.spending == ASKING[2]


def test_quiet_keeps_the_account_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    account = Account()
    with (
        keeping_log(None, verbose=False),
        progress(quiet=True, verbose=False, account=account, plain_seconds=0.01) as observe,
    ):
        for event in ASKING:
            observe(event)
        time.sleep(0.05)
    assert account.spending == ASKING[2]
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("variables", [{"TERM": "dumb"}, {"TERM": "xterm", "CI": "true"}, {}])
def test_a_poor_terminal_and_a_build_service_get_plain_lines(tmp_path: Path, variables: dict[str, str]) -> None:
    _, shown = _on_a_terminal(tmp_path, **variables)
    assert "\x1b" not in shown
    assert "analysing code\r\n" in shown


def test_the_log_is_the_owners_alone_and_one_line_a_record(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with keeping_log(path, verbose=False), progress(quiet=True, verbose=False) as observe:
        for event in EVENTS:
            observe(event)
        logging.getLogger("openai").warning("Request options: api-key k-secret")
    lines = path.read_text().splitlines()
    assert [line.split(" ", 2)[2] for line in lines] == [
        "INFO reading files",
        "INFO prose by `m`",
        "WARNING a \\x1b[31mhostile\\nname",
        "INFO analysing code",
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with keeping_log(path, verbose=False), progress(quiet=True, verbose=False) as observe:
        observe(EVENTS[0])
    assert len(path.read_text().splitlines()) == 5


def test_what_stages_log_is_said_with_verbose_only(capsys: pytest.CaptureFixture[str]) -> None:
    with keeping_log(None, verbose=False):
        logging.getLogger("fieldguide.scan").warning("silent")
    with keeping_log(None, verbose=True):
        logging.getLogger("fieldguide.scan").debug("aloud \x1b")
    assert capsys.readouterr().err == "aloud \\x1b\n"


def test_a_log_file_that_cannot_be_opened_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be opened"), keeping_log(tmp_path, verbose=False):
        pytest.fail("the block must not run")
