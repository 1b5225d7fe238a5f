"""What looks like a fault and is none: each case is a class of false alarm that real documents gave once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from name_trees import LIBRARY, Tree
from place_trees import tree_of

from fieldguide.domain.documents import Form, Mention, State
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.checking import Resolution, check_documents
from fieldguide.verify.reading import read_document
from fieldguide.verify.resolution.places import PlaceResolver
from fieldguide.verify.translations import translated

if TYPE_CHECKING:
    from pathlib import Path

ALIASES = """
    from ferry._names import set_deprecated_names

    set_deprecated_names({"Waybill": "ferry.Parcel"})


    def open_hold(): ...
    """
KINDS = """
    class Kind(type):
        pass


    class Bare:
        def tow(self): ...


    Barge = Kind("Barge", (Bare,), {})
    """


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    files = {
        **LIBRARY,
        "src/ferry/old.py": ALIASES,
        "src/ferry/kinds.py": KINDS,
        "src/ferry/cargo_hold/__init__.py": "",
        "tools/cargo_hold.py": "",
    }
    return Tree(tmp_path_factory.mktemp("ferry"), files)


def found(tree: Tree, text: str, path: str = "docs/guide.md") -> list[str]:
    return [one.verdict.part or one.mention.text for one in tree.faults(text, path)]


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ("```python\nfor one in load_manifests_:\n    print(load_manifest_names)\n```", "load_manifest_names"),
        ('```python\nrelate(kind="fetch_parcel_fk")\n```', "fetch_parcel_fk"),
        ("```html+django\n{% fetch_parcels parcel %}\n```", "fetch_parcels"),
        ("```js\nconst loadManifests = 1\n```", "loadManifests"),
    ],
)
def test_a_name_that_an_example_leaves_open_is_the_examples(tree: Tree, block: str, name: str) -> None:
    """Free variables, strings, tags of templates and words of other languages; not what the example imports."""
    assert found(tree, f"{block}\n\nSee `{name}` here.\n") == []
    imported = f"```python\nfrom ferry import load_manifest\n```\n\nSee `{name}` here.\n"
    assert found(tree, imported) == [name]


def test_a_kind_of_data_that_a_sentence_explains_is_the_documents(tree: Tree) -> None:
    explained = "A `ParcleEntry` is an object that has a key.\n\nEach `ParcleEntry` is sent.\n"
    assert found(tree, explained) == []


@pytest.mark.parametrize(
    ("sentence", "faults"),
    [
        ("See `cargo_hold_strict` there.", []),  # another package
        ("See `cargo_hodl` there.", ["cargo_hodl"]),
        ("An additional weight_in_gram is kept.", []),  # one of `weight_in_grams`
        ("Before `setUp` is called.", []),
        ("Later we will add `client.fetch_sooner`.", []),
    ],
)
def test_what_may_be_anothers_is_unknown(tree: Tree, sentence: str, faults: list[str]) -> None:
    assert found(tree, sentence + "\n") == faults


def test_names_from_a_table_that_a_module_hands_away_are_there(tree: Tree) -> None:
    code = "```python\nfrom ferry.old import {}\n```\n"
    assert found(tree, code.format("Waybill")) == []
    assert found(tree, code.format("open_hodl")) == ["ferry.old.open_hodl"]


def test_an_import_of_what_only_says_that_it_is_a_name_is_a_stand_in(tree: Tree) -> None:
    assert found(tree, "```python\nfrom ferry import feature_name\n```\n") == []


LINK = ReferenceKind.LINK


@pytest.mark.parametrize(
    ("page", "target", "state"),
    [
        ("blog/content/2020-01-02-ships.md", "../tides/", State.UNKNOWN),
        ("blog/content/2020-01-02-ships.md", "../tide/", State.BROKEN),
        ("blog/content/2020-01-02-ships.md", "/theme/ship.svg", State.BROKEN),
        ("press/pages/one.md", "/theme/ship.svg", State.UNKNOWN),
        ("parts/suite/tests/README.md", "/RULES.md", State.UNKNOWN),
        ("parts/suite/tests/README.md", "/RULE.md", State.BROKEN),
        ("docs/one.rst", "_figures/ship.*", State.HOLDS),
        ("docs/one.rst", "_figures/shop.*", State.UNKNOWN),
    ],
)
def test_links_that_a_builder_or_another_root_makes_good(tmp_path: Path, page: str, target: str, state: State) -> None:
    """Posts whose files have dates, Pelican's pages, a project within a project, figures of whatever suffix."""
    files = {
        "blog/content/2020-01-02-ships.md": "# Ships\n",
        "blog/content/2020-02-02-tides.md": "# Tides\n",
        "press/pelicanconf.py": "PATH = 'pages'\n",
        "press/pages/one.md": "# One\n",
        "parts/suite/LICENSE": "Do as you like.\n",
        "parts/suite/RULES.md": "# Rules\n",
        "parts/suite/tests/README.md": "# Tests\n",
        "docs/one.rst": "One\n",
        "docs/_figures/ship.svg": "<svg/>\n",
    }
    tree = tree_of(tmp_path, files)
    for path in files:
        if path.endswith((".md", ".rst")):
            tree.document(path)
    assert tree.answer(LINK, target, page, Form.LINK).state is state


