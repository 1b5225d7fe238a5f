"""The engine behind our own rules: what it finds, where, and what it must not listen to."""

from __future__ import annotations

import base64
import json
import os
import random
import string
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.lent_rules import lend_rules
from fieldguide.domain.redacted import PLACEHOLDER
from fieldguide.protection import ENGINE
from fieldguide.redact.engine import Engine, load_engine, warm
from fieldguide.redact.engine_kinds import kind_of
from fieldguide.redact.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DRAWN = random.Random(7)  # noqa: S311  (false tokens need no strength, but must be the same in every run)


def drawn(letters: str, count: int) -> str:
    """Letters as a provider would draw them."""
    return "".join(DRAWN.choice(letters) for _ in range(count))


GITHUB = "gh" + "p_" + drawn(string.ascii_letters + string.digits, 36)
LINEAR = "lin_" + "api_" + drawn(string.ascii_letters + string.digits, 40)
ADOBE = "p8" + "e-" + drawn(string.ascii_lowercase + string.digits, 32)


@pytest.fixture
def engine_cache(tmp_path: Path) -> Path:
    """A directory with the engine's compiled rules."""
    lend_rules(tmp_path)
    return tmp_path / ENGINE


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine, as the other tests of this process have it."""
    return load_engine(None)


def found(engine: Engine, text: str) -> set[str]:
    """What the engine finds, as text."""
    return {"".join(text[slice(*piece)] for piece in one.pieces) for one in engine.find(Subject("", text))}


@pytest.mark.parametrize("token", [GITHUB, LINEAR, ADOBE])
@pytest.mark.parametrize(
    "frame",
    [
        "x = '{}'",
        "<td>{}</td>",
        "[{}]",
        "see {}, there",
        "f({})",
        "https://example.org/{}/x",
        "https://example.org/?a={}&b=1",
        "| {} |",
        '"{{\\"t\\": \\"{}\\"}}"',
        "It is {}. Next.",
        "a\\n{}\\nb",
        "**{}**",
        "_{}_",
        "{{{}}}",
        "+{}\n",
    ],
)
def test_a_token_is_found_in_any_surroundings_and_nothing_of_them(engine: Engine, token: str, frame: str) -> None:
    assert token in found(engine, frame.format(token))


@settings(max_examples=60)
@given(
    before=st.text(max_size=40).filter(lambda text: text.isprintable() or "\n" in text),
    after=st.text(alphabet="é☃\U0001f600 \n\ud800", max_size=20),
)
def test_offsets_are_characters_whatever_stands_before(engine: Engine, before: str, after: str) -> None:
    text = f"{before}é \ufeff'{GITHUB}' {after}"
    secrets = [one for one in engine.find(Subject("", text)) if one.kind == "github-token"]
    assert secrets
    assert all(text[one.start : one.end] == GITHUB for one in secrets)


def test_base64_is_covered_as_it_stands_also_when_it_is_wrapped_twice(engine: Engine) -> None:
    once = base64.b64encode(f"token={GITHUB}".encode()).decode()
    twice = base64.b64encode(once.encode()).decode()
    assert once in found(engine, f"data: {once}\n")
    assert twice in found(engine, f"data: {twice}\n")


@pytest.mark.parametrize(
    "comment",
    ["# gitleaks:allow", "# kingfisher:ignore", "// trufflehog:ignore", "# pragma: allowlist secret", "# nosec"],
)
def test_no_comment_of_a_repository_silences_it(engine: Engine, comment: str) -> None:
    assert GITHUB in found(engine, f"x = '{GITHUB}'  {comment}\n")


def test_what_was_hidden_is_not_found_again(engine: Engine) -> None:
    hidden = "REDACTED_GITHUB_TOKEN_0123abcd"
    assert PLACEHOLDER.fullmatch(hidden)
    for text in (f"x = '{hidden}'", f"curl -u app:{hidden} https://h", f"postgres://app:{hidden}@db/x"):
        assert found(engine, text) == set()


def test_of_an_address_only_the_password_is_hidden(engine: Engine) -> None:
    password = drawn(string.ascii_letters + string.digits, 20)
    secrets = found(engine, f'url = "mongodb+srv://app:{password}@cluster0.abcde.mongodb.net/db"')
    assert secrets == {password}


def test_the_lines_of_a_key_are_hidden_and_its_armour_stays(engine: Engine) -> None:
    lines = [drawn(string.ascii_letters + string.digits + "+/", 64) for _ in range(12)]
    armour = "-----{} RSA PRIVATE KEY-----"
    text = "\n".join([armour.format("BEGIN"), *lines, armour.format("END"), ""])
    keys = [one for one in engine.find(Subject("", text)) if one.kind == "private-key"]
    assert keys
    assert {text[slice(*piece)] for one in keys for piece in one.pieces} == set(lines)


def test_kinds_say_who_and_what() -> None:
    assert kind_of("betterleaks.github-pat", "") == "github-token"
    assert kind_of("betterleaks.stripe-access-token", "") == "stripe-token"
    assert kind_of("betterleaks.1password-secret-key", "") == "onepassword-key"
    assert kind_of("veles.secrets/npmjsaccesstoken", "npm Access Token") == "npm-token"


PROGRAM = """
import json, sys
from pathlib import Path
from fieldguide.redact.engine import load_engine
from fieldguide.redact.subject import Subject
text = sys.stdin.read()
engine = load_engine(Path(sys.argv[1]))
print(json.dumps(sorted(one.kind for one in engine.find(Subject("", text)))))
"""


def run(directory: Path, **variables: str) -> subprocess.Popen[str]:
    """Another process with an engine of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    )


def answer(process: subprocess.Popen[str]) -> list[str]:
    """The kinds that another process found."""
    output, _ = process.communicate(f"x = '{GITHUB}'", timeout=120)
    assert process.returncode == 0
    return json.loads(output)


def test_first_runs_at_the_same_time_do_not_break_each_other(tmp_path: Path) -> None:
    processes = [run(tmp_path / "new") for _ in range(2)]
    assert all("github-token" in answer(process) for process in processes)
    assert warm(tmp_path / "new")


def _damage(directory: Path) -> None:
    for path in directory.iterdir():
        path.write_bytes(path.read_bytes()[:1000] + b"damaged")


def _replace_by_a_file(directory: Path) -> None:
    for path in directory.iterdir():
        path.unlink()
    directory.rmdir()
    directory.write_text("no directory")


@pytest.mark.parametrize("break_it", [_damage, _replace_by_a_file])
def test_a_damaged_or_impossible_cache_costs_time_alone(
    tmp_path: Path, engine_cache: Path, break_it: Callable[[Path], None]
) -> None:
    directory = tmp_path / "cache"
    directory.mkdir(mode=0o700)
    for path in engine_cache.iterdir():
        (directory / path.name).write_bytes(path.read_bytes())
    break_it(directory)
    assert "github-token" in answer(run(directory))


def test_variables_of_the_engine_do_not_move_its_cache(tmp_path: Path, engine_cache: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    assert "github-token" in answer(run(engine_cache, KF_RULE_CACHE_DIR=str(elsewhere), XDG_CACHE_HOME=str(elsewhere)))
    assert not elsewhere.exists()
