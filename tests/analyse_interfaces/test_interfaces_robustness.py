"""Reading never fails on a valid tree, ends, and gives values that processes and caches can carry."""

from __future__ import annotations

import ast
import pickle
import sysconfig
import tracemalloc
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from interfaces_project import facts_of

from fieldguide.analyse.interfaces import join_environment, join_interfaces, read_interfaces
from fieldguide.domain.interfaces import Interfaces
from growth import calls, ends

LIBRARY = Path(sysconfig.get_paths()["stdlib"])

STATEMENTS = (
    "import argparse, click, typer, fire, os",
    "from . import *",
    "from ..up import parser as p",
    "parser = argparse.ArgumentParser(*args, **kwargs)",
    "parser = sub = parser.add_subparsers().add_parser(name)",
    "self.parser.add_argument(*names, default=lambda: 0, help=1)",
    "parser.add_argument('--x', '-x', help='%', choices=range(9), metavar=(), nargs=5)",
    "parser.add_argument('--y', help='%(nothing)s', default=b'\\xff', type=lambda v: v)",
    "parser.add_argument()",
    "parser.parse_args()",
    "args = parser.parse_args()",
    "x = y = z.a[0] = [*a, 1][0]",
    "for parser in parsers: parser.add_argument('-z')",
    "while f(): f()",
    "x += 1 if y else {**a, 'b': [c for c in d if e]}",
    "with open(f'{x!r:>{y}}') as (a, *b): pass",
    "f = lambda *a, **k: f(*a, **k)",
    "os.environ[f'{x}'], os.environ.get(*a), os.getenv()",
    "fire.Fire(lambda: 0)",
    "fire.Fire({'a': f, 1: C})",
    "typer.run(f); typer.Typer()()",
    "click.option()(click.command()(f))",
)
BLOCKS = (
    "def f(a, /, b=1, *c, d: 'list[int]' = 2, **e):\n{0}\n    return f(parser)",
    "class C(argparse.ArgumentParser, C, metaclass=M):\n{0}\n    def __init__(self): super().__init__(); self.f()",
    "@click.group\n@click.option('--a', envvar=['A', B])\nasync def g(*, x: typer.Option() = 1):\n{0}\n    await g()",
    "if __name__ == '__main__':\n{0}\n    f(); C().parse_args(); g()",
    "try:\n{0}\nexcept E:\n    pass",
    "match x:\n    case [a, b]:\n    {0}\n        pass",
)


def block(template: str, body: list[str]) -> str:
    indent = "        " if "case" in template else "    "
    lines = "\n".join(indent + line for line in body)
    return template.format(lines) if "case" not in template else template.replace("    {0}", lines)


programs = st.lists(
    st.one_of(
        st.sampled_from(STATEMENTS),
        st.builds(block, st.sampled_from(BLOCKS), st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=4)),
    ),
    max_size=8,
).map("\n".join)


@given(st.lists(programs, min_size=1, max_size=3))
@settings(max_examples=120)
def test_any_program_is_read_and_joined(texts: list[str]) -> None:
    files = [facts_of(path, text) for path, text in zip(("a/__init__.py", "a/b.py", "c.py"), texts, strict=False)]
    assert join_interfaces(files, [], ["a"]) == join_interfaces(files, [], ["a"])
    join_environment(files)


@given(programs)
@settings(max_examples=60)
def test_facts_survive_a_cache_and_a_process(text: str) -> None:
    facts = facts_of("a/b.py", text).interfaces
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=Interfaces) == facts
    assert pickle.loads(pickle.dumps(facts)) == facts  # noqa: S301 (made here)


@pytest.mark.parametrize(
    "folder", ["unittest", "email", "concurrent", "importlib", "distutils", "lib2to3/pgen2", "idlelib"]
)
def test_real_code_is_read_and_encoded(folder: str) -> None:
    paths = sorted((LIBRARY / folder).rglob("*.py"))
    if not paths:
        pytest.skip(f"this Python has no {folder}")
    files = [facts_of(path.relative_to(LIBRARY).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    for facts in files:
        msgspec.msgpack.encode(facts.interfaces)
    join_interfaces(files, [], [folder])


@pytest.mark.parametrize(
    "text",
    [
        "import argparse\nx = " + "+".join(["'a'"] * 600),
        "import argparse\nx = " + "f(" * 80 + ")" * 80,
        "import click\nx = '\\ud800'\n@click.command(help='\\ud800')\ndef f(): '\\udfff'",
        "import argparse\ndef f(p): return f(p)\nf(argparse.ArgumentParser())",
        "import argparse\ndef f(p): g(p); g(p)\ndef g(p): f(p); f(p)\nf(argparse.ArgumentParser())",
        "from a.b import x\nx = x.y\nimport argparse\nargparse.ArgumentParser(x)",
        "import argparse\nclass A(A): pass\nA()\nA.b.c()",
    ],
    ids=["long sum", "deep calls", "surrogates", "recursion", "mutual recursion", "self import", "own base"],
)
def test_nasty_programs_end(text: str) -> None:
    facts = facts_of("a/b.py", text)
    msgspec.msgpack.encode(facts.interfaces)
    join_interfaces([facts], [], ["a"])


def test_an_explosion_of_calls_is_cut_short() -> None:
    """Twenty functions that each call the next one ten times would run for ever."""
    functions = [f"def f{n}(p):\n" + f"    f{n + 1}(p)\n" * 10 for n in range(20)]
    text = (
        "import argparse\n"
        + "\n".join(functions)
        + "\ndef f20(p): p.add_argument('--x')\nf0(argparse.ArgumentParser())\n"
    )
    with ends():
        join_interfaces([facts_of("a.py", text)], [], [])


def test_a_file_that_declares_nothing_costs_little() -> None:
    """A thousand lines of ordinary code, in 250 functions, take less than ten calls a line."""
    function = "def name_{0}(value):\n    total = [item * 2 for item in value if item]\n    return sum(total) + {0}\n\n"
    text = "".join(function.format(n) for n in range(250))
    tree = ast.parse(text)
    assert calls(lambda: read_interfaces(tree, "a", "a.py", text)) < 10_000
    assert not read_interfaces(tree, "a", "a.py", text).body


def test_a_template_may_not_fill_the_memory() -> None:
    """A field of a billion characters, by `%`, by `format` and by an argument, is not computed."""
    source = """
import argparse
parser = argparse.ArgumentParser(prog="%999999999d" % 1)
parser.add_argument("--one", help="{:999999999}".format("x"))
parser.add_argument("--two", help="%*d" % (999999999, 1))
parser.add_argument("--three", help=("x" * 9).replace("x", "y" * 9).join(["a", "b"]))
parser.parse_args()
"""
    tracemalloc.start()
    lines = join_interfaces([facts_of("tool.py", source)], (), ())
    assert [option.names for line in lines for option in line.options] == [("--one",), ("--two",), ("--three",)]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10_000_000
