"""Narrow what TOML, YAML and JSON give to the types that a reader expects.

Comes in: a value of any type. Goes out: a value of the type asked for, empty where it is of another type.
Must never: convert (a number stays no string), raise.
"""

from __future__ import annotations

from typing import cast


def as_table(value: object) -> dict[str, object]:
    """Return a mapping with its string keys; an empty one for anything else."""
    if not isinstance(value, dict):
        return {}
    return {key: item for key, item in cast("dict[object, object]", value).items() if isinstance(key, str)}


def as_list(value: object) -> list[object]:
    """Return the items of a list or tuple; none for anything else."""
    if isinstance(value, list | tuple):
        return list(cast("list[object]", value))
    return []


def as_text(value: object) -> str:
    """Return a string stripped; an empty one for anything else."""
    return value.strip() if isinstance(value, str) else ""


def as_texts(value: object) -> list[str]:
    """Return the strings of a list in order; what is no string is left out."""
    return [item for item in as_list(value) if isinstance(item, str)]


def lookup(table: dict[str, object], *keys: str) -> object:
    """Follow `keys` through nested tables; `None` where one is missing."""
    value: object = table
    for key in keys:
        value = as_table(value).get(key)
    return value
