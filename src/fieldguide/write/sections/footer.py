"""The last line of a page: how and from what it was made.

Comes in: the revision, the number of files, the model. Goes out: one line with a place for the number of references
that verification checks. Must never: carry a date or anything else that differs between two runs on the same code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.sections import FOOTER_REFERENCES
from fieldguide.write.sections.markdown import plain

if TYPE_CHECKING:
    from fieldguide.write.sections.subject import Subject

_SHORT_HASH = 7


def footer(subject: Subject) -> str:
    """Return a rule and the line beneath it."""
    codebase = subject.codebase
    revision = codebase.revision
    if revision and revision.commit:
        source = f"at commit {revision.commit[:_SHORT_HASH]}"
        if revision.modified:
            source += " with later changes"
    else:
        count = len(codebase.files)
        source = f"as it stood in {count:,} {'file' if count == 1 else 'files'}"
    model = f", prose by {plain(subject.prose.model)}" if subject.prose and subject.prose.model else ""
    return (
        f"---\n\n*Written by fieldguide from the code {source}{model}; "
        f"every one of {FOOTER_REFERENCES} references checked.*"
    )
