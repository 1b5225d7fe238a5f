"""Who imports whom, module by module, with re-exporting modules seen through.

Comes in: a `Codebase`. Goes out: edges between its source modules, and from them to third-party distributions.
Must never: count an import that only type checkers make, or one that a test makes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldguide.domain.symbols import ImportScope, Module, SymbolKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.symbols import Import

_LONGEST_CHAIN = 12
_DULL = frozenset(
    {"_version", "version", "__about__", "__version__", "_build_version", "management", "migrations"}
    | {"_vendor", "_vendored", "conftest", "vendor", "vendored"}
)
"""Parts of a module's name that make it no part of the picture: versions, what Django calls by name, other people's."""


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One module imports another; `inside` when it does so only within a function."""

    importer: str
    imported: str
    inside: bool


@dataclass(frozen=True, slots=True)
class ImportGraph:
    """Edges between modules, and edges from modules to distributions."""

    modules: Mapping[str, Module]
    internal: tuple[Edge, ...]
    external: tuple[Edge, ...]
    pass_through: frozenset[str] = field(default_factory=frozenset[str])
    """Modules that define nothing public: they hand on what others define, or only stand for their package."""


def import_graph(codebase: Codebase, shown: Iterable[Module]) -> ImportGraph:
    """Return the imports of the modules that are shown; an edge goes to the module that defines the imported name."""
    kinds = {SymbolKind.CLASS, SymbolKind.FUNCTION}
    defining = {one.module for one in codebase.symbols.values() if one.kind in kinds}
    named = (one for one in shown if not _DULL.intersection(one.name.split(".")))
    # A `__main__` that defines nothing only starts what is drawn anyway.
    modules = {one.name: one for one in named if not one.name.endswith("__main__") or one.name in defining}
    resolver = _Resolver(codebase)
    distributions = {(span.path, span.first): one.name for one in codebase.dependencies for span in one.imports}
    internal: dict[tuple[str, str], bool] = {}
    external: dict[tuple[str, str], bool] = {}
    for one in codebase.imports:
        if one.importer not in modules or one.scope is ImportScope.TYPE_CHECKING:
            continue
        inside = one.scope is ImportScope.FUNCTION
        target = resolver.definer(one)
        table, end = (
            (internal, target) if target else (external, distributions.get((one.span.path, one.span.first), ""))
        )
        if end and end != one.importer and (end in modules or table is external):
            key = (one.importer, end)
            table[key] = table.get(key, True) and inside
    return ImportGraph(modules, _edges(internal), _edges(external), resolver.pass_through)


def _edges(table: dict[tuple[str, str], bool]) -> tuple[Edge, ...]:
    return tuple(sorted(Edge(importer, imported, inside) for (importer, imported), inside in table.items()))


class _Resolver:
    """Finds the module that defines what an import names."""

    def __init__(self, codebase: Codebase) -> None:
        modules = codebase.modules
        self._symbols = codebase.symbols
        self._modules = modules
        self._handed_on: dict[str, dict[str, Import]] = defaultdict(dict)
        self._stars: dict[str, list[str]] = defaultdict(list)
        for one in codebase.imports:
            if one.importer in modules and one.name == "*":
                self._stars[one.importer].append(one.module)
            elif one.importer in modules and one.name is not None:
                self._handed_on[one.importer].setdefault(one.alias or one.name, one)
        defining = {one.module for one in codebase.symbols.values() if not one.short.startswith("_")}
        handing = self._handed_on.keys() | self._stars.keys()
        self.pass_through = frozenset(
            name for name, one in modules.items() if name not in defining and (one.is_package or name in handing)
        )

    def definer(self, one: Import) -> str:
        """Return the name of the project's module behind an import; empty when it is not the project's."""
        if one.name is None or one.name == "*":
            return self._nearest(one.module)
        return self._follow(one.module, one.name, _LONGEST_CHAIN)

    def _follow(self, module: str, name: str, steps: int) -> str:
        whole = f"{module}.{name}"
        if whole in self._modules:
            return whole
        if module not in self._modules:
            return self._nearest(module)
        if whole in self._symbols or steps == 0:
            return module
        if handed := self._handed_on[module].get(name):
            return self._follow(handed.module, handed.name or name, steps - 1) or module
        starred = (one for one in self._stars[module] if f"{one}.{name}" in self._symbols)
        return next(starred, module)

    def _nearest(self, name: str) -> str:
        """Return the module itself, or the closest package above it that is the project's."""
        while name and name not in self._modules:
            name = name.rpartition(".")[0]
        return name
