"""Links: to files, headings, lines, pages that a builder makes, and this repository's own address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from place_trees import Tree, tree_of

from fieldguide.domain.documents import Form, Mention, State
from fieldguide.domain.page import ReferenceKind

if TYPE_CHECKING:
    from pathlib import Path

LINK, ANCHOR = ReferenceKind.LINK, ReferenceKind.ANCHOR
HOME = "https://github.com/birds/tern"
PROJECT = '[project]\nname = "tern"\n[project.urls]\nSource = "https://github.com/birds/tern"\n'


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A library with plain documents, and a site of MkDocs that only its own pages make up."""
    files = {
        "pyproject.toml": PROJECT,
        ".gitignore": "/local/\n",
        "README.md": "# Tern\n",
        "CONTRIBUTING.md": "# Contributing\n",
        "docs/guide.md": "# Guide\n",
        "docs/deep/tuning.md": "# Tuning\n",
        "docs/api.md": "# API\n",
        "tern/__init__.py": "ONE = 1\nTWO = 2\n",
        "site/mkdocs.yml": "site_name: Tern\ndocs_dir: pages\n",
        "site/pages/index.md": "# Home\n",
        "site/pages/install.md": "# Install\n",
    }
    made = tree_of(tmp_path_factory.mktemp("tern"), files)
    made.document("docs/guide.md", anchors=frozenset({"first-steps", "settings"}))
    return made


@pytest.mark.parametrize(
    ("page", "target"),
    [
        ("README.md", "docs/guide.md"),
        ("README.md", "./docs/"),
        ("README.md", "/docs/guide.md"),
        ("docs/guide.md", "../CONTRIBUTING.md"),
        ("docs/guide.md", "deep/tuning.md?plain=1"),
        ("README.md", "docs/guide.md#first-steps"),
        ("README.md", "tern/__init__.py#L1-L2"),
        ("site/pages/index.md", "install/"),
        ("site/pages/install.md", "../"),
        ("site/pages/install.md", "/install/"),
        ("README.md", "https://github.com/birds/tern/blob/main/docs/guide.md"),
    ],
)
def test_links_to_what_is_there_hold(tree: Tree, page: str, target: str) -> None:
    assert tree.answer(LINK, target, page, Form.LINK).state is State.HOLDS


@pytest.mark.parametrize(
    ("page", "target", "nearest"),
    [
        ("README.md", "docs/guides.md", "docs/guide.md"),
        ("README.md", "docs/old/guide.md", "docs/guide.md"),
        ("README.md", "./docs/Guide.md", "./docs/guide.md"),
        ("docs/guide.md", "CONTRIBUTING.md", "../CONTRIBUTING.md"),
        ("docs/guide.md", "tuning.md#speed", "deep/tuning.md#speed"),
        ("README.md", "docs/guide.md#first-step", "docs/guide.md#first-steps"),
        ("site/pages/index.md", "instal.md", "install.md"),
        ("README.md", "https://github.com/birds/tern/blob/main/docs/guides.md", f"{HOME}/blob/main/docs/guide.md"),
    ],
)
def test_links_to_what_is_not_there_are_broken_and_tell_what_is(
    tree: Tree, page: str, target: str, nearest: str
) -> None:
    verdict = tree.answer(LINK, target, page, Form.LINK)
    assert (verdict.state, verdict.certain) == (State.BROKEN, True)
    assert verdict.nearest[0] == nearest


@pytest.mark.parametrize(
    ("page", "target"),
    [
        ("README.md", "https://example.org/docs/none.md"),
        ("README.md", "https://github.com/birds/tern/blob/v1.0/docs/none.md"),
        ("README.md", "https://github.com/others/tern/blob/main/docs/none.md"),
        ("README.md", "local/notes.md"),
        ("README.md", "dist/none.whl"),
        ("README.md", "../../issues"),
        ("README.md", "security@example.org"),
        ("README.md", "{{ page.url }}"),
        ("site/pages/index.md", "reference/tern/"),
        ("site/pages/index.md", "/blog/"),
    ],
)
def test_nothing_is_said_of_what_is_elsewhere_ignored_or_made_by_a_builder(tree: Tree, page: str, target: str) -> None:
    assert tree.answer(LINK, target, page, Form.LINK).state is State.UNKNOWN


