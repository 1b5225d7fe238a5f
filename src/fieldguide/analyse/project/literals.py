"""Work out values that Python code gives as literals, without running it.

Comes in: expressions of a parsed module. Goes out: plain values; strings know their line. Must never: call anything
of the code read, guess: what is not literal is `Unknown`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from typing import cast

_LARGEST = 100_000
_WIDE = re.compile(r"%[^%a-z]*[\d*]|\{[^{}]*[:.!\[]")
"""A format with a width, or one that looks into its argument."""

Value = object
"""`None`, a boolean, a number, a string, or lists and dictionaries of these, or what a caller's `resolve` returns."""


class UnknownError(Exception):
    """The expression is not literal."""


class LocatedString(str):
    """A string of the code read, with the line where it stands."""

    __slots__ = ("line",)
    line: int

    def __new__(cls, text: str, line: int) -> LocatedString:  # noqa: PYI034 - a subclass would lose `line`
        """Keep `text` and its 1-based `line`."""
        made = super().__new__(cls, text)
        made.line = line
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Between processes it is a plain string: the line has served once facts are made."""
        return (str, (str(self),))


Resolver = Callable[[ast.expr], Value]
"""Called for an expression that is not literal; returns its value or raises `UnknownError`."""


def _unknown(_node: ast.expr) -> Value:
    raise UnknownError


class Literals:
    """Names with literal values, and the values of expressions over them."""

    def __init__(self, resolve: Resolver = _unknown) -> None:
        """Ask `resolve` about calls and other expressions that are not literal."""
        self.names: dict[str, Value] = {}
        self._resolve = resolve

    def read(self, statements: list[ast.stmt]) -> None:
        """Take in assignments in order. A name that a branch, a loop or an unknown value sets is forgotten."""
        for statement in statements:
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                self._assign(statement.targets[0], statement.value)
            elif isinstance(statement, ast.AnnAssign) and statement.value:
                self._assign(statement.target, statement.value)
            elif isinstance(statement, ast.AugAssign):
                sum_of_both = ast.BinOp(statement.target, statement.op, statement.value)
                self._assign(statement.target, ast.copy_location(sum_of_both, statement))
            elif isinstance(statement, ast.Expr):
                self._mutate(statement.value)
            elif not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                self._forget(statement)

    def value(self, node: ast.expr) -> Value:
        """Return the value of an expression; raise `UnknownError` when it is not literal."""
        reader = _READERS.get(type(node))
        if reader is not None:
            try:
                return reader(self, node)
            except UnknownError:
                pass
            except (TypeError, ValueError, KeyError, IndexError, AttributeError):
                raise UnknownError from None
        return self._resolve(node)

    def get(self, node: ast.expr | None) -> Value | None:
        """Return the value of an expression; `None` when there is none or it is not literal."""
        if node is None:
            return None
        try:
            return self.value(node)
        except UnknownError:
            return None

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            try:
                self.names[target.id] = self.value(value)
            except UnknownError:
                self.names.pop(target.id, None)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            held = self.names.get(target.value.id)
            try:
                if isinstance(held, dict):
                    cast("dict[Value, Value]", held)[self.value(target.slice)] = self.value(value)
            except (UnknownError, TypeError):
                self.names.pop(target.value.id, None)
        else:
            self._forget(target)

    def _mutate(self, node: ast.expr) -> None:
        """Follow `name.append(…)`, `.extend(…)` and `.update(…)`; any other method call on a name forgets it."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            return
        try:
            held = self.value(node.func.value)
            argument = self.value(node.args[0])
        except (UnknownError, IndexError):
            self._forget(node.func.value)
            return
        if node.func.attr == "append" and isinstance(held, list):
            cast("list[Value]", held).append(argument)
        elif node.func.attr == "extend" and isinstance(held, list) and _is_moderate_list(argument):
            cast("list[Value]", held).extend(_list(argument))
        elif node.func.attr == "update" and isinstance(held, dict) and isinstance(argument, dict):
            cast("dict[Value, Value]", held).update(cast("dict[Value, Value]", argument))
        else:
            self._forget(node.func.value)

    def _forget(self, node: ast.AST) -> None:
        """Forget every name that is stored under `node`, or that a call there may change."""
        for inner in ast.walk(node):
            if (isinstance(inner, ast.Name) and isinstance(self.names.get(inner.id), list | dict)) or (
                isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store)
            ):
                self.names.pop(inner.id, None)


def _constant(_literals: Literals, node: ast.expr) -> Value:
    value = cast("ast.Constant", node).value
    return LocatedString(value, node.lineno) if isinstance(value, str) else value


def _name(literals: Literals, node: ast.expr) -> Value:
    name = cast("ast.Name", node).id
    if name not in literals.names:
        raise UnknownError
    return literals.names[name]


def _sequence(literals: Literals, node: ast.expr) -> Value:
    found: list[Value] = []
    for element in cast("ast.List | ast.Tuple | ast.Set", node).elts:
        if isinstance(element, ast.Starred):
            inner = literals.value(element.value)
            if not isinstance(inner, list):
                raise UnknownError
            found += cast("list[Value]", inner)
        else:
            found.append(literals.value(element))
    return _bounded(found)


