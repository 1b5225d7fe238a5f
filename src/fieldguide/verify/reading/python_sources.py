"""The source of a document's Python: prompts taken off, cut where it does not parse as a whole.

Comes in: lines of a block. Goes out: trees.
Must never: complain of what does not parse.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PROMPT = re.compile(r"(?P<indent>[ \t]*)(?:>>> ?|\.\.\.(?: |$)|In \[\d*\]: ?|   \.\.\.: ?)")
_FIRST_PROMPT = re.compile(r"[ \t]*(?:>>>|In \[\d*\]:)")
_ELLIPSIS = re.compile(r",(\s*)\.\.\.(\s*)(?=[)\]}])")
_CONTINUES = re.compile(r"\s|[)\]}]|(?:else|elif|except|finally|case)\b")

_SECTION = re.compile(r"\[[\w. -]+\]")
"""Of a configuration that stands in a text."""


def has_prompts(lines: Sequence[str]) -> bool:
    """Tell whether lines are a session at Python's or IPython's prompt."""
    return any(_FIRST_PROMPT.match(line) for line in lines)


def without_prompts(lines: Sequence[str]) -> tuple[list[str], list[int]]:
    """Keep what was typed; what was answered becomes empty. Gives also how far each line was moved to the left."""
    kept: list[str] = []
    columns: list[int] = []
    for line in lines:
        match = _PROMPT.match(line)
        kept.append(line[match.end() :] if match else "")
        columns.append(match.end() if match else 0)
    return kept, columns


def statements(lines: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Lines that belong together by their indentation and brackets, with their first row."""
    start = 0
    for row in range(1, len(lines) + 1):
        if row < len(lines) and (not lines[row].strip() or _CONTINUES.match(lines[row])):
            continue
        yield start, lines[start:row]
        start = row


def _parsed(source: str) -> ast.Module | None:
    """The tree of a source that may wait at its top level; nothing where it does not parse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = compile(source, "<document>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return tree if isinstance(tree, ast.Module) else None


def parsed(source: str) -> ast.Module | None:
    """The tree of a source, with calls whose last arguments are elided: `f(a=1, ...)`."""
    return _parsed(source) or (_parsed(_ELLIPSIS.sub(r" \1   \2", source)) if "..." in source else None)


def parsed_line(source: str) -> ast.Module | None:
    """The tree of one line, which may open a body that is not there or decorate what is not there."""
    if _SECTION.fullmatch(source):
        return None
    if source.endswith(":"):
        return _parsed(f"{source} pass")
    return _parsed(f"{source}\nclass _: pass") if source.startswith("@") else parsed(source)
