"""Examples run as they stand, come from where they say, and the best comes first."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from project_reading import join, read

from fieldguide.analyse.project import rank_examples
from fieldguide.analyse.project.examples.names import free_names
from fieldguide.domain.project import Example, ExampleKind
from fieldguide.domain.source import Span

PROJECT = {
    "pyproject.toml": '[project]\nname = "spam"\n[project.scripts]\nspam = "spam.cli:main"\n',
    "src/spam/__init__.py": "from spam._core import fry, Pan\nfrom spam._core import join_names\n",
    "src/spam/_core.py": dedent('''\
        def fry(text, times=1):
            """Fry it.

            >>> fry("egg")
            'fried egg'
            >>> for time in range(2):
            ...     print(fry("ham", times=time))
            ham
            fried ham
            """
            return "fried " * times + text


        def join_names(*names):
            return ", ".join(names)


        class Pan:
            """A pan.

            >>> Pan().broken
            Traceback (most recent call last):
            AttributeError: broken
            """
            size = 1
        '''),
    "src/spam/cli.py": "def main(argv=None):\n    return 0\n",
}


def examples_of(files: dict[str, str]) -> list[Example]:
    return list(join({**PROJECT, **files}).examples)


def of_kind(examples: list[Example], kind: ExampleKind, language: str = "python") -> list[Example]:
    return [one for one in examples if one.kind is kind and one.language == language]


def test_a_test_without_fixtures_becomes_code_with_the_imports_that_it_needs() -> None:
    text = dedent('''\
        import os
        import textwrap

        import spam
        from spam import fry, join_names

        NAME = "egg"
        UNUSED = 1


        class TestFry:
            def test_basic(self):
                """It fries."""
                # twice is better
                result = fry(NAME, times=2)  # type: ignore[arg-type]

                def shout(text):
                    return textwrap.dedent(text).upper()
                assert shout(result) == "FRIED FRIED EGG"
        ''')
    (example,) = of_kind(examples_of({"tests/test_fry.py": text}), ExampleKind.TEST)
    assert example.code == dedent("""\
        import textwrap

        from spam import fry

        NAME = "egg"

        # twice is better
        result = fry(NAME, times=2)


        def shout(text):
            return textwrap.dedent(text).upper()


        assert shout(result) == "FRIED FRIED EGG\"""")
    assert example.uses == ("spam.fry",)
    assert (example.title, example.span.first, example.span.last) == ("TestFry.test_basic", 14, 19)


@pytest.mark.parametrize(
    "test",
    [
        "def test_it(tmp_path):\n    fry(tmp_path)",
        "def test_it(self):\n    self.assertEqual(fry('a'), 'b')",
        "@pytest.mark.parametrize('x', [1])\ndef test_it(x):\n    assert fry(x) == x",
        "@pytest.mark.skip\ndef test_it():\n    assert fry('a') == 'b'",
        "def test_it():\n    assert helper(fry('a')) == 'b'",
        "def test_it():\n    assert undefined(fry('a')) == 'b'",
        "def test_it(monkeypatch):\n    assert fry('a') == 'b'\n    monkeypatch.undo()\n    fry('b')",
        "def test_it():\n    with mock.patch('spam.fry'):\n        assert fry('a') == 'b'",
        "def test_it():\n    os.environ['A'] = 'b'\n    assert fry('a') == 'b'",
        "def test_it():\n    assert spam._core.fry('a') == 'b'",
        "def test_it():\n    assert fry('REDACTED_PASSWORD_0123abcd') == 'b'",
        "def test_it():\n    assert 1 + len('a') == 2",
        "def test_it():\n    yield fry('a')",
        "def test_it():\n" + "".join(f"    fry('{number}')\n" for number in range(30)),
    ],
)
def test_tests_that_need_or_arrange_something_else_are_left_out(test: str) -> None:
    head = "import os\nfrom unittest import mock\nimport pytest\nimport spam\nfrom spam import fry\n"
    head += "def helper(x): return x\n"
    ast.parse(head + test)
    assert of_kind(examples_of({"tests/test_fry.py": f"{head}\n\n{test}\n"}), ExampleKind.TEST) == []


def test_closing_statements_that_look_into_a_fixture_are_dropped() -> None:
    text = dedent("""\
        import pytest
        import spam


        def test_decorator(log_output):
            @spam.fry
            def f():
                raise ValueError

            with pytest.raises(ValueError):
                f()

            assert log_output == []
        """)
    (example,) = of_kind(examples_of({"tests/test_fry.py": text}), ExampleKind.TEST)
    assert example.code.startswith("import pytest\nimport spam\n\n\n@spam.fry\ndef f():")
    assert example.code.endswith("    f()")
    assert (example.span.first, example.span.last) == (6, 11)


def test_autouse_fixtures_and_set_up_methods_make_a_tests_file_unfit() -> None:
    body = "    def test_it(self):\n        assert fry('a') == 'b'\n"
    for start in ("class TestA:\n    def setup_method(self): ...\n", "class TestA:\n    def setUp(self): ...\n"):
        assert not of_kind(examples_of({"tests/test_a.py": f"from spam import fry\n{start}{body}"}), ExampleKind.TEST)
    autouse = "import pytest\nfrom spam import fry\n@pytest.fixture(autouse=True)\ndef x(): ...\nclass TestA:\n"
    assert not of_kind(examples_of({"tests/test_a.py": autouse + body}), ExampleKind.TEST)


