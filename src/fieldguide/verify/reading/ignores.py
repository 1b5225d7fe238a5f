"""Comments by which a person sets lines of a document aside: `fieldguide: ignore …`.

Comes in: the content of comments with their lines, and the lines of blocks, in the document's order.
Goes out: `Ignored` ranges, each with the one mention that is meant and the reason.
Must never: drop a comment that gives no reason: its range comes out with an empty one, to be told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from fieldguide.domain.documents import Ignored

_COMMENT = re.compile(r"\s*fieldguide:\s*ignore(?P<scope>-file|-begin|-end)?(?=\s|$)(?P<rest>.*)", re.DOTALL)
_ONE = re.compile(
    r"(?P<quote>`?)(?P<name>[^\s`]+|(?<=`)[^`]+)(?P=quote)(?:\s+(?:[\u2014\u2013:]|--?)|:)(?:\s+(?P<reason>.*)|$)",
    re.DOTALL,
)
_SIGNS = " \t\n\u2014\u2013:-"


@dataclass(slots=True)
class Ignores:
    """Follows a document from its first line to its last."""

    ranges: list[Ignored] = field(default_factory=list[Ignored])
    _next: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    _open: tuple[int, str] | None = None

    def comment(self, text: str, first: int, last: int, lines: int, block: tuple[int, int] | None = None) -> None:
        """Read a comment on lines `first` to `last`. `block` are the lines of the block that it stands within."""
        match = _COMMENT.match(text)
        if match is None:
            return
        rest = match["rest"].strip()
        if match["scope"] == "-file":
            self.ranges.append(Ignored(1, max(lines, 1), "", rest.strip(_SIGNS)))
        elif match["scope"] == "-begin":
            self._open = (first, rest.strip(_SIGNS))
        elif match["scope"] == "-end":
            if self._open is not None:
                self.ranges.append(Ignored(self._open[0], last, "", self._open[1]))
                self._open = None
        else:
            one = _ONE.match(rest)
            name, reason = (one["name"], (one["reason"] or "").strip()) if one else ("", rest.strip(_SIGNS))
            if block is not None:
                self.ranges.append(Ignored(*block, name, reason))
            else:
                self._next.append((name, reason, first))

    def block(self, first: int, last: int) -> None:
        """A block follows: what was said of the next block is said of it."""
        for name, reason, start in self._next:
            self.ranges.append(Ignored(min(start, first), last, name, reason))
        self._next.clear()

    def end(self, lines: int) -> tuple[Ignored, ...]:
        """Close what is open at the document's end."""
        if self._open is not None:
            self.ranges.append(Ignored(self._open[0], max(lines, 1), "", self._open[1]))
        self.ranges.extend(Ignored(start, start, name, reason) for name, reason, start in self._next)
        return tuple(self.ranges)
