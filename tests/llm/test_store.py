"""The store: what is kept comes back, what must not be kept is not, and it stays within its bounds."""

from __future__ import annotations

import sqlite3
import stat
import time
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_processes import digest, reply

from fieldguide.domain.request import Reply, StopReason, Usage
from fieldguide.llm.store import FILE, ReplyStore
from fieldguide.llm.store_notes import NoteShelf
from growth import calls

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400.0


def age(directory: Path, days: float) -> None:
    """Have everything last been used so long ago."""
    with closing(sqlite3.connect(directory / FILE)) as database, database:
        database.execute("UPDATE kept SET stored = stored - ?1, used = used - ?1", (days * DAY,))


def rows(directory: Path) -> int:
    with closing(sqlite3.connect(directory / FILE)) as database:
        return int(database.execute("SELECT COUNT(*) FROM kept").fetchone()[0])


def test_a_reply_comes_back_whole_in_the_next_run(tmp_path: Path) -> None:
    with ReplyStore(tmp_path / "cache") as store:
        assert store.get(digest(1)) is None
        assert store.put(digest(1), reply("Ein Übertrag 🙂\0\n"))
    with ReplyStore(tmp_path / "cache") as store:
        assert store.get(digest(1)) == reply("Ein Übertrag 🙂\0\n")
        assert store.get(digest(2)) is None
        assert store.problem == ""


@settings(max_examples=25)
@given(text=st.text(st.characters(exclude_categories=[])).filter(str.strip), tokens=st.integers(0, 2**40))
def test_any_text_can_be_kept(tmp_path_factory: pytest.TempPathFactory, text: str, tokens: int) -> None:
    """Half a surrogate pair, which no file can hold, is all that is changed."""
    with ReplyStore(tmp_path_factory.mktemp("any")) as store:
        assert store.put(digest(1), Reply(text, StopReason.STOP, Usage(tokens, 1), "m"))
        assert store.put_notes({"n": text})
        expected = text.encode("utf-8", "replace").decode()
        assert store.get(digest(1)) == Reply(expected, StopReason.STOP, Usage(tokens, 1), "m")
        assert store.get_notes(["n"]) == {"n": expected}


@pytest.mark.parametrize("stop", [StopReason.LENGTH, StopReason.FILTERED])
def test_what_was_cut_off_or_refused_is_not_kept(tmp_path: Path, stop: StopReason) -> None:
    with ReplyStore(tmp_path) as store:
        assert not store.put(digest(1), Reply("Half a sen", stop, Usage(), "m"))
        assert not store.put(digest(2), Reply(" \n", StopReason.STOP, Usage(), "m"))
        assert store.get(digest(1)) is None
        assert store.get(digest(2)) is None
        assert store.problem == ""


def test_a_reply_that_proved_useless_is_forgotten(tmp_path: Path) -> None:
    with ReplyStore(tmp_path) as store:
        store.put(digest(1), reply("no section at all"))
        store.put(digest(2), reply("good"))
        store.forget(digest(1))
        assert store.get(digest(1)) is None
        assert store.get(digest(2)) is not None


def test_notes_come_back_by_digest_however_many(tmp_path: Path) -> None:
    notes = {digest(number): f"Note {number}." for number in range(2_500)}
    with ReplyStore(tmp_path) as store:
        assert store.put_notes(notes)
        assert store.get(digest(1)) is None, "a note is no reply"
    with ReplyStore(tmp_path) as store:
        assert store.get_notes([*notes, "unknown"]) == notes
        assert store.get_notes([]) == {}


def test_the_latest_note_on_a_topic_is_that_of_its_own_project(tmp_path: Path) -> None:
    with ReplyStore(tmp_path) as store:
        here, there = NoteShelf(store, "/a"), NoteShelf(store, "/b")
        here.put_notes({"d1": ("file:x.py", "Old."), "d2": ("file:y.py", "Y.")})
        here.put_notes({"d3": ("file:x.py", "New.")})
        assert here.earlier_notes(["file:x.py", "file:y.py", "file:z.py"]) == {"file:x.py": "New.", "file:y.py": "Y."}
        assert there.earlier_notes(["file:x.py"]) == {}
        assert there.get_notes(["d1", "d3"]) == {"d1": "Old.", "d3": "New."}, "the same words are paid for once"
    assert b"x.py" not in (tmp_path / FILE).read_bytes()


