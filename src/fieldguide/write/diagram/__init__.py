"""The component diagram: the project's parts and who imports whom, to be read at a glance.

Comes in: a `Codebase`. Goes out: a Mermaid flowchart of at most twelve boxes and what its legend must say.
Must never: draw what is not imported, or leave a thing out without naming it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldguide.domain.project import CommandKind
from fieldguide.write.diagram.boxes import Box, open_boxes
from fieldguide.write.diagram.edges import ImportGraph, import_graph
from fieldguide.write.diagram.mermaid import Node, flowchart
from fieldguide.write.diagram.picture import Arrow, Picture, reached
from fieldguide.write.diagram.pruning import MOST_BOXES, cap, fold, picture
from fieldguide.write.diagram.reduction import untangle

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.symbols import Module

__all__ = ["Diagram", "draw"]

_FEWEST = 3
_OPENED = 10
"""Boxes up to which packages are opened: some room is left for third-party packages."""
_THIRD_PARTIES = 4
_THIRD_PARTY_ARROWS = 3
"""More would pull the whole picture towards what is everybody's tool."""
_DOTTED = 6
_MOST_CODE = 0.9
"""Share of the lines from which on a package is the project, and a module at the root only stands beside it."""
_FRAMED = 3


@dataclass(frozen=True, slots=True)
class Diagram:
    """A flowchart, and what its legend must say."""

    mermaid: str
    unit: str
    """What a box is: `module`, `part` or `distribution`."""
    dotted: bool
    packages: bool
    """Third-party packages are drawn."""
    everywhere: tuple[str, ...]
    left_out: tuple[str, ...]
    undrawn: tuple[str, ...]
    """Third-party packages that are imported but not drawn."""
    folded: tuple[str, ...]
    """Drawn with the one part that imports them."""
    reduced: bool
    unwound: bool
    """Arrows that close a circle are left out."""


def draw(codebase: Codebase, modules: Iterable[Module], folders: Sequence[str] = ()) -> Diagram | None:
    """Draw the given modules of a project, or its distributions when their directories are given.

    Returns:
        `None` where fewer than three boxes, or no arrows, are left.
    """
    shown, beside = _main_package(modules) if not folders else (list(modules), ())
    graph = import_graph(codebase, shown)
    boxes = _by_folder(codebase, graph, folders) if folders else _by_package(graph)
    whole = picture(graph, boxes, divisible=not folders)
    slim = untangle(cap(fold(whole, MOST_BOXES), _weights(graph, whole), MOST_BOXES))
    if len(slim.boxes) < _FEWEST or not slim.solid:
        return None
    third = {} if folders else _third_parties(codebase, graph, slim, MOST_BOXES - len(slim.boxes))
    if len(slim.dotted) > _DOTTED:
        slim = replace(slim, dotted=frozenset(), reduced=True)
    slim = replace(slim, left_out=(*slim.left_out, *beside))
    return _diagram(codebase, slim, third, graph, folders)


def _main_package(modules: Iterable[Module]) -> tuple[list[Module], tuple[str, ...]]:
    """Return the modules of the package that nearly all code lies in, and the names of single modules beside it."""
    every = [one for one in modules if one.name]
    lines: Counter[str] = Counter()
    for one in every:
        lines[one.name.partition(".")[0]] += one.lines
    if len(lines) < 2:  # noqa: PLR2004 - one package alone has nothing beside it
        return every, ()
    main, most = max(lines.items(), key=lambda item: (item[1], item[0]))
    single = tuple(sorted(one.name for one in every if one.name.partition(".")[0] != main))
    if most < _MOST_CODE * lines.total() or any("." in name for name in single):
        return every, ()
    return [one for one in every if one.name not in single], tuple(name for name in single if name != "__main__")


def _weights(graph: ImportGraph, whole: Picture) -> dict[str, float]:
    """Return how much each box matters: by importance, and by how much of the code is in it.

    Importance over imports alone would favour the leaves that everything rests on over the parts that do the work.
    """
    lines = sum(one.lines for one in graph.modules.values()) or 1
    return {
        name: sum(graph.modules[one].rank + graph.modules[one].lines / lines for one in box.members)
        for name, box in whole.boxes.items()
    }


def _by_package(graph: ImportGraph) -> list[Box]:
    def count(boxes: list[Box]) -> int:
        return len(picture(graph, boxes).boxes)

    return open_boxes(graph.modules, count, _OPENED)


def _by_folder(codebase: Codebase, graph: ImportGraph, folders: Sequence[str]) -> list[Box]:
    names = {one.directory: one.name for one in codebase.manifests}
    members: dict[str, set[str]] = {}
    ordered = sorted(folders, key=len, reverse=True)
    for module in graph.modules.values():
        home = next((one for one in ordered if not one or module.path.startswith(one + "/")), None)
        if home is not None:
            members.setdefault(names.get(home, home), set()).add(module.name)
    return [Box(name, frozenset(those)) for name, those in sorted(members.items())]