def test_a_document_that_another_includes_names_pages_from_there(tmp_path: Path) -> None:
    files = {
        "docs/conf.py": "project = 'tern'\n",
        "docs/index.rst": "Tern\n",
        "docs/conduct.rst": "Conduct\n",
        "docs/helping.rst": ".. include:: ../HELPING.rst\n",
        "HELPING.rst": "See :doc:`conduct`.\n",
    }
    tree = tree_of(tmp_path, files)
    for path in ("docs/index.rst", "docs/conduct.rst", "HELPING.rst"):
        tree.document(path)
    tree.document("docs/helping.rst", Mention(LINK, "../HELPING.rst", 1, 1, Form.LINK, domain="include"))
    state = tree.answer(LINK, "conduct", "HELPING.rst", Form.ROLE, domain="doc").state
    assert state is State.HOLDS


def test_an_extra_is_only_missing_where_the_project_has_any(tmp_path: Path) -> None:
    plain = tree_of(tmp_path / "a", {"pyproject.toml": '[project]\nname = "tern"\n'})
    assert plain.answer(ReferenceKind.EXTRA, ".[wings]").state is State.UNKNOWN
    winged = '[project]\nname = "tern"\n[project.optional-dependencies]\nfeathers = ["down"]\n'
    tree = tree_of(tmp_path / "b", {"pyproject.toml": winged})
    assert tree.answer(ReferenceKind.EXTRA, ".[wings]").state is State.BROKEN


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("Find out if you used `load_manifest` or `load_manifset`.\n\nCall `load_manifset`.", []),
        ("```python\nclass Own(dict):\n    def tie(self):\n        super().fetch_parcel(1, rope=2)\n```\n", []),
        ("Write `weight_in_grams`, not `Weight_In_Grams`.", []),
        ("Set `ferry.entryPoint` in the editor.", []),
        ("Call `ferry.getParcel()`.", ["ferry.getParcel"]),
        ("```python\nfrom ferry import _client\n```\n\n```python\n_client.send(1)\n```\n", []),
        ("```python\nasync with other() as _loading:\n    _loading.load_manifests()\n```\n", []),
        ("Some `Parcels`, `Crates` and so on.", ["Parcels"]),
        ("`ferry.Clientと同じ` it is.", []),
        ("As follows::\n\nMore.", []),
        ("If a method is called `manifest_load`, it runs.", []),
        ("Call `manifest_load` first.", ["manifest_load"]),
        ("The `load_manifests` command of the `tides` package.", []),
        ("The `load_manifests` command of the `ferry` package.", ["load_manifests"]),
        ("Every setting that starts with `ferry.load_` counts.", []),
        ("See `http.Status`.\n\n```python\nprint(Status.SEMT)\n```\n", []),
        ("Use `quay.send_get()` here.", []),
        ("Use `client.send_all()` here.", ["client.send_all"]),
    ],
)
def test_what_the_words_around_a_name_make_of_it(tree: Tree, text: str, faults: list[str]) -> None:
    """Set beside the right name, a setting of an editor, a variable called as a module is; not so a call."""
    assert found(tree, text + "\n") == faults


