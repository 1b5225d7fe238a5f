"""Reads one document that people wrote.

Comes in: its path and its text, secrets hidden.
Goes out: a `Document`: everything that it mentions, its anchors, what its own blocks define, what it sets aside.
Must never: look at the code, or at any other document: the same text gives the same `Document` anywhere.
"""

from __future__ import annotations

import re
from posixpath import basename
from typing import TYPE_CHECKING

from fieldguide.verify.reading.gathering import Gatherer

if TYPE_CHECKING:
    from fieldguide.domain.documents import Document

_HISTORICAL_FILE = re.compile(
    r"(?:(?:19|20)\d\d[-_]|[a-z]{2,4}_)?"
    r"(?:change[-_ ]?logs?|changes?|history|news|releases?|release[-_ ]?notes?|what'?s[-_]?new|upgrad(?:e|ing)"
    r"|migrat(?:e|ing|ion)s?|deprecations?|authors|contributors|credits)(?:[-_.](?:v?\d[\w.-]*|guide|notes|[a-z]{2}))?\.\w+"
    r"|(?:[a-z]+[-_])?v?\d+(?:\.(?:\d+|x))+(?:[-_.]\w+)*\.\w+"
    r"|_templates?\.\w+|(?:19|20)\d\d-\d\d(?:-\d\d)?[-_].+"
    r"|(?:change[-_]?log|history|whatsnew|release[-_]notes)[-_.]?\d.*|(?:[a-z]?ep|rfc|adr)[-_]?\d+(?:[-_.].*)?",
    re.IGNORECASE,
)
_HISTORICAL_FOLDER = re.compile(
    r"(?:^|/)(?:changelogs?|changes|releases?|release[-_]?notes?|news(?:fragments)?|changelog\.d|whatsnew|adrs?|decisions|rfcs?"
    r"|proposals|research(?:-\w+)?|blog|posts|_posts|enhancements|[a-z]?eps?|history|migrations?|archive)/",
    re.IGNORECASE,
)
_HISTORICAL_TITLE = re.compile(
    r"(?:.{1,40} )?(?:change ?log|release notes?|release history|version history|change history)"
    r"(?: (?:for|of|v?\d).{0,40})?"
    r"|(?:history|changes|news)(?: (?:in|of|for) .{0,40})?|what'?s new\b.{0,40}"
    r"|(?:upgrading|migrating|porting) (?:to|from) .{1,60}"
    r"|(?:.{1,40} )?(?:upgrade|migration|porting) guide.{0,40}",
    re.IGNORECASE,
)
_ENDS_RESTRUCTURED = (".rst", ".txt", ".rest")


def read_document(path: str, text: str) -> Document:
    """Read a document by its path's suffix: reStructuredText where it ends in `.rst` or `.txt`, Markdown otherwise.

    Args:
        path: POSIX, relative to the documented directory.
        text: The document, secrets hidden.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    restructured = path.lower().endswith(_ENDS_RESTRUCTURED)
    into = Gatherer(path, "restructuredtext" if restructured else "markdown", lines if lines[-1] else lines[:-1])
    if restructured:
        from fieldguide.verify.reading.restructured import read_restructured  # noqa: PLC0415 - few projects have it

        read_restructured(text, into)
    else:
        from fieldguide.verify.reading.markdown import read_markdown  # noqa: PLC0415 - its parser costs 30 ms

        read_markdown(text, into)
    return into.document(historical=is_historical(path, into.title))


def is_historical(path: str, title: str) -> bool:
    """Tell by path and title whether a document tells what was."""
    return (
        _HISTORICAL_FILE.fullmatch(basename(path)) is not None
        or _HISTORICAL_FOLDER.search(path) is not None
        or _HISTORICAL_TITLE.fullmatch(title) is not None
    )
