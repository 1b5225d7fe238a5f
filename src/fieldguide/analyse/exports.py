"""Works out what a project offers to whoever imports it.

Comes in: modules, symbols and imports, resolved.
Goes out: for each public module the names that are best imported from there.
Must never: list one definition twice; list what only tests or tools define.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from fieldguide.domain.symbols import Export, ImportScope, Module, Symbol, SymbolKind

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator, Mapping

    from fieldguide.analyse.resolution import Resolution

_PLUMBING = re.compile(
    r"^(?:logging\.)?getLogger\(|^(?:\w+\.)?(?:TypeVar|ParamSpec|TypeVarTuple|NewType)\(|^(?:structlog|loguru)\."
)
_PLUMBING_NAMES = frozenset({"logger", "log", "LOGGER", "LOG"})
_REGISTERED = re.compile(r"(?:^|\.)(?:command|group|route)(?:\(|$)|\.(?:cli|callback)\b|^typer\.")
"""Decorators of what is run from a command line or by a request: nobody calls it from Python."""


def resolve_all(modules: Mapping[str, Module], resolution: Resolution) -> dict[str, tuple[str, ...] | None]:
    """`__all__` of each module with that of the modules whose `__all__` it adds to its own."""
    resolved: dict[str, tuple[str, ...] | None] = {}

    def of(name: str, above: frozenset[str]) -> tuple[str, ...] | None:
        module = modules[name]
        if module.exports is None or name in resolved or name in above:
            return resolved.get(name, module.exports)
        names = list(module.exports)
        for other in module.exports_of:
            source = resolution.module(other, name)
            names += (of(source, above | {name}) or ()) if source else ()
        resolved[name] = tuple(dict.fromkeys(names))
        return resolved[name]

    return {name: of(name, frozenset()) for name in modules}


def find_exports(
    resolution: Resolution, package_code: Collection[str], used: Container[str], loose: Container[str] = ()
) -> dict[str, list[Export]]:
    """Public names by the public module that each is best imported from, in the order of the code.

    Args:
        resolution: Of modules whose `__all__` is complete.
        package_code: Modules that are installed, tests and tools left out.
        used: Definitions that another module uses; a plain variable that none does is a script's own business.
        loose: Modules that no distribution holds: scripts, of which only what others use is an interface.
    """
    offers: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for name in sorted(package_code):
        if any(part.startswith("_") or not part.isidentifier() for part in name.split(".")):
            continue
        for exported, target in _offered(resolution, name, used):
            if name not in loose or target in used:
                offers[target].append((name, exported))
    exports: defaultdict[str, list[Export]] = defaultdict(list)
    for target, places in offers.items():
        symbol = resolution.symbols[target]
        module, name = min(places, key=lambda place: _distance(place, symbol, resolution.modules))
        exports[module].append(Export(f"{module}.{name}", target))
    return dict(exports)


def _distance(place: tuple[str, str], symbol: Symbol, modules: Mapping[str, Module]) -> tuple[object, ...]:
    """What is shorter, says it in `__all__`, keeps the definition's name, and is where it is defined comes first."""
    module, name = place
    listed = modules[module].exports is not None
    return (module.count("."), not listed, name != symbol.short, module != symbol.module, module, name)


def _offered(resolution: Resolution, module: str, used: Container[str]) -> Iterator[tuple[str, str]]:
    """Names that `module` offers, and their definitions."""
    exports = resolution.modules[module].exports
    names = exports if exports is not None else _conventional(resolution, module, frozenset())
    for name in names:
        target = resolution.symbol(module, name)
        if target is None:
            continue
        symbol = resolution.symbols[target]
        hidden = _is_plumbing(symbol) or (_is_variable(symbol) and target not in used) or _is_registered(symbol)
        if exports is not None or not hidden:
            yield name, target


def _conventional(resolution: Resolution, module: str, above: frozenset[str]) -> list[str]:
    """Names that a module without `__all__` offers: its own, and for a package those that it imports from its parts."""
    prefix = f"{module}."
    names = [
        symbol.short
        for symbol in resolution.definitions.get(module, ())
        if "." not in symbol.short and not symbol.short.startswith("_")
    ]
    top = module.split(".", 1)[0]
    for name, one in resolution.bound(module).items():
        if one.name is None or one.scope is ImportScope.FUNCTION or name.startswith("_"):
            continue
        reexported = resolution.modules[module].is_package and one.module.startswith((prefix, module))
        if reexported or (one.alias == one.name and one.module.split(".", 1)[0] == top):
            names.append(name)
    for star in resolution.stars(module):
        exports = resolution.modules[star].exports
        if exports is not None:
            names += exports
        elif star not in above:
            names += _conventional(resolution, star, above | {module})
    return list(dict.fromkeys(names))


def _is_variable(symbol: Symbol) -> bool:
    """An attribute in lower case of which the code says nothing."""
    silent = symbol.returns is None and not symbol.docstring.summary
    return symbol.kind is SymbolKind.ATTRIBUTE and symbol.short.islower() and silent


def _is_registered(symbol: Symbol) -> bool:
    """A command or a request handler: the page of commands says what it does."""
    return symbol.kind is SymbolKind.FUNCTION and any(_REGISTERED.search(one) for one in symbol.decorators)


def _is_plumbing(symbol: Symbol) -> bool:
    """A logger, a type variable: nobody imports it to use the project."""
    if symbol.kind is not SymbolKind.ATTRIBUTE or symbol.docstring.summary:
        return False
    return symbol.short in _PLUMBING_NAMES or bool(symbol.value and _PLUMBING.match(symbol.value))