def _third_parties(codebase: Codebase, graph: ImportGraph, slim: Picture, room: int) -> dict[str, dict[Arrow, bool]]:
    """Return the arrows to the few distributions that matter most: required ones first, then the most imported."""
    arrows: dict[str, dict[Arrow, bool]] = {}
    for edge in graph.external:
        box = slim.owner.get(edge.importer)
        if box is not None and box in slim.boxes:
            ends = arrows.setdefault(edge.imported, {})
            ends[box, edge.imported] = ends.get((box, edge.imported), True) and edge.inside
    optional = {one.name for one in codebase.dependencies if one.optional}
    direct = {name: _without_implied(ends, slim) for name, ends in arrows.items()}
    most = len(slim.boxes) / 2
    fit = [name for name, ends in direct.items() if len(ends) <= _THIRD_PARTY_ARROWS and len(arrows[name]) <= most]
    fit.sort(key=lambda name: (name in optional, -len(arrows[name]), name))
    return {name: direct[name] for name in fit[: min(room, _THIRD_PARTIES)]}


def _without_implied(ends: dict[Arrow, bool], slim: Picture) -> dict[Arrow, bool]:
    """Drop the arrow of a box that imports another box which has the arrow too."""
    importers = {box for box, _ in ends}
    kept = {arrow: inside for arrow, inside in ends.items() if not importers & reached(slim, arrow[0])}
    return kept or ends


def _diagram(
    codebase: Codebase,
    slim: Picture,
    third: dict[str, dict[Arrow, bool]],
    graph: ImportGraph,
    folders: Sequence[str],
) -> Diagram:
    root = _root(slim)
    solid, dotted = set(slim.solid), set(slim.dotted)
    for ends in third.values():
        for arrow, inside in ends.items():
            (dotted if inside else solid).add(arrow)
    frames = _frames(slim)
    commands = _commands(codebase, slim)
    nodes = [
        Node(
            name,
            (_label(name, root, frames.get(name, "")), *commands.get(name, ())),
            frame=_relative(frames.get(name, ""), root),
        )
        for name in _reading_order(slim)
    ]
    nodes += [Node(name, (name,), round=True) for name in third]
    single = all(len(box.members) == 1 for box in slim.boxes.values())
    return Diagram(
        mermaid=flowchart(nodes, solid, dotted),
        unit="distribution" if folders else "module" if single else "part",
        dotted=bool(dotted),
        packages=bool(third),
        everywhere=tuple(_relative(one, root) for one in slim.everywhere),
        left_out=tuple(_relative(one, root) for one in slim.left_out),
        undrawn=tuple(sorted({edge.imported for edge in graph.external} - third.keys())),
        folded=tuple(_relative(one, root) for one in slim.folded),
        reduced=slim.reduced,
        unwound=slim.unwound,
    )


def _reading_order(slim: Picture) -> list[str]:
    """Return the boxes so that importers stand before what they import, by name where neither does."""
    waiting = sorted(slim.boxes)
    order: list[str] = []
    while waiting:
        free = [one for one in waiting if not any(a in waiting and a != one for a, b in slim.solid if b == one)]
        order.append((free or waiting)[0])
        waiting.remove(order[-1])
    return order


def _root(slim: Picture) -> str:
    """Return the package that all boxes are in; its name is not repeated in labels."""
    split = [name.split(".") for name in slim.boxes]
    shared: list[str] = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return ".".join(shared)


def _relative(name: str, root: str) -> str:
    return name.removeprefix(root + ".") if root else name


def _frames(slim: Picture) -> dict[str, str]:
    """Return the package around each box that is drawn as a frame: one with three boxes in it, and some outside."""
    groups: dict[str, list[str]] = {}
    for name, box in slim.boxes.items():
        if box.group:
            groups.setdefault(box.group, []).append(name)
    return {name: group for group, names in groups.items() if _FRAMED <= len(names) < len(slim.boxes) for name in names}


def _label(name: str, root: str, frame: str) -> str:
    if frame and name != frame:
        return name.removeprefix(frame + ".")
    return _relative(name, root)


def _commands(codebase: Codebase, slim: Picture) -> dict[str, tuple[str, ...]]:
    """Return the commands that start in each box, for its label."""
    found: dict[str, tuple[str, ...]] = {}
    for one in codebase.commands:
        box = slim.owner.get(one.target.partition(":")[0])
        if one.kind is CommandKind.CONSOLE_SCRIPT and box is not None and box in slim.boxes:
            found[box] = (*found.get(box, ()), one.name)
    shown = {box: tuple(one for one in names if one != box.rpartition(".")[2]) for box, names in found.items()}
    return {box: names for box, names in shown.items() if len(names) <= 2}  # noqa: PLR2004 - more make the box too tall