def test_a_flag_that_the_document_types_after_another_program_is_that_programs(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "tern"\n',
        "tern/cli.py": "import argparse\np = argparse.ArgumentParser('tern')\np.add_argument('--depth')\n",
    }
    tree = tree_of(tmp_path, files)
    typed = Mention(ReferenceKind.FLAG, "--depths", 1, 1, Form.SHELL, subject="sonar")
    tree.document("docs/a.md", typed)
    tree.document("docs/b.md")
    assert tree.answer(ReferenceKind.FLAG, "--depths", "docs/a.md").state is State.UNKNOWN
    assert tree.answer(ReferenceKind.FLAG, "--depths", "docs/b.md").state is State.BROKEN


def test_a_part_of_the_documents_own_example_is_no_path_of_the_tree(tmp_path: Path) -> None:
    text = "```\n├── src\n│   └── sonar_demo\n```\n\nSee `src/sonar_demo/main.py` and `src/tern/mian.py`.\n"
    tree = Tree(tmp_path, {"src/tern/main.py": "", "src/tern/__init__.py": ""})
    assert [one.mention.text for one in tree.faults(text, "docs/a.md")] == ["src/tern/mian.py"]


def test_what_a_translation_says_after_its_original_is_told_of_the_original(tmp_path: Path) -> None:
    tree = Tree(tmp_path, LIBRARY)
    said = "See `ferry.load_manifests` and `ferry.{}`.\n"
    original = read_document("docs/en/guide.md", said.format("Client"))
    translation = read_document("docs/de/guide.md", said.format("Clinet"))
    both = [original, translation]
    resolution = Resolution(tree.resolver(*both), PlaceResolver(tree.codebase, {one.path: one for one in both}))
    faults = check_documents(both, both, resolution, lambda _: ()).faults
    assert [(one.path, one.mention.text) for one in faults] == [
        ("docs/de/guide.md", "ferry.Clinet"),
        ("docs/en/guide.md", "ferry.load_manifests"),
    ]


@pytest.mark.parametrize(
    ("path", "original"),
    [
        ("docs/de/guide.md", "docs/en/guide.md"),
        ("docs/pt-BR/steps.md", "docs/steps.md"),
        ("README.zh-CN.md", "README.md"),
        ("docs/id/none.md", ""),
        ("docs/en/guide.md", ""),
    ],
)
def test_translations_are_known_by_their_paths(path: str, original: str) -> None:
    paths = ["docs/en/guide.md", "docs/steps.md", "README.md", path]
    assert translated(paths).get(path, "") == original


def test_a_site_may_have_several_configurations_and_its_pages_are_where_browsers_see_them(tmp_path: Path) -> None:
    files = {"mkdocs-nav.yml": "nav: []\n", "docs/styles/tint.md": "# Tint\n", "docs/types/color.md": "# Colour\n"}
    tree = tree_of(tmp_path, files)
    tree.document("docs/styles/tint.md")
    assert tree.answer(LINK, "../../types/color", "docs/styles/tint.md", Form.LINK).state is State.HOLDS
    assert tree.answer(LINK, "github.com/birds/tern", "docs/styles/tint.md", Form.LINK).state is State.BROKEN


