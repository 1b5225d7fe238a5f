"""A picture in the making: boxes, arrows, and what is not shown of them.

Comes in: boxes and arrows. Goes out: the same, and what can be asked of them: who imports a box, what it leads to.
Must never: decide what is shown.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fieldguide.write.diagram.boxes import Box

if TYPE_CHECKING:
    from collections.abc import Iterable

Arrow = tuple[str, str]
"""Importing and imported box."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes by name, arrows between them, and what is not shown."""

    boxes: dict[str, Box]
    solid: frozenset[Arrow]
    dotted: frozenset[Arrow] = frozenset()
    everywhere: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    folded: tuple[str, ...] = ()
    reduced: bool = False
    unwound: bool = False
    """Arrows that close a circle are left out."""
    strength: dict[Arrow, int] = field(default_factory=dict[Arrow, int])
    """How many imports stand behind an arrow."""
    owner: dict[str, str] = field(default_factory=dict[str, str])
    """Name of the box by module."""


def without(one: Picture, names: Iterable[str]) -> Picture:
    """Return the picture without some boxes and their arrows."""
    gone = frozenset(names)
    return replace(
        one,
        boxes={name: box for name, box in one.boxes.items() if name not in gone},
        solid=frozenset(arrow for arrow in one.solid if not gone.intersection(arrow)),
        dotted=frozenset(arrow for arrow in one.dotted if not gone.intersection(arrow)),
    )


def importers_of(one: Picture) -> dict[str, set[str]]:
    """Return, for each box with a solid arrow to it, the boxes that the arrows come from."""
    found: dict[str, set[str]] = defaultdict(set)
    for importer, imported in one.solid:
        found[imported].add(importer)
    return found


def in_circles(one: Picture) -> set[str]:
    """Return the boxes that import each other, directly or around a corner."""
    return {name for knot in knots(one) if len(knot) > 1 for name in knot}


def knots(one: Picture) -> list[list[str]]:
    """Return the boxes in groups that import each other; a box in no circle is a group of its own."""
    import rustworkx  # noqa: PLC0415 - brings numpy; only a page with a diagram needs it

    names = sorted(one.boxes)
    index = {name: position for position, name in enumerate(names)}
    graph: rustworkx.PyDiGraph[str, None] = rustworkx.PyDiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from_no_data([(index[a], index[b]) for a, b in sorted(one.solid)])
    return [[names[node] for node in knot] for knot in rustworkx.strongly_connected_components(graph)]


def reached(one: Picture, start: str) -> set[str]:
    """Return the boxes to which solid arrows lead from `start`, in one step or more, without `start` itself."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        here = waiting.pop()
        for source, target in one.solid:
            if source == here and target not in found:
                found.add(target)
                waiting.append(target)
    return found - {start}
