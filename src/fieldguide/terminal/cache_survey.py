"""Looks into the user's cache directory, and empties it.

Comes in: the directory. Goes out: what it holds, as `Holding`s.
Must never: make anything where there is nothing; take away the ledger, the key behind fingerprints, or what this
program did not put there; pull a file from under a run that uses it.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.cache import FILE_NAME as FACTS_FILE
from fieldguide.errors import ConfigurationError
from fieldguide.llm.store import FILE as STORE_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY_FILE: Final = "redaction.key"
RULES_FOLDER: Final = "rules"
CHECK_FILE: Final = f"check/{FACTS_FILE}"
_WAIT: Final = 10.0
"""Seconds for a run to let go of a file."""
_OF_STORE: Final = """
SELECT IIF(kind = 'reply', 'replies', 'notes') AS name, COUNT(*), SUM(LENGTH(value)), MIN(stored), MAX(used)
FROM kept WHERE kind IN ('reply', 'note') GROUP BY name ORDER BY name DESC"""
_OF_FACTS: Final = """
SELECT 'facts', COUNT(*), SUM(LENGTH(value)), NULL, MAX(used) * 86400 FROM facts HAVING COUNT(*)"""
"""Their last use is kept as a number of days."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of thing that is kept."""

    name: str
    """For programs: `replies`, `notes`, `facts`, `checks`, `rules`, `key`, `damaged`."""
    path: str
    entries: int = 0
    size: int = 0
    """Bytes of the entries, without what the file needs around them."""
    oldest: float | None = None
    """Unix time at which the first entry was kept, where that is known."""
    last_used: float | None = None
    """Unix time, to the day."""
    problem: str = ""
    """Why nothing more can be said."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What a cache directory holds."""

    directory: str
    holdings: tuple[Holding, ...] = ()
    """Empty where nothing is kept."""
    disk: int = 0
    """Bytes of all files that hold it."""


def survey(directory: Path) -> Survey:
    """Say what is kept; a directory that does not exist holds nothing."""
    held = (
        *_tables("replies", directory / STORE_FILE, _OF_STORE),
        *_tables("facts", directory / FACTS_FILE, _OF_FACTS),
        *(replace(one, name="checks") for one in _tables("checks", directory / CHECK_FILE, _OF_FACTS)),
        *_files("rules", directory / RULES_FOLDER, _rules(directory)),
        *_files("key", directory / KEY_FILE, _existing(directory / KEY_FILE)),
        *_files("damaged", directory / f"{STORE_FILE}.corrupt", _damaged(directory)),
    )
    return Survey(str(directory), held, sum(path.stat().st_size for path in _files_of(directory)))


def clear(directory: Path) -> Survey:
    """Remove all that can be had again, by reading or by paying; return what was removed.

    Raises:
        ConfigurationError: A run that is under way holds a file for too long, or it may not be written.
    """
    before = survey(directory)
    try:
        _empty(directory / STORE_FILE, "DELETE FROM kept")
        for facts in (FACTS_FILE, CHECK_FILE):
            _empty(directory / facts, "DELETE FROM facts")
        for path in _damaged(directory):
            path.unlink(missing_ok=True)
        if (directory / RULES_FOLDER).is_dir() and not (directory / RULES_FOLDER).is_symlink():
            shutil.rmtree(directory / RULES_FOLDER)
    except (sqlite3.Error, OSError) as error:
        fact = f"the cache `{directory}` could not be removed whole: {error}"
        raise ConfigurationError(fact, hint="wait for the run that uses it, and see that it is yours") from error
    removed = tuple(one for one in before.holdings if one.name != "key")
    return Survey(before.directory, removed, before.disk - survey(directory).disk)


def _tables(name: str, path: Path, query: str) -> Iterator[Holding]:
    """What a database holds; under `name` that it cannot be read."""
    if not path.exists():
        return
    try:
        with closing(_open(path)) as database:
            rows = database.execute(query).fetchall()
    except sqlite3.Error as error:
        earlier = "no such table" in str(error)
        yield Holding(
            name, str(path), problem="an earlier version made it, and the next run reads it" if earlier else str(error)
        )
        return
    yield from (Holding(kind, str(path), *counted) for kind, *counted in rows)


def _open(path: Path) -> sqlite3.Connection:
    """Open a file that exists; one that may not be written is read as it stands.

    Raises:
        sqlite3.Error: It cannot be opened, or is no database.
    """
    address = path.absolute().as_uri()
    database = sqlite3.connect(f"{address}?mode=rw", timeout=_WAIT, isolation_level=None, uri=True)
    try:
        database.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        database.close()
        database = sqlite3.connect(f"{address}?mode=ro&immutable=1", isolation_level=None, uri=True)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def _empty(path: Path, statement: str) -> None:
    """Take everything out of a database, and what is none off the disk.

    Raises:
        sqlite3.Error: A run holds it.
        OSError: It may not be removed.
    """
    if not path.exists():
        return
    try:
        # Not unlinked: what a run that is under way pays for would go into a file without a name.
        with closing(_open(path)) as database:
            database.execute(statement)
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.DatabaseError as error:
        usable = isinstance(error, sqlite3.OperationalError) and "no such" not in str(error)
        if usable:
            raise
        for suffix in ("-wal", "-shm", ""):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _files(name: str, path: Path, files: list[Path]) -> Iterator[Holding]:
    if not files:
        return
    states = [file.stat() for file in files]
    oldest, latest = min(one.st_mtime for one in states), max(one.st_mtime for one in states)
    yield Holding(name, str(path), len(files), sum(one.st_size for one in states), oldest, latest)


def _existing(path: Path) -> list[Path]:
    return [path] if path.is_file() else []


def _rules(directory: Path) -> list[Path]:
    with suppress(OSError):
        return [path for path in (directory / RULES_FOLDER).rglob("*") if path.is_file()]
    return []


def _damaged(directory: Path) -> list[Path]:
    names = (f"{STORE_FILE}.corrupt", f"{STORE_FILE}.corrupt-wal")
    return [file for name in names for file in _existing(directory / name)]


def _files_of(directory: Path) -> list[Path]:
    names = [name + suffix for name in (STORE_FILE, FACTS_FILE, CHECK_FILE) for suffix in ("", "-wal", "-shm")]
    found = [file for name in (*names, KEY_FILE) for file in _existing(directory / name)]
    return [*found, *_rules(directory), *_damaged(directory)]
