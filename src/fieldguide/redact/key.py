"""The key behind placeholders and fingerprints.

Comes in: the user's cache directory. Goes out: 32 random bytes, the same in every run that has the cache.
Must never: lie where others may read it; stand in the documented directory.
"""

from __future__ import annotations

import os
import secrets
import stat
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

KEY_BYTES: Final = 32
_NAME: Final = "redaction.key"


def load_key(cache_directory: Path | None) -> bytes:
    """Read the key, or make one. Without a cache that can be written, placeholders differ from run to run."""
    if cache_directory is None:
        return secrets.token_bytes(KEY_BYTES)
    path = cache_directory / _NAME
    try:
        return _read(path) or _make(path)
    except OSError:
        return secrets.token_bytes(KEY_BYTES)


def _read(path: Path) -> bytes | None:
    """Read a key that is whole and ours alone; anything else is none.

    Raises:
        OSError: It is there and cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    with open(descriptor, "rb") as file:  # noqa: PTH123 (a descriptor, opened without following links)
        status = os.fstat(descriptor)
        private = stat.S_ISREG(status.st_mode) and not status.st_mode & 0o077 and status.st_uid == os.geteuid()
        key = file.read(KEY_BYTES + 1) if private else b""
    return key if len(key) == KEY_BYTES else None


def _make(path: Path) -> bytes:
    """Write a new key, or read the one that another run wrote at the same time.

    Raises:
        OSError: The directory cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_bytes(KEY_BYTES)
    staged = path.with_name(f"{_NAME}.{secrets.token_hex(8)}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 (a descriptor, opened with its mode)
            file.write(key)
        try:
            os.link(staged, path)
        except FileExistsError:
            there = _read(path)
            if there is not None:
                return there
            staged.replace(path)
            return key
        else:
            return key
    finally:
        staged.unlink(missing_ok=True)
