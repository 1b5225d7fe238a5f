"""The command as a shell sees it: what it prints where, how it exits, how long its help takes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from real_command import COMMAND, environment, fieldguide

from fieldguide.settings.reference import help_text

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion


@pytest.mark.parametrize(
    "words",
    [["--help"], *([command, "--help"] for command in ("plan", "check", "batch", "ledger", "cache"))],
)
def test_help_is_plain_text_on_standard_output(tmp_path: Path, words: list[str], snapshot: SnapshotAssertion) -> None:
    done = fieldguide(*words, home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == snapshot


@pytest.mark.parametrize(
    ("words", "command"),
    [
        (["-h"], "document"),
        ([".", "--help"], "document"),
        (["--model", "x", "-h"], "document"),
        (["--help", "plan"], "plan"),
        (["plan", ".", "-h"], "plan"),
    ],
)
def test_help_may_be_asked_for_anywhere(tmp_path: Path, words: list[str], command: str) -> None:
    done = fieldguide(*words, home=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, help_text(command), "")


def test_help_needs_nothing_heavy(tmp_path: Path) -> None:
    """Neither our stages nor a library is imported before it is needed."""
    program = (
        "import sys; from fieldguide.cli import main; main(['--help']); main(['plan', '--help'])\n"
        "roots = {name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names\n"
        "print(sorted(roots), sorted(n for n in sys.modules if n.startswith('fieldguide')), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(tmp_path), capture_output=True, text=True, check=True
    )
    imported = done.stderr
    for name in ("fire", "pydantic", "rich", "griffe", "langchain", "rapidfuzz", "dataclasses", "pipeline"):
        assert name not in imported


def test_version_is_that_of_the_distribution(tmp_path: Path) -> None:
    done = fieldguide("--version", home=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("fieldguide ")
    assert done.stdout.count("\n") == 1


def test_the_console_script_is_the_same_command(tmp_path: Path) -> None:
    script = Path(sys.executable).parent / "fieldguide"
    done = subprocess.run([script, "--help"], env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert done.stdout == fieldguide("--help", home=tmp_path).stdout


def test_without_a_word_it_shows_its_usage(tmp_path: Path) -> None:
    done = fieldguide(home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "usage: fieldguide [options] DIR",
        "       fieldguide plan [options] DIR",
        "error: no directory is named",
        "hint: `fieldguide .` takes the current one",
    ]


@pytest.mark.parametrize(
    ("words", "fact"),
    [
        (["nowhere"], "directory `nowhere` does not exist"),
        (["plan", "nowhere"], "directory `nowhere` does not exist"),
        (["file.py"], "`file.py` is a file, not a directory"),
        (["--", "-x"], "directory `-x` does not exist"),
        (["[x]"], "directory `[x]` does not exist"),
        (["no\x1b[31m\nwhere"], "directory `no\\x1b[31m\\nwhere` does not exist"),
        (["--ouput", "x", "."], "`--ouput` is not an option"),
        (["plna", "."], "`plna` is not a command"),
        (["--timeout", "x", "."], "`--timeout` is `x`: it takes a number of seconds above 0"),
        (["--log-file", ".", "."], "the log file"),
    ],
)
def test_a_fault_is_two_lines_and_exit_code_2(tmp_path: Path, words: list[str], fact: str) -> None:
    (tmp_path / "file.py").touch()
    done = fieldguide(*words, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    first, second = done.stderr.splitlines()
    assert first.startswith(f"error: {fact}")
    assert second.startswith("hint: ")


def test_a_name_that_is_not_utf8_ends_in_two_lines_too(tmp_path: Path) -> None:
    done = fieldguide(b"n\xffn", home=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("error: directory `n\\udcffn` does not exist\nhint: ")


def test_several_faults_stand_in_a_line_each(tmp_path: Path) -> None:
    done = fieldguide("--timeout", "x", "--jobs", "0", ".", home=tmp_path, FIELDGUIDE_MODLE="m")
    lines = done.stderr.splitlines()
    assert len(lines) == 4
    assert [line[:6] for line in lines] == ["error:", "      ", "      ", "hint: "]
    assert "did you mean `FIELDGUIDE_MODEL`?" in lines[-1]


def test_a_key_of_a_half_configured_provider_is_not_printed(tmp_path: Path) -> None:
    done = fieldguide(".", home=tmp_path, AZURE_OPENAI_API_KEY="k-secret", AZURE_OPENAI_ENDPOINT="https://a.example/")
    assert done.returncode == 2
    assert "`AZURE_OPENAI_DEPLOYMENT`" in done.stderr
    assert "`OPENAI_API_VERSION`" in done.stderr
    assert "k-secret" not in done.stderr + done.stdout


def test_a_full_disk_is_an_error_without_a_traceback(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("w") as stream:
        done = subprocess.run(
            [*COMMAND, "--help"],
            env=environment(tmp_path),
            stdout=stream,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("error: no space left on device\nhint: ")
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_gone_is_met_in_silence(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "--help"], env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        assert (process.wait(timeout=60), said) == (141, "")
