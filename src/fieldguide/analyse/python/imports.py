"""Reads what a module imports, exports and uses, from its statements alone.

Comes in: the syntax tree and the name of one module.
Goes out: imports made absolute, `__all__`, the main guard, and the dotted names used through imported modules.
Must never: follow an import.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fieldguide.domain.source import Span
from fieldguide.domain.symbols import Import, ImportScope

_CATCHES_IMPORT_ERROR = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(slots=True)
class ImportFacts:
    """What the statements of one module say, apart from its definitions."""

    imports: list[Import] = field(default_factory=list[Import])
    exports: list[str] | None = None
    exports_of: list[str] = field(default_factory=list[str])
    """Modules whose `__all__` is added to this one's."""
    main_guard: int | None = None


@dataclass(slots=True)
class _Reader:
    module: str
    package: str
    path: str
    facts: ImportFacts = field(default_factory=ImportFacts)
    bound: dict[str, str] = field(default_factory=dict[str, str])
    """Names of imported modules, for `__all__ += other.__all__`."""


def read_imports(tree: ast.Module, module: str, path: str, *, is_package: bool) -> ImportFacts:
    """Imports of every scope, `__all__` where it is literal, and the line of the main guard."""
    reader = _Reader(module, module if is_package else module.rpartition(".")[0], path)
    _read(reader, tree.body, ImportScope.MODULE, top=True)
    _read_lazy_exports(reader, tree)
    return reader.facts


def _read(reader: _Reader, body: Sequence[ast.stmt], scope: ImportScope, *, top: bool = False) -> None:
    for node in body:
        match node:
            case ast.Import() | ast.ImportFrom():
                _read_import(reader, node, scope)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                _read(reader, node.body, ImportScope.FUNCTION)
            case ast.ClassDef():
                _read(reader, node.body, scope)
            case ast.If():
                _read_if(reader, node, scope, top=top)
            case ast.Try() | ast.TryStar():
                _read_try(reader, node, scope, top=top)
            case ast.With() | ast.AsyncWith():
                inner = ImportScope.TRY if scope is ImportScope.MODULE and _suppresses(node) else scope
                _read(reader, node.body, inner, top=top)
            case ast.For() | ast.AsyncFor() | ast.While():
                _read(reader, [*node.body, *node.orelse], scope, top=top)
            case ast.Match():
                for case in node.cases:
                    _read(reader, case.body, scope, top=top)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Expr() if top:
                _read_exports(reader, node)
            case _:
                pass


def _read_if(reader: _Reader, node: ast.If, scope: ImportScope, *, top: bool) -> None:
    if top and _is_main_guard(node.test):
        reader.facts.main_guard = reader.facts.main_guard or node.lineno
    typing_only = isinstance(node.test, ast.Name | ast.Attribute) and _last_name(node.test) == "TYPE_CHECKING"
    inner = ImportScope.TYPE_CHECKING if typing_only and scope is not ImportScope.FUNCTION else scope
    _read(reader, node.body, inner, top=top)
    _read(reader, node.orelse, scope, top=top)


def _read_try(reader: _Reader, node: ast.Try | ast.TryStar, scope: ImportScope, *, top: bool) -> None:
    optional = scope is ImportScope.MODULE and any(_catches_import_error(handler) for handler in node.handlers)
    inner = ImportScope.TRY if optional else scope
    _read(reader, node.body, inner, top=top)
    for handler in node.handlers:
        _read(reader, handler.body, inner, top=top)
    _read(reader, [*node.orelse, *node.finalbody], scope, top=top)


