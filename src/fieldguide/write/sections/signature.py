"""Signatures for people: names and defaults, no annotations, cut only after a whole parameter.

Comes in: parameters of a function or of a class's constructor. Goes out: `retry(*, on, attempts=10, ...)`.
Must never: cut within a parameter, or drop one without saying so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.symbols import Parameter, ParameterKind, SymbolKind

if TYPE_CHECKING:
    from fieldguide.domain.symbols import Symbol

WHOLE = 76
"""Characters up to which a signature is printed whole."""
_CUT = 48
_LONG_DEFAULT = 32


def signature(symbol: Symbol, label: str = "") -> str:
    """Return what to type to call `symbol`, under the name `label`; the name alone for what takes nothing to speak of.

    A function always has its parentheses. A class has them when its constructor takes something.
    """
    name = label or symbol.short
    if symbol.kind in {SymbolKind.ATTRIBUTE, SymbolKind.PROPERTY}:
        return name
    if symbol.kind is SymbolKind.CLASS and not symbol.parameters:
        return name
    pieces = _pieces(symbol.parameters)
    whole = f"{name}({', '.join(pieces)})"
    if len(whole) <= WHOLE:
        return whole
    kept: list[str] = []
    for piece in pieces:
        if len(name) + 1 + len(", ".join([*kept, piece])) > _CUT and _parameters(kept):
            break
        kept.append(piece)
    while kept and kept[-1] in {"*", "/"}:
        kept.pop()
    return f"{name}({', '.join([*kept, '...'])})"


def _parameters(pieces: list[str]) -> int:
    return sum(piece not in {"*", "/"} for piece in pieces)


def _pieces(parameters: tuple[Parameter, ...]) -> list[str]:
    """Return the parts between the commas, the markers for positional-only and keyword-only included."""
    pieces: list[str] = []
    for index, one in enumerate(parameters):
        before = parameters[index - 1].kind if index else None
        if before is ParameterKind.POSITIONAL_ONLY and one.kind is not ParameterKind.POSITIONAL_ONLY:
            pieces.append("/")
        if one.kind is ParameterKind.KEYWORD_ONLY and before not in {
            ParameterKind.KEYWORD_ONLY,
            ParameterKind.VARIADIC_POSITIONAL,
        }:
            pieces.append("*")
        pieces.append(_piece(one))
    if parameters and parameters[-1].kind is ParameterKind.POSITIONAL_ONLY:
        pieces.append("/")
    return pieces


def _piece(parameter: Parameter) -> str:
    stars = {ParameterKind.VARIADIC_POSITIONAL: "*", ParameterKind.VARIADIC_KEYWORD: "**"}.get(parameter.kind, "")
    if parameter.default is None:
        return stars + parameter.name
    default = " ".join(parameter.default.split())
    return f"{parameter.name}={default if len(default) <= _LONG_DEFAULT else '...'}"
