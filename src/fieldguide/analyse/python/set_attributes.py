"""Reads which attributes methods set on their objects, and where a module or class binds names that cannot be read.

Comes in: a method, or the tree of a module.
Goes out: names with their lines; the words for what cannot be followed.
Must never: take an attribute of something else for the object's own.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef

Attribute = tuple[str, int, ast.expr | None, ast.expr | None]
"""Name, line, value and annotation."""
BLOCKS: Final = ("body", "orelse", "finalbody", "handlers", "cases")
"""Where a compound statement holds statements, clauses included."""
_SIMPLE: Final = frozenset(
    {ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom}
    | {ast.Pass, ast.Delete, ast.Global, ast.Nonlocal, ast.Break, ast.Continue}
)
_BY_CALL: Final = ("setattr", "__dict__", "vars(")
_ASKED: Final = re.compile(r"(?:get|has|set)attr\(\s*[^,()]+,\s*[\"'](\w+)[\"']")
_DYNAMIC: Final = ("globals(", "vars(", "exec(", "sys.modules")
_GIVING: Final = ("attach", "module", "lazy", "deprecat")
"""Parts of the names of what puts names into a module."""
_NAMESPACE_CALLS = frozenset({"globals", "vars", "exec"})


def attributes_set(method: Function, *, by_call: bool) -> tuple[list[Attribute], str]:
    """Attributes that `method` sets on its first parameter, and what of it cannot be followed (empty for nothing).

    Args:
        method: A function in a class, or one in a method.
        by_call: The module sets attributes by name somewhere: look into expressions too.
    """
    parameters = [*method.args.posonlyargs, *method.args.args]
    if not parameters:
        return [], ""
    own = parameters[0].arg
    found: list[Attribute] = []
    for node in nested_statements(method.body):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if not isinstance(target, ast.Name):
                        found.extend((name, line, value, None) for name, line in _of(target, own))
            case ast.AnnAssign(target=target, value=value, annotation=annotation):
                found.extend((name, line, value, annotation) for name, line in _of(target, own))
            case ast.AugAssign(target=target) | ast.For(target=target) | ast.AsyncFor(target=target):
                found.extend((name, line, None, None) for name, line in _of(target, own))
            case ast.With(items=items) | ast.AsyncWith(items=items):
                targets = [one.optional_vars for one in items if one.optional_vars]
                found.extend((name, line, None, None) for target in targets for name, line in _of(target, own))
            case _:
                pass
    if not by_call:
        return found, ""
    named, unclear = _by_call(method, own)
    return [*found, *named], unclear


def _by_call(method: Function, own: str) -> tuple[list[Attribute], str]:
    found: list[Attribute] = []
    unclear = ""
    for node in ast.walk(method):
        if isinstance(node, ast.Call):
            name = _set_by_call(node, own)
            unclear = "setattr" if name == "?" else unclear
            if name and name != "?":
                found.append((name, node.lineno, None, None))
        elif isinstance(node, ast.Attribute) and node.attr == "__dict__" and dotted_name(node.value) == own:
            unclear = "__dict__"
    return found, unclear


def nested_statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements at every depth, those of inner functions included, those of inner classes left out."""
    waiting: list[ast.AST] = [*body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
            if type(node) in _SIMPLE:
                continue
        if not isinstance(node, ast.ClassDef):
            for block in BLOCKS:
                waiting.extend(getattr(node, block, ()))


def dotted_name(node: ast.expr) -> str:
    """`a.b.c` where the expression is nothing else, otherwise the empty string."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def _of(target: ast.expr, own: str) -> Iterator[tuple[str, int]]:
    match target:
        case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner == own:
            yield name, target.lineno
        case ast.Attribute(value=ast.Call(func=ast.Name(id="type"), args=[ast.Name(id=owner)]), attr=name) if (
            owner == own
        ):
            yield name, target.lineno
        case ast.Tuple(elts=items) | ast.List(elts=items):
            for item in items:
                yield from _of(item, own)
        case ast.Starred(value=inner):
            yield from _of(inner, own)
        case _:
            pass


def _set_by_call(call: ast.Call, own: str) -> str:
    """The attribute that `setattr`, `object.__setattr__` or the like sets on the object; `?` where it is computed."""
    match call:
        case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=owner), name, *_]) if owner == own:
            pass
        case ast.Call(func=ast.Attribute(attr="__setattr__"), args=[ast.Name(id=owner), name, _]) if owner == own:
            pass
        case ast.Call(func=ast.Attribute(attr="__setattr__"), args=[name, _]):
            pass
        case ast.Call(func=ast.Name(id="vars"), args=[ast.Name(id=owner)]) if owner == own:
            return "?"
        case _:
            return ""
    return name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else "?"


def names_asked(text: str) -> tuple[str, ...]:
    """Attributes that a module asks objects for by name, `getattr(x, "name")`: others may give them to its classes."""
    if "attr(" not in text:
        return ()
    return tuple(sorted({match[1] for match in _ASKED.finditer(text)}))


def sets_by_call(text: str) -> bool:
    """Tell whether attributes may be set by name in a module with this text."""
    return any(word in text for word in _BY_CALL)


def dynamic_use(tree: ast.Module, text: str) -> str:
    """What a module does that may bind names which no statement shows; empty where it does nothing of the kind."""
    for node in ast.walk(tree) if any(word in text for word in _DYNAMIC) else ():
        match node:
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in _NAMESPACE_CALLS:
                if name == "exec" or not arguments:
                    return f"{name}()"
            case ast.Attribute(value=ast.Name(id="sys"), attr="modules"):
                return "sys.modules"
            case _:
                pass
    for node in tree.body if "__name__" in text or any(word in text for word in _GIVING) else ():
        for inner in ast.walk(node) if not isinstance(node, Function | ast.ClassDef) else ():
            if isinstance(inner, ast.Call) and _gives_its_name_away(inner):
                return "a call with `__name__`"
            if isinstance(inner, ast.Expr) and _gives_names(inner.value):
                return "a call with a table of names"
    return ""


def _callee(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _gives_names(statement: ast.expr) -> bool:
    """The module is given names by a table: `set_deprecated_aliases({"Old": "package.New"})`."""
    if not isinstance(statement, ast.Call) or not any(word in _callee(statement).lower() for word in _GIVING):
        return False
    tables = [one for one in statement.args if isinstance(one, ast.Dict) and one.keys]
    return any(isinstance(key, ast.Constant) and isinstance(key.value, str) for one in tables for key in one.keys)


def _gives_its_name_away(call: ast.Call) -> bool:
    """The module hands its own name to something that may put names into it: `recreate_module(__name__, …)`."""
    callee = _callee(call)
    named = any(isinstance(one, ast.Name) and one.id == "__name__" for one in call.args)
    if not named:
        return False
    return callee == "setattr" or any(word in callee.lower() for word in _GIVING)
