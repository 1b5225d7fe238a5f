"""What the project needs of others, as declared and as imported.

Comes in: used dependencies. Goes out: a list for a few, a table for many. Must never: list the developers' tools.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.symbols import ImportScope
from fieldguide.write.sections.markdown import code, details, paragraphs, table
from fieldguide.write.sections.phrases import listing, number

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from fieldguide.domain.codebase import UsedDependency
    from fieldguide.domain.source import Span
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
    unguarded = _unguarded(subject, shown)
    needs = [_need(one, unguarded) for one in shown]
    if len(shown) <= _FEW:
        return "\n".join(_line(subject, one, need) for one, need in zip(shown, needs, strict=True))
    header = ("Package", "Needed", "Imported")
    differ = len(set(needs)) > 1
    rows = [
        (code(one.name), need if differ else "", _import(subject, one)) for one, need in zip(shown, needs, strict=True)
    ]
    folded = details(f"{len(rows) - _ROWS} more", table(header, rows[_ROWS:])) if len(rows) > _ROWS else ""
    return paragraphs(table(header, rows[:_ROWS]), folded)


def _pinned(subject: Subject, unused: list[UsedDependency]) -> str:
    paths = sorted({one.span.path for each in unused for one in each.declared if not one.group and not one.extra})
    if len(paths) > _PLACES:
        return ""
    places = listing([subject.links.path(one) for one in paths])
    verb = "names" if len(paths) == 1 else "name"
    return f"{places} {verb} {number(len(unused))} more, which the code does not import itself."


def _line(subject: Subject, dependency: UsedDependency, need: str) -> str:
    place = _import(subject, dependency)
    return f"- {code(dependency.name)} is {need}{f' ({place})' if place else ''}."


def _need(dependency: UsedDependency, unguarded: AbstractSet[Span]) -> str:
    extras = list(dict.fromkeys(one.extra for one in dependency.declared if one.extra))
    if extras and not _at_run_time(dependency):
        return f"optional, by the {'extra' if len(extras) == 1 else 'extras'} {listing([code(one) for one in extras])}"
    if not dependency.declared and not unguarded.isdisjoint(dependency.imports):
        return "undeclared"
    return "optional" if dependency.optional else "required"


def _unguarded(subject: Subject, shown: list[UsedDependency]) -> AbstractSet[Span]:
    """Where what nothing declares is imported at once: not in a function, a `try` or for type checkers alone."""
    places = {place for one in shown if not one.declared for place in one.imports}
    if not places:
        return places
    return {one.span for one in subject.codebase.imports if one.scope is ImportScope.MODULE and one.span in places}


def _import(subject: Subject, dependency: UsedDependency) -> str:
    return subject.links.span(dependency.imports[0], "import") if dependency.imports else ""
