r"""Literals that a comment calls a secret, whatever their name.

Comes in: a text. Goes out: extents of literals, and how much their look must say.
Must never: look further than the line of a comment and the one below it.

Shapes: `x = "…"  # the password of production`, and a comment on a line of its own above `x = "…"`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.values import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.positions.literals import Extent
    from fieldguide.redact.subject import Subject

_TELLING: Final = re.compile(
    # Each begins with a letter of its own: the search goes from one such letter to the next.
    r"pass(?:word|wd|phrase)|private[ _-]?key|secret|signing[ _-]?key|credential|token(?<![a-z0-9_]token)"
    r"|api[ _-]?key|access[ _-]?key"
)
_OTHER: Final = re.compile(r"sha-?\d|md5|digest|hash|checksum|commit|fingerprint|public|signature|uuid|\bid\b|noqa")
"""What a comment speaks of where the value is no secret although a secret is spoken of."""
_COMMENT: Final = re.compile(r"(?:^|\s)(?:#|//)")
_LITERAL: Final = re.compile(r"""[=:(,\[]\s{0,4}[bru]{0,2}(?P<quote>["'])(?P<value>[^"'\s]{16,200})(?P=quote)""")
_LINE: Final = 300


def find_in_remarks(subject: Subject) -> Iterator[tuple[Extent, Need]]:
    """Find the literals on the line of a telling comment, or on the line below it."""
    text, done = subject.text, 0
    for word in _TELLING.finditer(subject.lowered):
        if word.start() < done:
            continue
        line = max(text.rfind("\n", max(0, word.start() - _LINE), word.start()) + 1, word.start() - _LINE)
        end = text.find("\n", word.end(), word.end() + _LINE)
        done = end = min(len(text), word.end() + _LINE) if end < 0 else end
        comment = _COMMENT.search(text, line, word.start())
        if comment is None or _OTHER.search(subject.lowered, comment.start(), end):
            continue
        if not text[line : comment.start()].strip():
            line, below = end + 1, text.find("\n", end + 1, end + 1 + _LINE)
            end = min(len(text), end + 1 + _LINE) if below < 0 else below
        else:
            end = comment.start()
        for literal in _LITERAL.finditer(text, line, end):
            yield literal.span("value"), Need.STRONG
