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
SPARE: Final = 0.9
"""Of the most bytes, what is left where it was too much: the next runs then have nothing to take out."""
_STEP: Final = 16_000_000
"""Bytes that are taken out in one transaction: about a tenth of a second."""
_STEP_PAGES: Final = 4_000
_ROW_BYTES: Final = 150
"""Of a row beside its value: digest, times and their places in two indexes."""


def age(database: sqlite3.Connection, used: Iterable[tuple[str, str]], began: float, *, oldest: float) -> None:
    """Note what this run used, and take out what nobody did for too long.

    Args:
        database: The store's file, in a transaction.
        used: Kind and digest of what this run read.
        began: When it did, in seconds of Unix time, as `oldest`.
        oldest: What was last used before goes.
    """
    now = time.time()
    renew = "UPDATE kept SET used = ? WHERE kind = ? AND digest = ?"
    database.executemany(renew, ((now, kind, digest) for kind, digest in used))
    database.execute("DELETE FROM kept WHERE used < ?", (min(oldest, began),))


def occupied(database: sqlite3.Connection) -> int:
    """Bytes of the file that hold something."""
    pages, free, size = (
        int(database.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def shrink(database: sqlite3.Connection, began: float, max_bytes: int) -> bool:
    """Take out what was unused for longest, a step of what has to go, so that other runs are not kept waiting.

    Args:
        database: The store's file, in a transaction.
        began: When this run did; what was used since stays.
        max_bytes: What the file may hold; a tenth less is aimed at.

    Returns:
        Whether there may be more to take out.
    """
    over = min(_STEP, occupied(database) - SPARE * max_bytes)
    going: list[tuple[int]] = []
    for row, length in database.execute(
        "SELECT rowid, LENGTH(value) FROM kept WHERE used < ? ORDER BY used, rowid", (began,)
    ):
        if over <= 0:
            break
        going.append((row,))
        over -= length + _ROW_BYTES
    database.executemany("DELETE FROM kept WHERE rowid = ?", going)
    return bool(going)


def reclaim(database: sqlite3.Connection) -> bool:
    """Give room that became free back to the disk, a step of it; whether there may be more."""
    (free,) = database.execute("PRAGMA freelist_count").fetchone()
    # As a script, for one step of this statement frees one page, and `execute` takes no second one.
    database.executescript(f"PRAGMA incremental_vacuum({_STEP_PAGES})")
    (left,) = database.execute("PRAGMA freelist_count").fetchone()
    return 0 < left < free
