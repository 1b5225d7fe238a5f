"""The form of a piece of code that stays the same when it is moved or set out in another way.

Comes in: lines of a file. Goes out: digests.
Must never: import or run the code; depend on the version of Python that looks at it, as `ast.dump` does.
"""

from __future__ import annotations

import ast
import inspect
import warnings
from base64 import b64encode
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DIGEST_LENGTH: Final = 4
"""Characters, of six bits each."""
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_NO_MEANING: Final = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
"""Fields of a syntax tree that the same code need not have everywhere."""


def definition_digest(lines: Sequence[str], *, whole: bool) -> str:
    """Digest of a Python definition: comments, line breaks, quotes and indentation are no part of it.

    Args:
        lines: Of the definition, as they stand in the file.
        whole: With the bodies of functions; else only what they say of themselves: parameters, annotations, decorators,
            docstrings. What does not parse is taken word by word.
    """
    tree = _tree("\n".join(lines))
    if tree is None:
        return words_digest(lines)
    try:
        return _digest("\0".join(_form(tree, whole=whole)))
    except RecursionError:
        return words_digest(lines)


def words_digest(lines: Sequence[str]) -> str:
    """Digest of lines in any language: how their words are spaced is no part of it."""
    return _digest(" ".join(" ".join(lines).split()))


def _digest(form: str) -> str:
    digest = blake2b(form.encode("utf-8", "surrogatepass"), digest_size=DIGEST_LENGTH * 6 // 8).digest()
    return b64encode(digest, b"._").decode()


def _tree(text: str) -> ast.AST | None:
    indented = text[:1].isspace()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            parsed = ast.parse(f"if True:\n{text}" if indented else text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    first = parsed.body[0] if parsed.body else parsed
    return ast.Module(first.body, []) if indented and isinstance(first, ast.If) else parsed


def _form(node: ast.AST, *, whole: bool) -> Iterator[str]:
    """Names of nodes and fields, and values, in the order of the code; what is empty is left out."""
    yield type(node).__name__
    for name, value in ast.iter_fields(node):
        if name in _NO_MEANING or value is None or value == []:
            continue
        yield name
        if name == "body" and not whole and isinstance(node, _DEFINITIONS):
            yield ast.get_docstring(node) or ""
        elif isinstance(node, ast.Expr) and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield inspect.cleandoc(value.value)
        else:
            for one in _listed(value):
                yield from _form(one, whole=whole) if isinstance(one, ast.AST) else (repr(one),)
        yield f"/{name}"


def _listed(value: object) -> list[object]:
    return [*value] if isinstance(value, list) else [value]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
