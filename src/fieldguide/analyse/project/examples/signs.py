"""Signs in an example's code that speak for or against showing it first.

Comes in: an example. Goes out: a number, 0 for one without signs. Must never: run the code.
"""

from __future__ import annotations

import ast
import re
import sys
from typing import TYPE_CHECKING

from fieldguide.analyse.project.examples.compose import parse
from fieldguide.analyse.project.examples.names import imported_modules
from fieldguide.domain.project import Example, ExampleKind

if TYPE_CHECKING:
    from collections.abc import Callable

_ABSENT = re.compile(r"no[._-]?such|non_?exist|does_?not_?exist|\b(?:ImportError|NotImplementedError)\b")
"""What is not there on purpose."""
_INSPECTION = re.compile(r"\.__\w+__|\bisinstance\(|\bid\(|\bhasattr\(")
_RESULT = re.compile(r"^(?:[\w.\[\]'\"]+|[^#\n=]*\))  # \S|^# \S[^\n]*\Z", re.MULTILINE)


def sign_score(example: Example) -> float:
    """Favour code that shows what comes out of it, over literal values, and that proves nothing by the way."""
    tree = parse(example.code)
    if tree is None:
        return -20.0
    return sum(weight for weight, holds in _SIGNS if holds(example, tree)) - 0.8 * _count_asserts(tree)


def _count_asserts(tree: ast.Module) -> int:
    return sum(isinstance(node, ast.Assert) for node in ast.walk(tree))


def _shows_result(example: Example, tree: ast.Module) -> bool:
    compared = any(isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare) for node in ast.walk(tree))
    return compared or "print(" in example.code or example.kind is ExampleKind.DOCTEST


def _has_literals(_example: Example, tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Constant) and isinstance(node.value, str | int | float) for node in ast.walk(tree))


def _annotates_result(example: Example, _tree: ast.Module) -> bool:
    """Tell whether a page's session became code with results as comments."""
    return example.kind is ExampleKind.DOCUMENTATION and bool(_RESULT.search(example.code))


def _needs_others(example: Example, tree: ast.Module) -> bool:
    """Tell whether the code imports what neither Python nor the project brings; pytest is in every test."""
    own = {use.partition(".")[0] for use in example.uses} | {"pytest"} | sys.stdlib_module_names
    return bool(example.uses) and not {name.partition(".")[0] for name in imported_modules(tree)} <= own


def _only_defines(_example: Example, tree: ast.Module) -> bool:
    defining = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign
    decorated = any(getattr(one, "decorator_list", []) for one in tree.body)  # a decorator is used by defining
    return not decorated and all(isinstance(one, defining) for one in tree.body)


def _decorates(example: Example, tree: ast.Module) -> bool:
    """Tell whether the project decorates a function: the use that reads most plainly."""
    tops = {use.partition(".")[0] for use in example.uses}
    decorators = [ast.unparse(one) for node in tree.body for one in getattr(node, "decorator_list", [])]
    return any(one.partition(".")[0].partition("(")[0] in tops for one in decorators)


def _does_nothing(_example: Example, tree: ast.Module) -> bool:
    """Tell whether all that the code has is functions with nothing in them."""
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    silent = ast.Import | ast.ImportFrom | ast.Assign | ast.FunctionDef | ast.AsyncFunctionDef
    others = [one for one in tree.body if not isinstance(one, silent)]
    return bool(functions) and not others and all(_is_empty(one) for one in functions)


def _is_empty(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return all(
        isinstance(one, ast.Pass) or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in function.body
    )


def _asserts_truth(_example: Example, tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Assert) and not isinstance(node.test, ast.Compare | ast.Call) for node in ast.walk(tree)
    )


def _compares_identity(_example: Example, tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is) for node in ast.walk(tree))


def _shares_lines(_example: Example, tree: ast.Module) -> bool:
    return len({one.lineno for one in tree.body}) < len(tree.body)


def _imports_late(_example: Example, tree: ast.Module) -> bool:
    kinds = [isinstance(one, ast.Import | ast.ImportFrom) for one in tree.body]
    return kinds != sorted(kinds, reverse=True)


_SIGNS: tuple[tuple[float, Callable[[Example, ast.Module], bool]], ...] = (
    (4.0, _shows_result),
    (2.0, _has_literals),
    (3.0, _annotates_result),
    (-4.0, _only_defines),
    (-3.0, lambda example, _: "raises(" in example.code),
    (-6.0, lambda example, _: bool(_ABSENT.search(example.code))),
    (-8.0, _does_nothing),
    (-2.0, lambda example, _: "approx(" in example.code),
    (3.0, _decorates),
    (-4.0, lambda example, _: bool(_INSPECTION.search(example.code))),
    (-1.0, _asserts_truth),
    (-1.5, _compares_identity),
    (-5.0, lambda example, _: "async def " in example.code),
    (-3.0, lambda example, _: "except " in example.code),
    (-18.0, _needs_others),
    (-6.0, _shares_lines),
    (-2.0, _imports_late),
)
"""What counts for or against an example, with its weight."""
