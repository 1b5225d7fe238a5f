"""Reads what a module imports, exports and uses, from its statements alone.

Comes in: the syntax tree and the name of one module.
Goes out: imports made absolute, `__all__`, the main guard, and the dotted names used through imported modules.
Must never: follow an import.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldguide.analyse.python.exported_names import ExportedNames, lazy_exports
from fieldguide.domain.source import Span
from fieldguide.domain.symbols import Import, ImportScope

if TYPE_CHECKING:
    from collections.abc import Sequence

_CATCHES_IMPORT_ERROR = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(slots=True)
class ImportFacts:
    """What the statements of one module say, apart from its definitions."""

    imports: list[Import] = field(default_factory=list[Import])
    exported: ExportedNames = field(default_factory=ExportedNames)
    """`__all__`, as far as it is literal."""
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
    known = {one.alias or one.name for one in reader.facts.imports}
    for target, name, table in lazy_exports(tree, reader.package):
        if name not in known:
            span = Span(path, table.lineno, table.end_lineno or table.lineno)
            reader.facts.imports.append(Import(module, target, name, None, span, ImportScope.FUNCTION))
    return reader.facts


def _read(  # noqa: C901  one case for each kind of statement
    reader: _Reader, body: Sequence[ast.stmt], scope: ImportScope, *, top: bool = False
) -> None:
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
                reader.facts.exported.read(node, reader.bound)
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
    module = absolute_module(reader.package, node.module or "", node.level)
    if module is None:
        return
    for name in node.names:
        reader.bound[name.asname or name.name] = f"{module}.{name.name}"
        reader.facts.imports.append(Import(reader.module, module, name.name, name.asname, span, scope))


def absolute_module(package: str, module: str, level: int) -> str | None:
    """The absolute name of what a relative import names; `None` beyond the top package."""
    if level == 0:
        return module
    parts = package.split(".") if package else []
    if level - 1 > len(parts):
        return None
    base = parts[: len(parts) - (level - 1)]
    return ".".join([*base, module] if module else base) or None


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