def _catches_import_error(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(_last_name(one) in _CATCHES_IMPORT_ERROR for one in caught)


def _suppresses(node: ast.With | ast.AsyncWith) -> bool:
    calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
    return any(
        _last_name(call.func) == "suppress" and any(_last_name(one) in _CATCHES_IMPORT_ERROR for one in call.args)
        for call in calls
    )


def _last_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_main_guard(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = [test.left, test.comparators[0]]
    return any(isinstance(one, ast.Name) and one.id == "__name__" for one in sides) and any(
        isinstance(one, ast.Constant) and one.value == "__main__" for one in sides
    )


def _read_import(reader: _Reader, node: ast.Import | ast.ImportFrom, scope: ImportScope) -> None:
    span = Span(reader.path, node.lineno, node.end_lineno or node.lineno)
    if isinstance(node, ast.Import):
        for name in node.names:
            reader.bound[name.asname or name.name] = name.name
            reader.facts.imports.append(Import(reader.module, name.name, None, name.asname, span, scope))
        return
    module = _absolute(reader.package, node.module or "", node.level)
    if module is None:
        return
    for name in node.names:
        reader.bound[name.asname or name.name] = f"{module}.{name.name}"
        reader.facts.imports.append(Import(reader.module, module, name.name, name.asname, span, scope))


def _absolute(package: str, module: str, level: int) -> str | None:
    """The absolute name of what a relative import names; `None` beyond the top package."""
    if level == 0:
        return module
    parts = package.split(".") if package else []
    if level - 1 > len(parts):
        return None
    base = parts[: len(parts) - (level - 1)]
    return ".".join([*base, module] if module else base) or None


def _read_exports(reader: _Reader, node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr) -> None:
    facts = reader.facts
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__")], value=value) | ast.AnnAssign(
            target=ast.Name(id="__all__"), value=ast.expr() as value
        ):
            facts.exports, facts.exports_of = None, []
            _add_exports(reader, value)
        case ast.AugAssign(target=ast.Name(id="__all__"), op=ast.Add(), value=value):
            _add_exports(reader, value)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__"), attr=method), args=[value])):
            if method == "append":
                value = ast.List(elts=[value], ctx=ast.Load())
            if method in {"append", "extend"}:
                _add_exports(reader, value)
        case _:
            pass


def _add_exports(reader: _Reader, value: ast.expr) -> None:
    facts = reader.facts
    match value:
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
            facts.exports = facts.exports if facts.exports is not None else []
            for item in items:
                if isinstance(item, ast.Starred):
                    _add_exports(reader, item.value)
                elif isinstance(item, ast.Constant) and isinstance(item.value, str):
                    facts.exports.append(item.value)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            _add_exports(reader, left)
            _add_exports(reader, right)
        case ast.Attribute(value=ast.Name() | ast.Attribute() as owner, attr="__all__"):
            facts.exports = facts.exports if facts.exports is not None else []
            dotted = ast.unparse(owner)
            facts.exports_of.append(reader.bound.get(dotted, dotted))
        case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted" | "set"), args=[inner, *_]):
            _add_exports(reader, inner)
        case _:
            pass


def _read_lazy_exports(reader: _Reader, tree: ast.Module) -> None:
    """A module that defines `__getattr__` (PEP 562) offers what its literal tables name, as if it imported it."""
    lazy = any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body) or any(
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and "attach" in _last_name(node.value.func)
        for node in tree.body
    )
    if not lazy:
        return
    known = {one.alias or one.name for one in reader.facts.imports}
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        for table in _tables(value):
            span = Span(reader.path, table.lineno, table.end_lineno or table.lineno)
            for module, name in _table_entries(table):
                target = module if not module.startswith(".") else module.lstrip(".")
                full = target if target.startswith(f"{reader.package}.") else f"{reader.package}.{target}".rstrip(".")
                if name not in known:
                    reader.facts.imports.append(Import(reader.module, full, name, None, span, ImportScope.FUNCTION))


def _tables(value: ast.expr | None) -> Iterator[ast.Dict]:
    if isinstance(value, ast.Dict):
        yield value
    elif isinstance(value, ast.Call):
        for argument in [*value.args, *(keyword.value for keyword in value.keywords)]:
            if isinstance(argument, ast.Dict):
                yield argument


def _table_entries(table: ast.Dict) -> Iterator[tuple[str, str]]:
    """Module and name of each entry: `{"Name": "module"}`, `{"Name": (package, "module")}` or `{"module": ["Name"]}`."""
    for key, value in zip(table.keys, table.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            continue
        match value:
            case ast.Constant(value=str() as module) if _MODULE.match(module):
                yield module, key.value
            case ast.Tuple(elts=[*_, ast.Constant(value=str() as module)]) if _MODULE.match(module):
                yield module, key.value
            case ast.List(elts=items) if _MODULE.match(key.value):
                for item in items:
                    if isinstance(item, ast.Constant) and isinstance(item.value, str):
                        yield key.value, item.value
            case _:
                pass


_MODULE = re.compile(r"^\.*[A-Za-z_]\w*(?:\.\w+)*$")


def used_names(text: str, imports: Sequence[Import]) -> tuple[str, ...]:
    """Dotted names used through imported modules (`stamina.retry`), sorted; the standard library's are left out.

    Told from the text, not from the tree: that is many times faster, and the rare name in a string or a comment does
    no harm where names are only counted.
    """
    bound: dict[str, str] = {}
    for one in imports:
        target = one.module if one.name is None else f"{one.module}.{one.name}"
        if target.split(".", 1)[0] in sys.stdlib_module_names or one.name == "*":
            continue
        name = one.alias or one.name or target.split(".", 1)[0]
        if name.isidentifier() and (one.name is None or one.name.islower()):
            bound[name] = target if one.alias or one.name else name
    if not bound:
        return ()
    pattern = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, bound)) + r")((?:\.[A-Za-z_]\w*)+)")
    return tuple(sorted({bound[match[1]] + match[2] for match in pattern.finditer(text)}))