def _dictionary(literals: Literals, node: ast.expr) -> Value:
    found: dict[Value, Value] = {}
    mapping = cast("ast.Dict", node)
    for key, value in zip(mapping.keys, mapping.values, strict=True):
        inner = literals.value(value)
        if key is not None:
            found[literals.value(key)] = inner
        elif isinstance(inner, dict):
            found.update(cast("dict[Value, Value]", inner))
        else:
            raise UnknownError
    return found


def _bounded(value: list[Value] | LocatedString) -> Value:
    """Refuse a value that code doubles until it fills the memory."""
    if len(value) > _LARGEST:
        raise UnknownError
    return value


def _operation(literals: Literals, node: ast.expr) -> Value:
    operation = cast("ast.BinOp", node)
    left, right = literals.value(operation.left), literals.value(operation.right)
    if isinstance(operation.op, ast.Add):
        if isinstance(left, str) and isinstance(right, str):
            return _bounded(LocatedString(str(left) + str(right), node.lineno))
        if isinstance(left, list):
            return _bounded([*cast("list[Value]", left), *_list(right)])
    if isinstance(operation.op, ast.Mod) and isinstance(left, str) and not _WIDE.search(left):
        arguments = tuple(cast("list[Value]", right)) if isinstance(right, list) else right
        return LocatedString(str(left) % arguments, node.lineno)
    if isinstance(operation.op, ast.Div):  # pathlib's join
        return LocatedString("/".join(_text(part) for part in (left, right)), node.lineno)
    raise UnknownError


def _list(value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise UnknownError
    return cast("list[Value]", value)


def _is_moderate_list(value: Value) -> bool:
    """Tell whether a list may be added to another: one added to itself stops growing at twice the limit."""
    return isinstance(value, list) and len(cast("list[Value]", value)) <= _LARGEST


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise UnknownError
    return str(value)


def _formatted(literals: Literals, node: ast.expr) -> Value:
    parts: list[str] = []
    for part in cast("ast.JoinedStr", node).values:
        if isinstance(part, ast.FormattedValue):
            value = literals.value(part.value)
            if part.format_spec is not None or part.conversion != -1 or not isinstance(value, str | int):
                raise UnknownError
            parts.append(str(value))
        else:
            parts.append(_text(literals.value(part)))
    return _bounded(LocatedString("".join(parts), node.lineno))


def _subscript(literals: Literals, node: ast.expr) -> Value:
    subscript = cast("ast.Subscript", node)
    held, key = literals.value(subscript.value), literals.value(subscript.slice)
    if isinstance(held, dict):
        return cast("dict[Value, Value]", held)[key]
    if isinstance(held, list) and isinstance(key, int):
        return cast("list[Value]", held)[key]
    raise UnknownError


def _call(literals: Literals, node: ast.expr) -> Value:
    call = cast("ast.Call", node)
    if isinstance(call.func, ast.Name) and call.func.id == "dict":
        found: dict[Value, Value] = {}
        for argument in call.args:
            found.update(cast("dict[Value, Value]", literals.value(argument)))
        for keyword in call.keywords:
            value = literals.value(keyword.value)
            found.update(cast("dict[Value, Value]", value) if keyword.arg is None else {keyword.arg: value})
        return found
    if isinstance(call.func, ast.Name) and call.func.id in {"list", "tuple", "set", "sorted"} and len(call.args) == 1:
        held = literals.value(call.args[0])
        if isinstance(held, list | dict):
            return list(cast("list[Value]", held))
    if isinstance(call.func, ast.Name) and call.func.id == "str" and len(call.args) == 1:
        return _text(literals.value(call.args[0]))
    if isinstance(call.func, ast.Attribute) and not call.keywords:
        held = literals.value(call.func.value)
        arguments = [literals.value(argument) for argument in call.args]
        if isinstance(held, str):
            return _string_method(held, call.func.attr, arguments, node.lineno)
    raise UnknownError


def _string_method(held: str, method: str, arguments: list[Value], line: int) -> Value:
    plain = str(held)
    if method == "format" and not _WIDE.search(plain):
        return LocatedString(plain.format(*arguments), line)
    if method == "join":
        return _bounded(LocatedString(plain.join(_text(part) for part in _list(arguments[0])), line))
    if method == "strip" and not arguments:
        return LocatedString(plain.strip(), line)
    if method == "split" and not arguments:
        return [LocatedString(part, line) for part in plain.split()]
    if method == "splitlines":
        return [LocatedString(part, line) for part in plain.splitlines()]
    raise UnknownError


_READERS: dict[type[ast.expr], Callable[[Literals, ast.expr], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _sequence,
    ast.Tuple: _sequence,
    ast.Set: _sequence,
    ast.Dict: _dictionary,
    ast.BinOp: _operation,
    ast.JoinedStr: _formatted,
    ast.Subscript: _subscript,
    ast.Call: _call,
}
