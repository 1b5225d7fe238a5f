"""The diagram: Mermaid parses it whatever the names are, and every arrow in it is an import."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from fieldguide.domain.codebase import Codebase
from fieldguide.domain.source import Role, Span
from fieldguide.domain.symbols import Import, ImportScope, Module, Symbol, SymbolKind
from fieldguide.write.diagram import Diagram, draw
from fieldguide.write.diagram.boxes import Box
from fieldguide.write.diagram.circles import against_the_stream
from fieldguide.write.diagram.mermaid import Node, flowchart
from fieldguide.write.diagram.picture import Picture, reached
from fieldguide.write.diagram.reduction import reduce
from fieldguide.write.sections.components import components
from fieldguide.write.sections.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable


class _Validation(Protocol):
    valid: bool
    error: str | None


class _Mermaid(Protocol):
    def validate(self, source: str, options_json: str | None) -> _Validation: ...


MERMAID = cast("_Mermaid", import_module("merman").Merman())


def mermaid_error(text: str) -> str | None:
    """Return what Mermaid's grammar, as the wheel `merman` has it, says against a diagram."""
    found = MERMAID.validate(text, None)
    return None if found.valid else found.error or "not valid"


KEYWORDS = ["end", "graph", "subgraph", "class", "style", "click", "default", "flowchart", "direction", "TD", "o", "x"]
LABELS = st.one_of(st.sampled_from(KEYWORDS), st.text(min_size=1, max_size=12).filter(str.strip))


PARTS = st.lists(st.tuples(LABELS, st.booleans(), st.sampled_from(["", "end", "a b", 'q"'])), min_size=2, max_size=6)


@given(PARTS)
def test_any_names_make_a_diagram_that_parses(parts: list[tuple[str, bool, str]]) -> None:
    assert mermaid_error(hostile_diagram(parts)) is None


@settings(max_examples=60)
@given(PARTS)
def test_mermaids_own_parser_agrees(
    mermaid_parse: Callable[[str], str | None], parts: list[tuple[str, bool, str]]
) -> None:
    assert mermaid_parse(hostile_diagram(parts)) is None


def hostile_diagram(parts: list[tuple[str, bool, str]]) -> str:
    nodes = [Node(f"{index}/{label}", (label,), rounded, frame) for index, (label, rounded, frame) in enumerate(parts)]
    keys = [one.key for one in nodes]
    solid = {(keys[0], key) for key in keys[1:]} | {(keys[-1], keys[0])}
    dotted = {(keys[-1], keys[1])} - solid
    return flowchart(nodes, solid, dotted)


def test_the_oracle_refuses_what_is_broken() -> None:
    assert mermaid_error('flowchart TD\n    a["x --> b') is not None


NAMES = st.integers(0, 7).map(str)


@given(st.sets(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]), min_size=1))
def test_reduction_keeps_what_leads_where_and_adds_nothing(arrows: set[tuple[str, str]]) -> None:
    boxes = {name: Box(name, frozenset({name})) for arrow in arrows for name in arrow}
    whole = Picture(boxes, frozenset(arrows))
    slim = reduce(whole)
    assert slim.solid <= whole.solid
    for name in boxes:
        assert reached(slim, name) == reached(whole, name)


@given(st.sets(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]), min_size=1))
def test_without_the_arrows_against_the_stream_there_is_no_circle(arrows: set[tuple[str, str]]) -> None:
    gone = against_the_stream(arrows, {})
    left = arrows - gone
    opened = Picture({name: Box(name, frozenset({name})) for arrow in arrows for name in arrow}, frozenset(left))
    assert not [pair for pair in left if pair[0] in reached(opened, pair[1])]
    assert len(gone) * 2 <= len(arrows)


def codebase(imports: list[tuple[str, str]], *, inside: frozenset[tuple[str, str]] = frozenset()) -> Codebase:
    """Return a codebase of modules that each define a function, with the imports given."""
    names = sorted({name for pair in imports for name in pair})
    packages = {name for name in names if any(other.startswith(name + ".") for other in names)}
    modules = {
        name: Module(name, _path(name, name in packages), Role.SOURCE, 50, is_package=name in packages)
        for name in names
    }
    symbols = {
        f"{name}.work": Symbol(f"{name}.work", SymbolKind.FUNCTION, Span(one.path, 1, 2), name)
        for name, one in modules.items()
    }
    found = tuple(Import(a, b, "work", None, Span(modules[a].path, 1, 1), _scope((a, b) in inside)) for a, b in imports)
    return Codebase("demo", (), modules=modules, symbols=symbols, imports=found)


