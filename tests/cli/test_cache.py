"""`fieldguide cache` and `fieldguide cache clear`: what they say, what they remove, and what they must leave."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from real_command import environment, fieldguide

from fieldguide.analyse.cache import FactsCache
from fieldguide.cli import main
from fieldguide.domain.request import Reply, StopReason, Usage
from fieldguide.llm.store import ReplyStore
from fieldguide.redact.key import load_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

REPLY = Reply("A reply. " * 100, StopReason.STOP, Usage(1200, 340), "m")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A cache directory with something of everything in it, the ledger and a stranger's file."""
    directory = tmp_path / "kept"
    with ReplyStore(directory) as store:
        store.put("d1", REPLY)
        store.put("d2", REPLY)
        store.put_notes({"n1": "A note."}, topics={"t": "n1"})
    FactsCache(directory).keep({"f1": b"x" * 5000, "f2": b"y"})
    load_key(directory)
    (directory / "rules").mkdir()
    (directory / "rules" / "compiled").write_bytes(b"r" * 100)
    (directory / "ledgers").mkdir()
    (directory / "ledgers" / "l.jsonl").write_text("{}\n")
    (directory / "of somebody else").write_text("x")
    return directory


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The command in this process; it must end well and say nothing but its result, which is returned."""
    monkeypatch.chdir(tmp_path)
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)

    def command(directory: Path, *words: str) -> str:
        code = main(["cache", *words, f"--cache-dir={directory}"])
        said = capsys.readouterr()
        assert (code, said.err) == (0, "")
        return said.out

    return command


def names(shown: str, key: str = "kept") -> dict[str, tuple[int, int]]:
    return {one["name"]: (one["entries"], one["bytes"]) for one in json.loads(shown)[key]}


def test_it_says_what_is_kept_where_how_much_and_how_old(kept: Path, cache: Callable[..., str]) -> None:
    shown = cache(kept)
    assert f"kept in `{kept}`" in shown
    rows = {cells[0]: cells[1:] for line in shown.splitlines() if (cells := re.split(r"  +", line))}
    today = datetime.now(UTC).date().isoformat()
    assert rows["replies of models, paid for"] == ["2", "2 kB", today, today]
    assert rows["notes on files and packages, paid for"] == ["1", "11 B", today, today]
    assert rows["facts of files, and where secrets stand in them"] == ["2", "5 kB", "-", today]
    assert rows["key behind placeholders and fingerprints"][:2] == ["1", "32 B"]
    assert "180 days" in shown
    assert "500.0 MB" in shown
    assert "ledger" in shown


def test_json_holds_the_same(kept: Path, cache: Callable[..., str]) -> None:
    shown = cache(kept, "--json")
    report = json.loads(shown)
    assert (report["command"], report["operation"], report["exit_code"]) == ("cache", "show", 0)
    assert report["disk_bytes"] > 20_000
    assert names(shown).keys() == {"replies", "notes", "facts", "rules", "key"}
    assert names(shown)["replies"][0] == 2
    assert names(shown)["facts"] == (2, 5001)
    assert report["kept"][0]["last_used"] >= report["kept"][0]["oldest"] > "2020"


def test_showing_changes_nothing(kept: Path, cache: Callable[..., str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in kept.rglob("*") if path.is_file()}
    cache(kept)
    assert {path: path.stat().st_mtime_ns for path in kept.rglob("*") if path.is_file()} == before


def test_clear_removes_what_can_be_had_again_and_says_so(kept: Path, cache: Callable[..., str]) -> None:
    """The key, the ledger and what is not ours stay; the words that were paid for are gone from the disk."""
    with ReplyStore(kept) as store:
        store.put("d3", Reply("UNMISTAKABLE", StopReason.STOP, Usage(), "m"))
    key = (kept / "redaction.key").read_bytes()
    said = cache(kept, "clear")
    assert "replies of models, paid for" in said
    assert "kept: the key behind fingerprints, and the ledger of what was sent" in said
    assert names(cache(kept, "--json")).keys() == {"key"}
    assert (kept / "redaction.key").read_bytes() == key
    assert (kept / "ledgers" / "l.jsonl").read_text() == "{}\n"
    assert (kept / "of somebody else").exists()
    for path in kept.rglob("*"):
        assert path.is_dir() or b"UNMISTAKABLE" not in path.read_bytes()
    assert stat.S_IMODE((kept / "replies.sqlite3").stat().st_mode) == 0o600
    with ReplyStore(kept) as store:
        assert store.get("d1") is None
        assert store.put("d1", REPLY)
        assert store.problem == ""


def test_clear_as_json_names_what_was_removed(kept: Path, cache: Callable[..., str]) -> None:
    shown = cache(kept, "clear", "--json")
    assert json.loads(shown)["operation"] == "clear"
    assert names(shown, "removed").keys() == {"replies", "notes", "facts", "rules"}


def test_a_run_that_is_under_way_keeps_on_keeping(kept: Path, cache: Callable[..., str]) -> None:
    with ReplyStore(kept) as store:
        store.put("d7", REPLY)
        cache(kept, "clear")
        assert store.get("d7") is None
        assert store.put("d8", REPLY)
    with ReplyStore(kept) as store:
        assert store.get("d8") == REPLY


@pytest.mark.parametrize("words", [(), ("clear",), ("--json",), ("clear", "--json")])
def test_where_nothing_is_kept_nothing_is_made(
    tmp_path: Path, cache: Callable[..., str], words: tuple[str, ...]
) -> None:
    shown = cache(tmp_path / "none", *words)
    assert "--json" in words or shown.startswith("nothing ")
    assert not (tmp_path / "none").exists()


def test_damaged_files_are_named_and_cleared(kept: Path, cache: Callable[..., str]) -> None:
    (kept / "replies.sqlite3").write_bytes(b"no database" * 1000)
    (kept / "facts.sqlite3").write_bytes(b"no database" * 1000)
    (kept / "replies.sqlite3.corrupt").write_bytes(b"of an earlier run")
    shown = cache(kept)
    assert shown.count("file is not a database") == 2
    assert "damaged replies, put aside" in shown
    cache(kept, "clear")
    assert names(cache(kept, "--json")).keys() == {"key"}
    assert not (kept / "replies.sqlite3.corrupt").exists()


def test_a_cache_that_a_run_holds_is_an_error_with_a_hint(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fieldguide.errors import ConfigurationError  # noqa: PLC0415
    from fieldguide.terminal import cache_survey  # noqa: PLC0415

    monkeypatch.setattr(cache_survey, "_WAIT", 0.1)
    with closing(sqlite3.connect(kept / "replies.sqlite3", isolation_level=None)) as run:
        run.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConfigurationError, match="database is locked") as caught:
            cache_survey.clear(kept)
        run.execute("ROLLBACK")
    assert caught.value.hint.startswith("wait for the run")
    with ReplyStore(kept) as store:
        assert store.get("d1") == REPLY


def test_a_directory_is_refused_and_nothing_cleared(kept: Path, cache: Callable[..., str]) -> None:
    """As a process of its own, as a shell starts it."""
    done = fieldguide("cache", "clear", ".", f"--cache-dir={kept}", home=kept.parent)
    assert done.returncode == 2
    assert names(cache(kept, "--json"))["replies"][0] == 2
    done = fieldguide("cache", "clear", f"--cache-dir={kept}", home=kept.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert names(cache(kept, "--json")).keys() == {"key"}
