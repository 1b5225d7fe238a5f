"""The store when everything goes wrong: killed, damaged, full, read-only, locked. The run always goes on."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from store_processes import (
    digest,
    fill_a_small_disk,
    processes,
    put_for_ever,
    read_as_nobody,
    reply,
    text_of,
)

from fieldguide.llm import store_form
from fieldguide.llm.store import FILE, ReplyStore
from fieldguide.llm.store_database import Database, put_aside
from waiting import PATIENCE, wait_until

if TYPE_CHECKING:
    from collections.abc import Generator

KILLS = 30


@pytest.fixture
def open_place() -> Generator[Path]:
    """A directory that other users may look into, as those of pytest may not be."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def filled(directory: Path, count: int = 50) -> None:
    with ReplyStore(directory) as store:
        for number in range(count):
            store.put(digest(number), reply(text_of(digest(number))))


def test_killed_at_any_instant_everything_acknowledged_is_there(tmp_path: Path) -> None:
    journal, cache = tmp_path / "acknowledged", tmp_path / "cache"
    journal.touch()
    instants, context, first = random.Random(4), processes(), 0  # noqa: S311  instants, not keys
    numbers: list[int] = []
    for begun in range(KILLS):
        run = context.Process(target=put_for_ever, args=(str(cache), str(journal), first))
        run.start()
        before = journal.read_text().count("\n")
        while journal.read_text().count("begun") == begun and run.is_alive():
            time.sleep(0.001)
        # The first of these instants fall into the making of the file, later ones behind what was kept.
        if begun >= KILLS / 2:
            wait_until(lambda before=before: journal.read_text().count("\n") > before + 3, "something is kept")
        time.sleep(instants.uniform(0, 0.004 + 0.004 * begun))
        run.kill()
        run.join(PATIENCE)
        assert run.exitcode == -9
        numbers = [int(line) for line in journal.read_text().splitlines() if line != "begun"]
        first = max(numbers, default=0) + 2
        with ReplyStore(cache) as store:
            for number in numbers[-40:]:
                assert _kept(store, number) == text_of(digest(number))
            assert store.problem == ""
    assert len(numbers) > KILLS, "the runs lived long enough to keep something"
    with ReplyStore(cache) as store:
        assert all(_kept(store, number) for number in numbers)
    with closing(sqlite3.connect(cache / FILE)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _kept(store: ReplyStore, number: int) -> str | None:
    name = digest(number)
    if number % 3 == 0:
        return store.get_notes([name]).get(name)
    had = store.get(name)
    return had.text if had else None


@pytest.mark.parametrize(
    "damage", [b"not a database at all" * 400, b"SQLite format 3\0" + b"\xff" * 9000], ids=["foreign", "torn header"]
)
def test_a_damaged_file_is_put_aside_and_a_new_one_begun(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / FILE).write_bytes(damage)
    with ReplyStore(tmp_path) as store:
        assert store.get(digest(1)) is None
        assert store.put(digest(1), reply("new"))
        assert store.get(digest(1)) == reply("new")
        assert "is damaged; it was put aside as `replies.sqlite3.corrupt`, and a new one was begun" in store.problem
    assert (tmp_path / f"{FILE}.corrupt").read_bytes() == damage
    with ReplyStore(tmp_path) as store:
        assert store.get(digest(1)) == reply("new")
        assert store.problem == ""


def test_two_runs_that_meet_the_same_damage_put_one_file_aside(tmp_path: Path) -> None:
    """The second one does not take the first one's new file for the damaged one."""
    path = tmp_path / FILE
    path.write_bytes(b"not a database at all" * 400)
    inode = path.stat().st_ino
    with ReplyStore(tmp_path) as first:
        first.put(digest(1), reply("new"))
        put_aside(path, inode)
        with ReplyStore(tmp_path) as second:
            assert second.get(digest(1)) == reply("new")
            assert second.problem == ""
    assert (tmp_path / f"{FILE}.corrupt").read_bytes().startswith(b"not a database")


def test_pages_overwritten_in_the_middle_lose_no_run_and_tell_no_lie(tmp_path: Path) -> None:
    """What comes back is what was kept, or nothing."""
    filled(tmp_path, 200)
    whole = (tmp_path / FILE).read_bytes()
    chance = random.Random(7)  # noqa: S311  damage, not keys
    for _ in range(25):
        spoilt = bytearray(whole)
        for _ in range(chance.choice((1, 1, 3))):
            start = chance.randrange(len(spoilt))
            length = chance.choice((1, 60, 4096))
            spoilt[start : start + length] = chance.randbytes(len(spoilt[start : start + length]))
        for path in tmp_path.iterdir():
            path.unlink()
        (tmp_path / FILE).write_bytes(spoilt)
        with ReplyStore(tmp_path) as store:
            for number in range(200):
                assert store.get(digest(number)) in {None, reply(text_of(digest(number)))}
            store.put(digest(999), reply("new"))
            store.prune()


def test_a_table_of_another_program_is_put_aside(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("CREATE TABLE kept (something TEXT)")
        database.execute(f"PRAGMA user_version={store_form.FORM}")
    with ReplyStore(tmp_path) as store:
        assert store.put(digest(1), reply("x"))
        assert store.get(digest(1)) == reply("x")
    assert (tmp_path / f"{FILE}.corrupt").exists()


def test_a_file_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("CREATE TABLE kept_otherwise (something TEXT)")
        database.execute("PRAGMA user_version=99")
    before = (tmp_path / FILE).read_bytes()
    with ReplyStore(tmp_path) as store:
        assert not store.put(digest(1), reply("x"))
        assert store.get(digest(1)) is None
        assert "a newer version of fieldguide made it" in store.problem
    assert (tmp_path / FILE).read_bytes() == before


def test_no_room_left_ends_keeping_and_nothing_else(tmp_path: Path) -> None:
    """A limit on the size of files is what a full disk is to SQLite; what was acknowledged before stays readable."""
    journal = tmp_path / "said"
    run = processes().Process(target=fill_a_small_disk, args=(str(tmp_path / "cache"), str(journal)))
    run.start()
    run.join(PATIENCE)
    assert run.exitcode == 0
    counted, problem = journal.read_text().splitlines()
    kept, readable = (int(count) for count in counted.split())
    assert 0 < kept == readable < 300
    assert "is not used: the disk" in problem
    with ReplyStore(tmp_path / "cache") as store:
        assert sum(store.get(digest(number)) is not None for number in range(300)) == kept
        assert store.put(digest(999), reply("there is room again"))
        assert store.problem == ""


def test_a_place_that_may_not_be_written_can_still_be_read(open_place: Path) -> None:
    filled(open_place, 3)
    for path in open_place.iterdir():
        path.chmod(0o444)
    open_place.chmod(0o555)
    report = open_place.parent / f"{open_place.name}.said"
    run = processes().Process(target=read_as_nobody, args=(str(open_place), str(report)))
    run.start()
    run.join(PATIENCE)
    said = report.read_text()
    report.unlink()
    open_place.chmod(0o755)
    assert run.exitcode == 0
    assert said.startswith("True True False\n"), said
    assert FILE in said
    assert "is not used: permission denied" in said


def test_a_directory_that_is_a_file_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    with ReplyStore(tmp_path / "cache") as store:
        assert store.get(digest(1)) is None
        assert not store.put(digest(1), reply("x"))
        assert not store.put_notes({"n": "x"})
        store.prune()
        assert "is not used" in store.problem


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_a_thing_that_is_no_file_is_no_store(tmp_path: Path, kind: str) -> None:
    if kind == "folder":
        (tmp_path / FILE).mkdir()
    else:
        os.mkfifo(tmp_path / FILE)
    with ReplyStore(tmp_path) as store:
        assert store.get(digest(1)) is None
        assert not store.put(digest(1), reply("x"))
        assert "is not used" in store.problem


def test_a_file_locked_for_too_long_is_no_store_for_this_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(tmp_path, 3)
    monkeypatch.setattr("fieldguide.llm.store_database.BUSY_SECONDS", 0.2)
    failed: list[Exception] = []
    renew = Database._renew  # pyright: ignore[reportPrivateUsage]

    def noted(database: Database, error: Exception) -> bool:
        failed.append(error)
        return renew(database, error)

    monkeypatch.setattr(Database, "_renew", noted)
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other, ReplyStore(tmp_path) as store:
        other.execute("BEGIN IMMEDIATE")
        assert not any(store.put(digest(number), reply("x")) for number in range(10, 40))
        assert len(failed) == 1, "it waits once"
        assert "another process holds it locked" in store.problem
        assert store.get(digest(1)) is not None, "reading goes on"
        other.execute("ROLLBACK")


def test_a_file_taken_away_while_it_is_used_ends_no_run(tmp_path: Path) -> None:
    filled(tmp_path / "cache", 3)
    with ReplyStore(tmp_path / "cache") as store:
        store.get(digest(1))
        store.put(digest(5), reply("x"))
        shutil.rmtree(tmp_path / "cache")
        store.put(digest(6), reply("x"))
        store.get(digest(1))
        store.prune()
    with ReplyStore(tmp_path / "cache") as store:
        assert store.put(digest(1), reply("x"))
        assert store.problem == ""
