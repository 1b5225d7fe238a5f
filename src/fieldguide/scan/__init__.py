"""The first room: what a directory holds, and the text of what is read.

Comes in: a directory. Goes out: a stream of files to read, files to list and paths left out with the reason; text; and
where version control says that the files stand. Must never: follow a link out of the directory, write, run anything.
"""

from __future__ import annotations

from fieldguide.scan.absence import IgnoredPaths
from fieldguide.scan.occurrences import occurring
from fieldguide.scan.revision import revision
from fieldguide.scan.scan import MAX_BYTES, Found, scan
from fieldguide.scan.text import read_document, read_text

__all__ = [
    "MAX_BYTES",
    "Found",
    "IgnoredPaths",
    "occurring",
    "read_document",
    "read_text",
    "revision",
    "scan",
]
