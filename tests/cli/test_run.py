"""Whole runs of the real command: the page, the report, the log, and what ends a run early."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest
from real_command import COMMAND, environment, fieldguide

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """\
'''Turn words round.'''


def turn(word: str) -> str:
    '''Return the word from its end.'''
    return word[::-1]
"""


def _project(directory: Path) -> Path:
    directory.mkdir(parents=True)
    (directory / "turning.py").write_text(SOURCE)
    return directory


@pytest.mark.parametrize("name", ["123", "a,b", "[x]", "-x", "plan"])
def test_a_directory_with_an_odd_name_gets_its_page(tmp_path: Path, name: str) -> None:
    project = _project(tmp_path / name)
    done = fieldguide("--", name, home=tmp_path)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1), done.stderr
    assert (tmp_path / done.stdout.rstrip("\n")).samefile(project / "README.md")
    assert "turn" in (project / "README.md").read_text()


def test_standard_output_holds_the_page_and_nothing_else(tmp_path: Path) -> None:
    project = _project(tmp_path / "project")
    done = fieldguide("--stdout", "project", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not (project / "README.md").exists()
    assert "turn" in done.stdout
    assert "no model is configured" in done.stderr
    assert "no model is configured" not in done.stdout


def test_quiet_says_nothing_and_a_log_keeps_what_was_done(tmp_path: Path) -> None:
    _project(tmp_path / "project")
    done = fieldguide("--quiet", "--log-file=log", "--output", "page.md", "project", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "page.md").exists()
    lines = (tmp_path / "log").read_text().splitlines()
    assert lines[0].endswith(f"INFO document {tmp_path / 'project'}")
    assert lines[-1].endswith("INFO exit code 0")


def test_the_json_of_a_run_is_all_of_standard_output(tmp_path: Path) -> None:
    _project(tmp_path / "project")
    done = fieldguide("--json", "project", home=tmp_path)
    report = json.loads(done.stdout)
    assert (report["command"], report["exit_code"], report["changed"]) == ("document", 0, True)
    again = json.loads(fieldguide("--json", "project", home=tmp_path).stdout)
    assert again["changed"] is False


def test_a_plan_writes_and_sends_nothing(tmp_path: Path) -> None:
    project = _project(tmp_path / "project")
    before = sorted(path.name for path in project.iterdir())
    done = fieldguide("plan", "project", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "nothing would be sent" in done.stdout
    assert sorted(path.name for path in project.iterdir()) == before
    assert json.loads(fieldguide("plan", "--json", "project", home=tmp_path).stdout)["command"] == "plan"


def test_a_hostile_file_name_drives_no_terminal(tmp_path: Path) -> None:
    project = _project(tmp_path / "project")
    (project / "a\x1b]0;owned\x07.py").write_bytes(b"\x00\x01")
    done = fieldguide("--verbose", "project", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stderr + done.stdout
    assert "a\\x1b]0;owned\\x07.py" in done.stderr


def test_a_provider_that_cannot_be_reached_ends_with_4_and_says_so_even_when_quiet(tmp_path: Path) -> None:
    project = _project(tmp_path / "project")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        # Bound and not listening: the connection is refused at once.
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        done = fieldguide("-q", "--base-url", address, "--model=m", "project", home=tmp_path)
    assert done.returncode == 4, done.stderr
    assert "error: " in done.stderr
    assert address[len("http://") : -len("/v1")] in done.stderr
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr
    assert (project / "README.md").exists()


def test_an_interrupted_run_ends_with_130_and_says_how_to_go_on(tmp_path: Path) -> None:
    """The signal comes while the model is asked: a server that takes the connection and never answers."""
    _project(tmp_path / "project")
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        with subprocess.Popen(
            [*COMMAND, "--base-url", address, "--model=m", "project"],
            cwd=tmp_path,
            env=environment(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            server.settimeout(60)
            connection, _ = server.accept()
            process.send_signal(signal.SIGINT)
            out, said = process.communicate(timeout=60)
            connection.close()
    assert process.returncode == 130, said
    assert out == ""
    assert "interrupted" in said
    assert "hint: type the same command again" in said
    assert "Traceback" not in said
