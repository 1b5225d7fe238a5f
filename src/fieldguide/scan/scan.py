"""From a directory to a stream of files to read, files to list and paths left out.

Comes in: a directory and the globs of two options.
Goes out: `SourceFile`, `OtherFile` and `Skipped` values in the order of their paths' bytes.
Must never: follow a link, hold a file or the tree in memory, write, or end because of what it finds.
"""

from __future__ import annotations

import codecs
import shutil
import stat
from contextlib import closing
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from fieldguide.domain.credentials import credential_file
from fieldguide.domain.markers import MARKER_PREFIX, STAGED_SUFFIX, without_sections
from fieldguide.domain.report import Note
from fieldguide.domain.source import OtherFile, Skipped, SkipReason, SourceFile
from fieldguide.errors import UsageError
from fieldguide.scan.classify import language_of, read_by_default, role_of
from fieldguide.scan.denial import listed_only
from fieldguide.scan.directories import Directories, Selection
from fieldguide.scan.git import PATIENCE, GitError, find_git
from fieldguide.scan.ignore import ignored_by
from fieldguide.scan.listing import Entry, Standing, listed_by_git, outer_patterns, root_is_ignored, walked
from fieldguide.scan.tree import Tree, show

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldguide.domain.report import Observer

Found = SourceFile | OtherFile | Skipped

MAX_BYTES: Final = 1_000_000
"""Files above this size are left out: hand-written code does not reach it."""
_BINARY_WINDOW: Final = 8000
"""Bytes in which git looks for a zero byte to tell a binary file."""
_UNENTERED: Final = {
    Standing.UNREADABLE: (SkipReason.UNREADABLE, "git could not open the directory"),
    Standing.REPOSITORY: (SkipReason.REPOSITORY, ""),
}
_WIDE: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def scan(
    root: Path,
    *,
    include: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
    trusted: bool = True,
    max_bytes: int = MAX_BYTES,
    patience: float = PATIENCE,
    observer: Observer | None = None,
) -> Iterator[Found]:
    """Find the files of a directory.

    Args:
        root: The directory.
        include: Globs, as in an ignore file at the root, of files to read besides Python, Markdown, TOML and
            manifests. A glob that names a denied directory or file opens it. What git ignores, and what may hold
            secrets, is opened by its whole path alone, without a wildcard, and `observer` is warned.
        exclude: Globs of what to leave out; they win over `include`.
        trusted: `include` comes from the user. Where the directory itself names files, neither credentials nor what
            git ignores is opened.
        max_bytes: Size above which a file is left out.
        patience: Seconds that git may be silent.
        observer: Is told of each file that is read although it may hold secrets.

    Raises:
        UsageError: `root` is no directory that can be read.
    """
    root = root.resolve()
    selection = Selection(include, exclude, trusted)
    try:
        tree = Tree(root)
    except OSError as error:
        fact = f"`{root}` is no directory that can be read"
        raise UsageError(fact, hint="name a directory that exists and that you may read") from error
    with closing(tree):
        directories = Directories(tree, selection)
        for found in _entries(root, tree, patience):
            if isinstance(found, Skipped):
                yield found
                continue
            yield from directories.enter(found.path)
            for judged in _judge(tree, directories, selection, found, max_bytes):
                if observer is not None and isinstance(judged, SourceFile):
                    _warn(judged.path, found, directories, observer)
                yield judged


def _entries(root: Path, tree: Tree, patience: float) -> Iterator[Entry | Skipped]:
    """Entries as git lists them, or by the ignore files alone where git cannot be asked or knows nothing."""
    started = False
    try:
        git = find_git(root, patience)
        if git is not None and not root_is_ignored(git):
            for entry in listed_by_git(git):
                started = True
                yield entry
            return
    except GitError as error:
        detail = "what follows is missing" if started else "the ignore files were read without it"
        yield Skipped(".git", SkipReason.UNREADABLE, f"{error}; {detail}")
        if started:
            return
    yield from walked(tree, outer_patterns(root, shutil.which("git")))


