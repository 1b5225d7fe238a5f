"""Carries over from base classes what a class does not say itself: how it is constructed, and who its bases are.

Comes in: symbols of all files, and the means to resolve a base.
Goes out: the same symbols with resolved bases, and constructor parameters as they are inherited.
Must never: loop on classes that name each other as bases.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.analyse.python.constructors import field_style
from fieldguide.domain.symbols import Parameter, ParameterKind, Symbol, SymbolKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.analyse.resolution import Resolution


def inherit(symbols: Mapping[str, Symbol], resolution: Resolution) -> dict[str, Symbol]:
    """Symbols with bases resolved and constructors inherited."""
    resolved = {
        name: replace(symbol, bases=tuple(resolution.base(base, symbol) for base in symbol.bases))
        if symbol.bases
        else symbol
        for name, symbol in symbols.items()
    }
    constructors = _Constructors(resolved)
    return {
        name: replace(symbol, parameters=parameters)
        if symbol.kind is SymbolKind.CLASS
        and symbol.bases
        and (parameters := constructors.of(name, frozenset())) != symbol.parameters
        else symbol
        for name, symbol in resolved.items()
    }


class _Constructors:
    """Constructor parameters by class, worked out once each."""

    def __init__(self, symbols: Mapping[str, Symbol]) -> None:
        self._symbols = symbols
        self._styles: dict[str, str] = {}
        self._known: dict[str, tuple[Parameter, ...]] = {}
        self._fields: dict[str, list[Symbol]] = defaultdict(list)
        """Annotated attributes by class: looking through all symbols for each class took minutes of large trees."""
        for symbol in symbols.values():
            if _is_field(symbol):
                self._fields[symbol.name.rpartition(".")[0]].append(symbol)

    def of(self, name: str, above: frozenset[str]) -> tuple[Parameter, ...]:
        """Parameters of the constructor of class `name`."""
        if name not in self._known:
            self._known[name] = self._work_out(name, above | {name})
        return self._known[name]

    def _work_out(self, name: str, above: frozenset[str]) -> tuple[Parameter, ...]:
        symbol = self._symbols[name]
        if self._has_own(name):
            return symbol.parameters
        bases = [base for base in symbol.bases if base not in above and self._is_class(base)]
        if self._style(name, frozenset()):
            merged = {
                one.name: one
                for base in reversed(bases)
                if self._style(base, frozenset())
                for one in self.of(base, above)
            }
            merged |= {one.name: one for one in self._own_fields(symbol)}
            return tuple(sorted(merged.values(), key=lambda one: one.kind is ParameterKind.KEYWORD_ONLY))
        for base in bases:
            if parameters := self.of(base, above):
                return parameters
        return symbol.parameters

    def _has_own(self, name: str) -> bool:
        return f"{name}.__init__" in self._symbols or f"{name}.__new__" in self._symbols

    def _is_class(self, name: str) -> bool:
        symbol = self._symbols.get(name)
        return symbol is not None and symbol.kind is SymbolKind.CLASS

    def _style(self, name: str, above: frozenset[str]) -> str:
        """How the fields of a class become parameters; models inherit that from their base, dataclasses do not."""
        if name in self._styles:
            return self._styles[name]
        symbol = self._symbols[name]
        style = field_style(symbol.decorators, symbol.bases)
        if not style:
            inherited = (
                self._style(base, above | {name}) for base in symbol.bases if self._is_class(base) and base not in above
            )
            style = next((one for one in inherited if one in {"keywords", "struct"}), "")
        self._styles[name] = style
        return style

    def _own_fields(self, symbol: Symbol) -> tuple[Parameter, ...]:
        if symbol.parameters or field_style(symbol.decorators, symbol.bases):
            return symbol.parameters
        # A model below a model of another file: only now is it known that its annotated attributes are fields.
        return tuple(
            Parameter(one.short.rpartition(".")[2], ParameterKind.KEYWORD_ONLY, one.returns, one.value)
            for one in self._fields.get(symbol.name, ())
        )


def _is_field(symbol: Symbol) -> bool:
    name = symbol.name.rpartition(".")[2]
    plain = not name.startswith("_") and name != "model_config"
    return plain and symbol.kind is SymbolKind.ATTRIBUTE and symbol.returns is not None
