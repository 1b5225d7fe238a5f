"""Pieces of syntax that settings classes share: calls, aliases, attribute docstrings, literal defaults.

Comes in: nodes of `ast`. Goes out: names, texts, nodes.
Must never: evaluate anything.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from fieldguide.analyse.interfaces.help_text import first_paragraph
from fieldguide.analyse.interfaces.lowering_expressions import source_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def is_enum(node: ast.ClassDef) -> bool:
    """It derives from an enumeration."""
    return any(dotted_name(base).rpartition(".")[2].endswith("Enum") for base in node.bases)


def with_docstrings(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.stmt, str]]:
    """Each statement with the string that stands below it, which documents an attribute (PEP 257)."""
    following = [*body[1:], None]
    for statement, below in zip(body, following, strict=True):
        match below:
            case ast.Expr(value=ast.Constant(value=str() as text)):
                yield statement, " ".join(first_paragraph(text).split())
            case _:
                yield statement, ""


def assignment(statement: ast.stmt) -> tuple[str, ast.expr | None]:
    """Name and value of an assignment to one name; an empty name for anything else."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name, value
        case ast.AnnAssign(target=ast.Name(id=name), value=value):
            return name, value
        case _:
            return "", None


def called_by(node: ast.expr) -> ast.expr:
    """What a decorator calls, or is."""
    return node.func if isinstance(node, ast.Call) else node


def dotted_name(node: ast.expr) -> str:
    """`a.b.c` of names and attributes; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def keywords_of(node: ast.Call) -> dict[str, ast.expr]:
    """Keyword arguments of a call."""
    return {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}


def entries_of(node: ast.expr) -> dict[str, ast.expr]:
    """Entries of a dictionary display or of a call such as `SettingsConfigDict(…)`."""
    if isinstance(node, ast.Call):
        return keywords_of(node)
    if isinstance(node, ast.Dict):
        return {
            key.value: value
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }
    return {}


def unwrap_annotated(annotation: ast.expr) -> tuple[ast.expr, list[ast.expr]]:
    """The type in `Annotated[…]`, and what stands behind it."""
    match annotation:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=[inner, *rest])) if dotted_name(value).endswith(
            "Annotated"
        ):
            return inner, rest
        case _:
            return annotation, []


def is_field(node: ast.Call) -> bool:
    """It is pydantic's `Field(…)`."""
    return dotted_name(node.func).rpartition(".")[2] == "Field"


def is_ellipsis(node: ast.expr) -> bool:
    """It is `...`."""
    return isinstance(node, ast.Constant) and node.value is ...


def aliases_of(node: ast.expr, constants: Mapping[str, ast.expr]) -> list[str]:
    """Variable names that an alias gives: a text, a list, or `AliasChoices(…)`."""
    if isinstance(node, ast.Call):
        return [text for argument in node.args if (text := text_of(argument, constants))]
    if isinstance(node, ast.List | ast.Tuple):
        return [text for element in node.elts if (text := text_of(element, constants))]
    text = text_of(node, constants)
    return [text] if text else []


def text_of(node: ast.expr | None, constants: Mapping[str, ast.expr]) -> str | None:
    """A text, or that of a constant of the module."""
    if isinstance(node, ast.Name):
        node = constants.get(node.id)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def default_text(  # noqa: PLR0911 (one a case)
    node: ast.expr | None, constants: Mapping[str, ast.expr]
) -> str | None:
    """Source text of a default. Of `os.environ.get("X") or "y"` and its like it is what holds without the variable."""
    match node:
        case None | ast.Constant(value=None) | ast.Lambda():
            return None
        case ast.Name(id=name) if name in constants:
            return source_text(constants[name])
        case ast.BoolOp(op=ast.Or(), values=[*_, last]) if "environ" in source_text(node) or "getenv" in source_text(
            node
        ):
            return default_text(last, constants)
        case ast.Call(func=ast.Attribute(attr="get" | "getenv"), args=arguments) if "env" in source_text(node.func):
            return default_text(arguments[1], constants) if len(arguments) > 1 else None
        case ast.Call(func=ast.Name(id="int" | "float" | "bool"), args=[inner]):
            return default_text(inner, constants)
        case ast.Call(func=called, args=[ast.Constant(value=str() as text)]) if dotted_name(called).endswith("Secret"):
            return repr(text) or None
        case _ if "environ" in source_text(node):
            return None
        case _:
            return source_text(node) or None


def factory_default(node: ast.expr | None) -> str | None:
    """What a default factory of no argument makes, where its name says so."""
    return (
        {"list": "[]", "dict": "{}", "set": "set()", "tuple": "()"}.get(dotted_name(node)) if node is not None else None
    )
