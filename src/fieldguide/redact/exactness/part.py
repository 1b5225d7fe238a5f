"""The stretches of a structured text inside of which something may be hidden, and cutting secrets to them.

Comes in: a text, its parts in order, and pieces of secrets. Goes out: pieces that lie in parts.
Must never: cut an escape sequence in two; let a piece hold a line end; hide anything outside of a part.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.secret import Piece

_ESCAPE: Final = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^{}\n]{1,90}\}|[0-7]{1,3}|[\s\S])"
)
_LONGEST_ESCAPE: Final = 10
_NAMED: Final = re.compile(r"\\N\{[^{}\n\\]{0,90}$")
_LONGEST_NAMED: Final = 94
_DEEPEST: Final = 1000
"""Characters of indentation."""


class Spelling(Enum):
    """How characters are written in a part."""

    PLAIN = auto()
    """As they are: a comment, a literal without escapes."""
    ESCAPED = auto()
    r"""With `\n`, `\x41` and the like; in a raw literal a backslash still protects the quote behind it."""
    FORMATTED = auto()
    """The text of an f-string: escapes, and `{{` for a brace."""
    DOUBLED = auto()
    """With `''` for a quote."""


@dataclass(frozen=True, slots=True)
class Part:
    """Offsets of the text of a literal without its quotes, or of a comment."""

    start: int
    end: int
    spelling: Spelling = Spelling.PLAIN
    quote: str = ""
    """What opens and closes the literal; empty for a comment, and for a value without quotes."""
    lasting: bool = False
    """It is a key or a value of data, which must not become empty: two empty keys would be one."""


@dataclass(frozen=True, slots=True)
class Parts:
    """All parts of a text, in order and without overlaps."""

    text: str
    parts: Sequence[Part]
    starts: Sequence[int]

    @classmethod
    def of(cls, text: str, parts: Sequence[Part]) -> Parts:
        """Index parts by where they start."""
        return cls(text, parts, [part.start for part in parts])

    def within(self, piece: Piece) -> Iterator[tuple[Part, Piece]]:
        """What of a piece lies in parts, a line at a time, grown to whole escape sequences."""
        start, end = piece
        for index in range(max(0, bisect_right(self.starts, start) - 1), len(self.parts)):
            part = self.parts[index]
            if part.start >= end:
                return
            position = max(start, part.start)
            stop = min(end, part.end)
            while position < stop:
                line_end = self.text.find("\n", position, stop)
                line_end = stop if line_end < 0 else line_end
                if (inside := self._whole(part, position, line_end)) is not None:
                    yield part, inside
                position = line_end + 1

    def _whole(self, part: Part, start: int, end: int) -> Piece | None:
        """Stretch of a line grown to whole units of its part, without a backslash that continues the line."""
        if part.spelling in {Spelling.ESCAPED, Spelling.FORMATTED} and self.text[end : end + 1] == "\n":
            end -= _odd(self.text, "\\", end, part.start)
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip(" \t")) if self._begins(start) else 0
        if end <= start:
            return None
        start = self._unit(part, start)[0]
        end = self._unit(part, end)[1]
        return start, min(end, part.end)

    def _begins(self, offset: int) -> bool:
        """Whether nothing but indentation stands in front on the line: it is no part of a value."""
        line = self.text.rfind("\n", 0, offset) + 1
        return line == offset or (offset - line < _DEEPEST and not self.text[line:offset].strip(" \t"))

    def _unit(self, part: Part, offset: int) -> Piece:
        """Ends of the unit that `offset` would cut in two; `offset` twice where it cuts none."""
        if part.spelling is Spelling.PLAIN or not part.start < offset < part.end:
            return offset, offset
        if part.spelling is Spelling.DOUBLED:
            return self._pair(part, "'", offset)
        if (escape := self._escape(part, offset)) is not None:
            return escape
        if part.spelling is Spelling.FORMATTED and self.text[offset] in "{}":
            return self._pair(part, self.text[offset], offset)
        return offset, offset

    def _pair(self, part: Part, character: str, offset: int) -> Piece:
        odd = self.text[offset] == character and _odd(self.text, character, offset, part.start)
        return (offset - 1, offset + 1) if odd else (offset, offset)

    def _escape(self, part: Part, offset: int) -> Piece | None:
        """The escape sequence that `offset` lies in the middle of."""
        text = self.text
        for start in range(offset - 1, max(part.start, offset - _LONGEST_ESCAPE) - 1, -1):
            if text[start] == "\\" and _odd(text, "\\", start + 1, part.start):
                match = _ESCAPE.match(text, start, part.end)
                if match is not None and match.end() > offset:
                    return match.span()
        if text.find("}", offset, offset + _LONGEST_NAMED) < 0:
            return None
        named = _NAMED.search(text, max(part.start, offset - _LONGEST_NAMED), offset)
        if named is None or not _odd(text, "\\", named.start() + 1, part.start):
            return None
        match = _ESCAPE.match(text, named.start(), part.end)
        return match.span() if match is not None and match.end() > offset else None


def may_vanish(text: str, part: Part, piece: Piece) -> bool:
    """Whether nothing at all may stand where a piece was, so that what is around it reads as before."""
    start, end = piece
    quote = part.quote
    if part.lasting and start - part.start < _DEEPEST and not text[part.start : start].strip():
        return bool(quote) and end != part.end
    if len(quote) > 1:
        return not (text[start - 1] == quote[0] and text[end : end + 1] == quote[0])
    return not (quote and (start, end) == (part.start, part.end) and text[end : end + 2] == quote * 2)


def _odd(text: str, character: str, end: int, start: int) -> int:
    """1 when an odd number of a character stands in a row before `end`, not looking before `start`; else 0."""
    position = end
    while position > start and text[position - 1] == character:
        position -= 1
    return (end - position) % 2
