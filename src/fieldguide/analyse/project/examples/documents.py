"""Find examples in example files and in the code blocks of Markdown documents.

Comes in: a small program, or fenced blocks. Goes out: `Example` candidates. Must never: cut a program short.
"""

from __future__ import annotations

import ast
import posixpath
import re
import sys
import textwrap
from typing import TYPE_CHECKING

from fieldguide.analyse.project.examples.compose import is_presentable, parse
from fieldguide.analyse.project.examples.doctests import session_example
from fieldguide.analyse.project.examples.names import dotted_uses, free_names
from fieldguide.domain.project import Example, ExampleKind
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.analyse.project.markdown import CodeBlock

_FILE_LINES = 40
_BLOCK_LINES = 30
_DOCSTRING_LINES = 3
_NOT_USAGE = re.compile(r"change|history|news|contributing|migrat|upgrad|release|security|code.of.conduct|roadmap|todo")
_PYTHON = frozenset({"python", "py", "python3", "pycon", "python-repl"})


def example_of_file(path: str, text: str, tree: ast.Module) -> Example | None:
    """Return a whole example file of at most 40 lines, without the comments at its head and a long docstring."""
    if not tree.body or posixpath.basename(path) in {"__init__.py", "conftest.py", "setup.py"}:
        return None
    body = tree.body
    if ast.get_docstring(tree) is not None and (body[0].end_lineno or 0) - body[0].lineno >= _DOCSTRING_LINES:
        body = body[1:]
    if not body:
        return None
    lines = text.splitlines()
    first = min([body[0].lineno, *(d.lineno for d in getattr(body[0], "decorator_list", []))])
    last = body[-1].end_lineno or len(lines)
    if last - first >= _FILE_LINES:
        return None
    code = "\n".join(lines[first - 1 : last])
    return _whole(code, Span(path, first, last), path, ExampleKind.EXAMPLE_FILE)


def examples_of_blocks(path: str, blocks: Iterable[CodeBlock]) -> list[Example]:
    """Return the Python blocks of a document that import what they use."""
    if _NOT_USAGE.search(posixpath.basename(path).lower()):
        return []
    found: list[Example] = []
    for block in blocks:
        if block.language not in _PYTHON or block.last - block.first >= _BLOCK_LINES:
            continue
        code = textwrap.dedent(block.code).strip("\n")
        if code.lstrip().startswith(">>>"):
            example = session_example(path, code, block.first, path, ExampleKind.DOCUMENTATION)
        else:
            span = Span(path, block.first, block.last)
            example = _whole(code, span, path, ExampleKind.DOCUMENTATION)
        if example is not None and example.uses:
            found.append(example)
    return found


def _whole(code: str, span: Span, title: str, kind: ExampleKind) -> Example | None:
    tree = parse(code)
    if tree is None or free_names(code) or not is_presentable(code) or _has_gap(tree):
        return None
    uses = dotted_uses(tree)
    if all(use.partition(".")[0] in sys.stdlib_module_names for use in uses):
        return None
    if not any(isinstance(node, ast.Call | ast.With) for node in ast.walk(tree)):
        return None
    return Example(kind, code, span, title, uses)


def _has_gap(tree: ast.Module) -> bool:
    """Tell whether the code leaves something out with `...` where a statement should be."""
    return any(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...
        for node in ast.walk(tree)
    )
