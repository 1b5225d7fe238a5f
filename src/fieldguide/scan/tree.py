"""Opening files beneath one directory and nowhere else.

Comes in: the documented directory, and paths below it as bytes.
Goes out: file descriptors and stat results, or a `Skipped` that says why not.
Must never: follow a link, wait for a FIFO, open a device, write.

Each component is opened from the descriptor of the one before and none may be a link, so that a directory that is
swapped for a link while it is read leads nowhere.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from fieldguide.domain.source import Skipped, SkipReason

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_CHUNK: Final = 1 << 20


class Tree:
    """A directory whose files are opened one after the other. The last file's directory stays open for the next."""

    def __init__(self, root: Path) -> None:
        """Open `root`.

        Raises:
            OSError: It is no directory that can be read.
        """
        self.root = os.fsencode(root)
        self._descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._parent = b""
        self._parent_descriptor = self._descriptor

    def close(self) -> None:
        """Close every descriptor."""
        self._leave()
        os.close(self._descriptor)

    def status(self, path: bytes) -> os.stat_result:
        """Status of the entry itself, also where it is a link.

        Raises:
            OSError: A parent is no directory of this tree, or there is no such entry.
        """
        parent, _, name = path.rpartition(b"/")
        return os.stat(name, dir_fd=self._enter(parent), follow_symlinks=False)

    def content(self, path: bytes, limit: int) -> Iterator[bytes]:
        """Read a regular file in chunks of at most a mebibyte, and at most one byte more than `limit`.

        Raises:
            OSError: It cannot be opened or read, or is not a regular file (`EINVAL`).
        """
        parent, _, name = path.rpartition(b"/")
        descriptor = os.open(name, _FILE, dir_fd=self._enter(parent))
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "not a regular file")
            left = limit + 1
            while left > 0 and (chunk := os.read(descriptor, min(left, _CHUNK))):
                left -= len(chunk)
                yield chunk
        finally:
            os.close(descriptor)

    def small_file(self, path: bytes, limit: int = _CHUNK) -> bytes:
        """Content of an ignore file or the like; empty where there is none, or none that git would read."""
        try:
            content = b"".join(self.content(path, limit))
        except OSError:
            return b""
        return content if len(content) <= limit else b""

    def entries(self, path: bytes) -> list[tuple[bytes, bool]]:
        """Names in a directory, sorted, each with whether it is a directory itself.

        Raises:
            OSError: It cannot be opened or read.
        """
        with os.scandir(self._enter(path)) as found:
            return sorted((os.fsencode(entry.name), entry.is_dir(follow_symlinks=False)) for entry in found)

    def explain(self, path: bytes, error: OSError) -> Skipped:
        """Say why `path` could not be opened."""
        shown = show(path)
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            return self.link(path)
        if error.errno in {errno.ENOENT, errno.ESTALE}:
            return Skipped(shown, SkipReason.VANISHED)
        if error.errno in {errno.EINVAL, errno.ENXIO, errno.ENODEV}:
            return Skipped(shown, SkipReason.SPECIAL)
        return Skipped(shown, SkipReason.UNREADABLE, (os.strerror(error.errno) if error.errno else str(error)).lower())

    def link(self, path: bytes) -> Skipped:
        """Say where a link leads: out of the tree, to another path of it, in circles or to nothing."""
        shown = show(path)
        root = os.path.realpath(self.root)
        full = os.path.join(root, path)  # noqa: PTH118 (bytes, which pathlib does not take)
        target = os.path.realpath(full)
        if target != root and not target.startswith(root.rstrip(b"/") + b"/"):
            return Skipped(shown, SkipReason.LINK_OUTSIDE)
        try:
            os.stat(full)  # noqa: PTH116 (bytes)
        except OSError as error:
            if error.errno == errno.ELOOP:
                return Skipped(shown, SkipReason.LINK_LOOP, "it leads to itself")
            if error.errno == errno.ENOTDIR:
                return Skipped(shown, SkipReason.VANISHED)
            return Skipped(shown, SkipReason.UNREADABLE, "link to nothing")
        return Skipped(shown, SkipReason.LINK_INSIDE)

    def _enter(self, directory: bytes) -> int:
        if directory == self._parent:
            return self._parent_descriptor
        self._leave()
        if not directory:
            return self._descriptor
        descriptor = self._descriptor
        for component in directory.split(b"/"):
            try:
                inner = os.open(component, _DIRECTORY, dir_fd=descriptor)
            finally:
                if descriptor != self._descriptor:
                    os.close(descriptor)
            descriptor = inner
        self._parent, self._parent_descriptor = directory, descriptor
        return descriptor

    def _leave(self) -> None:
        if self._parent_descriptor != self._descriptor:
            os.close(self._parent_descriptor)
        self._parent, self._parent_descriptor = b"", self._descriptor


@contextmanager
def open_tree(root: Path) -> Generator[Tree]:
    """Open a directory for the time of a `with` block.

    Raises:
        OSError: It is no directory that can be read.
    """
    tree = Tree(root)
    try:
        yield tree
    finally:
        tree.close()


def show(path: bytes) -> str:
    """Return a path as text that can be printed and encoded, whatever bytes it is made of."""
    return path.decode("utf-8", "backslashreplace")
