"""What the project needs of others, as declared and as imported.

Comes in: used dependencies. Goes out: a list for a few, a table for many. Must never: list the developers' tools.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.write.sections.markdown import code, details, paragraphs, table
from fieldguide.write.sections.phrases import listing

if TYPE_CHECKING:
    from fieldguide.domain.codebase import UsedDependency
    from fieldguide.write.sections.subject import Subject

_FEW = 8
_ROWS = 30


def dependencies(subject: Subject) -> str:
    """Return each package that the code needs or can use, with the line that imports it."""
    found = [one for one in subject.codebase.dependencies if one.imports or _at_run_time(one)]
    ordered = sorted(found, key=lambda one: (one.optional, not one.imports))
    if len(ordered) <= _FEW:
        return "\n".join(_line(subject, one) for one in ordered)
    header = ("Package", "Needed", "Imported")
    rows = [(code(one.name), _need(one), _import(subject, one)) for one in ordered]
    folded = details(f"{len(rows) - _ROWS} more", table(header, rows[_ROWS:])) if len(rows) > _ROWS else ""
    return paragraphs(table(header, rows[:_ROWS]), folded)


def _at_run_time(dependency: UsedDependency) -> bool:
    return any(not one.group for one in dependency.declared)


def _line(subject: Subject, dependency: UsedDependency) -> str:
    place = _import(subject, dependency)
    return f"- {code(dependency.name)} is {_need(dependency)}{f' ({place})' if place else ''}."


def _need(dependency: UsedDependency) -> str:
    extras = list(dict.fromkeys(one.extra for one in dependency.declared if one.extra))
    always = any(not one.extra and not one.group for one in dependency.declared)
    if extras and not always:
        return f"optional, by the {'extra' if len(extras) == 1 else 'extras'} {listing([code(one) for one in extras])}"
    if dependency.optional:
        return "optional"
    return "required"


def _import(subject: Subject, dependency: UsedDependency) -> str:
    return subject.links.span(dependency.imports[0], "import") if dependency.imports else ""
