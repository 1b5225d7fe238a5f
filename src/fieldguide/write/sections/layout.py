"""The project's layout: where to look for what, one line a folder.

Comes in: places of the tree with what the code says of them. Goes out: a table, the package's own parts first.
Must never: list every file; say of a path what neither the code nor the model says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.sections import DEVELOPMENT
from fieldguide.write.sections.markdown import code, sentence, table
from fieldguide.write.sections.phrases import capital, listing
from fieldguide.write.sections.places import Place, places

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.write.sections.subject import Subject

_NAMES = 5
_ENTRIES = 6


def layout(subject: Subject) -> str:
    """Return the table of the paths that a newcomer looks for."""
    rows: list[tuple[str, str]] = []
    for place in places(subject.codebase):
        contents = _said(subject, place) or _contents(place)
        if contents or place.directory:
            rows.append((subject.links.path(place.path, directory=place.directory), contents))
    return table(("Path", "Contents"), rows) if len(rows) > 1 else ""


def silent_paths(codebase: Codebase) -> list[str]:
    """Return the paths of which neither a docstring nor another text of the project says anything."""
    return [one.path for one in places(codebase) if not sentence(one.said) and not one.tasks]


def _said(subject: Subject, place: Place) -> str:
    """Return a whole sentence, or a fragment such as `tests, for pytest` without a full stop."""
    if place.tasks and not place.said:
        return f"{place.tasks}, listed under [Development](#{DEVELOPMENT})"
    said = subject.describe(place.path, place.said)
    if place.said and place.said[:1].islower() and ". " not in said:
        return said.rstrip(".")
    return capital(said)


def _contents(place: Place) -> str:
    """Return the first names of a module or the first entries of a directory."""
    names = listing([code(one) for one in place.names], limit=_NAMES)
    if names:
        return f"{names}, re-exported" if place.handed_on else names
    return listing([code(one) for one in place.entries], limit=_ENTRIES)
