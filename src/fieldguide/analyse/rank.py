"""Says what matters most: modules by the import graph, exported names by how many modules use them.

Comes in: modules and imports, resolved; exports in the order of the code.
Goes out: ranks of modules, and exports in the order in which a page should show them.
Must never: depend on the order in which files were read.

Ranks are PageRank (Page, Brin, Motwani, Winograd: The PageRank Citation Ranking, 1999) with the usual damping of 0.85.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from fieldguide.analyse.families import is_exception
from fieldguide.domain.source import Role
from fieldguide.domain.symbols import Export, Import, ImportScope, Symbol, SymbolKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from fieldguide.analyse.resolution import Resolution

_WEIGHTS = {
    ImportScope.MODULE: 1.0,
    ImportScope.TRY: 1.0,
    ImportScope.FUNCTION: 0.5,
    ImportScope.TYPE_CHECKING: 0.2,
}
_OUTSIDE = 0.2
"""Weight of a test's or example's imports beside those of source modules."""
INSIDE = 1
"""Weight of all uses by the top package that defines it: they say how it is built, not what it is for."""
BESIDE = 3
"""Weight of a use by any other module, a test above all."""
SHOWN = 9
"""Weight of a use in documentation or an example file."""
TRIED = 1
"""Weight of a use in a test that could stand alone: what most of them use is what the project is for."""
_VERB = re.compile(
    r"^(?:set|get|is|has|reset|clear|add|remove|enable|disable|register|unregister|start|stop|open|close|load|dump"
    r"|create|delete|update|a|async"
    r")_(?=\w)"
)
_SWITCH = re.compile(r"^(?:set|get|is|has|reset|clear|enable|disable|activate|deactivate|configure)_\w")
_CLASS_PREFIX = re.compile(r"^(?:Async|Sync|Bound|Base|Abstract|Default|Simple)(?=[A-Z])")


def module_ranks(resolution: Resolution, imports: Iterable[Import]) -> dict[str, float]:
    """PageRank of every module over the imports between them, from importer to imported; the ranks add up to 1."""
    from rustworkx import PyDiGraph, pagerank  # noqa: PLC0415  heavy: needed once a run

    names = sorted(resolution.modules)
    if not names:
        return {}
    graph: PyDiGraph[str, float] = PyDiGraph(multigraph=False)
    index = dict(zip(names, graph.add_nodes_from(names), strict=True))
    weights: dict[tuple[int, int], float] = {}
    for one in imports:
        target = imported_module(resolution, one)
        if target is not None and target != one.importer and one.importer in index:
            edge = (index[one.importer], index[target])
            role = resolution.modules[one.importer].role
            weight = _WEIGHTS[one.scope] * (1.0 if role is Role.SOURCE else _OUTSIDE)
            weights[edge] = max(weights.get(edge, 0.0), weight)
    graph.add_edges_from([(source, target, weight) for (source, target), weight in sorted(weights.items())])
    ranks = pagerank(graph, weight_fn=float, tol=1e-9, max_iter=200)
    return {name: ranks[index[name]] for name in names}


def imported_module(resolution: Resolution, one: Import) -> str | None:
    """The module that an import leads to: where the name is defined, not where it is passed on."""
    module = resolution.module(one.module, one.importer)
    if one.name is None or one.name == "*":
        return module
    inner = resolution.module(f"{one.module}.{one.name}", one.importer)
    if inner is not None:
        return inner
    symbol = resolution.symbol(module, one.name) if module else None
    return resolution.symbols[symbol].module if symbol else module


def count_uses(
    resolution: Resolution,
    imports: Iterable[Import],
    uses: Mapping[str, Sequence[str]],
    shown: Iterable[Sequence[str]] = (),
    tried: Iterable[Sequence[str]] = (),
) -> Counter[str]:
    """How much each definition is used: by the project's own modules, by others, and where it is shown to people.

    Args:
        resolution: Of the project.
        imports: All of them; passing a name on from a package is no use.
        uses: Dotted names that each module uses.
        shown: Dotted names that each example written for people uses: what authors show is what they want used.
        tried: Dotted names that each test uses which could stand alone.
    """
    pairs: set[tuple[str, str]] = set()
    for one in imports:
        module = resolution.module(one.module, one.importer) if one.name not in {None, "*"} else None
        target = resolution.symbol(module, one.name) if module and one.name else None
        if target and not _passes_on(resolution, one.importer, target):
            pairs.add((one.importer, target))
    for importer, names in uses.items():
        for name in names:
            target = resolution.dotted(name, importer)
            if target and resolution.symbols[target].module != importer:
                pairs.add((importer, target))
    counts: Counter[str] = Counter()
    inside: set[str] = set()
    for importer, target in pairs:
        if importer.partition(".")[0] != target.partition(".")[0]:
            counts[target] += BESIDE
        else:
            inside.add(target)
    counts.update(dict.fromkeys(inside, INSIDE))
    for examples, weight in ((shown, SHOWN), (tried, TRIED)):
        for names in examples:
            targets = {resolution.dotted(name, "") for name in names}
            counts.update({target: weight for target in targets if target})
    return counts


def _passes_on(resolution: Resolution, importer: str, target: str) -> bool:
    module = resolution.modules.get(importer)
    return bool(module and module.is_package and target.startswith(f"{importer}."))


def order_exports(
    exports: Mapping[str, Sequence[Export]],
    resolution: Resolution,
    counts: Counter[str],
    first: Collection[str],
    entries: Collection[str] = (),
) -> dict[str, tuple[Export, ...]]:
    """Modules and names in the order of importance.

    Args:
        exports: By public module.
        resolution: Of the same project.
        counts: As `count_uses` gives them.
        first: Top packages: what they export comes before everything else.
        entries: Modules that a command starts: what they hold besides is seldom meant for others.
    """
    symbols = resolution.symbols

    def place(module: str) -> tuple[object, ...]:
        used = [counts[one.target] for one in exports[module]]
        errors = all(_tier(symbols[one.target], symbols) for one in exports[module])
        below = module.count(".") > 0
        return (module not in first, below, below and (module in entries or errors), -max(used), -sum(used), module)

    return {
        module: tuple(_order_names(exports[module], symbols, counts, _listed(resolution, module)))
        for module in sorted(exports, key=place)
    }


def _listed(resolution: Resolution, module: str) -> dict[str, int]:
    """Place of each name in the module's `__all__`, where its author chose the order."""
    names = resolution.modules[module].exports if module in resolution.modules else None
    if not names or list(names) in (sorted(names), sorted(names, key=str.lower)):
        return {}
    return {name: place for place, name in enumerate(names)}


