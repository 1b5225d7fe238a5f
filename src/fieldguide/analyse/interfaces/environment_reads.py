"""Recognises the expressions that read an environment variable.

Comes in: nodes of `ast`, and what the module's names stand for. Goes out: `Read`s.
Must never: take a write for a read.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.analyse.interfaces.environment_names import BoundNames

_GETTERS: Final = frozenset({"get", "setdefault"})
_TYPES: Final = frozenset({"int", "float", "bool", "Path"})
_ENV_METHODS: Final = frozenset({
    "str", "bool", "int", "float", "list", "dict", "json", "url", "path", "date", "datetime", "timedelta", "uuid",
    "log_level", "enum", "decimal", "db", "db_url", "cache", "cache_url", "email", "email_url", "search_url", "tuple",
    "bytes", "unicode", "get_value", "dj_db_url", "dj_cache_url", "dj_email_url",
})  # fmt: skip


_ENV_TYPES: Final = {"get_value": "", "unicode": "str"}


@dataclass(frozen=True, slots=True)
class Read:
    """One place that reads a variable; `name` and `default` are still expressions."""

    name: ast.expr
    default: ast.expr | None
    node: ast.expr
    required: bool = False
    type: str = ""
    prefix: str = ""


class ReadFinder:
    """Recognises reads, given the names of the module."""

    def __init__(self, names: BoundNames) -> None:
        """Remember the names."""
        self._names = names

    def reads(self, node: ast.AST) -> Iterator[Read]:
        """Reads that this node itself is, with the default and the type that stand round it."""
        match node:
            case ast.Subscript(value=value, slice=name, ctx=ast.Load()) if self._names.is_environ(value):
                yield Read(name, None, node, required=True)
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]) if self._names.is_environ(
                right
            ):
                yield Read(left, None, node)
            case ast.BoolOp(op=ast.Or(), values=[ast.Call() as call, ast.expr() as default]):
                for read in self._reads_of_call(call):
                    if read.default is None:
                        yield replace(read, default=default)
            case ast.Call(func=ast.Name(id=type_), args=[ast.expr() as inner]) if type_ in _TYPES:
                call = inner.values[0] if isinstance(inner, ast.BoolOp) else inner
                yield from (replace(read, type=type_) for read in self.reads(call))
                if isinstance(call, ast.Call):
                    return
                yield from self._reads_of_call(node)
            case ast.Call():
                yield from self._reads_of_call(node)
            case _:
                return

    def _reads_of_call(self, node: ast.Call) -> Iterator[Read]:
        variable = keyword_of(node, "envvar") or keyword_of(node, "env_var")
        if variable is not None:
            yield Read(variable, keyword_of(node, "default") or _typer_default(node), node)
        names, called = self._names, node.func
        first = node.args[0] if node.args else keyword_of(node, "key")
        if names.makes_reader(node):
            yield from _declared(node)
        elif first is None:
            return
        elif names.is_getenv(called):
            yield Read(first, _second(node), node)
        elif names.is_reader(called):
            yield self._config(first, node)
        elif isinstance(called, ast.Attribute):
            yield from self._reads_of_method(called, first, node)

    def _reads_of_method(self, called: ast.Attribute, first: ast.expr, node: ast.Call) -> Iterator[Read]:
        names = self._names
        if called.attr in _GETTERS and names.is_environ(called.value):
            yield Read(first, _second(node), node)
        elif called.attr in _ENV_METHODS and names.is_reader(called.value):
            default = _second(node)
            yield Read(first, default, node, required=default is None, type=_ENV_TYPES.get(called.attr, called.attr))
        elif called.attr == "config" and names.is_module(called.value):
            yield self._config(first, node)

    def _config(self, name: ast.expr, node: ast.Call) -> Read:
        """`config("NAME", default=…, cast=…)`: decouple takes the default second, starlette the type."""
        default = keyword_of(node, "default")
        cast = keyword_of(node, "cast")
        if default is None and len(node.args) > 1:
            second = node.args[1]
            if isinstance(second, ast.Name):
                cast = second
            else:
                default = second
        type_ = cast.id if isinstance(cast, ast.Name) else ""
        return Read(name, default, node, required=default is None, type=type_)


def _declared(node: ast.Call) -> Iterator[Read]:
    """`environ.Env(DEBUG=(bool, False))` declares a type and a default."""
    for keyword in node.keywords:
        if keyword.arg and keyword.arg.isupper() and isinstance(keyword.value, ast.Tuple) and keyword.value.elts:
            type_ = keyword.value.elts[0]
            default = keyword.value.elts[1] if len(keyword.value.elts) > 1 else None
            name = ast.copy_location(ast.Constant(keyword.arg), keyword.value)
            yield Read(name, default, keyword.value, type=type_.id if isinstance(type_, ast.Name) else "")


def keyword_of(node: ast.expr, name: str) -> ast.expr | None:
    """Keyword argument `name` of a call."""
    if not isinstance(node, ast.Call):
        return None
    return next((keyword.value for keyword in node.keywords if keyword.arg == name), None)


def _typer_default(node: ast.Call) -> ast.expr | None:
    """First argument of `typer.Option(5, envvar=…)`; click's first arguments are names."""
    name = (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )
    first = node.args[0] if name in {"Option", "Argument"} and node.args else None
    is_name = isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.startswith("-")
    return None if is_name else first


def _second(node: ast.Call) -> ast.expr | None:
    return node.args[1] if len(node.args) > 1 else keyword_of(node, "default")
