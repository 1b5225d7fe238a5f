"""Runs over trees that hold secrets, traps and faults, and runs that are ended by Ctrl-C."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import string
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cli.lent_rules import lend_rules
from cli.real_command import COMMAND, environment, fieldguide
from fieldguide.workers import POOL_THRESHOLD
from pipeline.whole_run import azure, committed, project, wide_project
from waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.whole_run import Runs
    from provider.loopback_provider import LoopbackProvider


def _letters(count: int) -> str:
    return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(count))


def _planted(directory: Path, outside: Path) -> list[str]:
    """Plant secrets of several shapes, made up now, and return their values."""
    token, key, password, ignored, linked = (
        "gh" + "p_" + _letters(36),
        "AK" + "IA" + "".join(secrets.choice(string.ascii_uppercase + "234567") for _ in range(16)),
        _letters(20),
        _letters(24),
        _letters(24),
    )
    project(
        directory,
        {
            "turnstile/access.py": (
                '"""Sign in to the counter."""\n\n'
                f'TOKEN = "{token}"\nPASSWORD = "{password}"\n\n\n'
                f'def sign_in(access_key: str = "{key}") -> None:\n'
                f'    """Sign in at https://me:{password}@hall.example/ with {token}."""\n'
            ),
            ".env": f"SECRET_KEY={ignored}\n",
            "private.py": f'"""Private. {ignored}"""\nVALUE = "{ignored}"\n',
            ".gitignore": "private.py\n",
            "settings.toml": f'[service]\npassword = "{password}"\ntoken = "{token}"\n',
        },
    )
    outside.mkdir()
    (outside / "stolen.py").write_text(f'"""Elsewhere. {linked}"""\nVALUE = "{linked}"\n')
    (directory / "stolen.py").symlink_to(outside / "stolen.py")
    (directory / "elsewhere").symlink_to(outside)
    return [token, key, password, ignored, linked]


def test_no_planted_secret_leaves_or_is_written(
    run: Runs, turnstile: Path, provider: LoopbackProvider, tmp_path: Path
) -> None:
    """Not at the server, on the page, in the plan, in the cache, in the log, nor in what is said."""
    values = _planted(turnstile, tmp_path / "outside")
    committed(turnstile)
    words = ("--verbose", "--log-file=log", "--cache-dir=cache", "turnstile")
    lend_rules(tmp_path / "cache")
    plan = run("plan", "--show-prompts", *words, variables=azure(provider))
    done = run(*words, variables=azure(provider))
    assert done.code == 0, done.err
    assert "sign_in" in provider.received[0].messages[1][1]
    assert "hid " in done.err
    page = (turnstile / "README.md").read_bytes()
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert {path.name for path in kept} >= {"facts.sqlite3", "replies.sqlite3"}
    places = {
        "server": json.dumps(provider.received[0].body).encode(),
        "page": page,
        "log": (tmp_path / "log").read_bytes(),
        "said": (done.out + done.err + plan.out + plan.err).encode(),
        "json": run("--json", *words[1:], variables=azure(provider)).out.encode(),
        **{path.name: path.read_bytes() for path in kept},
    }
    for place, content in places.items():
        for number, value in enumerate(values):
            assert value.encode() not in content, (place, number)
    # Nor does a placeholder's digest, made with the user's own key, make page or request differ from cache to cache.
    shutil.rmtree(tmp_path / "cache")
    lend_rules(tmp_path / "cache")
    again = run(*words, variables=azure(provider))
    assert (again.code, len(provider.received)) == (0, 1)
    assert (turnstile / "README.md").read_bytes() == page


def test_a_page_without_a_model_is_the_same_whatever_key_hides_its_secrets(
    run: Runs, turnstile: Path, tmp_path: Path
) -> None:
    _planted(turnstile, tmp_path / "outside")
    one, other = (run("--stdout", "--no-cache", "turnstile").out for _ in range(2))
    assert one == other


