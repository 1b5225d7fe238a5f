"""Notes on files and packages, from which the page of a large tree is written.

Comes in: a `WorkPlan`, a door. Goes out: notes by topic.
Must never: publish a note: it is material for the next request, and no reader sees it.
"""

from __future__ import annotations

from fieldguide.write.notes.following import Followed, Shelf, Unwritten, follow
from fieldguide.write.notes.labels import label_of
from fieldguide.write.notes.reply import parse_notes
from fieldguide.write.notes.request import Desk
from fieldguide.write.notes.survey import Surveyed, ready_requests, survey

__all__ = [
    "Desk",
    "Followed",
    "Shelf",
    "Surveyed",
    "Unwritten",
    "follow",
    "label_of",
    "parse_notes",
    "ready_requests",
    "survey",
]
