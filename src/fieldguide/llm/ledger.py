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

from fieldguide.domain.ledger import Arrival, Departure
from fieldguide.domain.request import Usage
from fieldguide.errors import ConfigurationError
from fieldguide.llm.chain import FIRST, KEYED, PLAIN, Line, Record, decode, encode

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

FOLDER: Final = "ledgers"
LOCK_SECONDS: Final = 10.0
_TAIL: Final = 1 << 13
"""Bytes that are read of the end of the file at first; the last record is seldom longer."""
_DIGEST: Final = slice(-67, -3)
"""Where the digest stands in a line: before its quote, its brace and its line end."""
_LOG: Final = logging.getLogger(__name__)

Entry = Departure | tuple[int, Arrival]
"""What is written down: that a call leaves, or, by the number of that record, how it ended."""


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
            (number,) = self.write([departure])
        except OSError as error:
            raise self.unwritable(error) from error
        return number

    def arrived(self, number: int, arrival: Arrival) -> None:
        """Write down how the call ended that left as `number`.

        A reply that was paid for is not given up because this fails; the ledger then shows the call without its end.
        """
        try:
            self.write([(number, arrival)])
        except OSError as error:
            self.warn_of_missing_ends(1, error)

    def write(self, entries: Sequence[Entry]) -> list[int]:
        """Write down departures and ends of calls, on disk before this returns: several cost hardly more than one.

        Raises:
            OSError: None of them can be written.
        """
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(self.path, flags, 0o600)
        try:
            _refuse_strange(descriptor)
            with _locked(descriptor):
                last, behind = _last_line(descriptor)
                lines = self._lines(entries, last, behind.strip(b"\n"))
                # A run that was killed may have left a line without its end.
                ended = behind.endswith(b"\n") or not (last or behind)
                content = b"".join(text for _, text in lines)
                _write(descriptor, content if ended else b"\n" + content)
                if last is None:
                    _sync_folder(self.path.parent)
        finally:
            os.close(descriptor)
        for record, text in lines:
            _LOG.info("ledger record %d, digest %s", record.number, text[_DIGEST].decode("ascii"))
        return [record.number for record, _ in lines]

    def unwritable(self, error: OSError) -> ConfigurationError:
        """What to raise when a departure cannot be written down: then nothing may leave."""
        fact = f"the ledger of what leaves this machine cannot be written: `{self.path}`: {error.strerror}"
        hint = "nothing was sent; make the place writable, or name another with `--cache-dir`"
        return ConfigurationError(fact, hint=hint)

    def warn_of_missing_ends(self, calls: int, error: OSError) -> None:
        """Say that so many calls stand in the ledger without their end."""
        _LOG.warning("the end of %d calls is not in the ledger: %s", calls, error.strerror)

    def _lines(self, entries: Sequence[Entry], last: Line | None, torn: bytes) -> list[tuple[Record, bytes]]:
        """Records of entries, each chained to the one before, with their lines."""
        lines: list[tuple[Record, bytes]] = []
        number, digest = (last.record.number, last.digest) if last else (0, FIRST)
        for entry in entries:
            start = self._start(number + 1, digest, torn)
            if isinstance(entry, Departure):
                record = _with(start, sent=_storable(entry))
            else:
                record = _with(start, ended=self._priced(entry[1]), of=entry[0])
            line = encode(record, self.key)
            number, digest, torn = record.number, line[_DIGEST].decode("ascii"), b""
            lines.append((record, line))
        return lines

    def _priced(self, arrival: Arrival) -> Arrival:
        used = Usage(arrival.input_tokens, arrival.output_tokens)
        return replace(arrival, cost=self.price(used)) if self.price and used != Usage() else arrival

    def _start(self, number: int, previous: str, torn: bytes) -> Record:
        return Record(
            number=number,
            time=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            chain=KEYED if self.key else PLAIN,
            previous=previous,
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
