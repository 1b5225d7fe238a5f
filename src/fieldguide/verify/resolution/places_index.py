"""Files and directories of one tree, and what may be at a path where nothing is seen.

Comes in: a `Codebase` and its `Surroundings`. Goes out: answers about root-relative POSIX paths.
Must never: look at the disk itself; call absent what is ignored, generated or left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from fnmatch import fnmatchcase
from functools import cached_property
from posixpath import basename, dirname, splitext
from typing import TYPE_CHECKING, Final

from fieldguide.domain.source import SkipReason
from fieldguide.verify.resolution.places_likeness import nearest_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldguide.domain.codebase import Codebase
    from fieldguide.verify.resolution.surroundings import Surroundings

_MADE: Final = frozenset(
    {
        *("build", "dist", "_build", "site", "_site", "htmlcov", "public", "out", "output", "target", "node_modules"),
        *(
            "venv",
            "env",
            ".venv",
            ".env",
            ".tox",
            ".nox",
            ".git",
            ".cache",
            "__pycache__",
            ".pytest_cache",
            ".coverage",
        ),
        *(".mypy_cache", ".ruff_cache", "_static", "_templates", "_autosummary", "generated", "_generated", "autoapi"),
        *("tmp", "temp", "logs", "log", "cache", "downloads", "results", "vendor", "wheelhouse", ".eggs", "_modules"),
        *("_images", "_sources", "_downloads", "stubs", "egg-info", "wheels", "reports", "coverage.xml", "secrets"),
    }
)
"""Directories and files that tools make, usually without telling git."""
_POSITION: Final = re.compile(r"(?::\d+(?:[:-]\d+)?|#L\d+(?:-L\d+)?)$")
_THERE_BUT_UNREAD: Final = frozenset(
    {SkipReason.TOO_LARGE, SkipReason.BINARY, SkipReason.GENERATED, SkipReason.UNPARSED, SkipReason.ENCODING}
)
_FEW: Final = 8
"""Files beside a path that are asked about."""
_NOT_OF_THE_TREE: Final = frozenset(
    {SkipReason.IGNORED, SkipReason.DENIED, SkipReason.VANISHED, SkipReason.NAMED, SkipReason.UNREADABLE}
)
"""Reasons for which a path was left out that do not say that readers of the project have it."""


class PlaceIndex:
    """Paths of one tree. Each index is built when it is first asked."""

    def __init__(self, codebase: Codebase, surroundings: Surroundings) -> None:
        """Keep what is asked later."""
        self._codebase = codebase
        self._surroundings = surroundings

    @cached_property
    def files(self) -> frozenset[str]:
        """Every file known to be there, read or not."""
        code = self._codebase
        unread = (one.path for one in code.skipped if one.reason in _THERE_BUT_UNREAD)
        return frozenset((*(one.path for one in code.files), *(one.path for one in code.others), *unread))

    def knows(self, text: str) -> bool:
        """Tell whether a path, its tail from some directory on, or a glob names something that is there."""
        path = _POSITION.sub("", text).removeprefix("./").rstrip("/")
        if any(character in path for character in "*?["):
            return any(fnmatchcase(one, path) or fnmatchcase(one, f"*/{path}") for one in self.files)
        if path.startswith(".") and "/" not in path and path.count(".") == 1 and path in self._suffixes:
            return True
        return path in {"", "."} or bool(self.ending(path))

    def is_file(self, path: str) -> bool:
        """Tell whether a file is there, read or not."""
        return path in self.files or path in self._unread

    def exists(self, path: str) -> bool:
        """Tell whether a file or a directory is there."""
        return self.is_file(path) or path in self.directories

    @cached_property
    def directories(self) -> frozenset[str]:
        """Directories that hold something, be it only what was left out; the root is the empty name."""
        found = {""}
        for path in self.files | self._unread:
            parent = dirname(path)
            while parent not in found:
                found.add(parent)
                parent = dirname(parent)
        return frozenset(found)

    def hidden(self, path: str) -> str:
        """Why nothing can be said of a path at which nothing is seen; empty where it would be seen."""
        above = next((one for one in _prefixes(path) if one in self._left_out), None)
        if above is not None:
            return f"{above} was not looked into"
        there = next((one for one in _prefixes(path) if one in self.directories), "")
        parts = path.removeprefix(there).strip("/").split("/")
        if any(part in _MADE or part.endswith((".egg-info", ".dist-info")) for part in parts):
            return "it may be made by a tool"
        if not self._surroundings.ignored(path):
            return ""
        # Where git is told to ignore what it has all the same, it has that only which is there.
        beside = [one for one in self._by_folder.get(dirname(path), ()) if _suffix(one) == _suffix(path)][:_FEW]
        had = [*([there] if there else []), *beside]
        return "" if any(self._surroundings.ignored(one) for one in had) else "git ignores it"

    def other_case(self, path: str) -> str:
        """The path that is there and differs in the case of letters only; empty where there is none, or several."""
        found = self._by_lower.get(path.lower(), ())
        return found[0] if len(found) == 1 and found[0] != path else ""

    def named(self, name: str) -> tuple[str, ...]:
        """Paths whose last part this is, files and directories."""
        return tuple(self._by_name.get(name, ()))

    def ending(self, path: str) -> tuple[str, ...]:
        """Paths that end in all these parts."""
        return tuple(one for one in self.named(basename(path)) if one == path or one.endswith(f"/{path}"))

    def nearest(self, path: str) -> tuple[str, ...]:
        """Paths that are there, nearest first."""
        likely = (*self.named(basename(path)), *self._by_folder.get(dirname(path), ()))
        return nearest_paths(path, self._ordered, likely)

    def moved(self, path: str) -> str:
        """The one file of the same name, where it is plainly that one; empty otherwise."""
        found = [one for one in self.named(basename(path)) if one in self.files]
        return found[0] if len(found) == 1 else ""

    @cached_property
    def _ordered(self) -> tuple[str, ...]:
        return tuple(sorted(self.files | self.directories - {""}))

    @cached_property
    def _suffixes(self) -> frozenset[str]:
        return frozenset("." + path.rpartition(".")[2] for path in self.files if "." in path)

    @cached_property
    def _left_out(self) -> frozenset[str]:
        return frozenset(one.path.rstrip("/") for one in self._codebase.skipped)

    @cached_property
    def unread_pages(self) -> bool:
        """Tell whether there are documents that nobody read, so that what they have is not known."""
        return any(one.endswith((".rst", ".md", ".txt", ".mdx", ".ipynb")) for one in self._unread)

    @cached_property
    def _unread(self) -> frozenset[str]:
        skipped = self._codebase.skipped
        return frozenset(one.path.rstrip("/") for one in skipped if one.reason not in _NOT_OF_THE_TREE)

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for path in self._ordered:
            index[basename(path)].append(path)
        return index

    @cached_property
    def _by_folder(self) -> Mapping[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for path in self._ordered:
            index[dirname(path)].append(path)
        return index

    @cached_property
    def _by_lower(self) -> Mapping[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for path in self._ordered:
            index[path.lower()].append(path)
        return index


def _suffix(path: str) -> str:
    return splitext(path)[1]


def _prefixes(path: str) -> Iterator[str]:
    """The path itself, then the directories above it."""
    while path:
        yield path
        path = dirname(path)
