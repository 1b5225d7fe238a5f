"""What one module defines, imports and exports is read without running it."""

from __future__ import annotations

import pickle
import sysconfig
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.analyse import analyse_file, module_names
from fieldguide.domain.codebase import FileFacts
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Role, SkipReason, SourceFile
from fieldguide.domain.symbols import ImportScope, ParameterKind, Symbol, SymbolKind

Facts = Callable[..., FileFacts]


def by_name(facts: FileFacts) -> dict[str, Symbol]:
    return {symbol.short: symbol for symbol in facts.symbols}


def test_definitions_have_kind_signature_lines_and_docstring(facts_of: Facts) -> None:
    facts = facts_of('''\
        """Reads rows.

        More of it.
        """
        import functools
        from abc import ABC, abstractmethod
        LIMIT: int = 10
        """How many."""

        @functools.cache
        async def fetch(key, /, rest: "int" = LIMIT, *more, strict=True, **kw) -> list[str]:
            """Fetch rows."""

        class Base(ABC):
            @property
            @functools.wraps(print)
            def name(self) -> str:
                """Its name."""
            @name.setter
            def name(self, value): ...
            @abstractmethod
            def run(self): ...
            @staticmethod
            def make(size): ...
            def _hidden(self):
                def inner(): ...
    ''')
    symbols = by_name(facts)
    assert facts.summary == "Reads rows."
    fetch = symbols["fetch"]
    assert fetch.asynchronous
    assert fetch.returns == "list[str]"
    assert (fetch.span.first, fetch.span.last) == (10, 12)
    assert [(one.name, one.kind, one.annotation, one.default) for one in fetch.parameters] == [
        ("key", ParameterKind.POSITIONAL_ONLY, None, None),
        ("rest", ParameterKind.POSITIONAL_OR_KEYWORD, "int", "LIMIT"),
        ("more", ParameterKind.VARIADIC_POSITIONAL, None, None),
        ("strict", ParameterKind.KEYWORD_ONLY, None, "True"),
        ("kw", ParameterKind.VARIADIC_KEYWORD, None, None),
    ]
    assert symbols["LIMIT"].value == "10"
    assert symbols["LIMIT"].docstring.summary == "How many."
    assert symbols["Base"].abstract
    assert symbols["Base"].bases == ("abc.ABC",)
    name = symbols["Base.name"]
    assert (name.kind, name.span.first, name.span.last) == (SymbolKind.PROPERTY, 15, 18)
    assert name.decorators == ("property", "functools.wraps(print)")
    assert symbols["Base.run"].abstract
    assert symbols["Base.make"].kind is SymbolKind.FUNCTION
    assert [one.name for one in symbols["Base.make"].parameters] == ["size"]
    assert not symbols["Base._hidden"].public
    assert "inner" not in " ".join(symbols)


def test_overloads_are_folded_into_their_implementation(facts_of: Facts) -> None:
    facts = facts_of("""
        from typing import overload
        @overload
        def read(path: str) -> str: ...
        @overload
        def read(path: bytes) -> bytes: ...
        def read(path, mode=None): return path
    """)
    (read,) = facts.symbols
    assert [one.name for one in read.parameters] == ["path", "mode"]


CONSTRUCTORS: list[tuple[str, list[tuple[str, str | None]]]] = [
    ("class A:\n    def __init__(self, x, *, y=1): ...", [("x", None), ("y", "1")]),
    (
        (
            "@dataclass\nclass A:\n    x: int\n    y: list = field(default_factory=list)\n    z: ClassVar[int] = 1\n"
            "    w: int = field(init=False)"
        ),
        [("x", None), ("y", "[]")],
    ),
    ("@dataclasses.dataclass(kw_only=True)\nclass A:\n    x: int = 3", [("x", "3")]),
    (
        (
            "@attrs.define\nclass A:\n    _x: int\n    y = attrs.field(default=2, kw_only=True)\n"
            "    def f(self):\n        self.z = 1"
        ),
        [("x", None), ("y", "2")],
    ),
    ("@attr.s\nclass A:\n    x = attr.ib()\n    y = attr.ib(factory=dict)", [("x", None), ("y", "{}")]),
    ("class A(NamedTuple):\n    x: int\n    y: str = 'a'", [("x", None), ("y", "'a'")]),
    (
        (
            "class A(pydantic.BaseModel):\n    model_config = {}\n    x: int = Field(..., description='d')\n"
            "    y: int = Field(5)\n    _p: int = 1"
        ),
        [("x", None), ("y", "5")],
    ),
    ("class A:\n    x: int", []),
]


@pytest.mark.parametrize(("text", "expected"), CONSTRUCTORS)
def test_a_class_takes_what_its_constructor_or_fields_say(
    facts_of: Facts, text: str, expected: list[tuple[str, str | None]]
) -> None:
    prelude = "import attr, attrs, pydantic\nfrom dataclasses import dataclass, field\n"
    prelude += "from typing import ClassVar, NamedTuple\nfrom pydantic import Field\n"
    class_ = by_name(facts_of(prelude + text))["A"]
    assert [(one.name, one.default) for one in class_.parameters] == expected