def test_lines_beyond_the_end_of_a_file_are_broken(tree: Tree) -> None:
    verdict = tree.answer(LINK, "tern/__init__.py#L40", form=Form.LINK)
    assert verdict.state is State.BROKEN
    assert verdict.why == "the file has 2 lines"


def test_an_anchor_is_one_of_its_document_or_broken(tree: Tree) -> None:
    page = "docs/guide.md"
    assert tree.answer(ANCHOR, "#settings", page, Form.LINK).state is State.HOLDS
    assert tree.answer(ANCHOR, "#using-settings", page, Form.LINK).nearest == ("#settings",)
    assert tree.answer(ANCHOR, "#tern.Client.get", page, Form.LINK).state is State.UNKNOWN


def test_a_link_to_a_file_that_moved_is_mended_where_there_is_one_of_its_name(tree: Tree) -> None:
    assert tree.answer(LINK, "docs/tuning.md", form=Form.LINK).fix == "docs/deep/tuning.md"


def test_a_page_of_a_site_whose_builder_adds_pages_is_only_unseen(tmp_path: Path) -> None:
    files = {"mkdocs.yml": "plugins:\n  - gen-files\n", "docs/index.md": "# Home\n", "docs/use.md": "# Use\n"}
    tree = tree_of(tmp_path, files)
    assert tree.answer(LINK, "reference/api.md", "docs/index.md", Form.LINK).state is State.UNKNOWN
    verdict = tree.answer(LINK, "used.md", "docs/index.md", Form.LINK)
    assert (verdict.state, verdict.certain) == (State.BROKEN, False)
    assert verdict.words == ("docs/used.md", "used.md")


def test_roles_name_documents_and_labels_of_the_whole_tree(tmp_path: Path) -> None:
    files = {"docs/conf.py": "", "docs/index.rst": "Home\n====\n", "docs/topics/caching.rst": "Caching\n=======\n"}
    tree = tree_of(tmp_path, files)
    tree.document("docs/topics/caching.rst", anchors=frozenset({"cache-keys", "Caching"}))

    def state(text: str, domain: str) -> State:
        return tree.answer(LINK, text, "docs/index.rst", Form.ROLE, domain=domain).state

    assert state("topics/caching", "doc") is state("/topics/caching", "doc") is State.HOLDS
    assert state("cache-keys", "ref") is state("Cache-Keys", "ref") is State.HOLDS
    assert state("topics/cachin", "doc") is state("cache-key", "ref") is State.BROKEN
    assert state("python:library", "ref") is state("genindex", "ref") is State.UNKNOWN


def test_links_of_a_text_that_another_document_takes_in_hold_where_they_are_shown(tmp_path: Path) -> None:
    files = {"docs/index.md": "# Home\n", "docs/use.md": "# Use\n", "parts/intro.md": "# Intro\n"}
    tree = tree_of(tmp_path, files)
    tree.document("parts/intro.md")
    tree.document("docs/index.md", Mention(LINK, "../parts/intro.md", 1, 1, Form.ROLE, domain="include"))
    assert tree.answer(LINK, "use.md", "parts/intro.md", Form.LINK).state is State.HOLDS
    assert tree.answer(LINK, "none.md", "parts/intro.md", Form.LINK).state is State.BROKEN


@pytest.mark.parametrize(
    ("page", "target"),
    [
        (".github/PULL_REQUEST_TEMPLATE.md", "CONTRIBUTE.md"),
        ("docs/_includes/note.md", "none.md"),
        ("CONTRIBUTING.md", "../blob/main/docs/none.md"),
        ("CONTRIBUTING.md", "issues/new"),
    ],
)
def test_nothing_is_said_of_links_that_hosts_and_templates_put_elsewhere(tree: Tree, page: str, target: str) -> None:
    assert tree.answer(LINK, target, page, Form.LINK).state is State.UNKNOWN


def test_a_fragment_of_a_page_that_takes_in_docstrings_is_broken_only_where_it_is_like_one(tree: Tree) -> None:
    grows = Mention(ReferenceKind.NAME, "tern", 3, 1, Form.ROLE, domain="mkdocstrings")
    tree.document("docs/api.md", grows, anchors=frozenset({"client"}))
    assert tree.answer(LINK, "api.md#request-hooks", "docs/guide.md", Form.LINK).state is State.UNKNOWN
    assert tree.answer(LINK, "api.md#clients", "docs/guide.md", Form.LINK).nearest == ("api.md#client",)
