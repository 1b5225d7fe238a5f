"""A picture as a Mermaid flowchart.

Comes in: boxes and arrows. Goes out: text that Mermaid parses, the same bytes for the same picture.
Must never: use an identifier that Mermaid reads as a keyword, or let a label end its quotes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

_RESERVED = frozenset(
    {"accdescr", "acctitle", "bt", "call", "class", "classdef", "click", "default", "direction", "end", "flowchart"}
    | {"graph", "href", "interpolate", "linkstyle", "lr", "rl", "style", "subgraph", "tb", "td"}
)


@dataclass(frozen=True, slots=True)
class Node:
    """A box: key, label of one or more lines, whether it is round, the frame that it stands in."""

    key: str
    label: tuple[str, ...]
    round: bool = False
    frame: str = ""


def flowchart(nodes: list[Node], solid: set[tuple[str, str]], dotted: set[tuple[str, str]]) -> str:
    """Return a flowchart from top to bottom. Two arrows between the same two boxes are drawn as one with two heads."""
    ids = _identifiers(
        [*((f"{one.frame}/", one.frame) for one in nodes if one.frame), *((one.key, one.label[0]) for one in nodes)]
    )
    lines = ["flowchart TD"]
    frames: dict[str, list[Node]] = defaultdict(list)
    for one in nodes:
        frames[one.frame].append(one)
    for frame in sorted(frames):
        indent = "    "
        if frame:
            lines.append(f'{indent}subgraph {ids[frame + "/"]}["{_escaped(frame)}"]')
            indent += "    "
        lines += [f"{indent}{ids[one.key]}{_shape(one)}" for one in frames[frame]]
        if frame:
            lines.append("    end")
    order = {one.key: position for position, one in enumerate(nodes)}
    for line, arrows in (("-->", solid), ("-.->", dotted)):
        for source, target in sorted(arrows, key=lambda arrow: (order[arrow[0]], order[arrow[1]])):
            if (target, source) in arrows:
                if order[source] < order[target]:
                    lines.append(f"    {ids[source]} <{line} {ids[target]}")
            else:
                lines.append(f"    {ids[source]} {line} {ids[target]}")
    return "\n".join(lines)


def _shape(node: Node) -> str:
    label = "<br/>".join(_escaped(line) for line in node.label)
    return f'(["{label}"])' if node.round else f'["{label}"]'


def _escaped(text: str) -> str:
    """Return text for a quoted label: entities as Mermaid spells them, with a `#` instead of the ampersand."""
    table = {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\\": "#92;"}
    return "".join(table.get(letter, letter) for letter in text)


def _identifiers(keys: list[tuple[str, str]]) -> dict[str, str]:
    """Return an identifier for each key, made of the words beside it: no keyword, none twice."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key, words in dict(keys).items():
        base = re.sub(r"[^a-z0-9]+", "_", words.lower(), flags=re.ASCII).strip("_") or "box"
        if base[0].isdigit() or base.split("_")[0] in _RESERVED:
            base = f"box_{base}"
        name, number = base, 2
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.add(name)
        found[key] = name
    return found
