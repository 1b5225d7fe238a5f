"""Find examples among doctests, in docstrings and in documents.

Comes in: text with interactive sessions. Goes out: `Example` candidates whose results stand as comments.
Must never: offer a session that fails, that prints what changes from run to run, or that skips its check.
"""

from __future__ import annotations

import ast
import doctest
from typing import TYPE_CHECKING

from fieldguide.analyse.project.examples.compose import below_imports, is_presentable, parse, spaced, without_directives
from fieldguide.analyse.project.examples.names import dotted_uses, free_names
from fieldguide.domain.project import Example, ExampleKind
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldguide.analyse.project.examples.names import Binding

_LINES = 20
_WIDTH = 88
_PARSER = doctest.DocTestParser()

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def examples_of_docstrings(path: str, tree: ast.Module) -> list[Example]:
    """Return one candidate for each docstring with a doctest. Names of the module itself are listed in `needs`."""
    top = _top_names(tree)
    found: list[Example] = []
    for name, line, docstring in _docstrings(tree):
        if ">>>" in docstring:
            example = session_example(path, docstring, line, name, ExampleKind.DOCTEST, top)
            if example is not None:
                found.append(example)
    return found


def _top_names(tree: ast.Module) -> frozenset[str]:
    return frozenset(
        statement.name
        for statement in tree.body
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and not statement.name.startswith("_")
    )


def _docstrings(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """Yield name, first line and text of the docstrings of a module, its public classes, functions and methods."""
    pending: list[tuple[str, Documented]] = [("", tree)]
    while pending:
        prefix, node = pending.pop(0)
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            yield prefix, first.lineno, first.value.value
        if isinstance(node, ast.Module | ast.ClassDef):
            pending += [
                (f"{prefix}.{inner.name}" if prefix else inner.name, inner)
                for inner in node.body
                if isinstance(inner, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and inner.name[0] != "_"
            ]


def session_example(
    path: str,
    text: str,
    line: int,
    title: str,
    kind: ExampleKind,
    top: frozenset[str] = frozenset(),
    bindings: Mapping[str, Binding] | None = None,
) -> Example | None:
    """Return the shortest beginning of a session that is whole, shows a result and uses the project.

    Names in `top` may be missing and go out in `needs`; names in `bindings` are imported.
    """
    try:
        parts = _PARSER.parse(text.expandtabs())
    except ValueError:
        return None
    steps: list[doctest.Example] = []
    best: Example | None = None
    for position, part in enumerate(parts):
        if not isinstance(part, doctest.Example):
            continue
        if not _is_steady(part):
            break
        steps.append(part)
        following = parts[position + 1] if position + 1 < len(parts) else ""
        if isinstance(following, str) and following.strip() == "" and position + 1 < len(parts) - 1:
            continue  # the block goes on
        if sum(step.source.count("\n") + step.want.count("\n") for step in steps) > _LINES:
            break
        best = _example(Span(path, line, line), title, kind, steps, top, bindings or {})
        if best is not None:
            return best
    return best


def _is_steady(step: doctest.Example) -> bool:
    if step.exc_msg is not None or any(step.options.values()):
        return False
    return not any(sign in step.want for sign in ("...", " at 0x", "Traceback", "<BLANKLINE>", "object at"))


def _example(
    start: Span,
    title: str,
    kind: ExampleKind,
    steps: list[doctest.Example],
    top: frozenset[str],
    bindings: Mapping[str, Binding],
) -> Example | None:
    if not any(step.want for step in steps):
        return None
    code = without_directives("\n".join(_step(step) for step in steps))
    missing = free_names(code)
    if missing is None:
        return None
    code = spaced(code)
    known = missing & bindings.keys()
    code = below_imports([bindings[name].statement for name in known], code)
    missing -= known
    tree = parse(code)
    if tree is None or not missing <= top or not is_presentable(code):
        return None
    uses = dotted_uses(tree)
    if not uses and not missing:
        return None
    first = start.first + steps[0].lineno
    last = start.first + steps[-1].lineno + steps[-1].source.count("\n") + steps[-1].want.count("\n") - 1
    return Example(kind, code, Span(start.path, first, last), title or start.path, uses, needs=tuple(sorted(missing)))


def _step(step: doctest.Example) -> str:
    """Return a step's code with its result as a comment: beside it where both fit on a line, else below."""
    source = step.source.rstrip("\n")
    want = step.want.rstrip("\n")
    if not want:
        return source
    if want.startswith("#"):
        want = want.lstrip("# ")
    if "\n" not in want and len(source.splitlines()[-1]) + len(want) + 4 <= _WIDTH and not _ends_block(source):
        return f"{source}  # {want}"
    return "\n".join([source, *(f"# {line}".rstrip() for line in want.splitlines())])


def _ends_block(source: str) -> bool:
    return "\n" in source and source.splitlines()[-1].startswith((" ", "\t"))
