"""The transitive reduction: an arrow that a longer path implies is not drawn.

Comes in: a picture. Goes out: the same boxes with fewer arrows. Must never: change what leads where.
"""

from __future__ import annotations

from dataclasses import replace

from fieldguide.write.diagram.circles import against_the_stream
from fieldguide.write.diagram.picture import Picture, in_circles, knots

_TANGLED = 1.5
"""So many arrows a box that circles are opened."""


def untangle(one: Picture) -> Picture:
    """Return the reduced picture; where it is a tangle, its circles are opened first."""
    slim = reduce(one)
    if len(slim.solid) <= _TANGLED * len(slim.boxes) or not in_circles(one):
        return slim
    opened = replace(one, solid=one.solid - against_the_stream(one.solid, one.strength), unwound=True)
    return reduce(opened)


def reduce(one: Picture) -> Picture:
    """Return the picture without arrows that a longer path implies (transitive reduction over the cycles' quotient).

    Arrows within a cycle all stay. A dotted arrow goes when solid arrows lead the same way.
    """
    import rustworkx  # noqa: PLC0415 - brings numpy; only a page with a diagram needs it

    groups = sorted(sorted(knot) for knot in knots(one))
    knot_of = {name: number for number, knot in enumerate(groups) for name in knot}
    graph: rustworkx.PyDiGraph[int, None] = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(len(groups)))
    between = sorted({(knot_of[a], knot_of[b]) for a, b in one.solid if knot_of[a] != knot_of[b]})
    graph.add_edges_from_no_data(between)
    slim, position = rustworkx.transitive_reduction(graph)
    at = {int(position[number]): number for number in range(len(groups))}
    kept = {(at[source], at[target]) for source, target in slim.edge_list()}
    solid = frozenset((a, b) for a, b in one.solid if knot_of[a] == knot_of[b] or (knot_of[a], knot_of[b]) in kept)
    reach = {number: rustworkx.descendants(graph, number) | {number} for number in range(len(groups))}
    dotted = frozenset((a, b) for a, b in one.dotted if knot_of[b] not in reach[knot_of[a]])
    return replace(one, solid=solid, dotted=dotted, reduced=len(solid) + len(dotted) < len(one.solid) + len(one.dotted))
