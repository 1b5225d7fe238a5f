"""Which stretches of Python code, outside of literals in quotes and comments, can be a secret's value.

Comes in: source, and stretches of it. Goes out: those that may give way to a name, and whether the source parses.
Must never: run the source.

Two things: a number (`PIN = 482913`), and what was pasted without quotes (`TOKEN = ghp_…`), which Python reads as a
name, or as a calculation, of which the file knows nothing. Both are whole expressions, and a placeholder in their
place, which is a name, parses as they did. Any other code stays, whatever a detector says of it.
"""

from __future__ import annotations

import ast
import builtins
import warnings
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.secret import Piece

_BUILT_IN: Final = frozenset(dir(builtins))
_OPEN: Final = (ast.BinOp, ast.UnaryOp, ast.Attribute, ast.operator, ast.unaryop, ast.expr_context)


def parse(text: str) -> ast.Module | None:
    """Parse source; `None` when this Python cannot."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def values_in_code(text: str, tree: ast.Module, wanted: frozenset[Piece]) -> frozenset[Piece]:
    """Those stretches of the text that are whole expressions and can be a value."""
    lines = text.split("\n")
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    bound = _bound(tree)
    found: set[Piece] = set()
    for node in _expressions(tree):
        if node.end_lineno != node.lineno or node.end_col_offset is None:
            continue
        line = lines[node.lineno - 1]
        piece = (
            offsets[node.lineno - 1] + _characters(line, node.col_offset),
            offsets[node.lineno - 1] + _characters(line, node.end_col_offset),
        )
        if piece in wanted and _stands_alone(text, piece) and _is_value(node, bound):
            found.add(piece)
    return frozenset(found)


def _expressions(tree: ast.Module) -> Iterator[ast.expr]:
    """Expressions that a name may replace.

    Those in an f-string are left out: Python 3.11 does not know where they stand. A name in a pattern would match all.
    """
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.JoinedStr, ast.pattern)):
            continue
        if isinstance(node, (ast.Constant, ast.Name, ast.BinOp, ast.UnaryOp, ast.Attribute)):
            yield node
        waiting.extend(ast.iter_child_nodes(node))


def _is_value(expression: ast.expr, bound: frozenset[str] | None) -> bool:
    """Whether an expression is made of numbers, and of names that nothing in the file binds."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Constant):
            if isinstance(node.value, bool) or not isinstance(node.value, (int, float, complex)):
                return False
        elif isinstance(node, ast.Name):
            if bound is None or node.id in bound or not isinstance(node.ctx, ast.Load):
                return False
        elif not isinstance(node, _OPEN) or isinstance(node, (ast.Store, ast.Del)):
            return False
    return True


def _bound(tree: ast.Module) -> frozenset[str] | None:
    """Names that a file binds anywhere, with Python's own; `None` when it imports whatever there is."""
    names = set(_BUILT_IN)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.arg(arg=name):
                names.add(name)
            case ast.alias(name="*"):
                return None
            case ast.alias(name=name, asname=alias):
                names.add(alias or name.partition(".")[0])
            case ast.Global(names=declared) | ast.Nonlocal(names=declared):
                names.update(declared)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
            case _:
                pass
    return frozenset(names)


def _stands_alone(text: str, piece: Piece) -> bool:
    """Whether no letter touches a stretch: in `1if x` a name cannot replace the number."""
    before, after = text[max(0, piece[0] - 1) : piece[0]], text[piece[1] : piece[1] + 1]
    return not (before.isidentifier() or before.isdigit() or after.isidentifier() or after.isdigit())


def _characters(line: str, octets: int) -> int:
    """Characters that the first bytes of a line are."""
    return octets if line.isascii() else len(line.encode()[:octets].decode("utf-8", "replace"))