def _path(name: str, package: bool) -> str:  # noqa: FBT001 - a condition, not a mode
    return name.replace(".", "/") + ("/__init__.py" if package else ".py")


def _scope(inside: bool) -> ImportScope:  # noqa: FBT001 - a condition, not a mode
    return ImportScope.FUNCTION if inside else ImportScope.MODULE


def drawn(one: Codebase) -> Diagram:
    diagram = draw(one, one.modules.values())
    assert diagram is not None
    assert mermaid_error(diagram.mermaid) is None
    return diagram


def test_an_implied_arrow_is_left_out_and_said_so() -> None:
    diagram = drawn(codebase([("demo.a", "demo.b"), ("demo.b", "demo.c"), ("demo.a", "demo.c")]))
    assert "a --> b" in diagram.mermaid
    assert "a --> c" not in diagram.mermaid
    assert diagram.reduced


def test_an_import_within_a_function_is_dotted() -> None:
    pairs = [("demo.a", "demo.b"), ("demo.b", "demo.c"), ("demo.c", "demo.a")]
    diagram = drawn(codebase(pairs, inside=frozenset(pairs[2:])))
    assert "c -.-> a" in diagram.mermaid
    assert diagram.dotted


def test_two_that_import_each_other_share_an_arrow_with_two_heads() -> None:
    diagram = drawn(codebase([("demo.a", "demo.b"), ("demo.b", "demo.a"), ("demo.b", "demo.c")]))
    assert diagram.mermaid.count("a <--> b") == 1


def test_what_nearly_all_import_is_left_out_and_named() -> None:
    chain = [(f"demo.m{n}", f"demo.m{n + 1}") for n in range(9)]
    everywhere = [(f"demo.m{n}", "demo.errors") for n in range(10)]
    diagram = drawn(codebase(chain + everywhere))
    assert diagram.everywhere == ("errors",)
    assert "errors" not in diagram.mermaid


def test_the_legend_names_what_is_left_out() -> None:
    chain = [(f"demo.m{n}", f"demo.m{n + 1}") for n in range(9)]
    everywhere = [(f"demo.m{n}", "demo.errors") for n in range(10)]
    package = codebase([("demo", "demo.m0"), *chain, *everywhere])
    text = components(Subject.of(package, "README.md"))
    assert "`errors` is imported by several modules and left out." in text
    assert "An arrow points from the importing module to the imported one." in text


def test_at_most_twelve_boxes_and_the_rest_is_named() -> None:
    spokes = [("demo.a", f"demo.b{n}") for n in range(10)] + [("demo.c", f"demo.b{n}") for n in range(10)]
    rings = [(f"demo.d{n}", f"demo.d{(n + 1) % 9}") for n in range(9)]
    diagram = drawn(codebase([*spokes, *rings]))
    assert sum('["' in line for line in diagram.mermaid.splitlines()) <= 12
    assert diagram.left_out


def test_two_modules_make_no_diagram() -> None:
    one = codebase([("demo.a", "demo.b")])
    assert draw(one, one.modules.values()) is None


MODULES = st.integers(0, 15).map(lambda number: f"demo.p{number % 4}.m{number}")
PAIRS = st.lists(st.tuples(MODULES, MODULES), max_size=40)


@settings(max_examples=60)
@given(PAIRS)
def test_any_import_graph_gives_a_small_valid_diagram_the_same_each_time(pairs: list[tuple[str, str]]) -> None:
    one = codebase(pairs)
    diagram = draw(one, one.modules.values())
    if diagram is not None:
        assert mermaid_error(diagram.mermaid) is None
        assert sum("[" in line and "subgraph" not in line for line in diagram.mermaid.splitlines()) <= 12
        again = codebase(list(reversed(pairs)))
        assert draw(again, again.modules.values()) == diagram


def test_a_module_beside_the_package_is_named_and_not_drawn(library: Codebase) -> None:
    """A shim or a script at the root does not keep the package that is the project from being opened."""
    modules = {name: replace(one, lines=400) for name, one in library.modules.items() if one.role is Role.SOURCE}
    alone = draw(library, modules.values())
    beside = Module("documents", "documents.py", Role.SOURCE, 9)
    shim = Module("__main__", "__main__.py", Role.SOURCE, 3)
    both = draw(library, [*modules.values(), beside, shim])
    assert alone is not None
    assert both is not None
    assert both.mermaid == alone.mermaid
    assert both.left_out == (*alone.left_out, "documents")
