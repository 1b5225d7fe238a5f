"""What lies in a directory, before anybody decides what to read: with git's knowledge, or by its ignore files.

Comes in: a directory. Goes out: entries in the order of their paths' bytes, so that all that lies beneath one
directory follows each other.
Must never: hold more names than stand beside one path and its parents; enter another repository, an
ignored directory or a link.
"""

from __future__ import annotations

import heapq
import itertools
import os
import re
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final

from fieldguide.scan.git import Git
from fieldguide.scan.ignore import PatternList, ignored_by, read_patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.domain.source import Skipped
    from fieldguide.scan.tree import Tree

IGNORE_FILE: Final = b".gitignore"
_SUBMODULE: Final = b"160000"
_SPARSE: Final = b"S"
_UNOPENED: Final = re.compile(rb"^warning: could not open directory '(?P<path>.+?)/?(?:': .*)?$", re.MULTILINE)
"""Git cuts a long message off, reason and all."""


class Standing(Enum):
    """What git, or its ignore files, say of an entry."""

    TRACKED = auto()
    UNTRACKED = auto()
    IGNORED = auto()
    """The path ends with a slash for a whole directory."""
    UNREADABLE = auto()
    """A directory that git could not open."""
    REPOSITORY = auto()
    """A submodule, or a repository that was cloned into the tree."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A path, relative, as bytes, and its standing."""

    path: bytes
    standing: Standing
    blob: bytes = b""
    """Hexadecimal name of a tracked file's content in the index."""


def listed_by_git(git: Git) -> Iterator[Entry]:
    """Tracked files, untracked files, and what is ignored (a whole directory as one entry).

    Nothing is given out before git has read every ignore file, so that a failure there comes first.

    Raises:
        GitError: Git failed or was silent.
    """
    with TemporaryFile() as warnings:
        streams = [_tracked(git), _untracked(git, warnings), _ignored(git)]
        started = [itertools.chain([first], stream) for stream in streams if (first := next(stream, None)) is not None]
        started.append(itertools.chain(_unreadable(warnings)))
        last = b""
        for entry in heapq.merge(*started, key=lambda entry: entry.path):
            if entry.path != last:  # a conflict has several versions of one path in the index
                yield entry
            last = entry.path


def root_is_ignored(git: Git) -> bool:
    """Whether the directory itself is ignored by a repository around it, and nothing in it is tracked.

    Raises:
        GitError: Git was silent.
    """
    return git.ask("check-ignore", "--quiet", ".") is not None and next(_tracked(git), None) is None


def _tracked(git: Git) -> Iterator[Entry]:
    for record in git.records("ls-files", "-z", "-t", "--cached", "--stage"):
        about, _, path = record.partition(b"\t")
        tag, mode, blob, _stage = about.split(b" ")
        if tag == _SPARSE:
            continue
        yield Entry(path, Standing.REPOSITORY if mode == _SUBMODULE else Standing.TRACKED, blob)


def _untracked(git: Git, warnings: IO[bytes]) -> Iterator[Entry]:
    for path in git.records("ls-files", "-z", "--others", "--exclude-standard", warnings=warnings):
        yield Entry(path.rstrip(b"/"), Standing.REPOSITORY if path.endswith(b"/") else Standing.UNTRACKED)


def _unreadable(warnings: IO[bytes]) -> list[Entry]:
    """Directories that git could not open, sorted. It has looked at all of them before its first answer."""
    warnings.seek(0)
    found = {match["path"] for match in _UNOPENED.finditer(warnings.read())}
    return [Entry(path, Standing.UNREADABLE) for path in sorted(found)]


def _ignored(git: Git) -> Iterator[Entry]:
    collapsed = b""
    for path in git.records("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"):
        if collapsed and path.startswith(collapsed):  # git names what is in a directory after the directory itself
            continue
        collapsed = path if path.endswith(b"/") else b""
        yield Entry(path, Standing.IGNORED)


def walked(tree: Tree, outer: Sequence[PatternList] = ()) -> Iterator[Entry | Skipped]:
    """Every file, as git would list it if the directory were a fresh repository.

    Args:
        tree: The directory.
        outer: Patterns from outside of it, weakest first: the user's own, `info/exclude`.
    """
    waiting: list[tuple[bytes, bool, tuple[PatternList, ...]]] = [(b"", True, tuple(outer))]
    while waiting:
        path, is_directory, lists = waiting.pop()
        if path and ignored_by(lists, path, is_directory=is_directory):
            yield Entry(path + b"/" if is_directory else path, Standing.IGNORED)
            continue
        if not is_directory:
            yield Entry(path, Standing.UNTRACKED)
            continue
        try:
            names = tree.entries(path)
        except OSError as error:
            yield tree.explain(path, error)
            continue
        if path and any(name == b".git" for name, _ in names):
            yield Entry(path, Standing.REPOSITORY)
            continue
        base = path + b"/" if path else b""
        inner = lists
        if (IGNORE_FILE, False) in names:
            inner = (*lists, read_patterns(tree.small_file(base + IGNORE_FILE), base))
        found = [(base + name, inside, inner) for name, inside in names if name != b".git"]
        waiting.extend(sorted(found, key=lambda item: item[0] + b"/" if item[1] else item[0], reverse=True))


def outer_patterns(root: Path, program: str | None) -> tuple[PatternList, ...]:
    """Patterns that git would read from outside of the ignore files in a tree: the user's own, and `info/exclude`."""
    home = Path(os.environ.get("HOME") or os.sep)
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    own = settings / "git" / "ignore"
    if program is not None:
        answer = Git(program, Path(os.sep)).ask("config", "--global", "--type=path", "--get", "core.excludesFile")
        own = Path(os.fsdecode(answer.rstrip(b"\n"))) if answer else own
    return tuple(read_patterns(_regular_file(path)) for path in (own, root / ".git" / "info" / "exclude"))


def _regular_file(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.is_file() else b""
    except OSError:
        return b""
