"""Finds many of a kind: concrete subclasses of one base that together deserve one table.

Comes in: classes with their bases resolved.
Goes out: families, the largest first.
Must never: count exceptions, tests, abstract classes, or what nobody can import by a public name.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from fieldguide.domain.symbols import Family, Symbol, SymbolKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

SMALLEST = 4
"""Members that make a family. At least half as many modules hold them: a thing that users add one of has a file of its
own, while the many small classes of one module are how that module works."""
_EXCEPTIONS = ("Error", "Exception", "Warning", "Exit", "Interrupt")
_IN_BETWEEN = re.compile(r"^(?:Base|Abstract|Mixin|Interface)(?![a-z0-9])|(?:Base|Mixin|Interface|Protocol)$")


def find_families(symbols: Mapping[str, Symbol], package_code: Collection[str]) -> tuple[Family, ...]:
    """Families among the classes of `package_code`. Of two that share most members, the more general one is kept."""
    classes = {
        name: symbol
        for name, symbol in symbols.items()
        if symbol.kind is SymbolKind.CLASS and symbol.module in package_code
    }
    children: defaultdict[str, list[str]] = defaultdict(list)
    for name, symbol in classes.items():
        for base in symbol.bases:
            if base in classes and base != name:
                children[base].append(name)
    found: list[tuple[str, list[str]]] = []
    for base in children:
        if not is_exception(base, classes) and not base.endswith("Mixin"):
            members = sorted(name for name in _descendants(base, children) if _is_member(classes[name], classes))
            homes = {classes[name].module for name in members}
            if len(members) >= SMALLEST and len(homes) * 2 >= len(members):
                found.append((base, members))
    families: list[Family] = []
    covered: set[str] = set()
    for base, members in sorted(found, key=lambda one: (-len(one[1]), one[0])):
        if len(covered.intersection(members)) * 2 <= len(members):
            covered.update(members)
            families.append(Family(base, tuple(members), _prefix([classes[name].module for name in members])))
    return tuple(families)


def _descendants(base: str, children: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [base]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found and child != base:
                found.add(child)
                waiting.append(child)
    return found


def _is_member(symbol: Symbol, classes: Mapping[str, Symbol]) -> bool:
    name = symbol.short.rpartition(".")[2]
    private = any(part.startswith("_") for part in symbol.short.split("."))
    between = _IN_BETWEEN.search(name)
    return symbol.public and not (symbol.abstract or private or between or is_exception(symbol.name, classes))


def is_exception(name: str, classes: Mapping[str, Symbol], above: frozenset[str] = frozenset()) -> bool:
    """The class is raised, by its name or by a base; `above` are classes that are being asked already."""
    if name.endswith(_EXCEPTIONS):
        return True
    symbol = classes.get(name)
    if symbol is None or name in above:
        return False
    return any(is_exception(base, classes, above | {name}) for base in symbol.bases)


def _prefix(modules: Sequence[str]) -> str:
    """The deepest package or module in which more than half of `modules` lie."""
    counted: Counter[str] = Counter()
    for module in modules:
        parts = module.split(".")
        counted.update(".".join(parts[:cut]) for cut in range(1, len(parts) + 1))
    most = [prefix for prefix, count in counted.items() if count * 2 > len(modules)]
    return max(most, key=lambda prefix: (prefix.count("."), prefix), default="")
