"""Reads which names a module says that it offers: `__all__`, and the tables of modules that load lazily.

Comes in: statements of a module.
Goes out: names, and modules whose `__all__` is added.
Must never: evaluate anything: what is not literal is not known.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Statement = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr


@dataclass(slots=True)
class ExportedNames:
    """What a module's `__all__` holds so far; `names` is `None` as long as there is none."""

    names: list[str] | None = None
    added: list[str] = field(default_factory=list[str])
    """Modules whose `__all__` is added to this one's."""

    def read(self, node: Statement, bound: Mapping[str, str]) -> None:
        """Take in a statement if it is about `__all__`; `bound` says which modules the module's names mean."""
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="__all__")], value=value)
                | ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.expr() as value)
            ):
                self.names, self.added = None, []
                self._add(value, bound)
            case ast.AugAssign(target=ast.Name(id="__all__"), op=ast.Add(), value=value):
                self._add(value, bound)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="__all__"), attr=method), args=[value])):
                if method == "append":
                    value = ast.List(elts=[value], ctx=ast.Load())
                if method in {"append", "extend"}:
                    self._add(value, bound)
            case _:
                pass

    def _add(self, value: ast.expr, bound: Mapping[str, str]) -> None:
        match value:
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items):
                self.names = self.names if self.names is not None else []
                for item in items:
                    if isinstance(item, ast.Starred):
                        self._add(item.value, bound)
                    elif isinstance(item, ast.Constant) and isinstance(item.value, str):
                        self.names.append(item.value)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                self._add(left, bound)
                self._add(right, bound)
            case ast.Attribute(value=ast.Name() | ast.Attribute() as owner, attr="__all__"):
                self.names = self.names if self.names is not None else []
                dotted = ast.unparse(owner)
                self.added.append(bound.get(dotted, dotted))
            case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted" | "set"), args=[inner, *_]):
                self._add(inner, bound)
            case _:
                pass


def lazy_exports(tree: ast.Module, package: str) -> Iterator[tuple[str, str, ast.Dict]]:
    """Module, name and table of what a module with `__getattr__` (PEP 562) or `lazy_loader` offers in literal tables.

    Args:
        tree: The module.
        package: Its package, which the modules in the tables are relative to.
    """
    lazy = any(isinstance(node, ast.FunctionDef) and node.name == "__getattr__" for node in tree.body) or any(
        isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and "attach" in ast.unparse(node.value.func)
        for node in tree.body
    )
    if not lazy:
        return
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        for table in _tables(value):
            for module, name in _table_entries(table):
                target = module.lstrip(".")
                full = target if target.startswith(f"{package}.") else f"{package}.{target}".rstrip(".")
                yield full, name, table


def _tables(value: ast.expr | None) -> Iterator[ast.Dict]:
    if isinstance(value, ast.Dict):
        yield value
    elif isinstance(value, ast.Call):
        for argument in [*value.args, *(keyword.value for keyword in value.keywords)]:
            if isinstance(argument, ast.Dict):
                yield argument


def _table_entries(table: ast.Dict) -> Iterator[tuple[str, str]]:
    """Module and name of each entry of `{"Name": "module"}`, `{"Name": (…, "module")}` or `{"module": ["Name"]}`."""
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
