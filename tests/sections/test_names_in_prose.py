"""A name in prose is the one definition whose qualified name ends in it, and none where there are several."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.source import Span
from fieldguide.domain.symbols import Symbol, SymbolKind
from fieldguide.write.sections.names import Endings

PARTS = st.sampled_from(["a", "b", "aa", "ab"])
NAMES = st.lists(PARTS, min_size=1, max_size=4).map(".".join)


def _symbols(names: set[str]) -> dict[str, Symbol]:
    return {one: Symbol(one, SymbolKind.FUNCTION, Span("a.py", 1, 1), "a") for one in sorted(names)}


@given(st.sets(NAMES, max_size=12), NAMES)
def test_a_name_is_what_alone_ends_in_all_its_parts(names: set[str], asked: str) -> None:
    parts = asked.split(".")
    meant = [one for one in names if one.split(".")[-len(parts) :] == parts]
    found = Endings(_symbols(names)).get(asked)
    assert (found.name if found else None) == (meant[0] if len(meant) == 1 else None)


@given(st.sets(NAMES, min_size=1, max_size=12))
def test_what_is_settled_is_meant_whatever_else_ends_in_it(names: set[str]) -> None:
    symbols = _symbols(names)
    endings, first = Endings(symbols), symbols[min(names)]
    endings.settle("b", first)
    assert endings.get("b") is first