def _order_names(
    exports: Sequence[Export], symbols: Mapping[str, Symbol], counts: Counter[str], listed: Mapping[str, int]
) -> list[Export]:
    """Groups by their most used name; inside a group, and among equals, the author's order, else that of the code."""
    groups: defaultdict[str, list[Export]] = defaultdict(list)
    stems = _stems([one.name.rpartition(".")[2] for one in exports])
    for one in exports:
        groups[stems[one.name.rpartition(".")[2]]].append(one)

    def line(one: Export) -> tuple[int, str, int]:
        span = symbols[one.target].span
        return (listed.get(one.name.rpartition(".")[2], len(listed)), span.path, span.first)

    def weight(group: Sequence[Export]) -> tuple[object, ...]:
        tiers = [_tier(symbols[one.target], symbols) for one in group]
        used = max(counts[one.target] for one in group)
        switches = all(_SWITCH.match(one.name.rpartition(".")[2]) for one in group)
        # Tests turn switches on and off everywhere; they are still not what the project is for.
        classes = any(symbols[one.target].kind is SymbolKind.CLASS for one in group)
        return (min(tiers), -used / 6 if switches else -used, not classes, min(line(one) for one in group))

    def within(one: Export) -> tuple[object, ...]:
        name = one.name.rpartition(".")[2]
        return (_tier(symbols[one.target], symbols), name != stems[name], line(one))

    ordered = sorted(groups.values(), key=weight)
    return [one for group in ordered for one in sorted(group, key=within)]


def _tier(symbol: Symbol, symbols: Mapping[str, Symbol]) -> int:
    """Functions and classes, then exceptions, then values that say nothing of themselves."""
    if symbol.kind is SymbolKind.ATTRIBUTE:
        return 0 if symbol.docstring.summary else 2
    return 1 if symbol.kind is SymbolKind.CLASS and is_exception(symbol.name, symbols) else 0


def _stems(names: Sequence[str]) -> dict[str, str]:
    """The stem that each name shares with its like: `set_x` and `is_x`, `AsyncThing` and `Thing`, `x_all` and `x`."""
    stems: dict[str, str] = {}
    for name in names:
        stem = name
        while (shorter := _CLASS_PREFIX.sub("", stem)) != stem:
            stem = shorter
        stems[name] = _VERB.sub("", stem)
    counted = Counter(stems.values())
    known = set(names)
    for name in names:
        if counted[stems[name]] == 1:
            parts = name.split("_")
            heads = ["_".join(parts[:cut]) for cut in range(1, len(parts))]
            stems[name] = next((head for head in heads if head in known), name)
    return stems
