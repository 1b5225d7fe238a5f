"""What is worth drawing: what is dropped for being everywhere, folded into its importer, or left out.

Comes in: an import graph and boxes. Goes out: a picture of the boxes and arrows that are drawn, and the names of the
others. Must never: draw an arrow that no import stands behind.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.write.diagram.picture import Picture, importers_of, in_circles, without
from fieldguide.write.diagram.reduction import reduce

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.write.diagram.boxes import Box
    from fieldguide.write.diagram.edges import ImportGraph
    from fieldguide.write.diagram.picture import Arrow

MOST_BOXES = 12
_FEWEST_IMPORTERS = 4
_FEWEST_LEFT = 4
_CROWDED = 9
_SMALL = 0.06
"""Share of the lines up to which a box may be left out for being imported almost everywhere."""
_SUPPORT = frozenset(
    {"common", "compat", "conf", "config", "const", "constants", "deprecation", "deprecations", "error", "errors"}
    | {"exc", "exceptions", "globals", "helper", "helpers", "log", "logger", "logging", "logs", "settings", "tools"}
    | {"type", "types", "typing", "util", "utilities", "utils"}
)
"""Names of modules that support the others."""


def picture(graph: ImportGraph, boxes: Iterable[Box], *, divisible: bool = True) -> Picture:
    """Return the boxes that are worth drawing, with every arrow; boxes without any arrow are not drawn.

    Where boxes are `divisible`, modules that would tie everything together are left out of theirs.
    """
    shown = {one.name: one for one in boxes}
    if not divisible:
        return _pruned(graph, shown, ())
    shared = _shared_modules(graph, shown)
    first = _pruned(graph, shown, shared)
    if leaves := _shared_leaves(graph, first):
        return _pruned(graph, shown, (*shared, *leaves))
    return first


def _pruned(graph: ImportGraph, shown: dict[str, Box], shared: tuple[str, ...]) -> Picture:
    lines = {name: sum(graph.modules[module].lines for module in box.members) for name, box in shown.items()}
    whole = _with_arrows(graph, shown, shared)
    return _without_lonely(_without_everywhere(_without_pass_through(whole, graph), lines))


def _with_arrows(graph: ImportGraph, shown: dict[str, Box], shared: tuple[str, ...]) -> Picture:
    owner = {module: one.name for one in shown.values() for module in one.members if module not in shared}
    kinds: dict[Arrow, bool] = {}
    strength: Counter[Arrow] = Counter()
    for edge in graph.internal:
        if edge.importer not in owner or edge.imported not in owner:
            continue
        arrow = (owner[edge.importer], owner[edge.imported])
        if arrow[0] != arrow[1]:
            kinds[arrow] = kinds.get(arrow, True) and edge.inside
            strength[arrow] += 1
    return Picture(
        shown,
        frozenset(arrow for arrow, inside in kinds.items() if not inside),
        frozenset(arrow for arrow, inside in kinds.items() if inside),
        everywhere=shared,
        owner=owner,
        strength=dict(strength),
    )


def _shared_modules(graph: ImportGraph, boxes: dict[str, Box]) -> tuple[str, ...]:
    """Return modules within larger boxes that most other boxes import: types that would tie everything together."""
    users = _users(graph, {module: one.name for one in boxes.values() for module in one.members})
    bar = max(_FEWEST_IMPORTERS, (len(boxes) - 1) / 2)
    inner = _inner(boxes.values())
    return tuple(sorted(name for name, those in users.items() if name in inner and len(those) >= bar))


def _shared_leaves(graph: ImportGraph, one: Picture) -> tuple[str, ...]:
    """Return modules within larger boxes that import nothing of other boxes and close a circle all the same.

    They hold what two parts share; without them the parts' real order shows.
    """
    circles = in_circles(one)
    users = _users(graph, one.owner)
    outward = {edge.importer for edge in graph.internal if one.owner.get(edge.imported, "") in one.boxes}
    inner = _inner(box for name, box in one.boxes.items() if name in circles)
    found = [name for name in inner & users.keys() - outward if len(users[name] & circles) > 0 and len(users[name]) > 1]
    return tuple(sorted(found))


def _users(graph: ImportGraph, owner: dict[str, str]) -> dict[str, set[str]]:
    """Return, for each module, the boxes other than its own that import it."""
    users: dict[str, set[str]] = defaultdict(set)
    for edge in graph.internal:
        ends = owner.get(edge.importer, ""), owner.get(edge.imported, "")
        if all(ends) and ends[0] != ends[1]:
            users[edge.imported].add(ends[0])
    return users


def _inner(boxes: Iterable[Box]) -> set[str]:
    """Return the modules that share a box with others, without those that give a box its name."""
    return {name for box in boxes if len(box.members) > 1 for name in box.members if name != box.name}


def _without_pass_through(one: Picture, graph: ImportGraph) -> Picture:
    """Drop boxes that only hand on what others define; a top package that nobody imports is where readers start."""
    imported = {end for _, end in (*one.solid, *one.dotted)}
    return without(
        one,
        [
            name
            for name, box in one.boxes.items()
            if box.members <= graph.pass_through and ("." in name or name in imported)
        ],
    )


def _without_everywhere(one: Picture, lines: dict[str, int]) -> Picture:
    """Drop, one after another, the small or supporting boxes that many others import."""
    dropped: list[str] = []
    while len(one.boxes) > _FEWEST_LEFT and (found := _most_imported(one, lines)):
        dropped.append(found)
        one = without(one, [found])
    return replace(one, everywhere=(*one.everywhere, *dropped))


def _most_imported(one: Picture, lines: dict[str, int]) -> str:
    """Return the box that is imported almost everywhere, and in the way; empty where there is none.

    What its name calls support (settings, types, errors) goes when a third of the others import it, anything else that
    is small when most do; both only while the picture is large, tied in a cycle, or would have four arrows end there.
    """
    importers = importers_of(one)
    others = len(one.boxes) - 1
    total = sum(lines[name] for name in one.boxes) or 1
    drawn = importers_of(reduce(one))
    circles = in_circles(one)
    for name in sorted(importers, key=lambda name: (not _supports(name), -len(importers[name]), name)):
        share = 1 / 3 if _supports(name) else 3 / 5 if lines[name] < _SMALL * total else 2
        fewest = _FEWEST_IMPORTERS - 1 if _supports(name) else _FEWEST_IMPORTERS
        in_the_way = others >= _CROWDED or name in circles or len(drawn[name]) >= _FEWEST_IMPORTERS
        if len(importers[name]) >= max(fewest, others * share) and in_the_way:
            return name
    return ""


def _supports(name: str) -> bool:
    return name.rpartition(".")[2].strip("_").lower() in _SUPPORT


def _without_lonely(one: Picture) -> Picture:
    tied = {end for arrow in (*one.solid, *one.dotted) for end in arrow}
    return without(one, [name for name in one.boxes if name not in tied])


def fold(one: Picture, most: int) -> Picture:
    """Draw boxes with a single importer as part of it, those with fewest arrows first, until `most` are left."""
    folded: list[str] = []
    while len(one.boxes) > most:
        importers = importers_of(one)
        ends = [arrow[0] for arrow in (*one.solid, *one.dotted)]
        single = [name for name in one.boxes if len(importers[name]) == 1 and "." in name]
        if not single:
            break
        chosen = min(single, key=lambda name: (ends.count(name), name))
        one = _merged(one, chosen, next(iter(importers[chosen])))
        folded.append(chosen)
    return replace(one, folded=tuple(sorted(folded)))


def _merged(one: Picture, part: str, into: str) -> Picture:
    box = one.boxes[into]
    whole = replace(box, members=box.members | one.boxes[part].members)

    def moved(arrows: frozenset[Arrow]) -> frozenset[Arrow]:
        ends = ((into if a == part else a, into if b == part else b) for a, b in arrows)
        return frozenset((a, b) for a, b in ends if a != b)

    solid = moved(one.solid)
    strength: Counter[Arrow] = Counter()
    for (a, b), count in one.strength.items():
        strength[into if a == part else a, into if b == part else b] += count
    return replace(
        one,
        boxes={name: whole if name == into else other for name, other in one.boxes.items() if name != part},
        solid=solid,
        dotted=moved(one.dotted) - solid,
        strength=dict(strength),
        owner={module: into if name == part else name for module, name in one.owner.items()},
    )


def cap(one: Picture, weights: dict[str, float], most: int) -> Picture:
    """Return the picture with at most `most` boxes: what weighs least is left out."""
    gone: list[str] = []
    while len(one.boxes) > most:
        lightest = min(one.boxes, key=lambda name: (weights.get(name, 0.0), name))
        gone.append(lightest)
        one = without(one, [lightest])
    return _without_lonely(replace(one, left_out=(*one.left_out, *sorted(gone))))
