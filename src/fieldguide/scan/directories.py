"""The directories on the way to an entry, and what was decided of each.

Comes in: entries in the order of their paths. Goes out: the frame of an entry's directory, and, once each, the
directories that are left out as a whole.
Must never: decide of a directory twice; keep one that lies behind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fieldguide.domain.credentials import credential_directory
from fieldguide.domain.source import Skipped, SkipReason
from fieldguide.scan.denial import build_output, denied_directory, listed_only, names_denied
from fieldguide.scan.ignore import PatternList, ignored_by, read_patterns
from fieldguide.scan.tree import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.scan.tree import Tree

IGNORE_FILE: Final = b".fieldguideignore"
_WILD: Final = frozenset("*?[]!#\\")
"""What a pattern holds that is no plain path, or begins with when it says something else."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The globs of `--include` and `--exclude`, which are patterns as in an ignore file at the root."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    trusted: bool = True
    included: PatternList = field(init=False)
    excluded: PatternList = field(init=False)
    single: tuple[PatternList, ...] = field(init=False)
    """Each glob of `include` by itself."""
    named: frozenset[bytes] = field(init=False)
    """What a trusted `include` names by its whole path from the root, without a wildcard."""

    def __post_init__(self) -> None:
        """Read the patterns once."""
        object.__setattr__(self, "included", read_patterns("\n".join(self.include).encode()))
        object.__setattr__(self, "excluded", read_patterns("\n".join(self.exclude).encode()))
        object.__setattr__(self, "single", tuple(read_patterns(glob.encode()) for glob in self.include))
        plain = (glob.removeprefix("./").lstrip("/") for glob in self.include if not _WILD.intersection(glob))
        object.__setattr__(self, "named", frozenset(path.encode() for path in plain if self.trusted))

    def names_below(self, directory: bytes) -> list[bytes]:
        """Files below a directory that `include` names by their whole paths, in order."""
        return sorted(path for path in self.named if path.startswith(directory.rstrip(b"/") + b"/"))

    def includes(self, path: bytes) -> bool:
        """Whether `--include` names a file, or a directory that it lies in."""
        return bool(self.include) and (path in self.named or _covers(self.included, path))

    def opens(self, path: bytes) -> bool:
        """Whether a glob that is itself for lock files or minified code matches such a file."""
        globs = zip(self.include, self.single, strict=True)
        return any(listed_only(glob.rpartition("/")[2]) and _covers(patterns, path) for glob, patterns in globs)

    def lifts(self, directory: bytes, path: bytes) -> bool:
        """Whether an `--include` glob names a denied directory, and matches this path in it."""
        globs = zip(self.include, self.single, strict=True)
        return any(names_denied(glob, show(directory)) and _covers(patterns, path) for glob, patterns in globs)

    def may_lift(self, directory: bytes) -> bool:
        """Whether an `--include` glob names a denied directory."""
        return any(names_denied(glob, show(directory)) for glob in self.include)


@dataclass(slots=True)
class Frame:
    """A directory on the way to the entry at hand."""

    path: bytes
    lists: tuple[PatternList, ...] = ()
    """Of `.fieldguideignore` files, the deepest last."""
    lost: bool = False
    """Nothing beneath is looked at."""
    lifted: bytes = b""
    """The denied directory that an `--include` glob opens for the files that it names; empty in an ordinary place."""
    build: bytes = b""
    """The directory of build output that it lies in; what is tracked there is read all the same."""
    package_depth: int | None = None
    credentials: bool = False
    """Tools keep keys in it: nothing is read but what `--include` names by its whole path."""


class Directories:
    """A stack of frames from the root to the directory of the entry at hand."""

    def __init__(self, tree: Tree, selection: Selection) -> None:
        """Start at the root, which is never left out."""
        self._tree = tree
        self._selection = selection
        names = {name for name, _ in tree.entries(b"")}
        root = Frame(b"", self._lists((), b"", names), package_depth=0 if b"__init__.py" in names else None)
        self._stack = [root]
        self._reported: bytes = b""

    @property
    def current(self) -> Frame:
        """The directory of the entry that was entered last, or the highest one above it that is left out."""
        return self._stack[-1]

    def enter(self, path: bytes) -> Iterator[Skipped]:
        """Go to the directory in which `path` stands, and report each directory that is left out on the way."""
        parent = path.rstrip(b"/").rpartition(b"/")[0]
        while self.current.path and parent != self.current.path and not parent.startswith(self.current.path + b"/"):
            self._stack.pop()
        while self.current.path != parent and not self.current.lost:
            start = len(self.current.path) + 1 if self.current.path else 0
            end = parent.find(b"/", start)
            frame, skipped = self._decide(self.current, parent if end < 0 else parent[:end])
            self._stack.append(frame)
            if skipped is not None:
                yield skipped

    def build_output(self) -> Iterator[Skipped]:
        """Report the build output around the current entry, once."""
        build = self.current.build
        if build != self._reported:
            self._reported = build
            yield Skipped(show(build), SkipReason.DENIED, "build output")

    def _decide(self, outer: Frame, path: bytes) -> tuple[Frame, Skipped | None]:
        shown = show(path)
        if self._selection.excluded.ignores(path, is_directory=True):
            return Frame(path, lost=True), Skipped(shown, SkipReason.EXCLUDED)
        if ignored_by(outer.lists, path, is_directory=True):
            return Frame(path, lost=True), Skipped(shown, SkipReason.LISTED)
        try:
            names = {name for name, _ in self._tree.entries(path)}
        except OSError as error:
            # Where only git still names what is in it somebody deleted the directory: there is nothing to report.
            gone = isinstance(error, FileNotFoundError)
            return Frame(path, lost=True), None if gone else self._tree.explain(path, error)
        frame = Frame(
            path,
            self._lists(outer.lists, path + b"/", names),
            lifted=outer.lifted,
            build=outer.build,
            package_depth=_package_depth(outer, path, names),
        )
        readable = {show(name) for name in names}
        if reason := denied_directory(shown, readable):
            if not self._selection.may_lift(path):
                frame.lost = True
                return frame, Skipped(shown, SkipReason.DENIED, reason)
            frame.lifted = path
        elif outer.credentials or credential_directory(shown):
            frame.credentials = True
            frame.lost = not self._selection.names_below(path)
            return frame, None if outer.credentials else Skipped(shown, SkipReason.CREDENTIALS)
        if not frame.build and build_output(shown, readable):
            frame.build = path
        return frame, None

    def _lists(self, outer: tuple[PatternList, ...], base: bytes, names: set[bytes]) -> tuple[PatternList, ...]:
        if IGNORE_FILE not in names:
            return outer
        return (*outer, read_patterns(self._tree.small_file(base + IGNORE_FILE), base))


def _package_depth(outer: Frame, path: bytes, names: set[bytes]) -> int | None:
    if b"__init__.py" not in names:
        return None
    return path.count(b"/") + 1 if outer.package_depth is None else outer.package_depth


def _covers(patterns: PatternList, path: bytes) -> bool:
    """Whether patterns match a path or a directory above it; the deepest match decides."""
    parts = path.split(b"/")
    for length in range(len(parts), 0, -1):
        verdict = patterns.ignores(b"/".join(parts[:length]), is_directory=length < len(parts))
        if verdict is not None:
            return verdict
    return False
