"""Reads what one file lets its user set.

Comes in: a module's syntax tree, its name and path, and its text where the caller has it. Goes out: `Interfaces`.
Must never: import or run anything, or raise on a valid tree.
"""

from __future__ import annotations

import ast
from typing import Final

from fieldguide.analyse.interfaces.environment import read_environment
from fieldguide.analyse.interfaces.lowering import Lowering, docstring
from fieldguide.analyse.interfaces.packing import packed
from fieldguide.analyse.interfaces.relevance import FunctionNode, Relevance
from fieldguide.analyse.interfaces.settings_classes import read_settings_classes
from fieldguide.domain.interfaces import Interfaces

PLAIN_VALUES: Final = (ast.Constant, ast.JoinedStr, ast.BinOp, ast.Name, ast.Attribute, ast.List, ast.Tuple, ast.Dict)
MOST_CONSTANTS: Final = 200
"""Assignments of a module that declares no command: beyond them it is data."""


def read_interfaces(tree: ast.Module, module: str, path: str, text: str = "") -> Interfaces:
    """Read the interfaces that one file declares, or helps to declare.

    Args:
        tree: The parsed module.
        module: Its qualified name; that of a package for an `__init__.py`.
        path: POSIX path relative to the documented directory.
        text: Its source. Not needed, but with it a file that declares nothing costs next to nothing.
    """
    relevance = Relevance(tree, text)
    is_package = path.endswith("__init__.py")
    lowering = Lowering(module, is_package=is_package, wanted=relevance.wanted)
    body, guarded = _split(tree)
    if not relevance.relevant:
        body = _names_and_constants(body, relevance)
    environment, by_constant = read_environment(tree, path, text, module)
    return Interfaces(
        module=module,
        path=path,
        docstring=docstring(tree) if relevance.relevant else "",
        relevant=relevance.relevant,
        body=packed(lowering.statements(body)),
        guarded=packed(lowering.statements(guarded)),
        environment=environment,
        environment_by_constant=by_constant,
        settings_classes=read_settings_classes(tree, module, path, text),
    )


def _split(tree: ast.Module) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """Statements outside and inside `if __name__ == "__main__":`."""
    body: list[ast.stmt] = []
    guarded: list[ast.stmt] = []
    for node in tree.body:
        match node:
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"), comparators=[ast.Constant(value="__main__")])):
                guarded += node.body
            case _:
                body.append(node)
    return body, guarded


def _names_and_constants(body: list[ast.stmt], relevance: Relevance) -> list[ast.stmt]:
    """What another file may import from one that declares no command: names, constants, enumerations, entry points."""
    kept: list[ast.stmt] = []
    assignments = 0
    for node in body:
        match node:
            case ast.Import() | ast.ImportFrom():
                kept.append(node)
            case ast.Assign(value=value) | ast.AnnAssign(value=ast.expr() as value) if isinstance(value, PLAIN_VALUES):
                assignments += 1
                if assignments <= MOST_CONSTANTS:
                    kept.append(node)
            case ast.ClassDef(bases=bases) if any(_names_enum(base) for base in bases):
                kept.append(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef() if relevance.wanted(node):
                kept.append(node)
            case ast.Expr(value=ast.Call()) if not any(isinstance(n, FunctionNode | ast.ClassDef) for n in body):
                kept.append(node)
            case ast.Try():
                kept += [inner for inner in node.body if isinstance(inner, ast.Import | ast.ImportFrom)]
            case _:
                continue
    return kept


def _names_enum(base: ast.expr) -> bool:
    name = base.attr if isinstance(base, ast.Attribute) else base.id if isinstance(base, ast.Name) else ""
    return name.endswith(("Enum", "Flag"))
