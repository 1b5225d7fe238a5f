"""The form of the store's file: its table, its version, and how an older form becomes the present one.

Comes in: a connection that was just opened. Goes out: the same, with the present form.
Must never: touch a file whose form is newer; leave a file between two forms.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from typing import Final

FORM: Final = 2
"""As `PRAGMA user_version` says it. 0 is a new file, or one of the first form, which had replies alone."""
BUSY_SECONDS: Final = 10.0
"""How long another process may hold the file before it counts as locked."""
_CHECK_BYTES: Final = 4
_RETRY_SECONDS: Final = 0.01

_TABLE: Final = (
    """CREATE TABLE kept (
        kind TEXT NOT NULL, digest TEXT NOT NULL, stored REAL NOT NULL, used REAL NOT NULL, value BLOB NOT NULL,
        PRIMARY KEY (kind, digest)
    )""",
    "CREATE INDEX kept_used ON kept (used)",
)


class NewerFormError(Exception):
    """A later version of this program made the file."""


def bring_to_form(connection: sqlite3.Connection) -> None:
    """Set a connection up, and give its file the present form where it has an older one or none.

    Raises:
        NewerFormError: Its form is newer.
        sqlite3.Error: It is no database, damaged, locked, full or read-only.
    """
    # The change to the write-ahead log is refused at once where another run makes it: SQLite does not wait there.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            _bring_to_form(connection)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


def _bring_to_form(connection: sqlite3.Connection) -> None:
    form = _form(connection)
    if form > FORM:
        raise NewerFormError
    if form < FORM:
        connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    if form < FORM:
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _form(connection) < FORM:
                _migrate(connection)
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _migrate(connection: sqlite3.Connection) -> None:
    for statement in _TABLE:
        connection.execute(statement)
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'replies'").fetchone():
        rows = connection.execute("SELECT digest, reply, stored FROM replies")
        add = "INSERT INTO kept (kind, digest, stored, used, value) VALUES ('reply', ?, ?, ?, ?)"
        connection.executemany(add, ((digest, stored, stored, sealed(reply)) for digest, reply, stored in rows))
        connection.execute("DROP TABLE replies")
    connection.execute(f"PRAGMA user_version={FORM}")


def _form(connection: sqlite3.Connection) -> int:
    (form,) = connection.execute("PRAGMA user_version").fetchone()
    return int(form)


def sealed(content: bytes) -> bytes:
    """A value with a checksum before it (CRC-32): SQLite has none, and a disk may turn a word into another."""
    return zlib.crc32(content).to_bytes(_CHECK_BYTES, "big") + content


def unsealed(value: bytes) -> bytes | None:
    """The content of a value, `None` where it is not what was kept."""
    check, content = value[:_CHECK_BYTES], value[_CHECK_BYTES:]
    return content if zlib.crc32(content).to_bytes(_CHECK_BYTES, "big") == check else None
