"""Ignore rules: what is walked without git is what git lists, on trees and patterns made to confuse."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fieldguide.domain.source import OtherFile, Skipped, SkipReason, SourceFile
from fieldguide.scan import scan
from fieldguide.scan.git import find_git
from fieldguide.scan.ignore import read_patterns
from fieldguide.scan.listing import Entry, Standing, listed_by_git, outer_patterns, walked
from fieldguide.scan.tree import Tree
from growth import ends

NAMES = st.sampled_from(["a", "b", "ab", "c.py", "a b", "é", "#", "!", "[", "a ", "-", "]", "abc", "x.y", "\\", "a\\"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
PIECES = st.sampled_from(
    [
        *("a", "b", "ab", "c.py", "*", "**", "***", "?", "[ab]", "[!a]", "[a-c]", "[^]a]", "[[:alpha:]]", "[[:nope:]]"),
        *("/", "/", "/", "\\", "\\*", "!", "#", " ", ".", "é", "-", "]", "[", "\t"),
    ]
)
PATTERNS = st.lists(PIECES, min_size=1, max_size=6).map("".join)
IGNORE_FILES = st.dictionaries(
    st.one_of(st.just(""), PATHS), st.lists(PATTERNS, min_size=1, max_size=6).map("\n".join), max_size=3
)


def _git(directory: Path, *arguments: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.invalid", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", *identity, *arguments], cwd=directory, env=environment, check=True, capture_output=True)


def _make(root: Path, paths: list[str], ignore_files: dict[str, str]) -> None:
    """Make the files that can be made; a name that is already a directory, or below a file, is left out."""
    for path in paths:
        target = root / path
        if not any(parent.is_file() for parent in target.parents) and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(b"")
    for directory, content in ignore_files.items():
        if (root / directory).is_dir():
            (root / directory / ".gitignore").write_bytes(content.encode())


@settings(max_examples=60)
@given(paths=st.lists(PATHS, min_size=1, max_size=12), ignore_files=IGNORE_FILES)
@example(paths=["a/b/c.py", "a/x.y", "b/c.py"], ignore_files={"": "*\n!*/\n!*.py", "a": "c.py"})
@example(paths=["a/b", "a/ab/b", "ab/b"], ignore_files={"": "a**/b"})
@example(paths=["b/ab", "b/a/x.y"], ignore_files={"": "b/a**"})
@example(paths=["a/b", "a/ab/b"], ignore_files={"": "a/**\\/b"})
@example(paths=["a ", "a", "a\\"], ignore_files={"": "a\\ \na   \nx\\"})
def test_walk_lists_what_git_lists(paths: list[str], ignore_files: dict[str, str]) -> None:
    root = Path(tempfile.mkdtemp())
    try:
        _make(root, paths, ignore_files)
        _git(root, "init", "--quiet")
        git = find_git(root)
        assert git is not None
        by_git = [entry.path for entry in listed_by_git(git) if entry.standing is Standing.UNTRACKED]
        tree = Tree(root)
        by_walk = [
            found.path
            for found in walked(tree, outer_patterns(root, git.program))
            if isinstance(found, Entry) and found.standing is Standing.UNTRACKED
        ]
        tree.close()
        assert by_walk == by_git
        assert by_git == sorted(by_git)
    finally:
        shutil.rmtree(root)


@pytest.mark.parametrize("pattern", [b"*a" * 30 + b"*b", b"x/" + b"**/a/" * 20 + b"b", b"/" + b"*a*" * 30 + b"b"])
def test_no_pattern_takes_long(pattern: bytes) -> None:
    """Backtracking over such a pattern would outlast the test run."""
    patterns = read_patterns(pattern)
    for path in (b"a" * 250, b"x/" + b"a/" * 1000 + b"c", b"x/" + b"/".join([b"a" * 200] * 19)):
        with ends():
            assert patterns.ignores(path, is_directory=False) is None


def _paths(found: list[SourceFile | OtherFile | Skipped]) -> dict[str, SkipReason | None]:
    return {item.path: item.reason if isinstance(item, Skipped) else None for item in found}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that tracks one ignored file, with the user's own configuration out of reach."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    root = tmp_path / "repository"
    (root / "package" / "inner").mkdir(parents=True)
    (root / "package" / "__init__.py").write_text("")
    (root / "package" / "inner" / "tracked.log").write_text("x")
    (root / "package" / "inner" / "lost.log").write_text("x")
    (root / "data" / "deep").mkdir(parents=True)
    (root / "data" / "deep" / "a.py").write_text("")
    (root / "data" / "b.py").write_text("")
    (root / ".gitignore").write_text("*.log\ndata/\n")
    _git(root, "init", "--quiet")
    _git(root, "add", ".gitignore", "package")
    _git(root, "add", "--force", "package/inner/tracked.log")
    _git(root, "commit", "--quiet", "--message", "x")
    return root


def test_an_ignored_directory_is_one_entry_and_a_tracked_file_stays(repository: Path) -> None:
    found = _paths(list(scan(repository)))
    assert found == {
        ".gitignore": None,
        "data": SkipReason.IGNORED,
        "package/__init__.py": None,
        "package/inner/lost.log": SkipReason.IGNORED,
        "package/inner/tracked.log": None,
    }


def test_a_directory_inside_a_bigger_repository_obeys_its_ignore_file(repository: Path) -> None:
    assert _paths(list(scan(repository / "package" / "inner"))) == {
        "lost.log": SkipReason.IGNORED,
        "tracked.log": None,
    }


def test_an_ignored_directory_can_itself_be_documented(repository: Path) -> None:
    assert set(_paths(list(scan(repository / "data")))) == {"b.py", "deep/a.py"}


def test_our_own_ignore_files_come_on_top_and_bring_nothing_back(repository: Path) -> None:
    (repository / ".fieldguideignore").write_text("tracked.*\n!lost.log\n")
    (repository / "package" / ".fieldguideignore").write_text("/__init__.py\n")
    found = _paths(list(scan(repository)))
    assert found["package/inner/tracked.log"] is SkipReason.LISTED
    assert found["package/__init__.py"] is SkipReason.LISTED
    assert found["package/inner/lost.log"] is SkipReason.IGNORED


def test_submodules_and_nested_repositories_are_named_and_not_entered(repository: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    _git(other, "init", "--quiet")
    (other / "module.py").write_text("")
    _git(other, "add", ".")
    _git(other, "commit", "--quiet", "--message", "x")
    _git(repository, "submodule", "--quiet", "add", str(other), "library")
    _git(repository, "clone", "--quiet", str(other), "cloned")
    found = _paths(list(scan(repository)))
    assert found["library"] is SkipReason.REPOSITORY
    assert found["cloned"] is SkipReason.REPOSITORY
    assert not [path for path in found if "module.py" in path]
    shutil.rmtree(repository / ".git")
    found = _paths(list(scan(repository)))
    assert found["library"] is SkipReason.REPOSITORY
    assert found["cloned"] is SkipReason.REPOSITORY


def test_the_users_own_ignore_file_counts_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "ignore").write_text("*.orig\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.orig").write_text("")
    assert _paths(list(scan(root))) == {"a.orig": SkipReason.IGNORED}
    (home / ".gitconfig").write_text("[core]\n\texcludesFile = ~/mine\n")
    (home / "mine").write_text("*.mine\n")
    (root / "a.mine").write_text("")
    assert _paths(list(scan(root))) == {"a.mine": SkipReason.IGNORED, "a.orig": None}


def test_a_fifo_for_an_ignore_file_does_not_hang_the_run(repository: Path) -> None:
    """Git itself waits for ever there."""
    (repository / "package" / "sub").mkdir()
    os.mkfifo(repository / "package" / "sub" / ".gitignore")
    (repository / "package" / "sub" / "module.py").write_text("")
    found = list(scan(repository, patience=0.5))
    assert found[0] == Skipped(
        ".git", SkipReason.UNREADABLE, "git gave no answer within 0.5 s; the ignore files were read without it"
    )
    assert _paths(found)["package/sub/module.py"] is None
    assert _paths(found)["data"] is SkipReason.IGNORED


@pytest.mark.parametrize("damage", ["index", "HEAD"])
def test_a_broken_repository_is_said_and_walked(repository: Path, damage: str) -> None:
    (repository / ".git" / damage).write_bytes(b"broken")
    found = list(scan(repository))
    assert isinstance(found[0], Skipped)
    assert (found[0].path, found[0].reason) == (".git", SkipReason.UNREADABLE)
    assert _paths(found)["data"] is SkipReason.IGNORED
    assert _paths(found)["package/__init__.py"] is None


def test_nothing_that_a_repository_configures_is_run(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Monitors, hooks, filters, diff and signature programs and remote helpers each would leave a file behind."""
    from fieldguide.scan import revision  # noqa: PLC0415 (beside its only use)

    trap = tmp_path / "trap.sh"
    sprung = tmp_path / "sprung"
    trap.write_text(f'#!/bin/sh\necho "$0 $*" >> {sprung}\ncat\n')
    trap.chmod(0o755)
    for line in (
        f"[core]\n fsmonitor = {trap}\n hooksPath = {tmp_path}\n",
        f"[core]\n sshCommand = {trap}\n pager = {trap}\n editor = {trap}\n",
        f'[filter "f"]\n clean = {trap}\n smudge = {trap}\n process = {trap}\n required = true\n',
        f'[diff "d"]\n command = {trap}\n textconv = {trap}\n[diff]\n external = {trap}\n',
        f"[log]\n showSignature = true\n[gpg]\n program = {trap}\n[pager]\n ls-files = true\n rev-list = true\n",
        f'[extensions]\n partialClone = origin\n[remote "origin"]\n promisor = true\n url = ext::{trap}\n',
        '[protocol "ext"]\n allow = always\n',
    ):
        with (repository / ".git" / "config").open("a") as config:
            config.write(line)
    for name in ("post-index-change", "post-checkout", "reference-transaction"):
        shutil.copy(trap, tmp_path / name)
    (repository / ".gitattributes").write_text("* filter=f diff=d\n")
    (repository / "package" / "__init__.py").write_text("changed = True\n")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    assert "package/__init__.py" in _paths(list(scan(repository)))
    where = revision(repository)
    assert where is not None
    assert where.modified
    assert not sprung.exists()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    subprocess.run(["git", "status"], cwd=repository, env=environment, check=False, capture_output=True)
    assert sprung.exists(), "the trap itself does not work"
