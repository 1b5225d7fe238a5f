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

from fieldguide.analyse.project.examples.compose import (
    is_presentable,
    parse,
    spaced,
    with_imports,
    without_directives,
)
from fieldguide.analyse.project.examples.doctests import session_example
from fieldguide.analyse.project.examples.names import dotted_uses, free_names, import_bindings
from fieldguide.domain.project import Example, ExampleKind
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.analyse.project.examples.names import Binding
    from fieldguide.analyse.project.markdown import CodeBlock

_FILE_LINES = 45
_BLOCK_LINES = 30
_DOCSTRING_LINES = 3
_NOT_USAGE = re.compile(
    r"(?:^|[/_-])(?:change|whats.?new|history|news|contributing|migrat|upgrad|release|security|code.of.conduct|roadmap|todo)"
)
_ROOT_PAGES = frozenset({"readme.md", "readme.markdown", "index.md"})
"""What is written may replace them: an example is no source of itself."""
_TRAILING_COMMENTS = re.compile(r"(?:\n\s*)+(?:\n#[^\n]*)+\s*$")
_PYTHON = frozenset({"python", "py", "python3", "pycon", "python-repl"})


def example_of_file(path: str, text: str, tree: ast.Module) -> Example | None:
    """Return a whole example file of at most 45 lines, without the comments at its head and a long docstring."""
    if not tree.body or posixpath.basename(path) in {"__init__.py", "conftest.py", "setup.py"}:
        return None
    body = tree.body
    if ast.get_docstring(tree) is not None and (body[0].end_lineno or 0) - body[0].lineno >= _DOCSTRING_LINES:
        body = body[1:]
    if not body:
        return None
    lines = text.split("\n")
    first = min([body[0].lineno, *(d.lineno for d in getattr(body[0], "decorator_list", []))])
    last = body[-1].end_lineno or len(lines)
    if last - first >= _FILE_LINES:
        return None
    code = "\n".join(lines[first - 1 : last])
    return _whole(code, Span(path, first, last), path, ExampleKind.EXAMPLE_FILE)


def examples_of_blocks(path: str, blocks: Iterable[CodeBlock]) -> list[Example]:
    """Return the Python blocks of a document that can stand alone, with what earlier blocks of the page import."""
    if _NOT_USAGE.search(path.lower()) or path.lower() in _ROOT_PAGES:
        return []
    if any(part.startswith(".") for part in path.split("/")):
        return []
    found: list[Example] = []
    bindings: dict[str, Binding] = {}
    for block in blocks:
        if block.language not in _PYTHON:
            continue
        bindings |= _block_bindings(block.code)
        if block.last - block.first >= _BLOCK_LINES:
            continue
        code = _TRAILING_COMMENTS.sub("", textwrap.dedent(block.code).strip("\n"))
        if code.lstrip().startswith(">>>"):
            example = session_example(path, code, block.first, path, ExampleKind.DOCUMENTATION, bindings=bindings)
        else:
            span = Span(path, block.first, block.last)
            whole = spaced(with_imports(code, bindings, {}) or code)
            example = _whole(whole, span, path, ExampleKind.DOCUMENTATION)
        if example is not None and example.uses:
            found.append(example)
    return found


def _block_bindings(code: str) -> dict[str, Binding]:
    """Return what a block imports: a page's later blocks rely on it."""
    lines = [
        line.removeprefix(">>> ")
        for line in code.split("\n")
        if line.removeprefix(">>> ").startswith(("import ", "from "))
    ]
    found: dict[str, Binding] = {}
    for line in lines:
        tree = parse(line)
        found |= import_bindings(tree.body) if tree else {}
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
    return Example(kind, without_directives(code), span, title, uses)


def _has_gap(tree: ast.Module) -> bool:
    """Tell whether the code leaves something out with `...` where a statement or an argument should be."""
    empty = {
        id(node.body[0])
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and len(node.body) == 1
    }
    return any(
        isinstance(value, ast.Constant) and value.value is ... and id(node) not in empty
        for node in ast.walk(tree)
        for value in ([node.value] if isinstance(node, ast.Expr) else node.args if isinstance(node, ast.Call) else [])
    )
