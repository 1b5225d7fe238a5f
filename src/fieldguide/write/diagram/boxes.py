"""Which modules share a box: packages are opened as far as the picture stays readable.

Comes in: names of modules, and a judge of how many boxes a grouping would show. Goes out: boxes.
Must never: put a module into two boxes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from fieldguide.domain.symbols import Module

_MOST_CHILDREN = 30
_LEAST_SHARE = 0.1
"""Of all lines that a package must hold to be opened, and of a package's lines a part to be drawn apart."""


@dataclass(frozen=True, slots=True, order=True)
class Box:
    """A part of the project: one module, or a package with all or some of what is in it."""

    name: str
    """Of the module or package, qualified."""
    members: frozenset[str]
    group: str = ""
    """Package whose modules stand apart in boxes of their own; empty at the top."""


def open_boxes(modules: Mapping[str, Module], count: Callable[[list[Box]], int], limit: int) -> list[Box]:
    """Group modules into boxes: the top package is always opened, others while `count` stays within `limit`.

    The largest package is tried first, at first all of it, then only its subpackages.
    """
    boxes = _children("", frozenset(modules), "")
    while len(boxes) == 1 and len(boxes[0].members) > 1:
        boxes = _children(boxes[0].name, boxes[0].members, "")
    least = _LEAST_SHARE * sum(one.lines for one in modules.values())
    tried: set[Box] = set()
    while True:
        closed = [one for one in boxes if _weight(one, modules) >= least and len(one.members) > 1 and one not in tried]
        if not closed:
            return sorted(boxes)
        largest = max(closed, key=lambda one: (_weight(one, modules), one.name))
        tried.add(largest)
        others = [one for one in boxes if one != largest]
        for parts in _ways_to_open(largest, modules):
            if len(parts) <= _MOST_CHILDREN and count([*others, *parts]) <= limit:
                boxes = [*others, *parts]
                break


def _weight(box: Box, modules: Mapping[str, Module]) -> int:
    return sum(modules[name].lines for name in box.members)


def _ways_to_open(box: Box, modules: Mapping[str, Module]) -> list[list[Box]]:
    """Return the box with all its children apart, then with only its subpackages apart."""
    group = box.group or box.name
    parts = _children(box.name, box.members, group)
    ways = [parts] if len(parts) > 1 else []
    inner = [one for one in parts if len(one.members) > 1 or (one.name in modules and modules[one.name].is_package)]
    least = _LEAST_SHARE * _weight(box, modules)
    inner = [one for one in inner if one.name != box.name and _weight(one, modules) >= least]
    rest = frozenset(box.members.difference(*(one.members for one in inner)))
    if inner and rest:
        apart = [Box(one.name, one.members, box.group) for one in inner]
        ways.append([Box(box.name, rest, box.group), *apart])
    return ways


def _children(package: str, members: Collection[str], group: str) -> list[Box]:
    """Return one box for each direct child of a package, and one for the package's own module."""
    prefix = package + "." if package else ""
    groups: dict[str, set[str]] = defaultdict(set)
    for name in members:
        child = package if name == package else prefix + name.removeprefix(prefix).split(".")[0]
        groups[child].add(name)
    return [Box(child, frozenset(names), group) for child, names in sorted(groups.items())]
