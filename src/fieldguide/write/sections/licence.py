"""What the project may be used under.

Comes in: the licence that manifest or text declare. Goes out: one line. Must never: judge what the licence means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.write.sections.markdown import plain

if TYPE_CHECKING:
    from fieldguide.write.sections.subject import Subject


def licence(subject: Subject) -> str:
    """Return the licence's name and the file that holds its text."""
    found = subject.codebase.licence
    if found is None:
        return ""
    text = subject.links.path(found.path).replace("`", "") if found.path else ""
    if found.name and text:
        return f"{plain(found.name)}. See {text}."
    return f"{plain(found.name)}." if found.name else f"See {text}." if text else ""
