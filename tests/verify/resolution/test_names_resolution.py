"""Names, imports, calls and defaults of Python code: what holds, what does not, and what cannot be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from name_trees import LIBRARY, Tree

from fieldguide.domain.documents import Document, Form, Mention, State
from fieldguide.domain.page import ReferenceKind

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return Tree(tmp_path_factory.mktemp("ferry"), LIBRARY)


def found(tree: Tree, text: str, path: str = "docs/guide.md") -> list[tuple[str, str]]:
    """What does not hold in a document, with the first of the nearest names."""
    faults = tree.faults(text, path)
    return [(one.verdict.part or one.mention.text, next(iter(one.verdict.nearest), "")) for one in faults]


@pytest.mark.parametrize(
    "name",
    [
        "`ferry.Client`",
        "`Client.fetch_parcel`",
        "`ferry._client.Client.fetch_parcel()`",
        "`client.fetch_parcel(key)`",
        "`Client.retries`",
        "`client.headers`",
        "`client.closed_at`",
        "`Status.SENT.value`",
        "`Status.__members__`",
        "`Timeout.read`",
        "`load_manifest()`",
        "`harbour_master`",
        "`weight_in_grams`",
        "`Parcel.stamped_by`",
        "`Open.anything_at_all`",
        "`os.path.join`",
        "`execve`",
        "`follow`",
    ],
)
def test_what_is_there_or_may_be_is_no_fault(tree: Tree, name: str) -> None:
    """Own, inherited and assigned members, enum members, parameters, words of tests, hooks, the standard library."""
    assert found(tree, f"See {name} here.\n") == []


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("ferry.Clinet", "ferry.Client"),
        ("ferry.load_manifests", "ferry.load_manifest"),
        ("Client.get_parcel", "Client.fetch_parcel"),
        ("client.fetch_parcels", "client.fetch_parcel"),
        ("AsyncClient.many_fetch", "AsyncClient.fetch_many"),
        ("load_manfiest", "load_manifest"),
        ("manifest_load()", "load_manifest"),
        ("Parcle", "Parcel"),
        ("parcel.weight_in_gram", "parcel.weight_in_grams"),
        ("ferry._client.load_manifest", "ferry.load_manifest"),
    ],
)
def test_what_is_not_there_is_a_fault_that_names_what_was_meant(tree: Tree, name: str, nearest: str) -> None:
    """By spelling, by meaning, by the order of words, and in another module."""
    assert found(tree, f"See `{name}` here.\n") == [(name.removesuffix("()"), nearest)]


@pytest.mark.parametrize(
    "name",
    [
        "`UserClient`",  # a class of the reader's own
        "`other.package.Thing`",
        "`starlette.responses.StreamingResponse`",
        "`app.some_thing`",
        "`taskB`",
        "`proxy_pass`",
        "`JSON_EXTRACT()`",
        "`client_`",
        "`en_IN`",
        "`ferry.org`",
    ],
)
def test_what_may_be_anothers_is_no_fault(tree: Tree, name: str) -> None:
    assert found(tree, f"See {name} here.\n") == []


def test_a_plural_of_a_class_is_told_by_its_sentence(tree: Tree) -> None:
    assert found(tree, "Several `Parcels` may be sent.\n") == []


def test_imports_and_calls_of_blocks_are_resolved_through_the_blocks_own_names(tree: Tree) -> None:
    text = """
        ```python
        import ferry
        from ferry import Client, Cleint

        client = Client(retries=2, timout=3)
        client.fetch_parcel("x", folow=True)
        ferry.get("u", timeout=1)
        ```
        """
    assert found(tree, text) == [
        ("ferry.Cleint", "ferry.Client"),
        ("timout", "timeout"),
        ("folow", "follow"),
    ]


def test_keywords_that_are_handed_on_are_followed(tree: Tree) -> None:
    """`send(**options)` hands them to `_deliver`, which takes `express` and no `expres`."""
    text = "```python\nfrom ferry import Client\nc = Client()\nc.send(1, express=True)\nc.send(1, expres=True)\n```\n"
    assert found(tree, text) == [("expres", "express")]


@pytest.mark.parametrize(
    "code",
    [
        "from ferry import Timeout\nTimeout(connect=1, read=2)",
        "from ferry._loading import decorated\ndecorated(anything=1)",
        "from unknown import thing\nthing(x=1)",
        "import json\njson.dumps({}, indent=2)",
    ],
)
def test_signatures_that_a_decorator_or_fields_make_are_not_misjudged(tree: Tree, code: str) -> None:
    assert found(tree, f"```python\n{code}\n```\n") == []


def test_super_is_followed_along_one_line_of_bases_only(tmp_path: Path) -> None:
    """With several bases `super()` may mean a sibling, which takes what the mixin does not name."""
    files = {
        "pyproject.toml": '[project]\nname = "pool"\n',
        "pool/__init__.py": """
            class Database:
                def __init__(self, name, host=None): ...

            class Pooled:
                def __init__(self, *args, size=1, **kwargs):
                    super().__init__(*args, **kwargs)

            class PooledDatabase(Pooled, Database): ...

            class Plain(Database):
                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)
            """,
    }
    tree = Tree(tmp_path, files)
    block = "```python\nimport pool\npool.PooledDatabase('x', host='y', size=2)\npool.Plain('x', hots='y')\n```\n"
    assert found(tree, block) == [("hots", "host")]


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("The `retries` of `Client` default to 3.", []),
        ("The `timeout` of `Client` defaults to 5 seconds.", []),
        ("The `limit` of `Client` defaults to 12.", []),
        ("The `retries` of `Client` defaults to 4.", [("4", "3")]),
        ("The `limit` of `Client` defaults to `13`.", [("13", "LIMIT")]),
        ("In `Timeout`, `read` defaults to `5`.", [("5", "7.5")]),
        ("For `load_manifest`, `strict` defaults to `False`.", [("False", "True")]),
        ("The `retries` default to 9.", []),
    ],
)
def test_a_default_is_compared_with_the_one_of_the_thing_named(
    tree: Tree, sentence: str, fault: list[tuple[str, str]]
) -> None:
    """By value and through constants; of a parameter whose callable is not named nothing is said."""
    assert found(tree, sentence + "\n") == fault


def test_roles_refer_to_what_a_document_describes_and_directives_to_what_is_like_it(tree: Tree) -> None:
    text = """
        .. currentmodule:: ferry

        .. class:: Harbour

           .. method:: dock_all()

        :class:`~ferry.Harbour` and :meth:`ferry.Harbour.dock_all` send :class:`ferry.Cleint` there.

        .. function:: load_manifets(path)
        """
    assert found(tree, text, "docs/api.rst") == [
        ("ferry.Cleint", "ferry.Client"),
        ("ferry.load_manifets", "ferry.load_manifest"),
    ]


def test_a_module_with_getattr_may_have_any_name(tmp_path: Path) -> None:
    files = {
        "pyproject.toml": '[project]\nname = "lazy"\n',
        "lazy/__init__.py": 'NAMES = ["Lantern"]\ndef __getattr__(name): ...\n',
    }
    tree = Tree(tmp_path, files)
    block = "```python\nfrom lazy import Lantern, Anything\n```\n"
    assert found(tree, block) == []


def test_a_package_that_others_add_to_is_never_wholly_known(tmp_path: Path) -> None:
    """Without `__init__` it is a namespace package: other distributions put modules into it."""
    files = {
        "pyproject.toml": '[project]\nname = "guild-core"\n',
        "guild/core/__init__.py": "def forge(): ...\n",
    }
    tree = Tree(tmp_path, files)
    block = "```python\nfrom guild.smiths import Hammer\nfrom guild.core import forged\n```\n"
    assert found(tree, block) == [("guild.core.forged", "guild.core.forge")]


def test_installed_code_of_the_projects_own_environment_is_read_without_being_run(tmp_path: Path) -> None:
    files = {**LIBRARY, "pyproject.toml": '[project]\nname = "ferry"\ndependencies = ["anchor"]\n'}
    site = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages" / "anchor"
    site.mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = x\n", "utf-8")
    (site / "__init__.py").write_text("raise SystemExit\ndef drop_chain(): ...\n", "utf-8")
    tree = Tree(tmp_path, files)
    block = "```python\nfrom anchor import drop_chain, drop_chian\n```\n"
    assert found(tree, block) == [("anchor.drop_chian", "anchor.drop_chain")]


def test_where_a_name_holds_is_told(tree: Tree) -> None:
    mention = Mention(ReferenceKind.NAME, "Client.fetch_parcel", 1, 1, Form.CODE)
    verdict = tree.resolver().resolve(mention, Document("a.md", "markdown"))
    assert verdict.state is State.HOLDS
    assert verdict.where is not None
    assert verdict.where.path == "src/ferry/_client.py"


def test_names_of_tests_and_examples_prove_nothing_absent(tmp_path: Path) -> None:
    files = {**LIBRARY, "tests/models.py": "class Post:\n    title = 1\n"}
    tree = Tree(tmp_path, files)
    assert found(tree, "A `Post.is_deleted` is yours.\n") == []


def test_what_a_with_gives_is_not_taken_for_the_class_where_it_says_that_it_is_another(tmp_path: Path) -> None:
    classes = (
        "class Handle:\n    def read(self) -> str: ...\n\n\n"
        "class Opened:\n    def __enter__(self) -> Handle: ...\n    def close(self) -> None: ...\n\n\n"
        "class Kept:\n    def __enter__(self: T) -> T: ...\n    def close(self) -> None: ...\n"
    )
    manifest = '[project]\nname = "quay"\nversion = "1"\n'
    tree = Tree(tmp_path, {"pyproject.toml": manifest, "quay/__init__.py": classes})
    shown = "```python\nimport quay\nwith quay.{}() as one:\n    one.raed()\n    one.clsoe()\n```\n"
    assert found(tree, shown.format("Opened")) == []
    assert [name for name, _ in found(tree, shown.format("Kept"))] == ["quay.Kept.raed", "quay.Kept.clsoe"]


def test_what_a_stub_beside_a_module_may_name_is_not_known(tmp_path: Path) -> None:
    files = {"pyproject.toml": '[project]\nname = "quay"\nversion = "1"\n', "quay/__init__.py": "def load(): ...\n"}
    text = "```python\nfrom quay import Record\n```\n"
    assert found(Tree(tmp_path / "without", files), text) == [("quay.Record", "")]
    assert found(Tree(tmp_path / "with", {**files, "quay/__init__.pyi": "class Record: ...\n"}), text) == []
