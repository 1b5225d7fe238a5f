"""Reads what a module defines: classes, functions, methods, properties and attributes, by way of griffe.

Comes in: the text of one module, and its name.
Goes out: `Symbol`s with signatures, docstrings and lines; names of bases are resolved as far as this file tells.
Must never: import or run the module; read another file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from fieldguide.analyse.python.constructors import field_parameters, field_style
from fieldguide.analyse.python.docstrings import read_docstring
from fieldguide.domain.source import Span
from fieldguide.domain.symbols import Docstring, Parameter, ParameterKind, Symbol, SymbolKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from griffe import Attribute, Class, Decorator, Expr, Function, Module, Object, Parameters

    from fieldguide.analyse.python.imports import ImportFacts

LONGEST_VALUE = 200
"""Characters of an attribute's value that are kept."""
_STATIC = frozenset({"staticmethod"})
_NO_DOCSTRING = Docstring()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where definitions stand."""

    module: str
    path: str
    exported: frozenset[str]
    """Names in the module's `__all__`."""
    bound: Mapping[str, str]
    """Qualified names by the names that the module knows them by."""
    decorated: Mapping[int, tuple[int, tuple[str, ...]]]
    """By the line of `def`: where its decorators start, and what they are. griffe drops those of properties."""


def read_definitions(
    text: str, tree: ast.Module, module: str, path: str, statements: ImportFacts
) -> tuple[Docstring, tuple[Symbol, ...]]:
    """The module's docstring and its definitions in the order of the code.

    Raises:
        SyntaxError: The text is no Python that this interpreter knows.
        RecursionError: An expression is nested too deep.
        ValueError: The text holds null bytes.
    """
    from griffe import logger, visit  # noqa: PLC0415  heavy: only where Python is read

    with logger.disable():  # what it cannot resolve in one file is resolved later, or stays as it is written
        read = visit(module, Path(path), text)
    bound = {member.name: f"{module}.{member.name}" for member in _own_members(read)}
    for one in statements.imports:
        if one.name is not None:
            bound.setdefault(one.alias or one.name, f"{one.module}.{one.name}")
        elif one.alias:
            bound.setdefault(one.alias, one.module)
    exported = frozenset(statements.exported.names or ())
    place = _Place(module, path, exported, bound, dict(_decorated_methods(tree.body)))
    docstring = _docstring(read, module, public=True)
    symbols = [symbol for member in _own_members(read) for symbol in _symbols(member, module, place, public=True)]
    return docstring, tuple(sorted(symbols, key=lambda one: one.span.first))


