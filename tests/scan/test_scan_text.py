"""Text: encodings, line ends, our own sections; and where version control says that files stand."""

from __future__ import annotations

import ast
import os
import subprocess
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.codebase import Revision
from fieldguide.domain.markers import begin_marker, end_marker
from fieldguide.domain.source import Skipped, SkipReason, SourceFile
from fieldguide.scan import read_text, revision, scan

if TYPE_CHECKING:
    from pathlib import Path


def _text(root: Path, name: str, content: bytes) -> str | Skipped:
    (root / name).write_bytes(content)
    source = next(item for item in scan(root, include=("**",)) if isinstance(item, SourceFile) and item.path == name)
    return read_text(root, source)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.py", b"\xef\xbb\xbfx = 1\r\ny = 2\rz = 3\n", "x = 1\ny = 2\nz = 3\n"),
        ("a.py", b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        ("a.py", "x = 'é\f'\n".encode(), "x = 'é\f'\n"),
        ("LICENSE", b"Copyright \xa9 2020\n", "Copyright \ufffd 2020\n"),
        ("requirements.txt", "attrs\r\nhttpx\r\n".encode("utf-16"), "attrs\nhttpx\n"),
    ],
)
def test_text_is_decoded_as_its_kind_demands(tmp_path: Path, name: str, content: bytes, text: str) -> None:
    assert _text(tmp_path, name, content) == text


@pytest.mark.parametrize("content", [b"x = '\xe9'\n", b"# coding: nonsense\n", b"\xef\xbb\xbf# coding: latin-1\n"])
def test_python_that_python_refuses_is_skipped(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SyntaxError):
        ast.parse(content)
    assert _text(tmp_path, "a.py", content) == Skipped("a.py", SkipReason.ENCODING)


@given(content=st.binary(max_size=200))
def test_no_bytes_end_a_run(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("bytes")
    for name in ("a.py", "b.md", "c.toml"):
        (root / name).write_bytes(content)
    for item in scan(root):
        if isinstance(item, SourceFile):
            assert isinstance(read_text(root, item), str | Skipped)


def _page(person: str) -> bytes:
    section = "## Install\n\npip install x"
    return f"{person}{begin_marker('install', section)}\n\n{section}\n\n{end_marker('install')}\nafter\n".encode()


def test_our_own_sections_are_never_read_back_and_lines_stay(tmp_path: Path) -> None:
    text = _text(tmp_path, "README.md", _page("# Mine\n\n"))
    assert text == "# Mine\n\n" + "\n" * 7 + "after\n"


def test_a_page_that_is_all_ours_is_no_source(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_bytes(_page("").removesuffix(b"after\n"))
    assert list(scan(tmp_path)) == [Skipped("README.md", SkipReason.GENERATED, "written by fieldguide")]


def test_memory_does_not_grow_with_the_tree(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        root = tmp_path / str(count)
        for number in range(count):
            directory = root / f"d{number // 20}"
            directory.mkdir(parents=True, exist_ok=True)
            (directory / f"m{number}.py").write_text("x = 1\n" * 2000)
        tracemalloc.start()
        for _ in scan(root):
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(20)
    assert peak(1000) < peak(100) * 1.5


def _git(directory: Path, *arguments: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.invalid", *arguments]
    done = subprocess.run(command, cwd=directory, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a commit that touches code and a later one that touches only the page."""
    _git(tmp_path, "init", "--quiet")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.py").write_text("x = 1\n")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message", "code")
    (tmp_path / "code" / "README.md").write_text("page\n")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message", "page")
    return tmp_path


def test_a_commit_of_our_page_is_no_change_of_the_code(repository: Path) -> None:
    code = _git(repository, "rev-parse", "HEAD~1")
    assert revision(repository / "code", ("README.md",)) == Revision(code, modified=False)
    (repository / "code" / "README.md").write_text("page, written anew\n")
    assert revision(repository / "code", ("README.md",)) == Revision(code, modified=False)
    assert revision(repository / "code") == Revision(_git(repository, "rev-parse", "HEAD"), modified=True)


@pytest.mark.parametrize("change", ["edit", "add", "stage", "delete"])
def test_a_change_of_the_code_is_seen(repository: Path, change: str) -> None:
    code = repository / "code"
    if change == "delete":
        (code / "a.py").unlink()
    else:
        (code / ("b.py" if change == "add" else "a.py")).write_text("x = 2\n")
    if change == "stage":
        _git(repository, "add", ".")
    where = revision(code, ("README.md",))
    assert where is not None
    assert where.modified


def test_what_is_not_documented_does_not_count_as_a_change(repository: Path) -> None:
    (repository / "code" / "notes.txt").write_text("x")
    (repository / "outside.py").write_text("x")
    (repository / "code" / "env" / "lib").mkdir(parents=True)
    (repository / "code" / "env" / "pyvenv.cfg").write_text("")
    (repository / "code" / "env" / "lib" / "a.py").write_text("")
    (repository / "code" / "a.py").write_bytes(b"x = 1\r\n")
    where = revision(repository / "code", ("README.md",))
    assert where is not None
    assert not where.modified


def test_without_a_commit_there_is_no_revision(tmp_path: Path) -> None:
    assert revision(tmp_path) is None
    _git(tmp_path, "init", "--quiet")
    assert revision(tmp_path) is None
