"""Circles of imports, opened where they would tangle the picture.

Comes in: arrows with the number of imports behind each. Goes out: the arrows that go against the main direction.
Must never: take an arrow away from a picture that is readable with it; that is for its caller to judge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fieldguide.write.diagram.picture import Arrow


def against_the_stream(arrows: Collection[Arrow], strength: Mapping[Arrow, int]) -> frozenset[Arrow]:
    """Return arrows without which no circle is left, those with few imports behind them first.

    The order is that of Eades, Lin and Smyth, "A fast and effective heuristic for the feedback arc set problem"
    (1993): sinks go to the end, sources to the beginning, else the node whose outgoing arrows outweigh its incoming
    ones the most goes to the beginning. Names decide between equals.
    """
    rank = {name: position for position, name in enumerate(_order(arrows, strength))}
    return frozenset((a, b) for a, b in arrows if rank[a] > rank[b])


def _order(arrows: Collection[Arrow], strength: Mapping[Arrow, int]) -> list[str]:
    waiting = {name for arrow in arrows for name in arrow}
    left = set(arrows)
    first: list[str] = []
    last: list[str] = []
    while waiting:
        sources, sinks = {a for a, _ in left}, {b for _, b in left}
        if ends := sorted(waiting - sources):
            chosen, side = ends[0], last
        elif starts := sorted(waiting - sinks):
            chosen, side = starts[0], first
        else:
            balance = dict.fromkeys(waiting, 0)
            for a, b in left:
                balance[a] += strength.get((a, b), 1)
                balance[b] -= strength.get((a, b), 1)
            chosen, side = min(waiting, key=lambda name: (-balance[name], name)), first
        side.append(chosen)
        waiting.remove(chosen)
        left = {arrow for arrow in left if chosen not in arrow}
    return [*first, *reversed(last)]