def test_an_async_test_is_run_by_asyncio() -> None:
    text = "import pytest\nimport spam\n\n\n@pytest.mark.anyio\n"
    text += "async def test_it():\n    assert await spam.fry('a') == 'b'\n"
    (example,) = of_kind(examples_of({"tests/test_a.py": text}), ExampleKind.TEST)
    assert example.code == (
        "import asyncio\n\nimport spam\n\n\n"
        "async def main():\n    assert await spam.fry('a') == 'b'\n\n\nasyncio.run(main())"
    )


def test_names_that_only_tests_offer_make_an_example_unfit() -> None:
    text = "from common import check\nfrom spam import fry\n\n\ndef test_it():\n    check(fry('a'))\n"
    assert not of_kind(examples_of({"tests/test_a.py": text, "tests/common.py": "check = 1\n"}), ExampleKind.TEST)


def test_a_doctest_imports_its_function_from_where_users_do_and_shows_results_as_comments() -> None:
    (example,) = of_kind(examples_of({}), ExampleKind.DOCTEST)
    assert example.code == dedent("""\
        from spam import fry

        fry("egg")  # 'fried egg'
        for time in range(2):
            print(fry("ham", times=time))
        # ham
        # fried ham""")
    assert example.uses == ("spam.fry",)
    assert (example.title, example.span) == ("fry", Span("src/spam/_core.py", 4, 9))
    assert example.needs == ()


def test_documents_give_blocks_that_stand_alone_with_the_pages_earlier_imports() -> None:
    page = dedent("""\
        # Guide

        ```python
        import spam
        ```

        ```pycon
        >>> spam.fry("egg")
        'fried egg'
        ```

        ```python
        spam.fry(...)
        ```

        ```python
        print(spam.fry("ham"))
        print(unknown)
        ```
        """)
    (example,) = of_kind(examples_of({"docs/guide.md": page, "README.md": page}), ExampleKind.DOCUMENTATION)
    assert example.code == "import spam\n\nspam.fry(\"egg\")  # 'fried egg'"
    assert example.span == Span("docs/guide.md", 8, 9)


def test_a_short_example_file_is_taken_whole_and_a_long_one_not_at_all() -> None:
    short = '#!/usr/bin/env python\n# Copyright\n"""Fry."""\nimport spam\n\nprint(spam.fry("egg"))\n'
    long = short + "x = 1\n" * 50
    examples = of_kind(examples_of({"examples/a.py": short, "examples/b.py": long}), ExampleKind.EXAMPLE_FILE)
    assert [(one.title, one.code) for one in examples] == [
        ("examples/a.py", '"""Fry."""\nimport spam\n\nprint(spam.fry("egg"))')
    ]


def test_where_nothing_is_installed_only_example_files_are_examples() -> None:
    files = {
        "app/__init__.py": "",
        "app/core.py": 'def go():\n    """Go.\n\n    >>> go()\n    1\n    """\n    return 1\n',
    }
    assert join(files).examples == ()
    assert join({**files, "examples/a.py": "from app.core import go\n\nprint(go())\n"}).examples != ()


def test_command_lines_of_tests_get_their_program() -> None:
    text = dedent("""\
        import subprocess
        import sys
        import pytest
        from click.testing import CliRunner
        from spam import cli
        from spam.cli import main


        def test_fry():
            assert main(["fry", "--times", "2", "an egg"]) == 0


        def test_module(runner):
            cli.main(["list"])
            subprocess.run(["spam", "serve", "--port", "80"], check=True)
            subprocess.run(["git", "init"], check=True)
            main(["write", "/tmp/x"])
            main(["write", variable])


        def test_returns():
            assert main(["stop"]) == 1


        def test_in_block():
            with pytest.raises(SystemExit):
                main(["halt"])


        def test_fails():
            main(["fry", "--bad"])


        def test_click():
            result = CliRunner().invoke(main, ["boil", "egg"])
            assert result.exit_code == 0
        """)
    found = of_kind(examples_of({"tests/test_cli.py": text}), ExampleKind.TEST, "console")
    assert {one.code for one in found} == {
        "spam fry --times 2 'an egg'",
        "spam list",
        "spam serve --port 80",
        "spam boil egg",
    }
    assert next(one for one in found if "fry" in one.code).span.first == 10


def make(code: str, *uses: str, kind: ExampleKind = ExampleKind.TEST, title: str = "test_it") -> Example:
    return Example(kind, code, Span("tests/test_a.py", 1, 3), title, uses)


