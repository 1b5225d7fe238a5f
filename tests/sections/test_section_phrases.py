"""Phrases, signatures and links that every section is built from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.source import Span
from fieldguide.domain.symbols import Parameter, ParameterKind, Symbol, SymbolKind
from fieldguide.write.sections.links import Links
from fieldguide.write.sections.phrases import article, capital, counted, listing, plural_of, python_versions
from fieldguide.write.sections.signature import WHOLE, signature

NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,14}", fullmatch=True)


@pytest.mark.parametrize(
    ("requirement", "phrase"),
    [
        (">=3.10", "Python 3.10 or later"),
        (">=3.10.0", "Python 3.10 or later"),
        (">=3.8,<4", "Python 3.8 or later"),
        ("<4.0,>=3.7", "Python 3.7 or later"),
        (">=3.9,<3.14", "Python 3.9 to 3.13"),
        (">=3.11,<3.12", "Python 3.11"),
        ("==3.11.*", "Python 3.11"),
        (">=3.9,!=3.9.1", "Python `>=3.9,!=3.9.1`"),
        ("^3.8", "Python `^3.8`"),
        (" ", ""),
    ],
)
def test_python_versions_in_words(requirement: str, phrase: str) -> None:
    assert python_versions(requirement) == phrase


def test_listing_with_and_without_a_limit() -> None:
    assert listing([]) == ""
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b and c"
    assert listing(["a", "b", "c", "d"], limit=3) == "a, b and 2 more"


def test_english() -> None:
    assert counted(1, "command") == "one command"
    assert counted(14, "class") == "14 classes"
    assert plural_of("registry") == "registries"
    assert article("`option`") == "an"
    assert capital("retries a call") == "Retries a call"
    assert capital("iPhone support") == "iPhone support"
    assert capital("`x` is set") == "`x` is set"


def function(name: str, *parameters: Parameter) -> Symbol:
    return Symbol(f"pkg.{name}", SymbolKind.FUNCTION, Span("pkg.py", 1, 2), "pkg", parameters)


def parameter(name: str, kind: str = "positional or keyword", default: str | None = None) -> Parameter:
    return Parameter(name, ParameterKind(kind), default=default)


def test_a_signature_has_its_markers() -> None:
    made = function(
        "f",
        parameter("a", "positional-only"),
        parameter("b"),
        parameter("c", "keyword-only", "1"),
        parameter("rest", "variadic keyword"),
    )
    assert signature(made) == "f(a, /, b, *, c=1, **rest)"


def test_a_method_bound_to_one_positional_keeps_its_slash() -> None:
    assert signature(function("on", parameter("on", "positional-only"))) == "on(on, /)"


def test_a_long_signature_is_cut_after_three_parameters_as_in_the_sample() -> None:
    names = ["on", "attempts", "timeout", "wait_initial", "wait_max", "wait_jitter", "wait_exp_base"]
    defaults = [None, "10", "45.0", "0.1", "5.0", "1.0", "2"]
    made = function("retry", *(parameter(n, "keyword-only", d) for n, d in zip(names, defaults, strict=True)))
    assert signature(made) == "retry(*, on, attempts=10, timeout=45.0, ...)"


@given(st.lists(st.tuples(NAMES, st.one_of(st.none(), NAMES)), max_size=12, unique_by=lambda pair: pair[0]))
def test_a_signature_is_cut_only_after_a_whole_parameter(pairs: list[tuple[str, str | None]]) -> None:
    made = function("call", *(parameter(name, default=default) for name, default in pairs))
    text = signature(made)
    inner = text.removeprefix("call(").removesuffix(")")
    shown = inner.split(", ") if inner else []
    whole = [name if default is None else f"{name}={default}" for name, default in pairs]
    if shown and shown[-1] == "...":
        assert len(f"call({', '.join(whole)})") > WHOLE
        assert shown[:-1] == whole[: len(shown) - 1]
        assert len(shown) > 1
    else:
        assert shown == whole


def test_links_are_relative_to_the_page_and_encoded() -> None:
    assert Links("").address("src/a b/(c)#.py", 3, 9) == "src/a%20b/%28c%29%23.py#L3-L9"
    assert Links("docs").address("src/a.py", 4, 4) == "../src/a.py#L4"
    assert Links("docs").address("docs/b.md") == "b.md"
    assert Links("").address("caf\udce9.py") == "caf%E9.py"


def test_a_name_is_linked_once_a_section() -> None:
    links = Links("").section()
    made = function("f")
    assert links.symbol(made, "f()") == "[`f()`](pkg.py#L1-L2)"
    assert links.symbol(made) == "`f`"
    assert links.section().symbol(made) == "[`f`](pkg.py#L1-L2)"
