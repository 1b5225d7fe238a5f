"""Keeps the store within its bounds of age and size.

Comes in: what a run used. Goes out: a file without what is too old, or too much.
Must never: take out what this run, or one that ended since it began, has used.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

MAX_BYTES: Final = 500_000_000
MAX_DAYS: Final = 180.0
"""Since the last use."""
_SPARE: Final = 0.9
"""Of the most bytes, what is left where it is too much: the next runs then have nothing to take out."""
_ROW_BYTES: Final = 150
"""Of a row beside its value: digest, times and their places in two indexes."""

_EXCESS: Final = """
DELETE FROM kept WHERE rowid IN (
    SELECT rowid FROM (
        SELECT rowid, SUM(LENGTH(value) + ?1) OVER (ORDER BY used, rowid) - LENGTH(value) - ?1 AS before
        FROM kept WHERE used < ?2
    ) WHERE before < ?3
)"""
"""Those unused for longest, until enough bytes are free. SQLite knows the length of a value without reading it."""


def prune(
    database: sqlite3.Connection,
    used: Iterable[tuple[str, str]],
    began: float,
    *,
    oldest: float,
    max_bytes: int,
) -> None:
    """Note what was used, then take out what was last used before `oldest`, and what is more than `max_bytes`.

    Args:
        database: The store's file, in a transaction.
        used: Kind and digest of what this run read.
        began: When it did, in seconds of Unix time, as `oldest`.
        oldest: What was last used before goes.
        max_bytes: Of the file.
    """
    now = time.time()
    renew = "UPDATE kept SET used = ? WHERE kind = ? AND digest = ?"
    database.executemany(renew, ((now, kind, digest) for kind, digest in used))
    database.execute("DELETE FROM kept WHERE used < ?", (min(oldest, began),))
    pages, free, size = (
        int(database.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "freelist_count", "page_size")
    )
    excess = (pages - free) * size - max_bytes
    if excess > 0:
        database.execute(_EXCESS, (_ROW_BYTES, began, excess + (1 - _SPARE) * max_bytes))


def reclaim(database: sqlite3.Connection) -> None:
    """Give the room that became free back to the disk."""
    # As a script, for one step of this statement frees one page, and `execute` takes no second one.
    database.executescript("PRAGMA incremental_vacuum")
