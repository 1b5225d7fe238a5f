"""Whether git would ignore a path at which nothing may be yet: build output, a user's own settings.

Comes in: a directory and a path below it. Goes out: yes or no, by the ignore files of the directories that the path
leads through. Must never: follow a link, read anything but ignore files, ask for the path itself.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from fieldguide.scan.ignore import PatternList, ignored_by, read_patterns
from fieldguide.scan.listing import IGNORE_FILE
from fieldguide.scan.tree import Tree

if TYPE_CHECKING:
    from pathlib import Path


class IgnoredPaths:
    """Answers for one directory. Each ignore file is read once."""

    def __init__(self, root: Path) -> None:
        """Remember the directory; nothing is read before it is asked."""
        self._root = root
        self._lists: dict[bytes, PatternList] = {}

    def __call__(self, path: str) -> bool:
        """Tell whether git would ignore `path`, POSIX and relative, be it a file or a directory.

        A path that is ignored only as a directory counts: what is named in prose seldom says which it is.
        """
        parts = [one.encode("utf-8", "surrogateescape") for one in path.strip("/").split("/")]
        if not parts[0] or b".." in parts:
            return False
        lists: list[PatternList] = []
        for depth, _ in enumerate(parts):
            lists.append(self._list(b"/".join(parts[:depth])))
            entry = b"/".join(parts[: depth + 1])
            if ignored_by(lists, entry, is_directory=True) or ignored_by(lists, entry, is_directory=False):
                return True
        return False

    def _list(self, folder: bytes) -> PatternList:
        if folder not in self._lists:
            base = folder + b"/" if folder else b""
            self._lists[folder] = read_patterns(self._content(base + IGNORE_FILE), base)
        return self._lists[folder]

    def _content(self, path: bytes) -> bytes:
        try:
            tree = Tree(self._root)
        except OSError:
            return b""
        with closing(tree):
            return tree.small_file(path)
