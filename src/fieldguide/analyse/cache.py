"""Keeps the facts of files between runs, so that an unchanged file is not read twice.

Comes in: facts under a key that covers everything that shapes them.
Goes out: the same facts, or nothing.
Must never: end a run. A cache that is damaged, locked, read-only or full is no cache, and `problem` says why.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from contextlib import closing, suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fieldguide.analyse.compression import compressed
from fieldguide.domain.codebase import Codebase, FileFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fieldguide.domain.source import OtherFile, Skipped, SourceFile

FILE_NAME = "facts.sqlite3"
MAX_BYTES = 256 * 1024 * 1024
"""Of facts; beyond it those unused for longest go."""
WAIT = 2.0
"""Seconds for another process to let go of the file."""
_BATCH = 500


@cache
def analyser_version() -> str:
    """Digest of the code that makes facts: other code, other facts. Computed when it is first asked for."""
    digest = blake2b(digest_size=16)
    package = Path(__file__).parent.parent
    for folder in ("analyse", "domain"):
        for path in sorted((package / folder).rglob("*")):
            if path.suffix in {".py", ".toml"}:
                digest.update(path.relative_to(package).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def facts_key(source: SourceFile, module: str, hidden: str = "") -> str:
    """Key of a file's facts: its content, its path and role, the name of its module, and the code that reads it.

    Args:
        source: The file.
        module: Name of the module that it is; empty for what is none.
        hidden: Digest of what redaction hid in it; empty for nothing.
    """
    parts = (source.digest, source.path, source.language, source.role.value, module, hidden, analyser_version())
    return blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()


def tree_digest(name: str, found: Iterable[SourceFile | OtherFile | Skipped], redaction: str = "") -> str:
    """Digest of all that a codebase is assembled from: the tree as it was scanned, and the code that reads it.

    Args:
        name: Of the directory.
        found: What the scan found.
        redaction: Digest of all that decides what of a text is hidden.
    """
    digest = blake2b(f"{name}\0{redaction}\0{analyser_version()}".encode("utf-8", "surrogateescape"), digest_size=20)
    for one in found:
        digest.update(repr(one).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


class FactsCache:
    """Facts by key, in one SQLite file in `directory`; with no directory it keeps nothing."""

    def __init__(self, directory: Path | None, *, max_bytes: int = MAX_BYTES) -> None:
        """Remember where; nothing is opened or made before it is needed."""
        self._path = directory / FILE_NAME if directory is not None else None
        self._max_bytes = max_bytes
        self.problem = ""
        """Why the cache is not used; empty while it is."""

    def get_many(self, keys: Iterable[str]) -> dict[str, FileFacts]:
        """Facts of those of `keys` that are known. What cannot be decoded is not known."""
        decoder = msgspec.msgpack.Decoder(FileFacts)
        found: dict[str, FileFacts] = {}
        for key, value in self.rows(dict.fromkeys(keys)):
            with suppress(msgspec.MsgspecError):
                found[key] = decoder.decode(value)
        return found

    def put_many(self, facts: Mapping[str, FileFacts]) -> None:
        """Keep `facts`; where they become too many, those go that were unused for longest."""
        encoder = msgspec.msgpack.Encoder()
        self.keep({key: encoder.encode(value) for key, value in facts.items()})

    def get_codebase(self, place: str, digest: str) -> Codebase | None:
        """The codebase last assembled at `place`, if it was assembled from exactly what `digest` stands for."""
        for _, value in self.rows([f"codebase {place}"]):
            with suppress(msgspec.MsgspecError, zlib.error):
                known, codebase = msgspec.msgpack.decode(zlib.decompress(value), type=tuple[str, Codebase])
                return codebase if known == digest else None
        return None

    def put_codebase(self, place: str, digest: str, codebase: Codebase) -> None:
        """Keep the codebase assembled at `place`, in the place of the one before it."""
        # Compressed, since the database copies a value twice while it writes it.
        self.keep({f"codebase {place}": compressed(digest, codebase)})

    def rows(self, keys: Iterable[str]) -> list[tuple[str, bytes]]:
        """Values of those keys that are known, whatever they hold."""
        found: list[tuple[str, bytes]] = []
        if self._path is None or self.problem or not self._path.exists():
            return found
        try:
            with closing(_connect(self._path)) as database, database:
                for batch in _batches(list(keys)):
                    marks = ",".join("?" * len(batch))
                    query = f"SELECT key, value FROM facts WHERE key IN ({marks})"  # noqa: S608  only question marks
                    found.extend(database.execute(query, batch))
                    renew = f"UPDATE facts SET used = ? WHERE used < ? AND key IN ({marks})"  # noqa: S608  likewise
                    database.execute(renew, (_today(), _today(), *batch))
        except (sqlite3.Error, OSError) as error:
            self._fail(error)
        return found

    def keep(self, values: Mapping[str, bytes]) -> None:
        """Keep values; where they become too many, those go that were unused for longest."""
        if self._path is None or self.problem or not values:
            return
        rows = [(key, value, _today()) for key, value in values.items()]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(_connect(self._path)) as database:
                with database:
                    database.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", rows)
                _shrink(database, self._max_bytes)
        except (sqlite3.Error, OSError) as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        """Give the cache up for this run; a damaged file is taken away, so that the next run has one again."""
        self.problem = f"`{self._path}`: {error}"
        damaged = any(sign in str(error) for sign in ("malformed", "not a database", "no such column", "has no column"))
        if damaged and self._path is not None:
            for suffix in ("", "-wal", "-shm"):
                with suppress(OSError):
                    self._path.with_name(self._path.name + suffix).unlink()


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=WAIT)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute("CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, value BLOB NOT NULL, used INTEGER)")
    except sqlite3.Error:
        database.close()
        raise
    return database


def _shrink(database: sqlite3.Connection, max_bytes: int) -> None:
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    (free,) = database.execute("PRAGMA freelist_count").fetchone()
    (page_size,) = database.execute("PRAGMA page_size").fetchone()
    if (pages - free) * page_size <= max_bytes:
        return
    with database:
        oldest = "SELECT key FROM facts ORDER BY used, rowid LIMIT (SELECT MAX(COUNT(*) / 3, 1) FROM facts)"
        database.execute(f"DELETE FROM facts WHERE key IN ({oldest})")  # noqa: S608  a constant


def _today() -> int:
    return int(time.time() // 86_400)


def _batches(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), _BATCH):
        yield keys[start : start + _BATCH]
