"""What the source of a literal comes to, and whether two values are one.

Comes in: text of a document, source of a default, an annotation.
Goes out: values, and what may be said of them.
Must never: evaluate what is no literal.
"""

from __future__ import annotations

import ast
import math
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SECONDS: Final = {
    "ms": 0.001,
    "millisecond": 0.001,
    "s": 1,
    "sec": 1,
    "second": 1,
    "min": 60,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
}
_MEASURE: Final = re.compile(r"(-?\d[\d_,]*(?:\.\d+)?)\s*([A-Za-z]*)")
_BYTES: Final = {
    **{f"{one}{unit}": 1024 ** (power + 1) for power, one in enumerate("kmg") for unit in ("b", "ib")},
    "byte": 1,
    "b": 1,
}
_DECIMAL: Final = {"kb": 1000, "mb": 1000**2, "gb": 1000**3}
_ARITHMETIC: Final = re.compile(r"[\d\s().+*/_-]{3,60}")
_HIGHEST_POWER: Final = 64
_OPERATORS: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: lambda one, other: one + other,
    ast.Sub: lambda one, other: one - other,
    ast.Mult: lambda one, other: one * other,
    ast.Div: lambda one, other: one / other,
    ast.FloorDiv: lambda one, other: one // other,
    ast.Pow: math.pow,
}
_PLAIN_TEXT: Final = re.compile(r"[A-Za-z][\w.+]*(?:[/-][\w.+]+)+")
_VALUES: Final = re.compile(r"`([^`]+)`|(?<![\w.])-?\d[\d_,]*(?:\.\d+)?(?![\w.]*\w)|\b(?:True|False|None)\b")
_NEVER_BOOL: Final = frozenset(
    {
        "int",
        "float",
        "str",
        "bytes",
        "None",
        "list",
        "dict",
        "tuple",
        "set",
        "frozenset",
        "List",
        "Dict",
        "Tuple",
        "Set",
    }
    | {"Sequence", "Iterable", "Mapping", "Path", "PathLike", "Callable", "timedelta", "datetime", "Type", "type"}
)
"""Types of which no value is a truth value."""


class Unclear:
    """Stands for a value that is not known."""


UNCLEAR: Final = Unclear()


def literal(source: str) -> object:
    """The value of a literal's source, `5 seconds` as a number; what is none is not clear."""
    text = source.strip().strip("`")
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        pass
    match = _MEASURE.fullmatch(text)
    if match is None:
        return {"true": True, "false": False, "none": None, "null": None}.get(text.lower(), _computed(text))
    return float(match[1].replace(",", "").replace("_", ""))


def has_other_unit(said: str) -> bool:
    """Tell whether a document gives a number in a unit of which it is not known what the code would have for it."""
    match = _MEASURE.fullmatch(said.strip("` "))
    unit = match[2].lower() if match else ""
    return bool(unit) and not {unit, unit.rstrip("s")} & {*_SECONDS, *_BYTES, "percent"}


def plain_text(said: str) -> object:
    """The text that a document gives without quotation marks, where it can be no name: `utf-8`, `text/plain`."""
    bare = said.strip().strip("`")
    return bare if _PLAIN_TEXT.fullmatch(bare) else UNCLEAR


def _computed(source: str) -> object:
    """The value of `60 * 60` and its like; what else is computed is not clear."""
    if not _ARITHMETIC.fullmatch(source):
        return UNCLEAR
    try:
        return _worked_out(ast.parse(source, mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError):
        return UNCLEAR


def _worked_out(node: ast.expr) -> int | float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_worked_out(inner)
        case ast.BinOp(left=left, op=sign, right=right):
            first, second = _worked_out(left), _worked_out(right)
            if isinstance(sign, ast.Pow) and not 0 <= second <= _HIGHEST_POWER:
                raise ValueError(second)
            answer = _OPERATORS.get(type(sign))
            if answer is None:
                raise ValueError(sign)
            return answer(first, second)
        case _:
            raise ValueError(node)


def same(said: object, value: object, text: str) -> bool:
    """Tell whether two values are one: `30`, `30.0` and `30 seconds` are; and a minute is sixty."""
    if isinstance(said, bool) or isinstance(value, bool):
        return said is value
    if isinstance(said, int | float) and isinstance(value, int | float):
        match = _MEASURE.fullmatch(text.strip("` "))
        unit = match[2].lower() if match else ""
        unit = unit if unit in _SECONDS or unit in _BYTES else unit.rstrip("s")
        scale = _SECONDS.get(unit, 1)
        scales = (1, scale, 1000 * scale, _BYTES.get(unit, 1), _DECIMAL.get(unit, 1))
        return any(abs(said * one - value) < _SMALL * max(1.0, abs(value)) for one in scales)
    if isinstance(said, str) and isinstance(value, str):
        return _spelt(said) == _spelt(value)
    return type(said) is type(value) and said == value


def _spelt(text: str) -> str:
    """A text without what spellings of one thing differ in: `UTF-8` is `utf8`."""
    return re.sub(r"[-_ ]", "", text).strip("/").lower()


_SMALL: Final = 1e-9


def comparable(said: object, value: object, *, may_be_bool: bool) -> bool:
    """Tell whether values are of a kind: a number against `None` may be said of what `None` comes to."""
    if said is None:
        return not isinstance(value, Unclear) and bool(value)
    if value is None:
        return isinstance(said, bool) and not may_be_bool
    if isinstance(said, bool) or isinstance(value, bool):
        return isinstance(said, bool) and isinstance(value, bool)
    if isinstance(said, str):
        return isinstance(value, str)
    return isinstance(said, int | float) and isinstance(value, int | float)


def said_after(text: str, sentence: str) -> Iterator[str]:
    """Values that a sentence names after the default that it gives: "default: `1` (fallback: `0`)"."""
    _, _, after = sentence.partition("efault")
    _, _, after = after.partition(text)
    yield from (one[1] or one[0] for one in _VALUES.finditer(after))


def never_bool(annotation: str) -> bool:
    """Tell whether a type is one, or a union of some, of which no value is a truth value."""
    try:
        return all(one in _NEVER_BOOL for one in _united(ast.parse(annotation, mode="eval").body))
    except SyntaxError:
        return False


def _united(node: ast.expr) -> Iterator[str]:
    """Names of the types that a type is a union of."""
    match node:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from _united(left)
            yield from _united(right)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            within = members if name in {"Optional", "Union"} else []
            for one in within:
                yield from _united(one)
            if not within:
                yield name
        case ast.Constant(value=None):
            yield "None"
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name
        case _:
            yield ""