def _decorated_methods(body: Sequence[ast.stmt]) -> Iterator[tuple[int, tuple[int, tuple[str, ...]]]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.decorator_list:
                decorators = tuple(ast.unparse(one) for one in node.decorator_list)
                yield node.lineno, (node.decorator_list[0].lineno, decorators)
        elif isinstance(node, ast.ClassDef | ast.If | ast.Try | ast.With):
            yield from _decorated_methods(node.body)


def _own_members(owner: Module | Class) -> Iterator[Object]:
    for member in owner.members.values():
        if not member.is_alias and not member.is_module:
            yield member  # pyright: ignore[reportReturnType]  neither alias nor module


def _symbols(member: Object, owner: str, place: _Place, *, public: bool) -> Iterator[Symbol]:
    name = f"{owner}.{member.name}"
    top = owner == place.module
    public = public and (not member.name.startswith("_") or (top and member.name in place.exported))
    if member.is_class:
        yield from _class(member, name, place, public=public)  # pyright: ignore[reportArgumentType]  is_class
    elif member.is_function:
        yield _function(member, name, place, public=public, top=top)  # pyright: ignore[reportArgumentType]  is_function
    elif member.is_attribute and member.name not in {"__all__", "__slots__"}:
        yield _attribute(member, name, place, public=public)  # pyright: ignore[reportArgumentType]  is_attribute


def _span(member: Object, decorators: Sequence[Decorator], path: str) -> Span:
    first = min([member.lineno or 1, *(one.lineno or 1 for one in decorators)])
    return Span(path, first, max(first, member.endlineno or first))


def _docstring(member: Object, name: str, *, public: bool) -> Docstring:
    if member.docstring is None:
        return _NO_DOCSTRING
    return read_docstring(member.docstring.value, name, summary_only=not public)


def _text(expression: str | Expr | None) -> str | None:
    return None if expression is None else str(expression)


def _decorators(member: Class | Function) -> tuple[str, ...]:
    return tuple(str(decorator.value) for decorator in member.decorators)


def _class(member: Class, name: str, place: _Place, *, public: bool) -> Iterator[Symbol]:
    decorators = _decorators(member)
    bases = tuple(_base(base, place) for base in member.bases)
    inner = [symbol for one in _own_members(member) for symbol in _symbols(one, name, place, public=public)]
    metaclass = str(member.keywords.get("metaclass", ""))
    yield Symbol(
        name=name,
        kind=SymbolKind.CLASS,
        span=_span(member, member.decorators, place.path),
        module=place.module,
        parameters=_constructor(member, decorators, bases),
        docstring=_docstring(member, name, public=public),
        bases=bases,
        decorators=decorators,
        public=public,
        abstract=any(one.abstract and one.name.count(".") == name.count(".") + 1 for one in inner)
        or metaclass.endswith("ABCMeta")
        or any(base in {"abc.ABC", "ABC"} or base.split("[")[0].endswith("Protocol") for base in bases),
    )
    yield from inner


def _base(base: str | Expr, place: _Place) -> str:
    """A base class's name without its type arguments: qualified where this file's imports or definitions tell."""
    first, _, rest = str(base).split("[", 1)[0].split("(", 1)[0].partition(".")
    return f"{place.bound.get(first, first)}.{rest}" if rest else place.bound.get(first, first)


def _constructor(member: Class, decorators: tuple[str, ...], bases: tuple[str, ...]) -> tuple[Parameter, ...]:
    for method in ("__init__", "__new__"):
        function = member.members.get(method)
        if function is not None and not function.is_alias and function.is_function:
            return _parameters(cast("Function", function).parameters)[1:]
    style = field_style(decorators, bases)
    return field_parameters(member, style, decorators) if style and style != "root" else ()


def _parameters(parameters: Parameters) -> tuple[Parameter, ...]:
    return tuple(
        _parameter(
            one.name.lstrip("*"),
            ParameterKind(one.kind.value) if one.kind else ParameterKind.POSITIONAL_OR_KEYWORD,
            _text(one.annotation),
            # griffe gives a variadic parameter the default that calling without it amounts to
            None if one.kind and one.kind.value.startswith("variadic") else _text(one.default),
        )
        for one in parameters
    )


@lru_cache(maxsize=4096)
def _parameter(name: str, kind: ParameterKind, annotation: str | None, default: str | None) -> Parameter:
    """The same object for the same parameter: most are called and annotated as many others are."""
    return Parameter(name, kind, annotation, default)


def _function(member: Function, name: str, place: _Place, *, public: bool, top: bool) -> Symbol:
    decorators = _decorators(member)
    labels = member.labels
    method = not top
    parameters = _parameters(member.parameters)
    if method and parameters and not _STATIC & labels and parameters[0].kind is not ParameterKind.KEYWORD_ONLY:
        parameters = parameters[1:]
    static = method and bool(labels & {"staticmethod", "classmethod"})
    return Symbol(
        name=name,
        kind=SymbolKind.METHOD if method and not static else SymbolKind.FUNCTION,
        span=_span(member, member.decorators, place.path),
        module=place.module,
        parameters=parameters,
        returns=_text(member.returns),
        docstring=_docstring(member, name, public=public),
        decorators=decorators,
        public=public,
        asynchronous="async" in labels,
        abstract=any(one.rsplit(".", 1)[-1].startswith("abstract") for one in decorators),
    )


def _attribute(member: Attribute, name: str, place: _Place, *, public: bool) -> Symbol:
    is_property = "property" in member.labels
    first, decorators = place.decorated.get(member.lineno or 0, (member.lineno or 1, ())) if is_property else (0, ())
    value = None if is_property else _text(member.value)
    return Symbol(
        name=name,
        kind=SymbolKind.PROPERTY if is_property else SymbolKind.ATTRIBUTE,
        span=Span(place.path, first, max(first, member.endlineno or first)) if first else _span(member, (), place.path),
        module=place.module,
        returns=_text(member.annotation),
        value=value if value is not None and len(value) <= LONGEST_VALUE else None,
        docstring=_docstring(member, name, public=public),
        decorators=decorators,
        public=public,
        abstract=any(one.rsplit(".", 1)[-1].startswith("abstract") for one in decorators),
    )
