"""The file behind the store: opened, brought to its present form, put aside when it is damaged.

Comes in: a path, and work to be done on a connection. Goes out: what the work gave, and why it could not be done.
Must never: raise for a file that is damaged, locked, full or read-only; delete what cannot be read; change a file that
a newer version made.

Write-ahead log with `synchronous=FULL`: what was acknowledged survives the end of the process (so would `NORMAL`) and
of the machine's power (`NORMAL` would lose all since the last checkpoint, about a thousand replies). It costs one
`fdatasync` a transaction, 3 to 4 ms on an ordinary disk, beside the seconds that a reply takes.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TypeVar

from fieldguide.llm.store_claims import alone
from fieldguide.llm.store_form import BUSY_SECONDS, NewerFormError, bring_to_form

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

T = TypeVar("T")

_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_FOREIGN: Final = ("no such table", "no such column", "has no column")
"""What SQLite says of a file that has this form by its number alone."""
_CLOSED_TO_WRITING: Final = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
_PRIMARY: Final = 0xFF
"""The bits of an extended result code that say what kind it is (https://www.sqlite.org/rescode.html)."""
_REASONS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another process holds it locked",
    sqlite3.SQLITE_LOCKED: "another process holds it locked",
    sqlite3.SQLITE_READONLY: "it may not be written",
    sqlite3.SQLITE_PERM: "it may not be opened",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk reports an error, or has no room",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_NOTADB: "it is damaged",
}


class Database:
    """One SQLite file, for reading and for writing, from any thread."""

    def __init__(self, path: Path | None) -> None:
        """Remember where; nothing is opened or made before it is needed. `None` keeps nothing."""
        self.path = path
        self.problem = ""
        """Why something is not kept, or was lost; the first such thing, empty while there is none."""
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._reading, self._writing = threading.Lock(), threading.Lock()
        self._readable, self._writable = path is not None, path is not None
        self._inode = 0
        self._renewed = False

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What `work` finds; `None` when there is no file or it cannot be read."""
        while self._readable and self.path is not None and self.path.exists():
            try:
                with self._reading:
                    self._reader = self._reader or self._open_to_read(self.path)
                    return work(self._reader)
            except (sqlite3.Error, OSError, NewerFormError) as error:
                if not self._renew(error):
                    self._readable = self._writable = False
        return None

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do `work` in one transaction, and return what it gives once that is on the disk; else `None`."""
        while self._writable and self.path is not None:
            try:
                with self._writing:
                    self._writer = self._writer or self._open(self.path)
                    with _transaction(self._writer):
                        done = work(self._writer)
            except (sqlite3.Error, OSError, NewerFormError) as error:
                if not self._renew(error):
                    self._writable = False
                    self._close_writer()
            else:
                return done
        return None

    def tidy(self, work: Callable[[sqlite3.Connection], bool]) -> bool:
        """Do what is no transaction, on the connection that writes; what `work` says, `False` where it fails."""
        with suppress(sqlite3.Error), self._writing:
            return self._writer is not None and work(self._writer)
        return False

    def close(self) -> None:
        """Close the connections; the next use opens them again."""
        with self._reading:
            if self._reader is not None:
                self._reader.close()
            self._reader = None
        self._close_writer()

    def _close_writer(self) -> None:
        with self._writing:
            if self._writer is not None:
                self._writer.close()
            self._writer = None

    def _open(self, path: Path) -> sqlite3.Connection:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)
        try:
            status = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise PermissionError(1, "it is no file")
        self._inode = status.st_ino
        connection = _connect(path)
        try:
            bring_to_form(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _open_to_read(self, path: Path) -> sqlite3.Connection:
        """Open the file; where it may not be written, as what nobody writes, which wants no files beside it."""
        try:
            return self._open(path)
        except (sqlite3.OperationalError, OSError) as error:
            if not path.is_file() or not _is_closed_to_writing(error):
                raise
            self.problem = self.problem or self._said(error)
            self._writable = False
            return _connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)

    def _renew(self, error: Exception) -> bool:
        """Say what is wrong. Where it is the file, put it aside, once a run; whether another try makes sense."""
        self.problem = self.problem or self._said(error)
        if self.path is None or self._renewed or not _is_damage(error):
            return False
        self._renewed = True
        self.close()
        try:
            with alone(self.path.with_suffix(".lock")):
                aside = put_aside(self.path, self._inode)
        except OSError:
            return False
        self.problem += f"; it was put aside as `{aside.name}`, and a new one was begun"
        return True

    def _said(self, error: Exception) -> str:
        if isinstance(error, NewerFormError):
            reason = "a newer version of fieldguide made it"
        elif isinstance(error, OSError):
            reason = (error.strerror or "the system refused").lower()
        else:
            reason = "it is damaged" if _is_damage(error) else _REASONS.get(_code(error), str(error))
        return f"`{self.path}` {'is damaged' if _is_damage(error) else 'is not used: ' + reason}"


def put_aside(path: Path, inode: int) -> Path:
    """Rename a damaged file and what belongs to it, unless another run has done so; an older one put aside goes.

    Raises:
        OSError: It cannot be renamed.
    """
    aside = path.with_name(f"{path.name}.corrupt")
    if not path.exists() or path.stat().st_ino != inode:
        return aside
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    log, log_aside = path.with_name(f"{path.name}-wal"), aside.with_name(f"{aside.name}-wal")
    # The log goes first: beside a new file it would be taken for that one's.
    if log.exists():
        log.replace(log_aside)
    else:
        log_aside.unlink(missing_ok=True)
    return path.replace(aside)


def _connect(place: Path | str, *, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(place, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, uri=uri)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Generator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _code(error: Exception) -> int:
    """The primary result code of SQLite; 0 where it was not SQLite that failed."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY


def _is_damage(error: Exception) -> bool:
    return _code(error) in _DAMAGED or (
        isinstance(error, sqlite3.OperationalError) and any(sign in str(error) for sign in _FOREIGN)
    )


def _is_closed_to_writing(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}
    return _code(error) in _CLOSED_TO_WRITING
