"""What is said while it works: a live line on a terminal, plain lines elsewhere, nothing when quiet; and the log."""

from __future__ import annotations

import logging
import os
import pty
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from real_command import environment

from fieldguide.domain.report import Note, Progress
from fieldguide.errors import ConfigurationError
from fieldguide.terminal.journal import keeping_log
from fieldguide.terminal.progress import progress

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = (
    Progress("reading files", 0, 0),
    Progress("reading files", 100, 0),
    Note("prose by `m`"),
    Note("a \x1b[31mhostile\nname", warning=True),
    Progress("analysing code", 1, 2_818),
    Progress("analysing code", 2_818, 2_818),
)

PROGRAM = """
import sys, time
sys.path.insert(0, {tests!r})
from test_progress import EVENTS
from fieldguide.terminal.journal import keeping_log
from fieldguide.terminal.progress import progress
with keeping_log(None, verbose=False), progress(quiet=False, verbose=False) as observe:
    for event in EVENTS:
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


def _on_a_terminal(tmp_path: Path, **variables: str) -> tuple[str, str]:
    """Run `PROGRAM` with standard error on a terminal; return standard output and what the terminal got."""
    controller, terminal = pty.openpty()
    program = PROGRAM.format(tests=os.path.dirname(__file__))  # noqa: PTH120  # a text for the program
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment(tmp_path, PYTHONPATH=os.path.dirname(__file__), **variables),  # noqa: PTH120
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    ) as process:
        os.close(terminal)
        shown = b""
        while True:
            try:
                part = os.read(controller, 65_536)
            except OSError:  # what Linux says when the other end is closed
                break
            if not part:
                break
            shown += part
        output = process.communicate(timeout=60)[0]
    os.close(controller)
    assert process.returncode == 0, shown
    return output, shown.decode()


def test_a_terminal_gets_a_live_line_that_is_cleared_and_no_hostile_name(tmp_path: Path) -> None:
    output, shown = _on_a_terminal(tmp_path, TERM="xterm", COLUMNS="100")
    assert output == "result\n"
    assert "2,818 of 2,818" in shown
    assert "\x1b[31mhostile" not in shown
    assert "\\x1b[31mhostile\\nname" in shown
    assert shown.rstrip().endswith(("\x1b[2K", "\x1b[?25h"))


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
