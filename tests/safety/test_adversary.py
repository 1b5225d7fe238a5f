"""A person tries to get secrets past a whole run: by odd files, hostile settings, git's data and the model's reply."""

from __future__ import annotations

import base64
import json
import random
import string
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pipeline.whole_run import FILES, REPLY, Runs, azure, git, project
from provider.loopback_provider import LoopbackProvider, running_provider

if TYPE_CHECKING:
    from collections.abc import Generator

_ALPHABET: Final = string.ascii_letters + string.digits
HOSTILE: Final = """\
include = [".env", "ignored.py", "deploy/**", ".git/**", "../outside/**", ".netrc", ".streamlit/**", "id_hall"]
"""


@dataclass(slots=True)
class Attempts:
    """A directory, and the values that may be seen nowhere, by what was tried."""

    home: Path
    hall: Path
    values: dict[str, str] = field(default_factory=dict[str, str])
    drawn: random.Random = field(default_factory=lambda: random.Random(5))  # noqa: S311 (made-up values)

    def value(self, attempt: str) -> str:
        """A random value without a shape."""
        self.values[attempt] = "".join(self.drawn.choices(_ALPHABET, k=24)) + "37"
        return self.values[attempt]

    def token(self, attempt: str) -> str:
        """A value with the shape of a token."""
        self.values[attempt] = "ghp" + "_" + "".join(self.drawn.choices(_ALPHABET, k=36))
        return self.values[attempt]

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file of the directory."""
        place = self.hall / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
        return place

    def seen_in(self, text: bytes) -> set[str]:
        """What was tried with success."""
        return {attempt for attempt, value in self.values.items() if value.encode() in text}


def _odd_files(tried: Attempts) -> None:
    tried.write("cr.py", f'A = 1\rpassword = "{tried.value("carriage returns")}"\r')
    tried.write("bom.py", b"\xef\xbb\xbf" + f'password = "{tried.value("byte order mark")}"\n'.encode())
    tried.write("wide.md", f"password: {tried.value('UTF-16')}\n".encode("utf-16"))
    tried.write("latin.py", b"# coding: latin-1\n# \xe9\n" + f'password = "{tried.value("latin-1")}"\n'.encode())
    tried.write("nul.py", f'password = "{tried.value("NUL")}"\0\n')
    tried.write("broken.py", f'def (:\n  password = "{tried.value("no syntax")}\n')
    tried.write("LONG.PY", f"X = '{'a ' * 20_000}{tried.token('a long line')}{' b' * 20_000}'\n")
    tried.write(f"{tried.token('name of a directory')}/a.py", '"""A."""\n')
    tried.write(f"x_{tried.value('known name')}.py", f'password = "{tried.values["known name"]}"\n')
    outputs = [{"output_type": "stream", "name": "stdout", "text": [tried.token("notebook output")]}]
    cells: list[dict[str, object]] = [
        {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": ["x"], "outputs": outputs}
    ]
    tried.write("n.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    body = base64.b64encode(tried.drawn.randbytes(300)).decode()
    tried.values["key block"] = body[64:128]
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    tried.write("notes.md", f"{'-' * 5}BEGIN RSA PRIVATE KEY{'-' * 5}\n{lines}\n")
    marker = f"<!-- fieldguide:begin {tried.token('a marker of ours')} -->"
    tried.write(
        "guide/README.md", f"# A\n\n{marker}\npassword: {tried.value('a page of ours')}\n<!-- fieldguide:end -->\n"
    )
    tried.write("README.md.bak", f"# Old\n\npassword: {tried.value('a copy of a page')}\n")


def _denied_files(tried: Attempts) -> None:
    outside = tried.home / "outside"
    outside.mkdir()
    (outside / "o.py").write_text(f'X = "{tried.value("outside")}"\n')
    (tried.hall / "linked").symlink_to(outside)
    (tried.hall / "linked.py").symlink_to(outside / "o.py")
    tried.write(".env", f"THING={tried.value('.env')}\n")
    (tried.hall / "settings.py").symlink_to(".env")
    tried.write("deploy/.env.production", f"THING={tried.value('.env.production')}\n")
    tried.write(".netrc", f"machine a.io login b password {tried.value('.netrc')}\n")
    tried.write(".streamlit/secrets.toml", f'thing = "{tried.value("secrets.toml")}"\n')
    tried.write(".gitignore", "ignored.py\n")
    tried.write("ignored.py", f'X = "{tried.value("ignored")}"\n')
    tried.write("fieldguide.toml", HOSTILE)


def _git_data(tried: Attempts) -> None:
    inner = tried.home / "inner"
    inner.mkdir()
    (inner / "m.py").write_text(f'X = "{tried.value("submodule")}"\n')
    for place in (inner, tried.hall):
        git(place, "init", "--quiet")
        git(place, "add", "--all")
        git(place, "commit", "--quiet", f"--message={tried.token(f'message {place.name}')}")
    git(tried.hall, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "mod")
    git(tried.hall, "add", "--force", ".env")
    git(tried.hall, "commit", "--quiet", "--message=more")
    git(tried.hall, "tag", tried.token("tag"))
    git(tried.hall, "checkout", "--quiet", "-b", f"f/{tried.token('branch')}")
    git(tried.hall, "remote", "add", "origin", f"https://hall:{tried.value('remote')}@github.com/hall/hall.git")
    with (tried.hall / ".git/config").open("a") as config:
        config.write(f'[core]\n\tfsmonitor = "touch {tried.home}/started; false"\n')


@pytest.fixture
def tried(tmp_path: Path) -> Attempts:
    """Everything that was tried, in one directory."""
    made = Attempts(tmp_path, project(tmp_path / "hall", FILES))
    _odd_files(made)
    _denied_files(made)
    _git_data(made)
    return made


@pytest.fixture
def provider() -> Generator[LoopbackProvider]:
    """A provider whose reply tells what it should not know."""
    with running_provider() as running:
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runs:
    """The command in this process."""

    def capture() -> tuple[str, str]:
        said = capsys.readouterr()
        return said.out, said.err

    return Runs(tmp_path, monkeypatch, capture)


def test_nothing_that_was_tried_is_seen_anywhere(tried: Attempts, run: Runs, provider: LoopbackProvider) -> None:
    guess = tried.values["byte order mark"]
    told = f"## usage\n\nThe password is `{guess}`, in other words {base64.b64encode(guess.encode()).decode()}.\n"
    provider.reply = REPLY.replace("## usage\n", told)
    bodies: list[bytes] = []
    provider.on_body = bodies.append
    done = run(
        *("--verbose", "--log-file=log", "--redaction-report=report.sarif", str(tried.hall)), variables=azure(provider)
    )
    assert bodies, done.err
    assert b'password = \\"REDACTED_' in bodies[0]
    assert tried.seen_in(b"\n".join(bodies)) == set()
    # A sentence that was taken out of a reply is told as it came, guess and all (SECURITY.md says so).
    assert tried.seen_in((done.out + done.err).encode()) <= {"byte order mark"}
    page = tried.hall / "README.md"
    for place in (page, *tried.home.rglob("*")):
        # What was planted, and a reply as it came: no model can know what it guessed here.
        planted = {"hall", "outside", "inner"} & set(place.relative_to(tried.home).parts)
        if place.is_file() and (place == page or not planted) and not place.name.startswith("replies."):
            content = place.read_bytes()
            assert tried.seen_in(content) == set(), place.name
            assert base64.b64encode(guess.encode()) not in content
    assert not (tried.home / "started").exists()
