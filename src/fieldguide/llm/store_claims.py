"""Who is about to pay for what: claims of this run, which other runs see, and which end with the process.

Comes in: a digest. Goes out: whether it is this run's to have.
Must never: outlive the run, wait, or keep a run from going on where nothing can be locked.

A claim is a lock on one byte of a file, at a place that the digest decides. The kernel drops it when the process ends,
however it ends: there is no time limit to choose, no clock to compare and no process number to mistake for another's.
On Linux the locks are those of an open file description (`F_OFD_SETLK`, fcntl(2)), so that two stores in one process
stand apart as well; elsewhere they are POSIX record locks. Both hold between machines where the file system's do.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_HELD: Final = frozenset({errno.EAGAIN, errno.EACCES})
_PLACE_BYTES: Final = 7
"""Of the digest of a digest: an offset below 2**63, with room for more claims than anyone makes."""
_WHOLE_FILE: Final = "the file itself"


@dataclass(frozen=True, slots=True)
class Claim:
    """This run has it: nobody else asks for it until it is released or the run has ended."""

    digest: str


class Claims:
    """The claims of one run, in one file."""

    def __init__(self, path: Path | None) -> None:
        """Remember where; the file is made with the first claim. `None` grants every claim that is not held here."""
        self._path = path
        self._descriptor: int | None = None
        self._held: set[str] = set()
        self._guard = threading.Lock()

    def take(self, digest: str) -> Claim | None:
        """Claim a digest; `None` while this run or another has it."""
        with self._guard:
            if digest in self._held or not self._locked(digest):
                return None
            self._held.add(digest)
        return Claim(digest)

    def release(self, claim: Claim) -> None:
        """Let others have it; a claim that was released already stays so."""
        with self._guard:
            if claim.digest not in self._held:
                return
            self._held.discard(claim.digest)
            if self._descriptor is not None:
                _lock(self._descriptor, fcntl.F_UNLCK, _place(claim.digest))

    def close(self) -> None:
        """Release all of them."""
        with self._guard:
            self._held.clear()
            if self._descriptor is not None:
                os.close(self._descriptor)
            self._descriptor = None

    def _locked(self, digest: str) -> bool:
        if self._path is None:
            return True
        try:
            if self._descriptor is None:
                self._descriptor = _open(self._path)
            return _lock(self._descriptor, fcntl.F_WRLCK, _place(digest))
        except OSError:
            # A place that cannot be written or locked: two runs may then pay twice, and both go on.
            return True


@contextmanager
def alone(path: Path) -> Generator[None]:
    """Be the only run that puts something in the place of a file; `path` is that of the claims.

    Raises:
        OSError: The file of the claims cannot be made or locked.
    """
    descriptor = _open(path)
    try:
        _lock(descriptor, fcntl.F_WRLCK, _place(_WHOLE_FILE), wait=True)
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, 0o600)


def _place(digest: str) -> int:
    return int.from_bytes(blake2b(digest.encode(), digest_size=_PLACE_BYTES).digest(), "big")


def _lock(descriptor: int, kind: int, place: int, *, wait: bool = False) -> bool:
    """Lock or unlock one byte; whether it could be had.

    Raises:
        OSError: The file system knows no locks.
    """
    try:
        if sys.platform == "linux":
            lock = struct.pack("hhqqi", kind, os.SEEK_SET, place, 1, 0)
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK, lock)
        else:
            how = fcntl.LOCK_UN if kind == fcntl.F_UNLCK else fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB)
            fcntl.lockf(descriptor, how, 1, place, os.SEEK_SET)
    except OSError as error:
        if error.errno in _HELD:
            return False
        raise
    return True