def _judge(tree: Tree, directories: Directories, selection: Selection, entry: Entry, max_bytes: int) -> Iterator[Found]:
    """Decide of one entry whose directory has been entered."""
    frame = directories.current
    path = entry.path
    if frame.lost or (frame.lifted and not selection.lifts(frame.lifted, path)):
        return
    if entry.standing is not Standing.TRACKED and frame.build and not selection.lifts(frame.build, path):
        yield from directories.build_output()
        return
    shown = show(path.rstrip(b"/"))
    if entry.standing is Standing.IGNORED:
        yield from _ignored(tree, selection, entry, max_bytes)
    elif (reason := _UNENTERED.get(entry.standing)) is not None:
        yield Skipped(shown, *reason)
    elif selection.excluded.ignores(path, is_directory=False):
        yield Skipped(shown, SkipReason.EXCLUDED)
    elif ignored_by(frame.lists, path, is_directory=False):
        yield Skipped(shown, SkipReason.LISTED)
    elif shown.encode() != path:
        yield Skipped(shown, SkipReason.ENCODING, "its name is not UTF-8")
    elif path not in selection.named and (frame.credentials or credential_file(shown)):
        # A directory of credentials was reported as a whole.
        yield from () if frame.credentials else (Skipped(shown, SkipReason.CREDENTIALS),)
    else:
        yield from _unless_deleted(entry, _file(tree, shown, selection, frame.package_depth, max_bytes))


def _ignored(tree: Tree, selection: Selection, entry: Entry, max_bytes: int) -> Iterator[Found]:
    """Leave out what git ignores, a file or a whole directory, but for files that are named by their whole paths."""
    named = [entry.path] if entry.path in selection.named else selection.names_below(entry.path)
    if entry.path not in selection.named:
        yield Skipped(show(entry.path.rstrip(b"/")), SkipReason.IGNORED)
    for path in named if entry.path.endswith(b"/") or entry.path in selection.named else ():
        if show(path).encode() == path and not selection.excluded.ignores(path, is_directory=False):
            yield _file(tree, show(path), selection, None, max_bytes)


def _warn(path: str, entry: Entry, directories: Directories, observer: Observer) -> None:
    """Warn of a file that is read because it is named."""
    if directories.current.credentials or credential_file(path):
        observer(Note(f"`{path}` is read because `--include` names it: every value in it is hidden", warning=True))
    elif entry.standing is Standing.IGNORED:
        observer(Note(f"`{path}` is read because `--include` names it, although git ignores it", warning=True))


def _unless_deleted(entry: Entry, found: Found) -> Iterator[Found]:
    """What git tracks and the work tree does not have was deleted by somebody; it did not vanish under our hands."""
    if entry.standing is not Standing.TRACKED or found != Skipped(found.path, SkipReason.VANISHED):
        yield found


def _file(tree: Tree, path: str, selection: Selection, package_depth: int | None, max_bytes: int) -> Found:
    raw = path.encode()
    try:
        status = tree.status(raw)
        if not stat.S_ISREG(status.st_mode):
            return tree.link(raw) if stat.S_ISLNK(status.st_mode) else Skipped(path, SkipReason.SPECIAL)
        if path.endswith(STAGED_SUFFIX):
            return Skipped(path, SkipReason.GENERATED, "left by a run that was killed")
        if not _is_wanted(path, raw, selection, package_depth):
            return OtherFile(path, status.st_size)
        if status.st_size > max_bytes:
            return _too_large(path, status.st_size, max_bytes)
        return _source(tree, path, package_depth, max_bytes)
    except OSError as error:
        return tree.explain(raw, error)


def _is_wanted(path: str, raw: bytes, selection: Selection, package_depth: int | None) -> bool:
    if listed_only(path.rpartition("/")[2]):
        return selection.opens(raw)
    return read_by_default(path, in_package=package_depth is not None) or selection.includes(raw)


def _source(tree: Tree, path: str, package_depth: int | None, max_bytes: int) -> SourceFile | Skipped:
    """Read a file once, chunk by chunk, for its size and digest.

    Raises:
        OSError: It cannot be read.
    """
    digest = blake2b(digest_size=16)
    language = language_of(path)
    size = 0
    page = bytearray()
    for chunk in tree.content(path.encode(), max_bytes):
        if size == 0 and b"\0" in chunk[:_BINARY_WINDOW] and not chunk.startswith(_WIDE):
            return Skipped(path, SkipReason.BINARY)
        size += len(chunk)
        digest.update(chunk)
        if language == "markdown":
            page += chunk
    if size > max_bytes:
        return _too_large(path, size, max_bytes)
    if MARKER_PREFIX.encode() in page and not without_sections(page.decode("utf-8", "replace")).strip():
        return Skipped(path, SkipReason.GENERATED, "written by fieldguide")
    return SourceFile(path, language, size, digest.hexdigest(), role_of(path, package_depth=package_depth))


def _too_large(path: str, size: int, max_bytes: int) -> Skipped:
    return Skipped(path, SkipReason.TOO_LARGE, f"{size:,} bytes; the limit is {max_bytes:,}")
