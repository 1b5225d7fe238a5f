"""Where version control says that the documented files stand.

Comes in: the documented directory, and the pages that fieldguide writes there. Goes out: a `Revision`, or `None`.
Must never: run anything that the repository configures; take our own pages for a change of the code.
"""

from __future__ import annotations

import stat
from collections import deque
from hashlib import sha1, sha256
from typing import TYPE_CHECKING, Final

from fieldguide.domain.codebase import Revision
from fieldguide.domain.credentials import credential_file
from fieldguide.scan.classify import read_by_default
from fieldguide.scan.denial import listed_only
from fieldguide.scan.directories import Directories, Frame, Selection
from fieldguide.scan.git import Git, GitError, find_git
from fieldguide.scan.ignore import ignored_by
from fieldguide.scan.listing import Entry, Standing, listed_by_git, root_is_ignored
from fieldguide.scan.scan import MAX_BYTES
from fieldguide.scan.tree import open_tree, show

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.scan.tree import Tree

_SHA1_DIGITS: Final = 40


def revision(root: Path, pages: tuple[str, ...] = ()) -> Revision | None:
    r"""Find the last commit that changed something in a directory, and whether documented files differ from it.

    Contents are compared as they are, or with `\n` line ends, without the filters that a repository may configure.

    Args:
        root: The documented directory, which may lie inside a bigger repository.
        pages: Paths, relative to `root`, of the pages that fieldguide writes.

    Returns:
        `None` without version control, without a commit, or where git cannot be asked.
    """
    root = root.resolve()
    try:
        git = find_git(root)
        if git is None or root_is_ignored(git):
            return None
        commit = git.ask("rev-list", "--max-count=1", "HEAD", "--", *_pathspecs(pages))
        if not commit:
            return None
        return Revision(commit.decode().strip(), _modified(root, git, pages))
    except (GitError, OSError):
        return None


def _pathspecs(pages: tuple[str, ...]) -> tuple[str, ...]:
    return (".", *(f":(exclude,literal){page}" for page in pages))


def _modified(root: Path, git: Git, pages: tuple[str, ...]) -> bool:
    staged = git.ask(
        "diff-index", "--cached", "--quiet", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "HEAD",
        "--", *_pathspecs(pages),
    )  # fmt: skip
    if staged is None:
        return True
    ours = {page.encode() for page in pages}
    with open_tree(root) as tree:
        directories = Directories(tree, Selection())
        for entry in listed_by_git(git):
            deque(directories.enter(entry.path), maxlen=0)
            if entry.path not in ours and _is_documented(entry, directories.current) and _differs(tree, entry):
                return True
    return False


def _is_documented(entry: Entry, frame: Frame) -> bool:
    path = show(entry.path)
    if entry.standing not in {Standing.TRACKED, Standing.UNTRACKED} or frame.lost:
        return False
    if (frame.build and entry.standing is Standing.UNTRACKED) or ignored_by(
        frame.lists, entry.path, is_directory=False
    ):
        return False
    if credential_file(path) or listed_only(path.rpartition("/")[2]):
        return False
    return read_by_default(path, in_package=frame.package_depth is not None)


def _differs(tree: Tree, entry: Entry) -> bool:
    """Whether a documented file is new, gone, or other than the index has it."""
    try:
        if stat.S_ISLNK(tree.status(entry.path).st_mode):
            return False
        if entry.standing is Standing.UNTRACKED:
            return True
        content = b"".join(tree.content(entry.path, MAX_BYTES))
    except OSError:
        return True
    if len(content) > MAX_BYTES:
        return False
    return entry.blob not in {_blob(content, entry.blob), _blob(content.replace(b"\r\n", b"\n"), entry.blob)}


def _blob(content: bytes, like: bytes) -> bytes:
    """Name that git gives a content, by the algorithm that made the name `like`."""
    algorithm = sha1 if len(like) == _SHA1_DIGITS else sha256
    return algorithm(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest().encode()
