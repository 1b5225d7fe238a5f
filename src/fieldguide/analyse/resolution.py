"""Finds the definition behind a name, through imports, re-exports, stars and submodules.

Comes in: modules, symbols and imports of all files.
Goes out: qualified names of symbols and modules.
Must never: loop on modules that import each other.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from fieldguide.domain.symbols import Import, ImportScope, Module, Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Place = tuple[str, str]
"""A module and a name in it."""


class Resolution:
    """What each module binds by importing, and where that leads."""

    def __init__(self, modules: Mapping[str, Module], symbols: Mapping[str, Symbol], imports: Iterable[Import]) -> None:
        """Index the imports by their importer; `modules` and `symbols` are kept as they are."""
        self.modules = modules
        self.symbols = symbols
        self._bound: defaultdict[str, dict[str, Import]] = defaultdict(dict)
        self._stars: defaultdict[str, list[str]] = defaultdict(list)
        self._known: dict[Place, str | None] = {}
        self._located: dict[Place, str | None] = {}
        self._by_last: defaultdict[str, list[str]] = defaultdict(list)
        self.definitions: defaultdict[str, list[Symbol]] = defaultdict(list)
        """By module, in the order of the code."""
        for symbol in symbols.values():
            self.definitions[symbol.module].append(symbol)
        for name in modules:
            self._by_last[name.rpartition(".")[2]].append(name)
        for one in imports:
            if one.name == "*":
                self._stars[one.importer].append(one.module)
            else:
                name = one.alias or one.name or one.module.split(".", 1)[0]
                earlier = self._bound[one.importer].get(name)
                if earlier is None or one.scope is not ImportScope.FUNCTION:
                    self._bound[one.importer][name] = one

    def bound(self, module: str) -> Mapping[str, Import]:
        """Imports of `module` by the name that each binds."""
        return self._bound.get(module, {})

    def stars(self, module: str) -> tuple[str, ...]:
        """Modules of this project of which `module` takes everything."""
        located = (self.module(one, module) for one in self._stars.get(module, ()))
        return tuple(one for one in located if one)

    def module(self, name: str, importer: str) -> str | None:
        """The module of this project that `name` means where `importer` imports it, or `None`.

        Scripts import their neighbours by bare names, and code below a folder that is put on the path is named from
        there: so what is no module as it stands is looked for beside the importer, then as the only module of the
        importer's own tree that ends so.
        """
        if name in self.modules:
            return name
        place = (importer.rpartition(".")[0], name)
        if place not in self._located:
            # Inside a package an absolute name never means a neighbour.
            beside = f"{place[0]}.{name}" if place[0] and place[0] not in self.modules else name
            endings = [one for one in self._by_last[name.rpartition(".")[2]] if one.endswith(f".{name}")]
            own = [one for one in endings if "." in name and one.split(".", 1)[0] == importer.split(".", 1)[0]]
            self._located[place] = beside if beside in self.modules else own[0] if len(own) == 1 else None
        return self._located[place]

    def symbol(self, module: str, name: str) -> str | None:
        """Qualified name of the definition that `name` means in `module`; `None` for modules and foreign names."""
        place = (module, name)
        if place not in self._known:
            self._known[place] = None  # what is asked for while it is being answered is a circle
            self._known[place] = self._find(module, name)
        return self._known[place]

    def _find(self, module: str, name: str) -> str | None:
        if f"{module}.{name}" in self.symbols:
            return f"{module}.{name}"
        one = self.bound(module).get(name)
        if one is not None and one.name is not None:
            source = self.module(one.module, module)
            if source is not None and (source, one.name) != (module, name):
                return self.symbol(source, one.name)
            return None
        for star in self.stars(module):
            exports = self.modules[star].exports
            visible = name in exports if exports is not None else not name.startswith("_")
            if visible and star != module and (found := self.symbol(star, name)):
                return found
        return None

    def dotted(self, name: str, importer: str) -> str | None:
        """The definition that an absolute dotted name means: `stamina.retry`, `package.module.Class.method`."""
        if name in self.symbols:
            return name
        parts = name.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            module = self.module(".".join(parts[:cut]), importer)
            if module is None:
                continue
            found = self.symbol(module, parts[cut])
            inner = ".".join([found, *parts[cut + 1 :]]) if found else ""
            return inner if inner in self.symbols else found
        return None

    def base(self, base: str, class_: Symbol) -> str:
        """A base class as written, as the qualified name of its definition where that is known."""
        found = self.dotted(base, class_.module)
        if found is None and "." not in base:
            found = self.symbol(class_.module, base)  # by a star import
        return found or base
