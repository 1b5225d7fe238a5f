"""A value found in one file stands nowhere else: other files, encodings, names, the request, the page, the cache."""

from __future__ import annotations

import base64
import random
import shutil
import string
import subprocess
import sys
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from cli.lent_rules import lend_rules
from cli.real_command import environment
from fieldguide.analyse import FactsCache
from fieldguide.domain.source import SkipReason
from fieldguide.found import Selection
from fieldguide.gather import gather
from fieldguide.hiding import Reader
from fieldguide.redact import Detector, Redactor
from fieldguide.workers import Workers
from pipeline.whole_run import azure

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.gather import Gathered
    from pipeline.whole_run import Runs
    from provider.loopback_provider import LoopbackProvider

RANDOM = random.Random(5)  # noqa: S311 (the same in every run)
VALUE = "Xq7" + "".join(RANDOM.choices(string.ascii_letters + string.digits, k=21)) + "9z"
WRAPPED = base64.b64encode(f"app:{VALUE}".encode()).decode()


@pytest.fixture
def planted(turnstile: Path) -> Path:
    """The project, with a password in one place and the same in others that nothing gives away."""
    (turnstile / "turnstile/vault.py").write_text(f'"""Where it opens."""\n\nPASSWORD = "{VALUE}"\n')
    (turnstile / "turnstile/notes.py").write_text(f'"""Remember {VALUE}, or {WRAPPED}."""\n\nNUMBER = 1\n')
    (turnstile / f"{VALUE}.py").write_text('"""Named by it."""\n')
    (turnstile / "SETUP.md").write_text(f"# Setup\n\nIt opens with {VALUE.encode().hex()}.\n")
    return turnstile


def _gather(root: Path, cache: Path, observer: list[object]) -> Gathered:
    lend_rules(cache)
    return gather(
        Reader(root, Redactor(b"k" * 32, Detector(engine_cache=cache / "rules"))),
        Selection((), (), 1_000_000),
        pages=("README.md",),
        cache=FactsCache(cache),
        workers=Workers(1),
        observer=observer.append,
    )


def test_a_value_is_hidden_in_every_file_and_spelling(planted: Path, tmp_path: Path) -> None:
    gathered = _gather(planted, tmp_path / "cache", [])
    texts = {one.path: gathered.read(one.path) for one in gathered.codebase.files}
    assert all(text is not None for text in texts.values())
    whole = "".join(text.text for text in texts.values() if text)
    for spelling in (VALUE, WRAPPED[8:-8], VALUE.encode().hex()):
        assert spelling not in whole
        assert spelling not in repr(gathered.codebase)
    hidden = {one.path: one.placeholder for one in gathered.codebase.redactions}
    assert {"turnstile/vault.py", "turnstile/notes.py", "SETUP.md"} <= hidden.keys()
    assert len(set(hidden.values())) == 1
    (named,) = [one for one in gathered.codebase.skipped if one.reason is SkipReason.NAMED]
    assert named.path == f"{hidden['SETUP.md']}.py"


def test_the_second_time_nothing_is_searched_and_all_stays_hidden(planted: Path, tmp_path: Path) -> None:
    first = _gather(planted, tmp_path / "cache", [])
    events: list[object] = []
    second = _gather(planted, tmp_path / "cache", events)
    assert "searching" not in repr(events)
    assert second.codebase == first.codebase
    assert second.last_look.redactor == first.last_look.redactor
    assert second.read("turnstile/notes.py") == first.read("turnstile/notes.py")
    for file in (tmp_path / "cache").iterdir():
        assert file.is_dir() or VALUE.encode() not in file.read_bytes()


def test_a_change_of_one_file_searches_it_alone(planted: Path, tmp_path: Path) -> None:
    _gather(planted, tmp_path / "cache", [])
    gate = planted / "turnstile/gate.py"
    gate.write_text(gate.read_text() + "\nMORE = 1\n")
    gathered = _gather(planted, tmp_path / "cache", [])
    assert gathered.from_cache == len(gathered.codebase.files) - 1


def test_a_value_that_is_gone_is_looked_for_no_more(planted: Path, tmp_path: Path) -> None:
    _gather(planted, tmp_path / "cache", [])
    (planted / "turnstile/vault.py").write_text('"""Where it opens."""\n')
    gathered = _gather(planted, tmp_path / "cache", [])
    text = gathered.read("turnstile/notes.py")
    assert text is not None
    assert VALUE in text.text


def test_neither_request_nor_page_nor_cache_holds_it(run: Runs, planted: Path, provider: LoopbackProvider) -> None:
    (planted / "README.md").write_text(f"# turnstile\n\nMy own words: {VALUE}.\n")
    done = run("turnstile", "--verbose", variables=azure(provider))
    assert done.code == 0, done.err
    assert VALUE not in done.out + done.err
    assert "`README.md` holds what looks like a secret" in done.err
    assert "line 3" in done.err
    assert f"My own words: {VALUE}." in (planted / "README.md").read_text()
    assert provider.received
    assert all(VALUE not in repr(request) for request in provider.received)
    kept = [file for file in run.home.rglob("*") if file.is_file() and planted not in file.parents]
    assert not [file for file in kept if VALUE.encode() in file.read_bytes()]


def test_a_run_ends_before_anything_is_sent_or_written(run: Runs, planted: Path, provider: LoopbackProvider) -> None:
    done = run("turnstile", "--fail-on-secret", variables=azure(provider))
    assert done.code == 1
    assert "`turnstile/vault.py`: password in line 3" in done.err
    assert "--reviewed" in done.err
    assert VALUE not in done.err
    assert not provider.received
    assert not (planted / "README.md").exists()


@pytest.mark.usefixtures("planted")
def test_a_prompt_of_the_users_own_that_holds_it_is_not_sent(
    run: Runs, provider: LoopbackProvider, tmp_path: Path
) -> None:
    prompts = tmp_path / "prompts"
    shutil.copytree(str(files("fieldguide.write").joinpath("prompts")), prompts)
    for one in prompts.glob("*.md"):
        one.write_text(f"{one.read_text()}\nNever tell {VALUE}.\n")
    done = run("turnstile", "--prompts", str(prompts), variables=azure(provider))
    assert done.code == 3, done.err
    assert "the finished request holds a secret (password)" in done.err
    assert not provider.received


def test_an_unchanged_tree_loads_no_detector(planted: Path, tmp_path: Path) -> None:
    (planted / f"{VALUE}.py").unlink()
    program = "import sys; from fieldguide.cli import main; main(['--provider', 'none', 'turnstile']); "
    program += "sys.exit('kingfisher_sdk' in sys.modules or 'fieldguide.redact.detection' in sys.modules)"
    codes = [
        subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, env=environment(tmp_path), capture_output=True, check=False
        ).returncode
        for _ in range(3)
    ]
    assert codes[0] == 1
    assert codes[2] == 0
