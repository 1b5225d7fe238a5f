"""From imports to a picture: what is dropped, folded and implied.

Comes in: an import graph and boxes. Goes out: the boxes and arrows that are drawn, and the names of what is not.
Must never: draw an arrow that no import stands behind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fieldguide.write.diagram.boxes import Box

if TYPE_CHECKING:
    from fieldguide.write.diagram.edges import ImportGraph

MOST_BOXES = 12
_FEWEST_IMPORTERS = 4
_FEWEST_LEFT = 4

Arrow = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes by name, arrows between them, and what is not shown."""

    boxes: dict[str, Box]
    solid: frozenset[Arrow]
    dotted: frozenset[Arrow] = frozenset()
    everywhere: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    reduced: bool = False
    owner: dict[str, str] = field(default_factory=dict[str, str])
    """Name of the box by module."""


def picture(graph: ImportGraph, boxes: Iterable[Box]) -> Picture:
    """Return the boxes that are worth drawing, with every arrow; boxes without any arrow are not drawn."""
    shown = {one.name: one for one in boxes}
    owner = {module: one.name for one in shown.values() for module in one.members}
    kinds: dict[Arrow, bool] = {}
    for edge in graph.internal:
        if edge.importer not in owner or edge.imported not in owner:
            continue
        arrow = (owner[edge.importer], owner[edge.imported])
        if arrow[0] != arrow[1]:
            kinds[arrow] = kinds.get(arrow, True) and edge.inside
    whole = Picture(
        shown,
        frozenset(arrow for arrow, inside in kinds.items() if not inside),
        frozenset(arrow for arrow, inside in kinds.items() if inside),
        owner=owner,
    )
    return _without_lonely(_without_everywhere(_without_pass_through(whole, graph)))


def without(one: Picture, names: Iterable[str]) -> Picture:
    """Return the picture without some boxes and their arrows."""
    gone = frozenset(names)
    return replace(
        one,
        boxes={name: box for name, box in one.boxes.items() if name not in gone},
        solid=frozenset(arrow for arrow in one.solid if not gone.intersection(arrow)),
        dotted=frozenset(arrow for arrow in one.dotted if not gone.intersection(arrow)),
    )


def _without_pass_through(one: Picture, graph: ImportGraph) -> Picture:
    """Drop boxes that only hand on what others define, unless it is the top package, where a reader begins."""
    imported = {end for _, end in (*one.solid, *one.dotted)}
    tops = {name for name in one.boxes if "." not in name}
    folded = [
        name for name, box in one.boxes.items() if box.members <= graph.pass_through and (name not in tops or name in imported)
    ]
    kept_top = [name for name in folded if name in tops and len(tops) == 1]
    return without(one, set(folded) - set(kept_top))


def _without_everywhere(one: Picture) -> Picture:
    """Drop, one after another, what most others import: it is in a cycle, or too many arrows would end there."""
    dropped: list[str] = []
    while len(one.boxes) > _FEWEST_LEFT:
        importers = _importers(one)
        bar = max(_FEWEST_IMPORTERS, (len(one.boxes) - 1) / 2)
        often = sorted((name for name, those in importers.items() if len(those) >= bar), key=lambda n: (-len(importers[n]), n))
        drawn = _importers(reduce(one))
        knots = _in_cycles(one)
        found = next((name for name in often if name in knots or len(drawn[name]) >= _FEWEST_IMPORTERS), None)
        if found is None:
            break
        dropped.append(found)
        one = without(one, [found])
    return replace(one, everywhere=(*one.everywhere, *dropped))


def _without_lonely(one: Picture) -> Picture:
    tied = {end for arrow in (*one.solid, *one.dotted) for end in arrow}
    return without(one, [name for name in one.boxes if name not in tied])


def _importers(one: Picture) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for importer, imported in one.solid:
        found[imported].add(importer)
    return found


def _in_cycles(one: Picture) -> set[str]:
    """Return the boxes that import each other, directly or around a corner."""
    return {name for knot in _knots(one) if len(knot) > 1 for name in knot}


def _knots(one: Picture) -> list[list[str]]:
    import rustworkx  # noqa: PLC0415 - brings numpy; only a page with a diagram needs it

    names = sorted(one.boxes)
    index = {name: position for position, name in enumerate(names)}
    graph: rustworkx.PyDiGraph[str, None] = rustworkx.PyDiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from_no_data([(index[a], index[b]) for a, b in sorted(one.solid)])
    return [[names[node] for node in knot] for knot in rustworkx.strongly_connected_components(graph)]


def reduce(one: Picture) -> Picture:
    """Return the picture without arrows that a longer path implies (transitive reduction over the cycles' quotient).

    Arrows within a cycle all stay. A dotted arrow goes when solid arrows lead the same way.
    """
    import rustworkx  # noqa: PLC0415 - brings numpy; only a page with a diagram needs it

    knots = sorted(sorted(knot) for knot in _knots(one))
    knot_of = {name: number for number, knot in enumerate(knots) for name in knot}
    graph: rustworkx.PyDiGraph[int, None] = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(len(knots)))
    between = sorted({(knot_of[a], knot_of[b]) for a, b in one.solid if knot_of[a] != knot_of[b]})
    graph.add_edges_from_no_data(between)
    slim, position = rustworkx.transitive_reduction(graph)
    at = {int(position[number]): number for number in range(len(knots))}
    kept = {(at[source], at[target]) for source, target in slim.edge_list()}
    solid = frozenset((a, b) for a, b in one.solid if knot_of[a] == knot_of[b] or (knot_of[a], knot_of[b]) in kept)
    reach = {number: rustworkx.descendants(graph, number) | {number} for number in range(len(knots))}
    dotted = frozenset((a, b) for a, b in one.dotted if knot_of[b] not in reach[knot_of[a]])
    return replace(one, solid=solid, dotted=dotted, reduced=len(solid) + len(dotted) < len(one.solid) + len(one.dotted))


def cap(one: Picture, weights: dict[str, float], most: int) -> Picture:
    """Return the picture with at most `most` boxes: leaves of one importer go first, then what weighs least."""
    gone: list[str] = []
    while len(one.boxes) > most:
        importers = _importers(one)
        exporters = {importer for importer, _ in one.solid}
        leaves = [name for name in one.boxes if len(importers[name]) == 1 and name not in exporters]
        lightest = min(leaves or one.boxes, key=lambda name: (weights.get(name, 0.0), name))
        gone.append(lightest)
        one = without(one, [lightest])
    return _without_lonely(replace(one, left_out=(*one.left_out, *sorted(gone))))
