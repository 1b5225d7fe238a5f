"""The inside of a block of reStructuredText as a passage.

Comes in: lines with their places. Goes out: a `Passage`; roles and links go to the `Gatherer`.
Must never: look further than a thousand characters for the end of what was opened.

Inline markup as in the reStructuredText specification (docutils, "Inline Markup"), roles as in Sphinx.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.domain.documents import Form
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.passages import Passage, Piece
from fieldguide.verify.reading.roles import shape_of_role
from fieldguide.verify.reading.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.verify.reading.gathering import Gatherer

Line = tuple[int, int, str]
"""Line of the document, 1-based; column of its first character, 1-based; text."""
_MARKUP = re.compile(
    r"""(?<![\w`\\])(?:
      ``(?P<literal>(?=\S)[^`](?:.{0,1000}?[^\s\\])??)``(?!`)
    | :(?P<role>[A-Za-z][\w:.+-]{0,60}):`(?P<content>[^`]{1,1000})`
    | _`(?P<inline_target>[^`\n]{1,200})`
    | `(?P<text>(?=\S)[^`]{1,1000})`(?:(?P<reference>__?)|:(?P<suffix>[\w:.+-]{1,60}):)?
    )""",
    re.VERBOSE | re.DOTALL,
)
_EMBEDDED = re.compile(r"(?P<title>.*?)\s*<(?P<target>[^<>]+)>", re.DOTALL)
_CODE_LIKE = re.compile(r"\w+(?:\.\w+)+(?:\(\))?|\w+\(\)|\w+_\w+")
"""The text of a reference to a link that is code in all but its markup."""
_STARS = re.compile(r"\*{1,2}(?=\w)|(?<=[\w.)])\*{1,2}")


class InlineMarkup:
    """Reads one block."""

    def __init__(self, lines: Sequence[Line], into: Gatherer, context: str = "") -> None:
        """Keep lines and gatherer. `context` is the module or class that is being described, dotted."""
        self._lines = lines
        self._text = "\n".join(text for _, _, text in lines)
        self._into = into
        self._context = context
        self._starts: list[int] = []
        length = 0
        for _, _, text in lines:
            self._starts.append(length)
            length += len(text) + 1
        self.passage = Passage()
        self._later: list[tuple[int, Shape, int]] = []

    def read(self) -> Passage:
        """Read all of it."""
        end = 0
        for match in _MARKUP.finditer(self._text):
            self._plain(end, match.start())
            self._markup(match)
            end = match.end()
        self._plain(end, len(self._text))
        for index, shape, offset in self._later:
            line, column = self._place(offset)
            sentence = self.passage.sentence(self.passage.offset(index))
            if shape.kind is ReferenceKind.LINK and not shape.domain:
                self._into.link(shape.text, line, column, sentence)
            else:
                self._into.add(shape, line, column, Form.ROLE, sentence)
        return self.passage

    def _row(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def _place(self, offset: int) -> tuple[int, int]:
        row = self._row(offset)
        line, column, _ = self._lines[row]
        return line, column + offset - self._starts[row]

    def _plain(self, start: int, end: int) -> None:
        """Text between markup, line by line."""
        while start < end:
            row = self._row(start)
            line, column, text = self._lines[row]
            stop = min(end, self._starts[row] + len(text))
            if stop > start:
                shown = _STARS.sub(lambda match: " " * len(match[0]), self._text[start:stop])
                self.passage.pieces.append(Piece("text", shown, line, column + start - self._starts[row]))
            start = stop
            if start < end:
                self.passage.pieces.append(Piece("break", "", line, 1))
                start += 1

    def _markup(self, match: re.Match[str]) -> None:
        if match["literal"] is not None:
            self._piece("code", match["literal"], match.start("literal"))
        elif match["role"]:
            self._role(match["role"], match["content"], match.start("content"))
        elif match["inline_target"]:
            self._into.anchors.explicit(match["inline_target"].lower())
        elif match["suffix"]:
            self._role(match["suffix"], match["text"], match.start("text"))
        elif match["reference"]:
            self._reference(match["text"], match.start("text"))
        else:
            self._piece("code", match["text"], match.start("text"))

    def _piece(self, kind: str, text: str, offset: int, target: str = "") -> None:
        line, column = self._place(offset)
        made = "code" if kind == "code" else "role" if kind == "role" else "text"
        self.passage.pieces.append(Piece(made, " ".join(text.split()), line, column, target))

    def _role(self, role: str, content: str, offset: int) -> None:
        if role in {"code", "python", "py", "literal", "samp", "kbd", "guilabel", "sh", "bash"}:
            if role in {"code", "python", "py", "literal"}:
                self._piece("code", content, offset)
            return
        if role == "program" and " -" in content:
            self._piece("code", content, offset)
            return
        shape = shape_of_role(role, content)
        if shape is not None:
            known = shape if shape.subject else replace(shape, subject=self._context)
            self._later.append((len(self.passage.pieces), known, offset + shape.start))
        shown = _EMBEDDED.fullmatch(content)
        self._piece("role", (shown["title"] or shown["target"]) if shown else content.lstrip("~!"), offset)

    def _reference(self, text: str, offset: int) -> None:
        embedded = _EMBEDDED.fullmatch(text)
        if embedded is None:
            self._piece("code" if _CODE_LIKE.fullmatch(text) else "text", text, offset, "reference")
            return
        target = embedded["target"].strip()
        self._piece("text", embedded["title"], offset, target)
        if not target.endswith("_"):
            shape = Shape(ReferenceKind.LINK, "".join(target.split()))
            self._later.append((len(self.passage.pieces) - 1, shape, offset + embedded.start("target")))


def lines_of(rows: Sequence[tuple[int, int]], lines: Sequence[str]) -> Iterator[Line]:
    """Lines of a block, from their rows and columns counted from 0."""
    for row, column in rows:
        yield row + 1, column + 1, lines[row][column:].rstrip()