def test_a_hostile_tree_gets_its_page(run: Runs, turnstile: Path) -> None:
    os.mkfifo(turnstile / "pipe.py")
    (turnstile / "long.py").write_text("x = '" + "a" * 5_000_000 + "'\n")
    (turnstile / "wide.md").write_text("word " * 150_000)
    (turnstile / "latin.py").write_bytes(b"name = '\xe9'\n")
    (turnstile / "binary.py").write_bytes(b"\x00\x01\x02")
    (turnstile / "broken.py").write_text("def (:\n")
    (turnstile / "nul\ttab\nline.py").write_text('"""A name with a line end."""\n')
    Path(os.fsdecode(os.fsencode(turnstile) + b"/caf\xe9.py")).write_text("x = 1\n")
    (turnstile / "loop").symlink_to(turnstile)
    (turnstile / "circle.py").symlink_to("circle.py")
    deep = turnstile
    for _ in range(60):
        deep /= "a_long_name_of_a_directory"
        deep.mkdir()
    (deep / "deep.py").write_text('"""Deep down."""\n')
    done = run("--json", "turnstile")
    assert done.code == 0, done.err
    reasons = {one["path"]: one["reason"] for one in json.loads(done.out)["files"]["skipped"]}
    assert reasons["pipe.py"] == "not a regular file"
    assert reasons["long.py"] == "too large"
    assert reasons["latin.py"] == "not text in a known encoding"
    assert reasons["binary.py"] == "binary"
    assert reasons["broken.py"] == "does not parse"
    assert reasons["caf\\xe9.py"] == "not text in a known encoding"
    assert reasons["circle.py"] == "link that was already followed"
    page = (turnstile / "README.md").read_text()
    assert "turnstile/gate.py#L25-L30" in page
    assert "nothing has changed" in run("turnstile").err
    assert (turnstile / "README.md").read_text() == page


def test_files_that_end_or_exhaust_a_parser_are_skipped_alone(tmp_path: Path) -> None:
    """In a process of its own: what they could end is a worker, never the command."""
    wide = wide_project(tmp_path / "wide-project", POOL_THRESHOLD + 8)
    traps = {
        "parentheses": "x = " + "(" * 100_000 + ")" * 100_000 + "\n",
        "negations": "x = " + "-" * 100_000 + "1\n",
        "attributes": "x = a" + ".b" * 60_000 + "\n",
        "sums": "x = " + "1 + " * 60_000 + "1\n",
        "calls": "x = f" + "()" * 60_000 + "\n",
    }
    for name, text in traps.items():
        (wide / "wide" / f"{name}.py").write_text(text)
    done = fieldguide("--json", "--jobs=2", "wide-project", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    report = json.loads(done.stdout)
    unparsed = {one["path"] for one in report["files"]["skipped"] if one["reason"] == "does not parse"}
    assert {"wide/parentheses.py", "wide/negations.py"} <= unparsed <= {f"wide/{name}.py" for name in traps}
    assert report["files"]["symbols"] >= POOL_THRESHOLD + 8
    assert "wide/part7.py" not in unparsed
    assert (wide / "README.md").exists()


def test_files_that_end_a_parser_are_skipped_in_a_small_tree_too(tmp_path: Path, turnstile: Path) -> None:
    (turnstile / "negations.py").write_text("x = " + "-" * 100_000 + "1\n")
    (turnstile / "sums.py").write_text("x = " + "1 + " * 60_000 + "1\n")
    done = fieldguide("turnstile", home=tmp_path)
    assert done.returncode == 0, (done.returncode, done.stderr)
    assert "turnstile/gate.py#L25-L30" in (turnstile / "README.md").read_text()


def _group(process_group: int) -> list[str]:
    """Command lines of the living processes of a group, as Linux tells them."""
    found: list[str] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text().rpartition(")")[2].split()
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if int(status[2]) == process_group and status[0] != "Z":
                found.append(command)
    return found


@pytest.fixture
def at_work(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run over a wide tree, leader of its group, whose workers are at work."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("processes are looked up as Linux shows them")
    wide_project(tmp_path / "wide-project", 1500)
    with subprocess.Popen(
        [*COMMAND, "--jobs=2", "wide-project"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        # The command, the server that forks, the tracker of resources, and a worker.
        wait_until(lambda: len(_group(process.pid)) >= 4 or process.poll() is not None, "a worker")
        assert process.poll() is None, process.communicate()
        yield process
        if left := _group(process.pid):
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail(f"still there: {left}")


def test_ctrl_c_in_the_middle_leaves_no_half_page_and_no_process(
    at_work: subprocess.Popen[str], tmp_path: Path
) -> None:
    """The signal goes to the whole group, as a terminal sends it."""
    os.killpg(at_work.pid, signal.SIGINT)
    out, said = at_work.communicate(timeout=PATIENCE)
    assert at_work.returncode == 130, said
    assert (out, "interrupted" in said, "Traceback" in said) == ("", True, False)
    assert sorted(path.name for path in (tmp_path / "wide-project").iterdir()) == ["wide"]
    wait_until(lambda: not _group(at_work.pid), "the end of every process")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_run_leaves_no_half_page_and_no_process(
    at_work: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    """The signal goes to the command alone, as a build service or `kill` sends it."""
    at_work.send_signal(number)
    at_work.communicate(timeout=PATIENCE)
    assert sorted(path.name for path in (tmp_path / "wide-project").iterdir()) == ["wide"]
    wait_until(lambda: not _group(at_work.pid), "the end of every process")