@pytest.mark.parametrize("target", ["url", "ENGLISH_VERSION_URL"])
def test_a_word_for_an_address_is_no_address(tree: Tree, target: str) -> None:
    assert found(tree, f"Write links as [text]({target}).\n") == []


def test_a_value_of_a_product_is_neither_factors(tree: Tree) -> None:
    assert found(tree, "The whole (`retries` * `timeout`) defaults to 120.\n") == []


def test_a_version_that_a_change_names_is_of_that_time(tmp_path: Path) -> None:
    tree = Tree(tmp_path, {"pyproject.toml": '[project]\nname = "tern"\nrequires-python = ">=3.10"\n'})
    option = "* sail (default: off, requires Python 3.8 or later)\n\n"
    text = (
        f"Tern needs Python 3.8 or later.\n\n{option}.. versionchanged:: 1.5\n   Tern now needs Python 3.9 or later.\n"
    )
    assert [one.mention.line for one in tree.faults(text, "docs/a.rst")] == [1]


def test_members_of_a_class_that_a_metaclass_made_are_not_known(tree: Tree) -> None:
    assert found(tree, "See `ferry.kinds.Barge.tow` and `ferry.kinds.Barge.toww`.\n") == []
    assert found(tree, "See `ferry.kinds.Bare.toww`.\n") == ["ferry.kinds.Bare.toww"]


def test_a_label_with_a_word_more_may_be_another_projects(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"docs/conf.py": "intersphinx_mapping = {}\n", "docs/index.rst": "Tern\n"})
    said = Mention(LINK, "feather-care-guide", 1, 1, Form.ROLE, domain="ref")
    tree.document("docs/index.rst", said, anchors=frozenset({"feather-care"}))
    assert tree.answer(LINK, "feather-care-guide", "docs/index.rst", Form.ROLE, domain="ref").state is State.UNKNOWN


@pytest.mark.parametrize(
    ("path", "historical"),
    [
        ("OLD_HISTORY.rst", True),
        ("2012-news.md", True),
        ("2012-05-01-tides.md", True),
        ("_template.md", True),
        ("docs/research/tides.md", True),
        ("docs/newsletter.md", False),
        ("docs/templates.md", False),
    ],
)
def test_other_documents_that_say_nothing_of_today(path: str, *, historical: bool) -> None:
    assert read_document(path, "# Ferries\n").historical is historical


@pytest.mark.parametrize(
    "text",
    [
        "- Ada <ada@MASKED>\n- Bob <bob@birds.example>\n",
        "What `load_manifests(1)` shows on the terminal.\n",
        "Join them by the `__` that Django has.\n",
        "The name `load_manifest` should have been `manifest_load`.\n",
        "```python\ndef setup(...\n    entry_points = 'a'\n    [ferry.clients]\n\n```\n",
    ],
)
def test_what_is_no_name_of_the_project(tree: Tree, text: str) -> None:
    assert found(tree, text) == []


def test_a_short_label_is_no_slip_of_another(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"docs/times.rst": "Then\n====\n", "docs/conf.py": "extensions = []\n"})
    tree.document("docs/times.rst", anchors=frozenset({"2021", "mooring"}))
    assert tree.answer(ReferenceKind.ANCHOR, "morring", "docs/a.rst", Form.ROLE, domain="ref").state is State.BROKEN
    assert tree.answer(ReferenceKind.ANCHOR, "721", "docs/a.rst", Form.ROLE, domain="ref").state is State.UNKNOWN


def test_a_default_that_is_a_member_of_an_enumeration_has_no_value_of_its_own(tmp_path: Path) -> None:
    code = """
    import enum


    class Unset(enum.Enum):
        token = 0


    UNSET = Unset.token


    def moor(length: int = UNSET): ...
    """
    tree = Tree(tmp_path, {**LIBRARY, "ferry/quay.py": code})
    assert found(tree, "The `length` of `ferry.quay.moor` defaults to 512.\n") == []
