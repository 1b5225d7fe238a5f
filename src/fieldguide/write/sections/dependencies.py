"""What the project needs of others, as declared and as imported.

Comes in: used dependencies. Goes out: a list for a few, a table for many. Must never: list the developers' tools.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.symbols import ImportScope
from fieldguide.write.sections.markdown import code, details, paragraphs, table
from fieldguide.write.sections.phrases import listing, number

if TYPE_CHECKING:
    from fieldguide.domain.codebase import UsedDependency
    from fieldguide.write.sections.subject import Subject

_FEW = 8
_ROWS = 30
_PLACES = 3
_UNUSED = 6
"""So many required but never imported: a file that pins everything, not a list of what the project uses."""


def dependencies(subject: Subject) -> str:
    """Return each package that the code needs or can use, with the line that imports it."""
    used = [one for one in subject.codebase.dependencies if one.imports]
    unused = [one for one in subject.codebase.dependencies if not one.imports and _at_run_time(one)]
    every = used if len(unused) >= _UNUSED else used + unused
    shown = sorted(every, key=lambda one: (one.optional, not one.imports))
    return paragraphs(_listed(subject, shown), _pinned(subject, unused) if len(unused) >= _UNUSED else "")


def _at_run_time(dependency: UsedDependency) -> bool:
    """Tell whether it is always installed with the project; extras have their place under Install."""
    return any(not one.group and not one.extra for one in dependency.declared)


def _listed(subject: Subject, shown: list[UsedDependency]) -> str:
    if len(shown) <= _FEW:
        return "\n".join(_line(subject, one) for one in shown)
    needs = {_need(subject, one) for one in shown}
    header = ("Package", "Needed", "Imported")
    rows = [(code(one.name), _need(subject, one) if len(needs) > 1 else "", _import(subject, one)) for one in shown]
    folded = details(f"{len(rows) - _ROWS} more", table(header, rows[_ROWS:])) if len(rows) > _ROWS else ""
    return paragraphs(table(header, rows[:_ROWS]), folded)


def _pinned(subject: Subject, unused: list[UsedDependency]) -> str:
    paths = sorted({one.span.path for each in unused for one in each.declared if not one.group and not one.extra})
    if len(paths) > _PLACES:
        return ""
    places = listing([subject.links.path(one) for one in paths])
    verb = "names" if len(paths) == 1 else "name"
    return f"{places} {verb} {number(len(unused))} more, which the code does not import itself."


def _line(subject: Subject, dependency: UsedDependency) -> str:
    place = _import(subject, dependency)
    return f"- {code(dependency.name)} is {_need(subject, dependency)}{f' ({place})' if place else ''}."


def _need(subject: Subject, dependency: UsedDependency) -> str:
    extras = list(dict.fromkeys(one.extra for one in dependency.declared if one.extra))
    if extras and not _at_run_time(dependency):
        return f"optional, by the {'extra' if len(extras) == 1 else 'extras'} {listing([code(one) for one in extras])}"
    if not dependency.declared and not _guarded(subject, dependency):
        return "undeclared"
    return "optional" if dependency.optional else "required"


def _guarded(subject: Subject, dependency: UsedDependency) -> bool:
    """Tell whether the code can do without: every import stands in a function, a `try` or for type checkers alone."""
    places = set(dependency.imports)
    return all(one.scope is not ImportScope.MODULE for one in subject.codebase.imports if one.span in places)


def _import(subject: Subject, dependency: UsedDependency) -> str:
    return subject.links.span(dependency.imports[0], "import") if dependency.imports else ""
