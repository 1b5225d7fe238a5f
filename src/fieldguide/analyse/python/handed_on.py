"""Reads what a function does with the keyword arguments that it has no names for.

Comes in: a function with `**kwargs`.
Goes out: whom it hands them on to, and which it takes out itself.
Must never: say that it knows where they go when one use of them is not understood.
"""

from __future__ import annotations

import ast

_TAKING = frozenset({"pop", "get", "setdefault"})


def keywords_handed_on(
    function: ast.FunctionDef | ast.AsyncFunctionDef,
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Callees as written to which all of `**kwargs` goes (`None` where that cannot be told), and the keys taken.

    `super().x` stands for the method `x` of the bases.
    """
    name = function.args.kwarg.arg if function.args.kwarg else ""
    forwards: list[str] = []
    taken: list[str] = []
    understood = 0
    used = 0
    for node in ast.walk(function):
        match node:
            case ast.Name(id=found) if found == name:
                used += 1
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=found), attr=method), args=[ast.Constant(value=key), *_]
            ) if found == name and method in _TAKING and isinstance(key, str):
                understood += 1
                taken.append(key)
            case ast.Subscript(value=ast.Name(id=found), slice=ast.Constant(value=str() as key)) if found == name:
                understood += 1
                taken.append(key)
            case ast.Compare(left=ast.Constant(value=str() as key), comparators=[ast.Name(id=found)]) if found == name:
                understood += 1
                taken.append(key)
            case ast.Call(func=callee, keywords=keywords) if any(_all_of(one, name) for one in keywords):
                if written := _written(callee):
                    understood += 1
                    forwards.append(written)
            case _:
                pass
    if understood < used or not used:
        return None, tuple(dict.fromkeys(taken))
    return tuple(dict.fromkeys(forwards)), tuple(dict.fromkeys(taken))


def _all_of(keyword: ast.keyword, name: str) -> bool:
    return keyword.arg is None and isinstance(keyword.value, ast.Name) and keyword.value.id == name


def _written(callee: ast.expr) -> str:
    """A dotted callee as written, with `super()` as it stands; empty for anything else."""
    parts: list[str] = []
    while isinstance(callee, ast.Attribute):
        parts.append(callee.attr)
        callee = callee.value
    match callee:
        case ast.Name(id=name):
            return ".".join([name, *reversed(parts)])
        case ast.Call(func=ast.Name(id="super")):
            return ".".join(["super()", *reversed(parts)])
        case _:
            return ""
