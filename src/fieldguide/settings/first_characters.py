"""With which characters a part of a regular expression can begin.

Comes in: parts of the tree that Python's own parser makes. Goes out: a set of characters, never too small.
Must never: leave one out: where two sets have none in common, an expression is taken to have no choice.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

OTHER: Final = 128
"""Stands for every character beyond ASCII at once."""
ALL: Final = frozenset(range(OTHER + 1))
_CATEGORIES: Final = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}
_ZERO_WIDTH: Final = frozenset({"AT", "ASSERT", "ASSERT_NOT"})
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_INNER: Final = dict.fromkeys(_REPEATS, 2) | {"SUBPATTERN": 3, "ATOMIC_GROUP": 0}
"""Where the argument of an operation holds the parts that it is about."""


def first_characters(parts: Sequence[Any]) -> frozenset[int]:
    """Return the characters that a match of `parts` can begin with; `ALL` where it may be empty."""
    found: frozenset[int] = frozenset()
    for operation, argument in parts:
        name = str(operation)
        if name in _ZERO_WIDTH:
            continue
        found |= _of(name, argument)
        if name not in _REPEATS or argument[0] > 0:
            return found
    return ALL


def _of(name: str, argument: Any) -> frozenset[int]:  # noqa: ANN401  # the standard library's own tree has no public type
    if name in _INNER:
        return first_characters(argument if name == "ATOMIC_GROUP" else argument[_INNER[name]])
    match name:
        case "LITERAL":
            return _literal(argument)
        case "NOT_LITERAL":
            # What is excluded without regard to case excludes more: the literal alone is never too much.
            return ALL - {argument} | {OTHER}
        case "IN":
            return _class(argument)
        case "BRANCH":
            return frozenset[int]().union(*(first_characters(branch) for branch in argument[1]))
        case _:
            return ALL


def _class(items: Sequence[Any]) -> frozenset[int]:
    found: set[int] = set()
    negated = False
    for operation, argument in items:
        match str(operation):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found |= {min(argument, OTHER)} if negated else _literal(argument)
            case "RANGE":
                for code in range(argument[0], min(argument[1], OTHER) + 1):
                    found |= {code} if negated else _literal(code)
            case _:
                found |= _category(str(argument))
    return (ALL - found) | {OTHER} if negated else frozenset(found)


def _literal(code: int) -> frozenset[int]:
    """Both cases of a letter, as if every expression disregarded case."""
    if code >= OTHER:
        return frozenset({OTHER})
    return frozenset({ord(chr(code).lower()), ord(chr(code).upper())})


def _category(name: str) -> frozenset[int]:
    inverted = "_NOT_" in name
    members = re.compile(_CATEGORIES[name.rpartition("_")[2]])
    ascii_members = frozenset(code for code in range(OTHER) if members.fullmatch(chr(code)))
    return (ALL - ascii_members if inverted else ascii_members) | {OTHER}
