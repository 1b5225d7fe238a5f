"""The project's layout: where to look for what, one line a folder.

Comes in: places of the tree with what the code says of them. Goes out: a table, the package's own parts first.
Must never: list every file; say of a path what neither the code nor the model says.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fieldguide.domain.sections import DEVELOPMENT
from fieldguide.write.sections.markdown import code, first_sentences, sentence, table
from fieldguide.write.sections.phrases import capital, listing
from fieldguide.write.sections.places import Place, places

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.write.sections.subject import Subject

_NAMES = 5
_ENTRIES = 6
_SENTENCES = 2
_FULL_STOP = re.compile(r"[.!?]\s+[A-Z`\[]|\.\.$|etc$")
"""Of a text without its last letter: a second sentence, or an ellipsis or abbreviation at the end."""


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
    """Return what a path is: one sentence or fragment without a full stop, as the names and lists of other rows."""
    if place.tasks and not place.said:
        return f"{capital(place.tasks)}, listed under [Development](#{DEVELOPMENT})"
    said = capital(first_sentences(subject.describe(place.path, place.said), _SENTENCES))
    return said if _FULL_STOP.search(said[:-1]) else said.removesuffix(".")


def _contents(place: Place) -> str:
    """Return the first names of a module or the first entries of a directory."""
    names = listing([code(one) for one in place.names], limit=_NAMES)
    if names:
        return f"{names}, re-exported" if place.handed_on else names
    return listing([code(one) for one in place.entries], limit=_ENTRIES)