def test_imports_are_absolute_and_say_how_strong_they_are(facts_of: Facts) -> None:
    facts = facts_of("""
        from typing import TYPE_CHECKING
        import a.b as c
        from . import near
        from ..up import *
        if TYPE_CHECKING:
            from x import T
        try:
            import fast
        except ImportError:
            fast = None
        with suppress(ModuleNotFoundError):
            import maybe
        def f():
            import late
        class C:
            from y import inside
    """, module="top.middle.leaf")  # fmt: skip
    found = {(one.module, one.name, one.alias): one.scope for one in facts.imports}
    assert found[("a.b", None, "c")] is ImportScope.MODULE
    assert found[("top.middle", "near", None)] is ImportScope.MODULE
    assert found[("top.up", "*", None)] is ImportScope.MODULE
    assert found[("x", "T", None)] is ImportScope.TYPE_CHECKING
    assert found[("fast", None, None)] is ImportScope.TRY
    assert found[("maybe", None, None)] is ImportScope.TRY
    assert found[("late", None, None)] is ImportScope.FUNCTION
    assert found[("y", "inside", None)] is ImportScope.MODULE


EXPORTS = [
    ("__all__ = ['a', 'b']", ("a", "b")),
    ("__all__ = ('a',) + ('b',)", ("a", "b")),
    ("__all__: list[str] = ['a']\n__all__ += ['b']", ("a", "b")),
    ("__all__ = ['a']\n__all__.append('b')\n__all__.extend(['c'])", ("a", "b", "c")),
    ("__all__ = [*['a'], 'b']", ("a", "b")),
    ("__all__ = [name for name in dir()]", None),
    ("x = 1", None),
]


@pytest.mark.parametrize(("text", "expected"), EXPORTS)
def test_literal_exports_are_read(facts_of: Facts, text: str, expected: tuple[str, ...] | None) -> None:
    module = facts_of(text).module
    assert module is not None
    assert module.exports == expected


def test_names_used_through_modules_and_the_main_guard(facts_of: Facts) -> None:
    facts = facts_of("""
        import stamina as s, os
        from package import sub
        s.retry(); sub.run.fast(); os.path
        if __name__ == '__main__':
            s.set_active(True)
    """)
    assert facts.uses == ("package.sub.run.fast", "stamina.retry", "stamina.set_active")
    assert facts.module is not None
    assert facts.module.main_guard == 5


def test_what_stands_before_a_fault_is_kept(facts_of: Facts) -> None:
    facts = facts_of('"""Reads rows."""\nimport a\n\ndef f(x):\n    return x\n\ndef g(:\n    pass\n')
    assert facts.skipped is not None
    assert facts.skipped.reason is SkipReason.UNPARSED
    assert facts.skipped.detail.startswith("line 7")
    assert facts.summary == "Reads rows."
    assert [symbol.short for symbol in facts.symbols] == ["f"]
    assert [one.module for one in facts.imports] == ["a"]


def test_a_test_gives_no_symbols(facts_of: Facts) -> None:
    facts = facts_of("import a\ndef test_it(): ...", module="tests.test_it", path="tests/test_it.py")
    assert facts.symbols == ()
    assert facts.imports


NASTY = [
    "\0",
    "a\0b",
    "(" * 3000,
    "x = " + "-" * 5000 + "1",
    "f'{",
    "\ufeffx = 1",
    "class A(A): pass",
    "x.y: int = 3",
    "@p.setter\ndef p(): ...",
    "def __getattr__(n): ...\n_d = {'A': 'b', 1: 2, **x}",
    "__all__ += 3",
    "import *",
    "'\\q'",
    "x = 0x" + "f" * 6000,
    "a" + ".b" * 4000,
    "x = [" * 90 + "]" * 90,
]


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_give_facts(facts_of: Facts, text: str) -> None:
    facts = facts_of(text)
    assert facts.module is not None


TOKENS = [
    *("def f(", "):", "class ", "A", "\n", "    ", "import ", "from ", "x", "=", "[", "]", "'''", "@", "*", "__all__"),
    *("+= ", "if ", "try:", "except ImportError:", "\0", "\\", "lambda:", "await ", "1", '"""D."""', "match x:"),
    *("case _:", "é", ","),
]


@given(st.lists(st.sampled_from(TOKENS), max_size=25).map("".join))
def test_no_python_like_text_raises(text: str) -> None:
    source = SourceFile("a/b.py", "python", len(text), "digest", Role.SOURCE)
    facts = analyse_file(source, RedactedText(text), "a.b")
    assert facts.source == source


def test_real_packages_are_read_and_their_facts_travel() -> None:
    """Some modules of the packages installed here: none raises, spans lie in the file, facts encode."""
    root = Path(sysconfig.get_path("purelib"))
    paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    names = module_names(paths)
    decoder = msgspec.msgpack.Decoder(FileFacts)
    read = 0
    for path in paths[::40][:150]:
        text = (root / path).read_text("utf-8", errors="replace")
        facts = analyse_file(
            SourceFile(path, "python", len(text), "digest", Role.SOURCE), RedactedText(text), names[path]
        )
        assert decoder.decode(msgspec.msgpack.encode(facts)) == facts
        assert pickle.loads(pickle.dumps(facts)) == facts  # noqa: S301  our own
        lines = text.count("\n") + 1
        assert all(1 <= one.span.first <= one.span.last <= lines for one in facts.symbols)
        read += 1
    assert read > 50


def test_facts_of_a_setup_file_travel_between_processes(facts_of: Facts) -> None:
    facts = facts_of(
        "from setuptools import setup\nsetup(name='a', classifiers=['Typing :: Typed'], install_requires=['b>=1'])\n",
        module="setup",
        path="setup.py",
    )
    assert facts.manifest is not None
    assert facts.manifest.name == "a"
    assert pickle.loads(pickle.dumps(facts)) == facts  # noqa: S301  our own
