"""Parameters that several public functions share: one table instead of one long signature each.

Comes in: exported functions and classes. Goes out: the largest group of parameters that at least two of them take
with the same defaults, with what the docstrings say of them.
Must never: join parameters whose defaults differ; describe one that no docstring describes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from fieldguide.domain.symbols import Parameter, ParameterKind, Symbol, SymbolKind
from fieldguide.write.sections.catalogue import catalogue
from fieldguide.write.sections.markdown import code, opening, paragraphs, table
from fieldguide.write.sections.options import literal
from fieldguide.write.sections.phrases import listing

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.write.sections.subject import Subject

_LOOKED_AT = 24
_FEWEST = 3
_MEANING = 160
_VARIADIC = frozenset({ParameterKind.VARIADIC_KEYWORD, ParameterKind.VARIADIC_POSITIONAL})

Key = tuple[str, str | None]
"""Name and default of a parameter."""


@dataclass(frozen=True, slots=True)
class SharedParameters:
    """A table's worth of parameters, who takes all of them, and who takes all but a few."""

    parameters: tuple[Parameter, ...]
    meanings: dict[str, str]
    takers: tuple[Symbol, ...]
    partial: tuple[tuple[Symbol, tuple[str, ...]], ...]
    """With the parameters that each does not take."""


def shared_parameters(codebase: Codebase) -> SharedParameters | None:
    """Return the largest shared group of parameters that is documented; `None` where there is none worth a table.

    For each pair of exported callables the common (name, default) pairs are counted; the largest set wins, the more
    important pair where two are as large. It needs three parameters, and a description for at least half of them.
    """
    callables = _callables(codebase)
    best: set[Key] = set()
    for one, other in combinations(callables, 2):
        common = _keys(one) & _keys(other)
        if len(common) > len(best) and _described(common, (one, other)):
            best = common
    if len(best) < _FEWEST:
        return None
    takers = tuple(one for one in callables if best <= _keys(one))
    rest = [one for one in callables if one not in takers]
    partial = tuple((one, _lacking(one, best)) for one in rest if len(best & _keys(one)) >= max(_FEWEST, len(best) - 2))
    meanings: dict[str, str] = {}
    for one in (*takers, *(symbol for symbol, _ in partial)):
        for name, text in one.docstring.parameters:
            meanings.setdefault(name.lstrip("*"), text)
    ordered = tuple(one for one in takers[0].parameters if (one.name, one.default) in best)
    return SharedParameters(ordered, meanings, takers, partial)


def shared_section(subject: Subject) -> str:
    """Return the table with the sentences that say whose parameters they are."""
    shared = shared_parameters(subject.codebase)
    if shared is None:
        return ""
    takers = listing([subject.links.symbol(one) for one in shared.takers], limit=8)
    lines = [f"These parameters are shared by {takers}."]
    by_lack: dict[tuple[str, ...], list[Symbol]] = {}
    for symbol, lack in shared.partial:
        by_lack.setdefault(lack, []).append(symbol)
    for lack, symbols in by_lack.items():
        names = listing([subject.links.symbol(one) for one in symbols], limit=6)
        verb = "takes" if len(symbols) == 1 else "take"
        lines.append(f"{names} {verb} all but {listing([f'*{one}*' for one in lack])}.")
    rows = [
        (f"*{one.name}*", code(literal(one.default)) if one.default is not None else "required", _meaning(shared, one))
        for one in shared.parameters
    ]
    return paragraphs("\n".join(lines), table(("Parameter", "Default", "Meaning"), rows))


def _callables(codebase: Codebase) -> list[Symbol]:
    kinds = {SymbolKind.FUNCTION, SymbolKind.CLASS}
    found = [symbol for group in catalogue(codebase).values() for _, symbol in group]
    return [one for one in found if one.kind in kinds][:_LOOKED_AT]


def _keys(symbol: Symbol) -> set[Key]:
    return {(one.name, one.default) for one in symbol.parameters if one.kind not in _VARIADIC}


def _described(common: set[Key], symbols: tuple[Symbol, ...]) -> bool:
    named = {name for one in symbols for name, text in one.docstring.parameters if text}
    return len(common) >= _FEWEST and sum(name in named for name, _ in common) * 2 >= len(common)


def _lacking(symbol: Symbol, best: set[Key]) -> tuple[str, ...]:
    return tuple(sorted(name for name, default in best if (name, default) not in _keys(symbol)))


def _meaning(shared: SharedParameters, parameter: Parameter) -> str:
    return opening(shared.meanings.get(parameter.name, ""), _MEANING)
