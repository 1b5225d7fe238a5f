"""Operators over values that are known: texts put together, numbers reckoned.

Comes in: an operator and the values on both sides. Goes out: a `Value`.
Must never: raise, or build a text or a number longer than programs use.
"""

from __future__ import annotations

from operator import add, mul, sub
from typing import TYPE_CHECKING

from fieldguide.analyse.interfaces.definitions import External
from fieldguide.analyse.interfaces.literals import LONGEST_TEXT, WIDE, Collection, Dictionary, Literal
from fieldguide.analyse.interfaces.values import NOTHING, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Callable

_ARITHMETIC: dict[str, Callable[[float, float], float]] = {"*": mul, "+": add, "-": sub}


def compute(operator: str, values: list[Value]) -> Value:
    """Value of `left operator right`; unknown where the operands are not known, or where it would grow too large."""
    left, right = values
    match operator, left, right:
        case "+", Literal(value=str() as first), Literal(value=str() as second) if (
            len(first) + len(second) < LONGEST_TEXT
        ):
            return Literal(first + second)
        case "+", Collection(), Collection():
            return Collection(left.kind, [*left.items, *right.items])
        case "|", Dictionary(), Dictionary():
            return Dictionary([*left.pairs, *right.pairs])
        case "%", Literal(value=str() as template), _:
            return _interpolate(template, right)
        case "*" | "+" | "-" | "/", Literal(value=int() | float() as first), Literal(value=int() | float() as second):
            return _arithmetic(operator, first, second)
        case _:
            sources = (left.source(), right.source())
            text = f"{sources[0]} {operator} {sources[1]}"
            external = isinstance(left, External | Unknown) or isinstance(right, External | Unknown)
            return Unknown(text) if None not in sources and external else NOTHING


def _interpolate(template: str, right: Value) -> Value:
    values = right.items if isinstance(right, Collection) and right.kind == "tuple" else [right]
    plain = [value.value for value in values if isinstance(value, Literal)]
    if WIDE.search(template):
        return NOTHING
    try:
        if isinstance(right, Dictionary):
            named = {key.text(): value.value for key, value in right.pairs if isinstance(value, Literal)}
            return Literal(template % named)
        return Literal(template % tuple(plain)) if len(plain) == len(values) else NOTHING
    except (ValueError, TypeError, KeyError, OverflowError):
        return NOTHING


def _arithmetic(symbol: str, first: float, second: float) -> Value:
    if symbol == "*" and not (abs(first) < LONGEST_TEXT and abs(second) < LONGEST_TEXT**2):
        return NOTHING
    try:
        return Literal(first / second if symbol == "/" else _ARITHMETIC[symbol](first, second))
    except ArithmeticError:
        return NOTHING
