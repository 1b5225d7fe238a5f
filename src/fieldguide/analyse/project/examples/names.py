"""Tell which names a piece of code needs from elsewhere, and which dotted names of other modules it uses.

Comes in: source text or syntax trees. Goes out: names. Must never: run the code.
"""

from __future__ import annotations

import ast
import builtins
import symtable
import warnings
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}


class Binding(NamedTuple):
    """A name that an import statement binds: `import a.b as c` binds `c` to `a.b`."""

    name: str
    dotted: str
    statement: str
    """The shortest import statement that binds it."""


def free_names(code: str) -> frozenset[str] | None:
    """Return the names that `code` reads and neither defines, imports nor has as builtins; `None` if it is no module.

    Code with `return`, `yield` or `await` outside a function is no module.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the analysed code, such as an invalid escape
            compile(code, "<example>", "exec", dont_inherit=True)
            top = symtable.symtable(code, "<example>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    defined = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    needed: set[str] = set()
    tables = [top]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            outer = table is top or symbol.is_global()
            if outer and symbol.is_referenced() and not (table is top and symbol.is_assigned()):
                needed.add(symbol.get_name())
    return frozenset(needed - defined - _BUILTINS)


def import_bindings(statements: Sequence[ast.stmt]) -> dict[str, Binding]:
    """Return what the import statements among `statements` bind; relative and star imports bind nothing here."""
    found: dict[str, Binding] = {}
    for statement in statements:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                name = alias.asname or alias.name.partition(".")[0]
                text = f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                found[name] = Binding(name, alias.name if alias.asname else name, text)
        elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            for alias in statement.names:
                if alias.name == "*" or statement.module == "__future__":
                    continue
                text = f"from {statement.module} import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
                name = alias.asname or alias.name
                found[name] = Binding(name, f"{statement.module}.{alias.name}", text)
    return found


def imported_modules(tree: ast.AST) -> frozenset[str]:
    """Return every absolute module that import statements under `tree` name, `from a import b` as `a` and `a.b`."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found.add(module)
            found.update(f"{module}.{alias.name}" for alias in node.names)
    return frozenset(found)


def dotted_uses(tree: ast.Module) -> tuple[str, ...]:
    """Return the dotted names that the code reads through its imports, each once, in order of appearance."""
    bindings = {
        name: binding
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name, binding in import_bindings([node]).items()
    }
    found: dict[str, tuple[int, int]] = {}
    inner: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in inner:
            chain = attribute_chain(node)
            value: ast.expr = node
            while isinstance(value, ast.Attribute):
                value = value.value
                inner.add(id(value))
            if chain and chain[0] in bindings:
                dotted = ".".join((bindings[chain[0]].dotted, *chain[1:]))
                found.setdefault(dotted, (node.lineno, node.col_offset))
    return tuple(sorted(found, key=lambda name: found[name]))


def attribute_chain(node: ast.expr) -> tuple[str, ...]:
    """Return `("a", "b", "c")` for `a.b.c`; empty for anything that does not begin with a name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return (node.id, *reversed(parts)) if isinstance(node, ast.Name) else ()
