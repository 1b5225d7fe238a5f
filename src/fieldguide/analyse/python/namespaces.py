"""Reads every name that a module and its classes bind, from the statements alone.

Comes in: the syntax tree of a module, its name and its path.
Goes out: `Namespace`s, the module's first.
Must never: follow an import; run what it reads; leave out a name because it looks private, temporary or conditional.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.python.handed_on import keywords_handed_on
from fieldguide.analyse.python.imports import absolute_module
from fieldguide.analyse.python.set_attributes import (
    BLOCKS,
    Function,
    attributes_set,
    dotted_name,
    dynamic_use,
    names_asked,
    nested_statements,
    sets_by_call,
)
from fieldguide.domain.namespaces import Binding, BindingKind, Namespace
from fieldguide.domain.symbols import Parameter, ParameterKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_COPYING: Final = frozenset({"__setstate__", "__getstate__", "__copy__", "__deepcopy__", "__reduce__"})
"""Methods that set by name what other methods have set already."""
LONGEST: Final = 200
"""Characters of an annotation or a value that are kept."""


@dataclass(slots=True)
class _Scope:
    """A module or class while it is read."""

    name: str
    line: int
    bindings: list[Binding] = field(default_factory=list[Binding])
    stars: list[str] = field(default_factory=list[str])
    patches: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    dynamic: str = ""


class _Reader:
    """Reads one module."""

    def __init__(self, module: str, path: str, text: str, *, is_package: bool) -> None:
        self._text = text
        self._by_call = sets_by_call(text)
        self._module = module
        self._package = module if is_package else module.rpartition(".")[0]
        self._path = path
        self.found: list[Namespace] = []
        self._top = _Scope(module, 1)

    def read(self, tree: ast.Module) -> tuple[Namespace, ...]:
        top = self._top
        self._statements(tree.body, top)
        top.dynamic = dynamic_use(tree, self._text)
        module = Namespace(
            top.name,
            self._module,
            self._path,
            1,
            tuple(top.bindings),
            stars=tuple(top.stars),
            patches=tuple(top.patches),
            dynamic=top.dynamic,
            asked=names_asked(self._text),
        )
        return (module, *self.found)

    def _statements(self, body: Sequence[ast.stmt], scope: _Scope) -> None:
        for node in body:
            self._statement(node, scope)

    def _statement(self, node: ast.stmt, scope: _Scope) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node, scope)
            case ast.ClassDef():
                self._class(node, scope)
            case ast.Import() | ast.ImportFrom():
                scope.bindings.extend(self._imported(node, scope))
            case ast.Assign():
                for target in node.targets:
                    self._target(target, scope, node.value)
            case ast.AnnAssign():
                self._target(node.target, scope, node.value, node.annotation)
            case ast.AugAssign():
                self._target(node.target, scope, None)
            case _:
                self._compound(node, scope)

    def _compound(self, node: ast.stmt | ast.ExceptHandler | ast.match_case, scope: _Scope) -> None:
        if isinstance(node, ast.For | ast.AsyncFor):
            self._target(node.target, scope, None)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                if item.optional_vars is not None:
                    self._target(item.optional_vars, scope, None)
        for block in BLOCKS:
            for inner in getattr(node, block, ()):
                if isinstance(inner, ast.ExceptHandler | ast.match_case):
                    self._compound(inner, scope)
                else:
                    self._statement(inner, scope)

    def _imported(self, node: ast.Import | ast.ImportFrom, scope: _Scope) -> Iterator[Binding]:
        if isinstance(node, ast.Import):
            for one in node.names:
                name = one.asname or one.name.partition(".")[0]
                yield Binding(name, BindingKind.IMPORT, node.lineno, one.name if one.asname else name)
            return
        module = absolute_module(self._package, node.module or "", node.level)
        for one in node.names:
            if one.name == "*":
                scope.stars.append(module or "?")
            else:
                yield Binding(
                    one.asname or one.name, BindingKind.IMPORT, node.lineno, f"{module}.{one.name}" if module else "?"
                )

    def _target(
        self, target: ast.expr, scope: _Scope, value: ast.expr | None, annotation: ast.expr | None = None
    ) -> None:
        match target:
            case ast.Name(id="__slots__") if value is not None:
                scope.bindings.extend(_slots(value, target.lineno))
            case ast.Name():
                scope.bindings.append(value_binding(target.id, target.lineno, value, annotation))
            case ast.Tuple(elts=items) | ast.List(elts=items):
                for item in items:
                    self._target(item, scope, None)
            case ast.Starred(value=inner):
                self._target(inner, scope, None)
            case ast.Attribute():
                self._patch(target)
            case _:
                pass

    def _patch(self, target: ast.Attribute, own: str = "") -> None:
        dotted = dotted_name(target)
        if dotted and dotted.rpartition(".")[0] != own:
            self._top.patches.append((dotted, target.lineno))

    def _function(self, node: Function, scope: _Scope) -> None:
        forwards, takes = keywords_handed_on(node) if node.args.kwarg else ((), ())
        binding = Binding(
            node.name,
            BindingKind.FUNCTION,
            node.lineno,
            annotation=_text(node.returns),
            parameters=tuple(_parameters(node.args)),
            decorators=_decorators(node.decorator_list),
            forwards=forwards,
            takes=takes,
        )
        scope.bindings.append(binding)
        self._globals(node, is_method=scope is not self._top)

    def _globals(self, function: Function, *, is_method: bool) -> None:
        """Names that a function binds in the module, and attributes that it sets on what the module knows."""
        shared: set[str] = set()
        own = function.args.args[0].arg if is_method and function.args.args else ""
        for node in nested_statements(function.body):
            match node:
                case ast.Global(names=names):
                    shared.update(names)
                case ast.Assign(targets=targets):
                    for target in targets:
                        if isinstance(target, ast.Attribute):
                            self._patch(target, own)
                case _:
                    pass
        self._top.bindings.extend(Binding(name, BindingKind.VALUE, function.lineno) for name in sorted(shared))

    def _class(self, node: ast.ClassDef, scope: _Scope) -> None:
        decorators = _decorators(node.decorator_list)
        scope.bindings.append(Binding(node.name, BindingKind.CLASS, node.lineno, decorators=decorators))
        inner = _Scope(f"{scope.name}.{node.name}", node.lineno)
        place = len(self.found)
        self._statements(node.body, inner)
        dynamic = ""
        for method in nested_statements(node.body):
            if isinstance(method, Function):
                names, unclear = attributes_set(method, by_call=self._by_call)
                inner.bindings.extend(
                    value_binding(name, line, value, annotation) for name, line, value, annotation in names
                )
                if method.name not in _COPYING:
                    dynamic = dynamic or unclear
        named = next((one.value for one in node.keywords if one.arg == "metaclass"), None)
        whole = Namespace(
            inner.name,
            self._module,
            self._path,
            inner.line,
            tuple(inner.bindings),
            bases=tuple(_base(base) for base in node.bases),
            metaclass=_base(named) if named is not None else "",
            decorators=decorators,
            dynamic=dynamic,
        )
        self.found.insert(place, whole)


def read_namespaces(tree: ast.Module, text: str, module: str, path: str, *, is_package: bool) -> tuple[Namespace, ...]:
    """Namespaces of a module and of every class in it, the module's first.

    Args:
        tree: The module.
        text: That it was parsed from.
        module: Its qualified name.
        path: Of its file, as `Namespace.path` has it.
        is_package: It is an `__init__` file.
    """
    return _Reader(module, path, text, is_package=is_package).read(tree)


def value_binding(name: str, line: int, value: ast.expr | None, annotation: ast.expr | None = None) -> Binding:
    """What an assignment binds."""
    target = ""
    if isinstance(value, ast.Name | ast.Attribute):
        target = dotted_name(value)
    elif isinstance(value, ast.Call) and (callee := dotted_name(value.func)):
        target = f"{callee}()"
    text = _text(value)
    return Binding(name, BindingKind.VALUE, line, target, _text(annotation), text or None)


def _slots(value: ast.expr, line: int) -> Iterator[Binding]:
    items = value.elts if isinstance(value, ast.Tuple | ast.List | ast.Set) else [value]
    for item in items:
        if isinstance(item, ast.Constant) and isinstance(item.value, str):
            yield Binding(item.value, BindingKind.VALUE, line)


def _base(node: ast.expr) -> str:
    """A base class as written, without type parameters; `?` for what is computed."""
    if isinstance(node, ast.Subscript):
        node = node.value
    return dotted_name(node) or "?"


def _decorators(nodes: Iterable[ast.expr]) -> tuple[str, ...]:
    return tuple(dotted_name(one.func if isinstance(one, ast.Call) else one) or "?" for one in nodes)


def _text(node: ast.expr | None) -> str:
    if node is None or (node.end_lineno or node.lineno) - node.lineno > 3:  # noqa: PLR2004  lines: too long to be kept
        return ""
    try:
        text = node.id if isinstance(node, ast.Name) else ast.unparse(node)
    except ValueError:  # a number of more digits than Python writes
        return ""
    return text if len(text) <= LONGEST else ""


def _parameters(arguments: ast.arguments) -> Iterator[Parameter]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults.extend(arguments.defaults)
    for index, (one, default) in enumerate(zip(positional, defaults, strict=True)):
        only = index < len(arguments.posonlyargs)
        kind = ParameterKind.POSITIONAL_ONLY if only else ParameterKind.POSITIONAL_OR_KEYWORD
        yield _parameter(one.arg, kind, _text(default) or None)
    if arguments.vararg:
        yield _parameter(arguments.vararg.arg, ParameterKind.VARIADIC_POSITIONAL, None)
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(one.arg, ParameterKind.KEYWORD_ONLY, _text(default) or None)
    if arguments.kwarg:
        yield _parameter(arguments.kwarg.arg, ParameterKind.VARIADIC_KEYWORD, None)


@lru_cache(maxsize=4096)
def _parameter(name: str, kind: ParameterKind, default: str | None) -> Parameter:
    """The same object for the same parameter: most are `self`, or called as many others are."""
    return Parameter(name, kind, None, default)
