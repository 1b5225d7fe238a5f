"""Replies that were paid for, kept in the user's cache directory so that the same words are not bought twice.

Comes in: a request's digest, a reply. Goes out: the reply to exactly that request, if it was ever had.
Must never: hold a refused or cut-off reply, lie in the documented directory, or end a run: a store that cannot be
used is no store, and `problem` says why.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from time import time
from typing import TYPE_CHECKING, Final

import msgspec

from fieldguide.domain.request import Reply, StopReason

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "replies.sqlite3"
BUSY_SECONDS: Final = 5.0

_SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS replies (digest TEXT PRIMARY KEY, reply BLOB NOT NULL, stored REAL NOT NULL)"
)


class ReplyStore:
    """Replies by the digest of exactly what shaped them (SQLite, write-ahead log; safe with two runs at once)."""

    def __init__(self, directory: Path | None) -> None:
        """Keep replies in `directory`, which need not exist; `None` keeps none."""
        self._path = directory / FILE if directory else None
        self.problem = ""

    def get(self, digest: str) -> Reply | None:
        """The reply that was kept under `digest`; `None` when there is none or the store cannot be read."""
        if self._path is None or not self._path.exists():
            return None
        try:
            with closing(self._connect()) as connection:
                row = connection.execute("SELECT reply FROM replies WHERE digest = ?", (digest,)).fetchone()
            return msgspec.msgpack.decode(row[0], type=Reply) if row else None
        except (sqlite3.Error, OSError, msgspec.MsgspecError) as error:
            self.problem = str(error)
            return None

    def put(self, digest: str, reply: Reply) -> None:
        """Keep a whole reply, on disk before this returns."""
        if self._path is None or reply.stop_reason is not StopReason.STOP:
            return
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with closing(self._connect()) as connection, connection:
                connection.execute(
                    "INSERT OR REPLACE INTO replies VALUES (?, ?, ?)", (digest, msgspec.msgpack.encode(reply), time())
                )
            self._path.chmod(0o600)
        except (sqlite3.Error, OSError) as error:
            self.problem = str(error)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(str(self._path), timeout=BUSY_SECONDS)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(_SCHEMA)
        return connection
