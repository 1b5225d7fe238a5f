"""The parts and how they hang together: a diagram, or a table of distributions.

Comes in: the import graph; the model's words about how it works. Goes out: Mermaid with its legend, then the words.
Must never: draw what is not imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.sections import DEPENDENCIES, HOW_IT_WORKS
from fieldguide.write.diagram import draw
from fieldguide.write.sections.markdown import code, details, fence, paragraphs, table
from fieldguide.write.sections.phrases import capital, listing
from fieldguide.write.sections.subject import Shape, distributions, source_modules

if TYPE_CHECKING:
    from fieldguide.write.diagram import Diagram
    from fieldguide.write.sections.subject import Subject

_ROWS = 20
_NAMED = 6
_FEW = 4
_PAIR = 2


def components(subject: Subject) -> str:
    """Return the distributions of a repository that has several, the diagram, its legend, and what the model says."""
    several = _distributions(subject) if subject.shape is Shape.MONOREPO else ""
    folders = [one.directory for one in distributions(subject.codebase)] if several else []
    # Loose scripts that happen to import each other are islands, not parts of one thing.
    modules = () if subject.shape is Shape.SCRIPTS else source_modules(subject.codebase)
    diagram = draw(subject.codebase, modules, folders)
    drawn = paragraphs(fence(diagram.mermaid, "mermaid"), _legend(diagram)) if diagram else ""
    return paragraphs(several, drawn, subject.written(HOW_IT_WORKS).strip())


def _legend(diagram: Diagram) -> str:
    lines = [f"An arrow points from the importing {diagram.unit} to the imported one.", _signs(diagram)]
    if names := _named(diagram.folded):
        verb, them = ("is", "it") if len(diagram.folded) == 1 else ("are", "them")
        lines.append(f"{names} {verb} drawn with the one {diagram.unit} that imports {them}.")
    if names := _named(diagram.everywhere):
        verb = "is" if len(diagram.everywhere) == 1 else "are"
        lines.append(f"{names} {verb} imported by several {diagram.unit}s and left out.")
    if left_out := _left_out(diagram):
        also = " also" if diagram.everywhere else ""
        told = listing(left_out) if len(left_out) > _PAIR else ", and ".join(left_out)
        lines.append(f"Left out are{also} {told}.")
    return "\n".join(line for line in lines if line)


def _signs(diagram: Diagram) -> str:
    """Return what dots and round corners mean, of those that are drawn."""
    notes = ["dotted arrows are imports made inside a function"] if diagram.dotted else []
    notes += ["round boxes are third-party packages"] if diagram.packages else []
    return capital("; ".join(notes)) + "." if notes else ""


def _named(names: tuple[str, ...]) -> str:
    return listing([code(one) for one in names], limit=_NAMED)


def _left_out(diagram: Diagram) -> list[str]:
    """Return what is not drawn for want of room or of news."""
    found: list[str] = []
    if diagram.reduced:
        found.append("arrows that a longer path already implies")
    if diagram.unwound:
        found.append("arrows that close a circle")
    found += [code(one) for one in diagram.left_out[:_NAMED]]
    if len(diagram.left_out) > _NAMED:
        found.append(f"{len(diagram.left_out) - _NAMED} smaller {diagram.unit}s")
    if diagram.packages and len(diagram.undrawn) > _FEW:
        found.append(f"other [third-party packages](#{DEPENDENCIES})")
    elif diagram.packages:
        found += [code(one) for one in diagram.undrawn]
    return found


def _distributions(subject: Subject) -> str:
    rows = [
        (f"[{code(one.name)}]({subject.links.address(one.directory)})", subject.describe(one.directory, one.summary))
        for one in distributions(subject.codebase)
    ]
    header = ("Distribution", "What it is")
    folded = (
        details(f"{len(rows) - _ROWS} more distributions", table(header, rows[_ROWS:])) if len(rows) > _ROWS else ""
    )
    return paragraphs(table(header, rows[:_ROWS]), folded)
