"""Paths in code spans and prose, versions and extras."""

from __future__ import annotations

import pytest
from place_trees import Tree, tree_of

from fieldguide.domain.documents import Document, Form, State
from fieldguide.domain.page import ReferenceKind

PATH, VERSION, EXTRA = ReferenceKind.PATH, ReferenceKind.VERSION, ReferenceKind.EXTRA


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A library with a source folder, tests and a guide."""
    files = {
        "pyproject.toml": '[project]\nname = "tern-bird"\nrequires-python = ">=3.10"\n'
        '[project.optional-dependencies]\nfast = ["orjson"]\n',
        ".gitignore": "*.sqlite3\n/out/\n",
        "README.md": "# Tern\n",
        "CONTRIBUTING.md": "# Contributing\n",
        "docs/guide.md": "# Guide\n",
        "src/tern/__init__.py": "",
        "src/tern/cli/main.py": "",
        "src/tern/nest.py": "",
        "tests/test_nest.py": "",
    }
    return tree_of(tmp_path_factory.mktemp("tern"), files)


@pytest.mark.parametrize(
    "text",
    ["src/tern/nest.py", "tern/nest.py", "nest.py", "./tests/", "tests/test_nest.py::test_x", "*.py", "nest.py:3"],
)
def test_paths_hold_from_the_root_from_any_folder_and_as_patterns(tree: Tree, text: str) -> None:
    assert tree.answer(PATH, text).state is State.HOLDS


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("src/tern/old/nest.py", "src/tern/nest.py"),
        ("src/tern/nest_new.py", "src/tern/nest.py"),
        ("src/tern/main.py", "src/tern/cli/main.py"),
        ("tern/main.py", "tern/cli/main.py"),
    ],
)
def test_paths_whose_first_folder_is_there_are_broken_and_tell_where_the_file_is(
    tree: Tree, text: str, nearest: str
) -> None:
    verdict = tree.answer(PATH, text, sentence=f"It lives in `{text}`.")
    assert (verdict.state, verdict.nearest[0]) == (State.BROKEN, nearest)
    assert verdict.words == (text,)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/etc/tern.toml", "It reads `/etc/tern.toml`."),
        ("~/.tern/config", "It reads `~/.tern/config`."),
        ("app/models.py", "See `app/models.py`."),
        ("settings.py", "Edit `settings.py`."),
        ("tests/test_wings.py", "Create `tests/test_wings.py` with your first test."),
        ("src/{name}/nest.py", "Each has its `src/{name}/nest.py`."),
        ("out/report.html", "It is in `out/report.html`."),
        ("tests/db.sqlite3", "See `tests/db.sqlite3`."),
        ("tests/example.io", "Go to the `tests/example.io` repository."),
        ("tests/settings.py", "Each test reads `tests/settings.py`."),
        ("docs/my-change", "Work on a branch, `docs/my-change`."),
        ("text/html", "It sends `text/html`."),
    ],
)
def test_nothing_is_said_of_paths_elsewhere_and_of_what_is_yet_to_be_made(tree: Tree, text: str, sentence: str) -> None:
    assert tree.answer(PATH, text, sentence=sentence).state is State.UNKNOWN


def test_a_file_that_the_document_tells_to_make_is_the_readers(tree: Tree) -> None:
    tree.documents["docs/new.md"] = Document("docs/new.md", "markdown", defines=frozenset({"tests/test_wings.py"}))
    assert tree.answer(PATH, "tests/test_wings.py", "docs/new.md").state is State.UNKNOWN


@pytest.mark.parametrize(
    ("text", "sentence", "state"),
    [
        ("3.10+", "It requires Python 3.10+.", State.HOLDS),
        ("3.8+", "It requires Python 3.8+.", State.BROKEN),
        ("3.8", "It supports Python 3.8 or later.", State.BROKEN),
        ("3.8", "Version 1.4 supports Python 3.8 or later.", State.UNKNOWN),
        ("3.8+", "If you are on Python 3.8+ there is more.", State.UNKNOWN),
        ("3.8+", "The gull plugin works with Python 3.8+.", State.UNKNOWN),
        ("3.8+", "The tern-bird package requires Python 3.8+.", State.BROKEN),
        ("3.12", "It is tested with Python 3.12.", State.UNKNOWN),
    ],
)
def test_the_oldest_python_is_that_of_the_manifest(tree: Tree, text: str, sentence: str, state: State) -> None:
    assert tree.answer(VERSION, text, form=Form.PROSE, sentence=sentence).state is state


def test_extras_are_those_that_the_manifest_declares(tree: Tree) -> None:
    assert tree.answer(EXTRA, "tern-bird[fast]").state is tree.answer(EXTRA, ".[fast]").state is State.HOLDS
    verdict = tree.answer(EXTRA, "tern_bird[faster]")
    assert (verdict.state, verdict.nearest) == (State.BROKEN, ("tern_bird[fast]",))
    assert tree.answer(EXTRA, "gull[faster]").state is State.UNKNOWN
