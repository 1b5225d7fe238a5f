"""Writes a page so that at every instant the old file or the new one is there, whole.

Comes in: the page's path and text. Goes out: whether a byte changed, and where the old file was put.
Must never: write what is already there; overwrite an older copy; leave a staged file behind after a failure.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shlex import quote
from types import EllipsisType
from typing import TYPE_CHECKING

from fieldguide.domain.markers import STAGED_SUFFIX
from fieldguide.errors import PublishError
from fieldguide.publish.location import real_location, status, unreachable

if TYPE_CHECKING:
    from fieldguide.domain.page import ExistingPage

_LONGEST_NAME = 40
"""Characters of the page's name that its staged file repeats: a name may have 255 bytes, a character up to four."""

_ABANDONED_SECONDS = 60
"""Staging takes milliseconds; a staged file that is older was left by a run that was killed."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a page on disk."""

    changed: bool
    kept: Path | None
    """Where the earlier file is now, when it was to be kept and there was one."""


def write_page(
    path: Path, text: str, *, keep_old: bool, root: Path, expected: ExistingPage | EllipsisType | None = ...
) -> Written:
    """Write `text` at `path`, unless the file already holds exactly that.

    The page is staged beside its place, synced and renamed over it (POSIX `rename` is atomic), so a reader, or a
    run that is killed, finds the old file or the new one. Permissions stay; a link inside `root` is written through.

    Args:
        path: Of the page.
        text: As `merge` returns it; lone surrogates become the bytes that they stand for.
        keep_old: Keep the file that is there now beside the page, as `README.md.bak`, `README.md.bak1`, ….
        root: The documented directory, which no link may leave.
        expected: The page that `text` was merged from, `None` for no page: when something else is on disk by now, a
            person has just written it, and it stays. Left out, the disk is not asked.

    Raises:
        PublishError: The page cannot be written there, or is not what was `expected`.
    """
    real = real_location(path, root)
    before = status(real, path)
    content = text.encode("utf-8", "surrogateescape")
    try:
        old = None if before is None else real.read_bytes()
        _refuse_surprises(path, old, expected)
        if old == content:
            return Written(changed=False, kept=None)
        if before is not None and not os.access(real, os.W_OK):
            fact = f"`{path}` is write-protected"
            raise PublishError(fact, hint=f"allow it with: chmod u+w {quote(str(path))}")
        kept = _swap(real, content, before, keep_old=keep_old and before is not None)
    except FileNotFoundError as error:
        if real.parent.is_dir():
            raise unreachable(path, error) from error
        fact = f"there is no directory `{path.parent}` to write `{path.name}` to"
        raise PublishError(fact, hint=f"make it with: mkdir -p {quote(str(path.parent))}") from error
    except OSError as error:
        raise unreachable(path, error) from error
    return Written(changed=True, kept=kept)


def _refuse_surprises(path: Path, old: bytes | None, expected: ExistingPage | EllipsisType | None) -> None:
    if isinstance(expected, EllipsisType):
        return
    foreseen = None if expected is None else expected.text.encode("utf-8", "surrogateescape")
    if old != foreseen:
        fact = f"`{path}` was changed while its new text was being made"
        raise PublishError(fact, hint="run the same command again: it starts from the file as it is now")


def _swap(real: Path, content: bytes, before: os.stat_result | None, *, keep_old: bool) -> Path | None:
    """Stage the content beside its place, put the old file aside if asked to, and rename."""
    prefix = f".{real.name[:_LONGEST_NAME]}."
    _sweep(real.parent, prefix)
    staged = real.with_name(f"{prefix}{secrets.token_hex(4)}{STAGED_SUFFIX}")
    kept = None
    try:
        _stage(staged, content, before)
        kept = _put_aside(real) if keep_old else None
        staged.replace(real)
    except BaseException:
        # Ctrl-C too must leave nothing behind; only a kill can. Once the staged file is renamed, the copy that was
        # put aside is all that there is of the old page.
        if staged.exists():
            if kept is not None:
                kept.unlink()
            staged.unlink()
        raise
    _sync_directory(real.parent)
    return kept


def _sweep(directory: Path, prefix: str) -> None:
    """Remove what earlier runs staged here and were killed over; another run may be staging at this moment."""
    abandoned = time.time() - _ABANDONED_SECONDS
    # Litter in a directory that may not be listed, or that another run sweeps too, is no reason to fail.
    with contextlib.suppress(PermissionError, FileNotFoundError):
        for name in os.listdir(directory):  # noqa: PTH208 - only names are wanted, of a directory of any size
            if name.startswith(prefix) and name.endswith(STAGED_SUFFIX):
                leftover = directory / name
                if leftover.lstat().st_mtime < abandoned:
                    leftover.unlink()


def _stage(staged: Path, content: bytes, before: os.stat_result | None) -> None:
    """Write and sync a new file with the permissions of the old, or those that the umask gives a new one."""
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with open(descriptor, "wb") as stream:  # noqa: PTH123 - a descriptor is no path
        if before is not None:
            if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
                # Only root may give a file away; anybody else's copy becomes their own, as with any editor.
                with contextlib.suppress(PermissionError):
                    os.fchown(descriptor, before.st_uid, before.st_gid)
            os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
        stream.write(content)
        stream.flush()
        os.fsync(descriptor)


def _put_aside(real: Path) -> Path:
    """Give the old file a second name that nothing has yet, and return it."""
    for number in count():
        kept = real.with_name(f"{real.name}.bak{number or ''}")
        try:
            kept.hardlink_to(real)
        except FileExistsError:
            continue
        except OSError:
            # A file system without hard links (FAT, some network shares).
            try:
                _copy_exclusively(real, kept)
            except FileExistsError:
                continue
        return kept
    raise AssertionError  # count() has no end


def _copy_exclusively(source: Path, target: Path) -> None:
    with source.open("rb") as old, target.open("xb") as new:
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(new.fileno())
    shutil.copymode(source, target)


def _sync_directory(directory: Path) -> None:
    """Make the rename last through a loss of power."""
    # The page is in place already, and some file systems cannot sync a directory.
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
