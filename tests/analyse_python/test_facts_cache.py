"""The cache gives back what it was given, and is never a reason for a run to fail."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from fieldguide.analyse import FactsCache, assemble, facts_key, tree_digest
from fieldguide.analyse.cache import FILE_NAME
from fieldguide.domain.codebase import FileFacts
from fieldguide.domain.source import OtherFile

if TYPE_CHECKING:
    from pathlib import Path

Facts = Callable[..., FileFacts]


def keyed(facts_of: Facts, count: int, size: int = 1) -> dict[str, FileFacts]:
    made = [facts_of(f"def f{number}(): ...\n" * size, module=f"m{number}") for number in range(count)]
    return {facts_key(one.source, f"m{number}"): one for number, one in enumerate(made)}


def test_facts_come_back_whole(tmp_path: Path, facts_of: Facts) -> None:
    facts = keyed(facts_of, 3)
    FactsCache(tmp_path).put_many(facts)
    assert FactsCache(tmp_path).get_many([*facts, "unknown"]) == facts


def test_a_key_covers_content_path_and_name(facts_of: Facts) -> None:
    one, other = facts_of("x = 1").source, facts_of("x = 2").source
    keys = {facts_key(one, "a"), facts_key(one, "b"), facts_key(other, "a")}
    assert len(keys) == 3


def test_without_a_directory_nothing_is_kept(facts_of: Facts) -> None:
    cache = FactsCache(None)
    cache.put_many(keyed(facts_of, 1))
    assert cache.get_many(["a"]) == {}
    assert cache.problem == ""


def test_a_damaged_file_is_reported_and_replaced(tmp_path: Path, facts_of: Facts) -> None:
    facts = keyed(facts_of, 1)
    (tmp_path / FILE_NAME).write_bytes(b"this is no database at all" * 100)
    cache = FactsCache(tmp_path)
    assert cache.get_many(facts) == {}
    assert "not a database" in cache.problem
    second = FactsCache(tmp_path)
    second.put_many(facts)
    assert second.problem == ""
    assert FactsCache(tmp_path).get_many(facts) == facts


def test_a_value_that_does_not_decode_is_unknown(tmp_path: Path, facts_of: Facts) -> None:
    facts = keyed(facts_of, 2)
    FactsCache(tmp_path).put_many(facts)
    damaged = next(iter(facts))
    database = sqlite3.connect(tmp_path / FILE_NAME)
    with database:
        database.execute("UPDATE facts SET value = x'00' WHERE key = ?", (damaged,))
    database.close()
    cache = FactsCache(tmp_path)
    assert set(cache.get_many(facts)) == set(facts) - {damaged}
    assert cache.problem == ""


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path, facts_of: Facts) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    cache = FactsCache(blocked / "cache")
    cache.put_many(keyed(facts_of, 1))
    assert "cache" in cache.problem
    assert cache.get_many(["a"]) == {}


def test_the_cache_stays_small(tmp_path: Path, facts_of: Facts) -> None:
    cache = FactsCache(tmp_path, max_bytes=300_000)
    for start in range(6):
        made = facts_of("\n".join(f"def f{number}(a, b): ..." for number in range(300)), module=f"m{start}")
        cache.put_many({facts_key(made.source, f"{start}"): made})
    database = sqlite3.connect(tmp_path / FILE_NAME)
    (kept, size) = database.execute("SELECT COUNT(*), SUM(LENGTH(value)) FROM facts").fetchone()
    database.close()
    assert 1 <= kept < 6
    assert size <= 300_000


def _write(directory: Path, facts: dict[str, FileFacts], times: int) -> str:
    cache = FactsCache(directory)
    for _ in range(times):
        cache.put_many(facts)
        cache.get_many(facts)
    return cache.problem


def test_two_processes_share_it(tmp_path: Path, facts_of: Facts) -> None:
    facts = keyed(facts_of, 20)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        problems = pool.starmap(_write, [(tmp_path, facts, 15)] * 2)
    assert problems == ["", ""]
    assert FactsCache(tmp_path).get_many(facts) == facts


def test_a_codebase_is_known_for_exactly_the_tree_it_was_assembled_from(tmp_path: Path, facts_of: Facts) -> None:
    """The same scan gives it back whole; another digest, another place or a later one put there does not."""
    cache = FactsCache(tmp_path)
    facts = facts_of("package/core.py", "def run() -> None: ...\n")
    codebase = assemble("tree", [facts.source], [facts], [], [], None)
    digest = tree_digest("tree", [facts.source])
    cache.put_codebase("tree", digest, codebase)
    assert cache.get_codebase("tree", digest) == codebase
    assert cache.get_codebase("elsewhere", digest) is None
    assert cache.get_codebase("tree", tree_digest("tree", [OtherFile("package/data.bin", 1)])) is None
    assert tree_digest("tree", [facts.source]) != tree_digest("other", [facts.source])