def test_ranking_prefers_the_first_export_then_what_shows_a_result_then_what_is_no_side_case() -> None:
    first = make("import spam\n\nresult = spam.fry('a')\nassert result == 'b'\n", "spam.fry")
    second = make("import spam\n\nresult = spam.boil('a')\nassert result == 'b'\n", "spam.boil")
    silent = make("import spam\n\nx = 'a'\nspam.fry(x)\n", "spam.fry")
    side = make("import spam\n\nvalue = spam.fry('a')\nassert value == 'b'\n", "spam.fry", title="test_invalid_name")
    order = ["spam.fry", "spam.bake", "spam.cook", "spam.boil"]
    assert rank_examples([side, second, silent, first], order) == (first, silent, side, second)


def test_equal_code_is_kept_once_and_the_limit_holds_for_each_language() -> None:
    examples = [make(f"import spam\n\nassert spam.fry({number}) == {number}\n", "spam.fry") for number in range(9)]
    console = [
        Example(ExampleKind.TEST, f"spam fry --n {n}", Span("a", n, n), "test_x", (), "console") for n in range(9)
    ]
    ranked = rank_examples([*examples, *examples, *console], ["spam.fry"], 3)
    assert [one.language for one in ranked] == ["python"] * 3 + ["console"] * 3
    assert len({one.code for one in ranked}) == 6


def test_what_uses_no_public_name_is_not_shown() -> None:
    assert rank_examples([make("import spam\n\nassert spam.inner.x(1) == 1\n", "spam.inner.x")], ["spam.fry"]) == ()


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("x = y", {"y"}),
        ("def f(a):\n    return a + b", {"b"}),
        ("class A:\n    x = n\n    def m(self):\n        return x", {"n", "x"}),
        ("print([i for i in range(3)])", set[str]()),
        ("import os\nos.path", set[str]()),
        ("def f():\n    global g\n    g = 1", set[str]()),
        ("(lambda q: q + w)(1)", {"w"}),
        ("try:\n    pass\nexcept E as e:\n    e", {"E"}),
    ],
)
def test_free_names_are_those_that_python_would_miss(code: str, names: set[str]) -> None:
    assert free_names(code) == names


@pytest.mark.parametrize("code", ["return 1", "await x", "yield", "def", "x = '\ud800\0"])
def test_code_that_is_no_module_has_no_free_names(code: str) -> None:
    assert free_names(code) is None


def test_the_doctests_of_real_packages_run_as_they_stand() -> None:
    """Oracle: Python itself runs the examples found in packages that nobody here wrote."""
    root = Path(pytest.__file__).parents[1]
    files = {
        str(path.relative_to(root)): path.read_text(encoding="utf-8")
        for package in ("sortedcontainers", "packaging", "jsonpointer.py", "tabulate")
        for path in ([root / package] if package.endswith(".py") else sorted((root / package).rglob("*.py")))
        if path.exists()
    }
    examples = join({"setup.py": "from setuptools import setup\nsetup(name='x')\n", **files}).examples
    python = [one for one in examples if one.language == "python"]
    assert len(python) >= 3
    joined = "\n".join(
        f"exec(compile({one.code!r}, {one.title!r}, 'exec'), {{'__name__': 'example'}})" for one in python
    )
    done = subprocess.run([sys.executable, "-c", joined], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_one_files_facts_of_a_large_test_module_are_few() -> None:
    text = "from spam import fry\n" + "".join(
        f"def test_{number}():\n    assert fry('{number}') == '{number}'\n" for number in range(200)
    )
    assert len(read("tests/test_many.py", text).examples) <= 12


PLAIN = "import spam\n\nassert spam.fry('egg') == 'fried egg'\nassert spam.fry('ham') == 'fried ham'\n"


@pytest.mark.parametrize(
    "worse",
    [
        "import httpx\nimport spam\n\nassert spam.fry(httpx.get('a')) == 'b'\n",
        "import spam\n\nassert spam.fry('no.such:app') == 'b'\n",
        'import spam\n\n\n@spam.fry\ndef fry():\n    "Spec only."\n',
        "import asyncio\nimport spam\n\n\nasync def run():\n    assert spam.fry(1) == 2\n\n\nasyncio.run(run())\n",
    ],
    ids=["needs another package", "names what is not there", "does nothing", "asynchronous"],
)
def test_a_plain_use_comes_before_one_that_a_newcomer_cannot_paste(worse: str) -> None:
    plain = make(PLAIN, "spam.fry")
    assert rank_examples([make(worse, "spam.fry"), plain], ["spam.fry"])[0] == plain


def test_a_test_that_only_asserts_about_a_helper_is_no_example() -> None:
    code = "import spam.utils\n\n" + "assert spam.utils.fry('d') is True\n" * 9
    assert rank_examples([make(code, "spam.utils.fry")], ["spam.boil", "spam.bake", "spam.utils.fry"]) == ()


def test_old_news_are_no_first_use_and_imports_stand_apart() -> None:
    block = "# Title\n\n```python\nimport spam\nprint(spam.fry('a'))\n```\n"
    joined = join({**PROJECT, "CHANGELOG/0.5.md": block, "docs/exchange.md": block})
    found = [one for one in joined.examples if one.kind is ExampleKind.DOCUMENTATION]
    assert [one.span.path for one in found] == ["docs/exchange.md"]
    assert found[0].code == "import spam\n\nprint(spam.fry('a'))"
