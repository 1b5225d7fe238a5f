"""What is read from blocks of code: Python through its own imports, shell as it is typed, keys of configuration."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.documents import Form
from fieldguide.domain.page import ReferenceKind as Kind
from fieldguide.verify.reading import read_document

if TYPE_CHECKING:
    from fieldguide.domain.documents import Document, Mention


def block(language: str, code: str, before: str = "") -> Document:
    shown = dedent(code).strip("\n")
    return read_document("README.md", f"{dedent(before)}\n```{language}\n{shown}\n```\n")


def python(code: str, before: str = "") -> list[tuple[Kind, str]]:
    return [(one.kind, one.text) for one in block("python", code, before).mentions]


def of(document: Document, kind: Kind) -> list[Mention]:
    return [one for one in document.mentions if one.kind is kind]


def test_names_are_resolved_through_imports_and_assignments_and_written_as_they_stand() -> None:
    document = block(
        "python",
        "import httpx as h\nfrom pkg.io import load as read\nc = h.Client(timeout=5)\nc.get(read, retries=1)\n"
        "h.codes.OK\n",
    )
    assert [(one.kind, one.text, one.written or one.text) for one in document.mentions] == [
        (Kind.IMPORT, "httpx", "httpx"),
        (Kind.IMPORT, "pkg.io.load", "load"),
        (Kind.CALL, "httpx.Client", "h.Client"),
        (Kind.CALL, "httpx.Client.get", "c.get"),
        (Kind.NAME, "httpx.codes.OK", "h.codes.OK"),
    ]  # fmt: skip
    assert [one.keywords for one in of(document, Kind.CALL)] == [("timeout",), ("retries",)]
    assert of(document, Kind.CALL)[1].subject == "httpx.Client"
    assert all(one.form is Form.PYTHON for one in document.mentions)


@pytest.mark.parametrize(
    "code",
    [
        "with pkg.Client() as c:\n    c.get()",
        "async with pkg.Client() as c:\n    await c.get()",
        "def f(c: pkg.Client) -> None:\n    c.get()",
        "c: pkg.Client\nc.get()",
    ],
)
def test_the_class_of_a_variable_is_known_where_it_is_plain(code: str) -> None:
    assert (Kind.CALL, "pkg.Client.get") in python(f"import pkg\n{code}")


@pytest.mark.parametrize(
    "code",
    [
        "c = pkg.make()\nc.get()",
        "for c in pkg.all_of():\n    c.get()",
        "def f(c):\n    c.get()",
    ],
)
def test_a_method_of_a_variable_of_unknown_class_is_marked(code: str) -> None:
    (call,) = [one for one in block("python", f"import pkg\n{code}").mentions if one.text.endswith("get")]
    assert (call.text, call.domain) == ("c.get", "unbound")


@pytest.mark.parametrize("code", ["c = [1]\nc.get()", "c = 'text'\nc.get(x=1)", "self.get(x=1)", "c = own\nc.get()\n"])
def test_a_value_of_pythons_own_types_and_the_blocks_own_class_name_nothing(code: str) -> None:
    assert not block("python", f"def own():\n    pass\n{code}").mentions


def test_keywords_are_told_with_their_places_and_methods_of_results_with_their_last_name() -> None:
    document = block("python", "import pkg\npkg.load(\n    path=1,\n)[0].then(\n    é, more=2)")
    first, second = of(document, Kind.CALL)
    assert (first.keywords, first.keyword_places) == (("path",), ((5, 5),))
    assert (second.text, second.line, second.column, second.keyword_places) == ("then", 6, 6, ((7, 8),))


def test_earlier_blocks_bind_names_for_later_ones() -> None:
    before = "```python\nimport pkg\nclient = pkg.Client()\n```\n"
    assert python("client.get(timeout=1)", before)[-1] == (Kind.CALL, "pkg.Client.get")


def test_a_name_that_earlier_blocks_gave_two_meanings_has_none() -> None:
    before = "```python\nfrom pkg import admin\n```\n\n```python\nfrom other import admin\nadmin.one()\n```\n"
    assert python("admin.two()", before)[-2:] == [(Kind.CALL, "other.admin.one"), (Kind.CALL, "admin.two")]


def test_what_a_document_does_not_show_is_marked() -> None:
    (call,) = block("python", "load_all(path=1)").mentions
    assert (call.text, call.domain, call.keywords) == ("load_all", "unbound", ("path",))


def test_what_a_document_defines_is_no_mention_and_is_told() -> None:
    document = block(
        "python", "def own(a, b):\n    return a\nclass Thing(pkg.Base):\n    size = 1\nown(1, b=2)\nThing()\nx = own\n"
    )
    assert [one.text for one in document.mentions] == ["pkg.Base"]
    assert {"own", "Thing", "size", "a", "b", "x"} <= document.defines


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("pycon", ">>> import pkg\n>>> pkg.load(\n...     path=1)\n<pkg.other(x=1)>\n"),
        ("", ">>> import pkg\n>>> pkg.load(path=1)\n1\n"),
        ("python", "import pkg\npkg.load(path=1, ...)\n"),
        ("python", "import pkg\nresult = await pkg.load(path=1)\n"),
        ("python", "import pkg\nthis does not parse (\npkg.load(path=1)\n"),
        ("python", "import pkg\n<html>\nif x:\n    pkg.load(path=1)\n"),
        ("", "import pkg\npkg.load(path=1)\n"),
        ("py3", "  import pkg\n  pkg.load(path=1)\n"),
        ("ipython", "In [1]: import pkg\nIn [2]: pkg.load(path=1)\nOut[2]: 1\n"),
        ("diff", " import pkg\n-pkg.gone(y=1)\n+pkg.load(path=1)\n"),
    ],
)
def test_python_is_read_as_far_as_it_goes(language: str, code: str) -> None:
    document = block(language, code)
    assert [(one.kind, one.text) for one in document.mentions] == [(Kind.IMPORT, "pkg"), (Kind.CALL, "pkg.load")]
    assert of(document, Kind.CALL)[0].keywords == ("path",)


def test_commands_are_told_with_their_flags_variables_paths_and_requirements() -> None:
    document = block(
        "console",
        """
        $ pip install "app[web]" other>=2 -r requirements/dev.txt  # a remark
        Successfully installed
        $ APP_HOME=/tmp app run examples/one.py \\
            --jobs 4 --out=$TARGET | tee log.txt && make test
        $ cat > made.toml <<EOF
        --not-a-flag
        EOF
        """,
    )
    assert [one.text for one in of(document, Kind.COMMAND)] == [
        'pip install "app[web]" other>=2 -r requirements/dev.txt',
        "app run examples/one.py --jobs 4 --out=$TARGET",
        "tee log.txt",
        "make test",
        "cat",
    ]  # fmt: skip
    assert [(one.text, one.subject) for one in of(document, Kind.FLAG)] == [
        ("-r", 'pip install "app[web]" other>=2'),
        ("--jobs", "app run examples/one.py"),
        ("--out", "app run examples/one.py --jobs 4"),
    ]
    assert [one.text for one in of(document, Kind.EXTRA)] == ["app[web]", "other"]
    assert {one.text for one in of(document, Kind.VARIABLE)} == {"APP_HOME", "TARGET"}
    assert {one.text for one in of(document, Kind.PATH)} == {"requirements/dev.txt", "examples/one.py"}
    assert {"made.toml", "log.txt"} <= document.defines


@pytest.mark.parametrize(
    "code", ["$ app --version\napp 1.0 --fast", "(venv) $ app --version\n--fast", "user@host:~/x$ app --version"]
)
def test_output_is_no_command(code: str) -> None:
    assert [one.text for one in block("", code).mentions] == ["app --version", "--version"]


def test_placeholders_and_unbalanced_quotes_do_not_end_a_command() -> None:
    document = block("sh", "app get <name of it> --all\necho it's --fine\n")
    assert [one.text for one in of(document, Kind.COMMAND)] == ["app get <name of it> --all", "echo it s --fine"]


def test_a_block_without_a_language_that_is_no_shell_names_nothing() -> None:
    assert not block("", "some output\n--not-a-flag of-anything\n").mentions
    assert not block("rust", "let x = pkg::load(path)\n").mentions


@pytest.mark.parametrize(
    ("language", "code", "expected"),
    [
        ("toml", '[tool.app]\nmax-size = 1\n[[tool.app.rules]]\n"name" = 2',
         ["tool.app", "tool.app.max-size", "tool.app.rules", "tool.app.rules.name"]),
        ("ini", "[tool:app]\nkey = 1\n  more = 2\n", ["tool:app", "tool:app.key"]),
        ("yaml", "app:\n  size: 1\n  rules:\n    - name: 2\nother: x\n",
         ["app", "app.size", "app.rules", "app.rules.name", "other"]),
        ("yaml", "on: push\njobs:\n  test: 1\n", []),
    ],
)  # fmt: skip
def test_keys_of_configuration_are_settings(language: str, code: str, expected: list[str]) -> None:
    assert [one.text for one in of(block(language, code), Kind.SETTING)] == expected


def test_environment_files_set_variables() -> None:
    assert [one.text for one in of(block("dotenv", "# x\nAPP_HOME=/x\nexport DEBUG=1\n"), Kind.VARIABLE)] == [
        "APP_HOME",
        "DEBUG",
    ]


def test_files_that_a_document_has_the_reader_make_are_told() -> None:
    document = read_document(
        "README.md",
        'Create a file `main.py` with:\n\n```python title="other.py"\nx = 1\n```\n\n```sh\nmkdir made\n```\n',
    )
    assert {"main.py", "other.py", "made"} <= document.defines


def test_flags_in_remarks_values_and_images_of_containers_are_told() -> None:
    remarks = block("console", "$ app run  # or --slow\n// Now with --fast\nput out --not-this\n")
    assert [(one.text, one.domain) for one in of(remarks, Kind.FLAG)] == [("--slow", "comment"), ("--fast", "comment")]
    unit = block("ini", "[x]\ncommand = app run --jobs 4\n# --not-this\n")
    assert [(one.text, one.subject) for one in of(unit, Kind.FLAG)] == [("--jobs", "app run")]
    container = block("dockerfile", 'FROM x\nRUN pip install app\nCMD ["app", "run", "--jobs", "4"]\n')
    assert [one.text for one in of(container, Kind.COMMAND)] == ["pip install app", "app run --jobs 4"]
    assert [(one.text, one.subject) for one in of(container, Kind.FLAG)] == [("--jobs", "app run")]
    nested = block("sh", 'test -z "$(app list --jobs 4)"')
    assert ("--jobs", "app list") in [(one.text, one.subject) for one in of(nested, Kind.FLAG)]