def test_without_a_directory_nothing_is_kept_and_nothing_fails() -> None:
    with ReplyStore(None) as store:
        assert not store.put(digest(1), reply("x"))
        assert not store.put_notes({"n": "x"})
        assert store.get(digest(1)) is None
        claim = store.claim(digest(1))
        assert claim is not None
        assert store.claim(digest(1)) is None
        store.prune()
        assert store.problem == ""


def test_asking_makes_no_file(tmp_path: Path) -> None:
    with ReplyStore(tmp_path / "cache") as store:
        store.get(digest(1))
        store.get_notes(["n"])
        store.prune()
    assert not (tmp_path / "cache").exists()


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    with ReplyStore(tmp_path / "cache") as store:
        store.put(digest(1), reply("x"))
        store.claim(digest(1))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "cache").iterdir()}
    assert FILE in modes
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


def test_what_was_unused_for_too_long_goes_and_what_was_used_stays(tmp_path: Path) -> None:
    with ReplyStore(tmp_path) as store:
        for number in range(6):
            store.put(digest(number), reply("x"))
        store.put_notes({"used": "x", "unused": "x"})
    age(tmp_path, 200)
    with ReplyStore(tmp_path) as store:
        store.get(digest(1))
        store.get_notes(["used"])
        store.put(digest(9), reply("new"))
        store.prune()
    with ReplyStore(tmp_path) as store:
        assert [number for number in range(10) if store.get(digest(number))] == [1, 9]
        assert store.get_notes(["used", "unused"]) == {"used": "x"}


def test_age_counts_from_the_last_use(tmp_path: Path) -> None:
    with ReplyStore(tmp_path) as store:
        store.put(digest(1), reply("x"))
    for _ in range(3):
        age(tmp_path, 100)
        with ReplyStore(tmp_path) as store:
            assert store.get(digest(1))
            store.prune()


def test_beyond_its_size_what_was_unused_for_longest_goes(tmp_path: Path) -> None:
    """Never what this run used, however old it is."""
    with ReplyStore(tmp_path) as store:
        for number in range(100):
            store.put(digest(number), reply("x" * 10_000))
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("UPDATE kept SET used = used - 1000 + rowid")
    with ReplyStore(tmp_path, max_bytes=500_000) as store:
        store.get(digest(0))
        store.put(digest(100), reply("x" * 10_000))
        store.prune()
    with ReplyStore(tmp_path) as store:
        left = [number for number in range(101) if store.get(digest(number))]
        store.close()
    assert left == [0, *range(left[1], 101)], "the oldest are gone, but for the one that was used"
    assert 300_000 < (tmp_path / FILE).stat().st_size <= 500_000


def test_a_run_that_uses_more_than_the_bound_keeps_all_of_it(tmp_path: Path) -> None:
    with ReplyStore(tmp_path, max_bytes=50_000) as store:
        for number in range(30):
            store.put(digest(number), reply("x" * 10_000))
        store.prune()
    assert rows(tmp_path) == 30


def test_pruning_a_large_store_asks_the_database_little(tmp_path: Path) -> None:
    """However much it holds: of Python's own, one call for each note that was used, which goes in one statement."""
    with ReplyStore(tmp_path) as store:
        store.put_notes({digest(number): "x" * 3_000 for number in range(10_000)})
    with ReplyStore(tmp_path) as store:
        store.get_notes([digest(number) for number in range(3_000)])
        assert calls(store.prune) < 3_000 * 2


def test_the_first_form_is_brought_over_with_all_that_it_holds(tmp_path: Path) -> None:
    old = {digest(number): reply(f"Reply {number}.") for number in range(5)}
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE replies (digest TEXT PRIMARY KEY, reply BLOB NOT NULL, stored REAL NOT NULL)")
        database.executemany(
            "INSERT INTO replies VALUES (?, ?, ?)",
            [(name, msgspec.msgpack.encode(one), time.time()) for name, one in old.items()],
        )
    for _ in range(2):
        with ReplyStore(tmp_path) as store:
            assert {name: store.get(name) for name in old} == old
            assert store.problem == ""
