"""No child process sees a key: not git, not the workers, and not what they start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.real_command import COMMAND, environment
from fieldguide.domain.environment import child_environment, is_own_key, withheld
from fieldguide.settings.options import OPTIONS

if TYPE_CHECKING:
    from settings.conftest import Place

SECRET = [
    *(variable for option in OPTIONS if option.kind == "secret" for variable in option.variables),
    "FIELDGUIDE_HEADER", "FIELDGUIDE_KEY_FROM", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ACCESS_KEY_ID",
    "AZURE_CLIENT_SECRET", "AZURE_CLIENT_CERTIFICATE_PASSWORD", "LANGSMITH_API_KEY", "ANTHROPIC_API_KEY",
    "GITHUB_TOKEN", "PGPASSWORD", "MYSQL_PWD", "SENTRY_DSN", "github_token", "DB_PASS", "IDENTITY_HEADER_SECRET",
    "AZURE_STORAGE_CONNECTION_STRING", "GOOGLE_APPLICATION_CREDENTIALS",
]  # fmt: skip
NEEDED = [
    "PATH", "HOME", "PWD", "OLDPWD", "LANG", "LC_ALL", "TMPDIR", "XDG_CONFIG_HOME", "USER", "TERM", "PYTHONPATH",
    "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "NO_PROXY", "SYSTEMROOT",
]  # fmt: skip


@pytest.mark.parametrize("name", SECRET)
def test_credentials_are_left_out_by_their_names(name: str) -> None:
    """Every variable of ours that is secret is among them, also one that an option gets later."""
    assert child_environment({name: "value", "PATH": "/bin"}) == {"PATH": "/bin"}


@pytest.mark.parametrize("name", NEEDED)
def test_what_programs_need_is_kept(name: str) -> None:
    assert child_environment({name: "/some/where:/else"}) == {name: "/some/where:/else"}


@pytest.mark.parametrize("value", ["https://user:word@proxy.example:3128", "postgres://:word@db/x"])
def test_an_address_with_a_password_is_left_out_whatever_its_name(value: str) -> None:
    assert child_environment({"HTTPS_PROXY": value, "http_proxy": "http://proxy.example:3128"}) == {
        "http_proxy": "http://proxy.example:3128"
    }


@given(st.dictionaries(st.sampled_from([*SECRET, *NEEDED]), st.text("abc:/@", min_size=1), max_size=8))
def test_a_span_without_credentials_ends_as_it_began(variables: dict[str, str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        before = dict(os.environ)
        within: dict[str, str] = {}
        try:
            with withheld():
                within = dict(os.environ)
                raise ZeroDivisionError  # noqa: TRY301  # the span has to end well when what is in it fails
        except ZeroDivisionError:
            assert within == child_environment(before)
        assert dict(os.environ) == before


def test_a_program_that_signs_in_keeps_its_own_credentials_and_gets_none_of_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "theirs")
    monkeypatch.setenv("OPENAI_API_KEY", "key-of-ours")
    monkeypatch.setenv("FIELDGUIDE_API_KEY", "key-of-ours")
    with withheld(is_own_key):
        shown = subprocess.run(
            [sys.executable, "-c", "import os; print(dict(os.environ))"], capture_output=True, check=True
        )
    assert b"theirs" in shown.stdout
    assert b"key-of-ours" not in shown.stdout


def _planted() -> dict[str, str]:
    return {
        name: f"k{uuid4().hex}"
        for name in ("OPENAI_API_KEY", "AZURE_OPENAI_API_KEY", "FIELDGUIDE_API_KEY", "FIELDGUIDE_REDACTION_KEY",
                     "AWS_SECRET_ACCESS_KEY", "AZURE_CLIENT_SECRET", "GITHUB_TOKEN")
    }  # fmt: skip


def test_git_sees_no_key(place: Place) -> None:
    """A `git` that is first on PATH writes down its environment, and then is git."""
    git = shutil.which("git")
    assert git is not None
    programs = place.home / "programs"
    programs.mkdir()
    seen = place.home / "seen"
    (programs / "git").write_text(f'#!/bin/sh\nenv >> "{seen}"\necho ---- >> "{seen}"\nexec "{git}" "$@"\n')
    (programs / "git").chmod(0o755)
    subprocess.run([git, "init", "-q", place.project], check=True)
    (place.project / "a.py").write_text("X = 1\n")
    (place.project / ".env").write_text("OPENAI_LOG=x\n")
    planted = _planted()
    variables = environment(place.home, **planted, PATH=f"{programs}:{os.environ['PATH']}")
    done = subprocess.run(
        [*COMMAND, "--no-model", "."], cwd=place.project, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    shown = seen.read_text()
    assert shown.count("----") >= 2
    assert "HOME=" in shown
    assert not [name for name, value in planted.items() if value in shown or name in shown]


def _children(parent: int) -> set[int]:
    """Every process below `parent`, by `/proc`."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = {parent}
    while more := {child for child, above in parents.items() if above in found} - found:
        found |= more
    return found - {parent}


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only Linux shows a process's environment")
def test_workers_see_no_key(place: Place) -> None:
    """The environment of every process below a whole run over several processes, read while it runs."""
    for number in range(100):
        (place.project / f"module_{number}.py").write_text(f'"""Module {number}."""\n' + "def f(): pass\n" * 40)
    planted = _planted()
    run = subprocess.Popen(
        [*COMMAND, "--no-model", "--jobs", "2", str(place.project)],
        env=environment(place.home, **planted),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seen: dict[int, bytes] = {}
    while run.poll() is None:
        for child in _children(run.pid):
            try:
                seen[child] = Path(f"/proc/{child}/environ").read_bytes() or seen.get(child, b"")
            except OSError:
                continue
        time.sleep(0.02)
    assert run.returncode == 0
    workers = [text for text in seen.values() if b"HOME=" in text]
    assert len(workers) >= 3, "the fork server and two workers"
    assert not [name for name, value in planted.items() for text in workers if value.encode() in text]


def test_a_run_leaves_no_core_dump(place: Place) -> None:
    program = (
        "import resource\nfrom fieldguide.cli import main\n"
        f"assert main(['--no-model', {str(place.project)!r}]) == 0\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    (place.project / "a.py").write_text("X = 1\n")
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment(place.home), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "0"
