"""Keyword arguments that a callee does not take, wherever the call stands and whatever it is called on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from name_trees import Tree

from fieldguide.verify.checking import Resolution, check_documents
from fieldguide.verify.reading import read_document
from fieldguide.verify.resolution.places import PlaceResolver

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "pyproject.toml": '[project]\nname = "kiln"\nversion = "1"\n',
    "kiln/__init__.py": "from kiln.oven import Oven, glaze\n",
    "kiln/oven.py": (
        "class Shelf:\n"
        "    def read_pattern(self, path, *, silent=False): ...\n\n\n"
        "class Oven:\n"
        "    shelf = make()\n"
        "    def heat(self, *, degrees=1): ...\n\n\n"
        "def glaze(*, colour='', coats=1):\n    def decorate(function): ...\n    return decorate\n"
    ),
}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path, FILES)


def parts(tree: Tree, text: str, path: str = "docs/guide.md") -> list[tuple[str, str, int]]:
    return [
        (one.verdict.part, next(iter(one.verdict.nearest), ""), one.mention.line) for one in tree.faults(text, path)
    ]


def test_a_decorator_in_a_code_span_is_a_call(tree: Tree) -> None:
    assert parts(tree, "Write `@glaze(colours='red')` above it.\n") == [("colours", "colour", 1)]
    assert parts(tree, "Write `@glaze(colour='red')` above it.\n") == []


def test_a_call_in_a_template_is_a_call(tree: Tree) -> None:
    text = "```html+jinja\n<p>\n{{% set pot = glaze({}='red') %}}\n```\n"
    assert parts(tree, text.format("colour")) == []
    assert parts(tree, text.format("colours")) == [("colours", "colour", 3)]


def test_an_example_of_an_extension_of_sphinx_is_python(tree: Tree) -> None:
    text = "Kiln\n====\n\n.. kiln:example::\n\n   import kiln\n   kiln.glaze(caots=2)\n"
    assert parts(tree, text, "docs/guide.rst") == [("caots", "coats", 7)]


def test_a_call_on_what_is_not_known_means_the_only_callable_of_its_name(tree: Tree) -> None:
    text = "```python\noven.shelf.read_pattern('a', {}=True)\n```\n"
    assert parts(tree, text.format("silent")) == []
    assert parts(tree, text.format("silent_all")) == [("silent_all", "silent", 2)]
    assert parts(tree, text.format("encoding")) == []
    assert parts(tree, "```python\nimport other\nother.read_pattern('a', silents=True)\n```\n") == []


def test_a_callee_that_a_document_defines_takes_what_it_defines_there(tree: Tree) -> None:
    defined = "class Small(Oven):\n    def heat(self, *, {}=1): ...\n\nSmall().heat(degreess=1)\n"
    own = f"```python\nfrom kiln import Oven\n\n{defined}```\n"
    assert parts(tree, own.format("degrees")) == [("degreess", "degrees", 7)]
    assert parts(tree, own.format("degreess")) == []
    imported = "```python\nfrom kiln import glaze\nglaze = glaze(caots=2)\n```\n"
    assert parts(tree, imported) == [("caots", "coats", 3)]


def test_a_role_of_the_projects_own_names_what_is_named_by_it_elsewhere(tree: Tree) -> None:
    text = "Kiln\n====\n\nThe :event:`read_pattern` event comes before :event:`{}`.\n"
    assert parts(tree, text.format("read_patterns"), "docs/guide.rst") == [("", "read_pattern", 4)]
    assert parts(tree, text.format("fire_lit"), "docs/guide.rst") == []
    other = "Kiln\n====\n\nThe :event:`fire` event comes before :pypi:`read_patterns`.\n"
    assert parts(tree, other, "docs/guide.rst") == []


def test_a_call_on_what_an_earlier_block_made_has_its_own_keywords(tree: Tree) -> None:
    text = "```python\nfrom kiln import Oven\noven = Oven()\n```\n\nThen:\n\n```python\noven.heat({}=3)\n```\n"
    assert parts(tree, text.format("degrees")) == []
    assert parts(tree, text.format("degreess")) == [("degreess", "degrees", 9)]


def test_a_translation_that_spoils_a_keyword_of_its_original_is_told(tree: Tree) -> None:
    text = "```python\nfrom kiln import glaze\nglaze({}=3)\n```\n"
    both = [read_document("README.md", text.format("coats")), read_document("README.de.md", text.format("coatts"))]
    resolution = Resolution(tree.resolver(*both), PlaceResolver(tree.codebase, {one.path: one for one in both}))
    faults = check_documents(both, both, resolution, lambda _: ()).faults
    assert [(one.path, one.verdict.part) for one in faults] == [("README.de.md", "coatts")]
