"""The ledger: what has left this machine, written down before it leaves.

Comes in: a departure, and later how it ended. Goes out: two lines of a file that is only ever appended to.
Must never: hold a prompt, a reply, a key or a header; let a call pass that it could not write down.

There is one file for each documented directory. Two runs at once write into one chain, each record under a lock.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import stat
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

from fieldguide.domain.request import Usage
from fieldguide.errors import ConfigurationError
from fieldguide.llm.chain import FIRST, KEYED, PLAIN, Line, Record, decode, encode

if TYPE_CHECKING:
    from collections.abc import Generator

    from fieldguide.domain.ledger import Arrival, Departure

FOLDER: Final = "ledgers"
LOCK_SECONDS: Final = 10.0
_TAIL: Final = 1 << 16
_LOG: Final = logging.getLogger(__name__)


def ledger_file(state: Path, directory: Path) -> Path:
    """Where the ledger of `directory` lies below `state`; the name betrays nothing of the directory's."""
    name = hashlib.blake2b(os.fsencode(directory.resolve()), digest_size=16).hexdigest()
    return state / FOLDER / f"{name}.jsonl"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The record of what leaves, for one documented directory."""

    path: Path
    key: bytes | None = field(default=None, repr=False)
    """Of `ledger_key`; `None` chains by plain digests."""
    price: Callable[[Usage], float | None] | None = None
    """US dollars that a usage costs, as far as known."""

    def departs(self, departure: Departure) -> int:
        """Write down what is about to leave, on disk before this returns; the number is for `arrived`.

        Raises:
            ConfigurationError: It cannot be written: then nothing may leave.
        """
        try:
            return self._append(lambda start: _with(start, sent=_storable(departure)))
        except OSError as error:
            fact = f"the ledger of what leaves this machine cannot be written: `{self.path}`: {error.strerror}"
            hint = "nothing was sent; make the place writable, or name another with `--cache-dir`"
            raise ConfigurationError(fact, hint=hint) from error

    def arrived(self, number: int, arrival: Arrival) -> None:
        """Write down how the call ended that left as `number`.

        A reply that was paid for is not given up because this fails; the ledger then shows the call without its end.
        """
        used = Usage(arrival.input_tokens, arrival.output_tokens)
        priced = replace(arrival, cost=self.price(used)) if self.price and used != Usage() else arrival
        try:
            self._append(lambda start: _with(start, ended=priced, of=number))
        except OSError as error:
            _LOG.warning("the end of call %d is not in the ledger: %s", number, error.strerror)

    def _append(self, make: Callable[[Record], Record]) -> int:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(self.path, flags, 0o600)
        try:
            _refuse_strange(descriptor)
            with _locked(descriptor):
                last, behind = _last_line(descriptor)
                record = make(self._start(last, behind.strip(b"\n")))
                line = encode(record, self.key)
                # A run that was killed may have left a line without its end.
                ended = behind.endswith(b"\n") or not (last or behind)
                _write(descriptor, line if ended else b"\n" + line)
                if last is None:
                    _sync_folder(self.path.parent)
        finally:
            os.close(descriptor)
        _LOG.info("ledger record %d, digest %s", record.number, line[-67:-3].decode("ascii"))
        return record.number

    def _start(self, last: Line | None, torn: bytes) -> Record:
        return Record(
            number=last.record.number + 1 if last else 1,
            time=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            chain=KEYED if self.key else PLAIN,
            previous=last.digest if last else FIRST,
            after=hashlib.sha256(torn).hexdigest() if torn else "",
        )


def _with(start: Record, *, sent: Departure | None = None, ended: Arrival | None = None, of: int = 0) -> Record:
    return Record(start.number, start.time, start.chain, start.previous, sent, ended, of, start.after)


def _storable(departure: Departure) -> Departure:
    """A departure in UTF-8: a file's name that is not has its odd bytes as escapes."""
    sources = (replace(one, path=one.path.encode("utf-8", "backslashreplace").decode()) for one in departure.sources)
    return replace(departure, sources=tuple(sources))


def _refuse_strange(descriptor: int) -> None:
    """Refuse a ledger that is no file of the user's own.

    Raises:
        OSError: It is not.
    """
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
        raise PermissionError(1, "it is not a file of yours")
    if status.st_mode & 0o077:
        os.fchmod(descriptor, 0o600)


@contextmanager
def _locked(descriptor: int) -> Generator[None]:
    """Hold the file alone.

    Raises:
        OSError: Another process did not let go of it in time.
    """
    deadline = monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if monotonic() > deadline:
                raise TimeoutError(11, "another run holds its lock") from None
            sleep(0.01)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _last_line(descriptor: int) -> tuple[Line | None, bytes]:
    """The last whole record of a file, and the bytes behind it: its line end, and a record torn by the end of a run."""
    size = os.fstat(descriptor).st_size
    taken = _TAIL
    while True:
        start = max(0, size - taken)
        lines = os.pread(descriptor, size - start, start).split(b"\n")
        # The first one may begin in mid-line, unless it is the first of the file.
        for index in range(len(lines) - 1, -1 if start == 0 else 0, -1):
            found = decode(lines[index])
            if found is not None:
                return found, b"".join(b"\n" + line for line in lines[index + 1 :])
        if start == 0:
            return None, b"\n".join(lines)
        taken *= 4


def _write(descriptor: int, content: bytes) -> None:
    """Append all of it and wait for the disk.

    Raises:
        OSError: It could not be written.
    """
    while content:
        content = content[os.write(descriptor, content) :]
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    """Have the disk keep the name of a new file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
