"""Reads a document in reStructuredText.

Comes in: its text. Goes out: what it mentions, in a `Gatherer`.
Must never: fail on a role or directive that it does not know: the content of an unknown directive is read as text.

Lines are read block by block, as the reStructuredText specification tells blocks apart: by indentation and first
characters. docutils itself reads 0.4 MB a second, knows no columns, and drops what stands in directives that it does
not know, which are all of Sphinx; the grammar for tree-sitter takes time by the square of an unclosed emphasis.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.verify.reading.code_blocks import CodeBlock, read_block
from fieldguide.verify.reading.restructured_directives import Described, DirectiveReader
from fieldguide.verify.reading.restructured_inline import InlineMarkup, lines_of
from fieldguide.verify.reading.restructured_tables import read_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.verify.reading.gathering import Gatherer
    from fieldguide.verify.reading.passages import Passage

Rows = list[tuple[int, int]]
"""Lines of a block: row in the document, and column at which the block's text begins, both from 0."""
_ADORNMENT = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*")
_BULLET = re.compile(r"[-*+\u2022\u2023\u2043](?:[ \t]+|$)")
_ENUMERATOR = re.compile(r"(?:\(?(?:\d{1,9}|[A-Za-z]|#|[ivxlcIVXLC]{1,8})[.)])[ \t]+")
_EXPLICIT = re.compile(r"\.\.(?:[ \t]+|$)")
_FIELD = re.compile(r":(?P<name>[^:\s`][^:`\n]{0,120}):(?:[ \t]+|$)")
_PARAMETER = re.compile(
    r"(?:param(?:eter)?|arg(?:ument)?|key(?:word)?|kwarg|[ic]?var)\s+(?:.*\s)?\*{0,2}(?P<name>[^\W\d]\w*)"
)
"""The name of a field that tells of one parameter or variable, its type perhaps before it."""
_OPTION_LIST = re.compile(
    r"(?:--?[A-Za-z][\w-]*(?:[ =]<?[\w.-]+>?)?)(?:, --?[A-Za-z][\w-]*(?:[ =]<?[\w.-]+>?)?)*(?:  +|$)"
)
_TABLE = re.compile(r"\+[-=+]{3,}\+[ \t]*|={2,}(?:[ \t]+={2,})+[ \t]*")
_TARGET = re.compile(
    r"_(?P<quote>`?)(?P<name>(?(quote)[^`]+|(?:[^:\\]|\\.|:(?!\s|$))*))(?P=quote):(?:\s+(?P<target>\S.*))?$"
)
_LEAD = re.compile(r"(?:\*\*)?(?:``|(?::[\w:]+:)?`~?)(?P<code>[^`]{1,200})`")
_DEEPEST: Final = 12


def read_restructured(text: str, into: Gatherer) -> None:
    """Read a whole document."""
    lines = [line.expandtabs(8) if "\t" in line else line for line in text.split("\n")]
    Restructured(lines, into).read([(row, 0) for row in range(len(lines))], 0)


class Restructured:
    """Reads blocks of one document."""

    def __init__(self, lines: Sequence[str], into: Gatherer) -> None:
        """Keep the document's lines, tabs expanded."""
        self.lines = lines
        self.into = into
        self.described = Described()
        self.language = "default"
        """Of literal blocks, as `highlight` sets it."""
        self._styles: list[tuple[str, bool]] = []
        self._directives = DirectiveReader(self)

    def read(self, rows: Rows, depth: int, subject: str = "") -> None:
        """Read the blocks of some lines, `depth` bodies deep. `subject` is what they are about."""
        if depth > _DEEPEST:
            return
        index = 0
        while index < len(rows):
            index = self._block(rows, index, depth, subject)

    def text(self, rows: Rows, index: int) -> str:
        """The text of a line of a block; empty past its end."""
        if not 0 <= index < len(rows):
            return ""
        row, column = rows[index]
        return self.lines[row][column:].rstrip()

    def passage(self, rows: Rows) -> Passage:
        """The passage of some lines."""
        return InlineMarkup(list(lines_of(rows, self.lines)) or [(1, 1, "")], self.into, self.described.name).read()

    def cell(self, lines: list[tuple[int, int, str]]) -> Passage:
        """The passage of a table's cell."""
        return InlineMarkup(lines, self.into, self.described.name).read()

    def body(self, rows: Rows, index: int, least: int = 1) -> tuple[Rows, int]:
        """Lines from `index` on indented by `least` or empty, moved to their common margin; and what follows."""
        end = index
        margin = 1_000
        while end < len(rows):
            line = self.text(rows, end)
            indent = len(line) - len(line.lstrip())
            if line and indent < least:
                break
            margin = min(margin, indent) if line else margin
            end += 1
        while end > index and not self.text(rows, end - 1):
            end -= 1
        return [(row, column + margin) for row, column in rows[index:end]], end

    def _block(self, rows: Rows, index: int, depth: int, subject: str) -> int:
        """Read the block that begins at `index`; returns where the next begins."""
        line = self.text(rows, index)
        if not line:
            return index + 1
        if line[0] == " ":
            body, end = self.body(rows, index)
            self.read(body, depth + 1, subject)
            return end
        return (depth == 0 and self._section(rows, index)) or self._told_by_start(rows, index, line, depth, subject)

    def _told_by_start(self, rows: Rows, index: int, line: str, depth: int, subject: str) -> int:
        """A block that is told by its first characters, and a paragraph where nothing tells."""
        if _EXPLICIT.match(line):
            return self._explicit(rows, index, depth)
        if line.startswith(">>> "):
            return self._literal_until_blank(rows, index)
        if _TABLE.fullmatch(line):
            return self._mark(rows, index, read_table(self, rows, index))
        marker = _BULLET.match(line) or _ENUMERATOR.match(line) or _OPTION_LIST.match(line) or _FIELD.match(line)
        if marker:
            return self._item(rows, index, depth, marker)
        return self._paragraph(rows, index, depth, subject)

    def _mark(self, rows: Rows, first: int, end: int) -> int:
        """A block stands on these lines."""
        self.into.ignores.block(rows[first][0] + 1, rows[min(end, len(rows)) - 1][0] + 1)
        return end

    def _section(self, rows: Rows, index: int) -> int:
        """A title with its line of punctuation under it, and perhaps over it; 0 where there is none."""
        line = self.text(rows, index)
        over = _ADORNMENT.fullmatch(line) is not None
        title_at = index + 1 if over else index
        title, under = self.text(rows, title_at).strip(), self.text(rows, title_at + 1)
        if not title or not _ADORNMENT.fullmatch(under) or (over and under != line) or _ADORNMENT.fullmatch(title):
            if over and not title:
                return index + 1
            return 0
        if not over and len(under) < min(len(title), 4):
            return 0
        style = (under[0], over)
        if style not in self._styles:
            self._styles.append(style)
        row, column = rows[title_at]
        passage = self.passage(
            [(row, column + len(self.text(rows, title_at)) - len(self.text(rows, title_at).lstrip()))]
        )
        self._mark(rows, index, title_at + 2)
        self.into.heading(self._styles.index(style) + 1, passage.text.strip())
        self.into.passage(passage)
        self.described.leave()
        return title_at + 2

    def _explicit(self, rows: Rows, index: int, depth: int) -> int:
        """Targets, directives, footnotes, substitutions and comments."""
        line = self.text(rows, index)
        start = _EXPLICIT.match(line)
        rest = line[start.end() :] if start else ""
        body, end = self.body(rows, index + 1)
        target = _TARGET.fullmatch(rest)
        if target:
            self._target(rows, index, target, len(line) - len(rest))
            return end if target["target"] else index + 1
        if self._directives.read(rows, index, rest, body, depth):
            return self._mark(rows, index, end)
        if rest.startswith("["):
            row, column = rows[index]
            first = [(row, column + len(line) - len(rest) + rest.find("]") + 1)]
            self.into.passage(self.passage([*first, *body]))
            return self._mark(rows, index, end)
        last = rows[end - 1][0] + 1 if end > index + 1 else rows[index][0] + 1
        comment = "\n".join([rest, *(self.text(body, at) for at in range(len(body)))])
        self.into.ignores.comment(comment, rows[index][0] + 1, last, len(self.into.lines))
        return max(end, index + 1)

    def _target(self, rows: Rows, index: int, target: re.Match[str], shift: int) -> None:
        self.into.anchors.explicit(target["name"])
        self.into.anchors.explicit(" ".join(target["name"].lower().split()))
        self.into.anchors.explicit_identifier(target["name"])
        where = (target["target"] or "").strip()
        if where and not where.endswith("_") and " " not in where:
            row, column = rows[index]
            self.into.link(where, row + 1, column + shift + target.start("target") + 1, self.text(rows, index))

    def _item(self, rows: Rows, index: int, depth: int, marker: re.Match[str]) -> int:
        """An item of a list, or a field: what stands after its marker, and what is indented under it."""
        row, column = rows[index]
        body, end = self.body(rows, index + 1)
        first = (row, column + marker.end())
        item: Rows = [first, *body] if self.text([first], 0) else body
        if marker.re is _OPTION_LIST:
            self.into.passage(self.passage([(row, column)]))
            self.read(body, depth + 1, marker[0].split(",")[0].split()[0])
            return self._mark(rows, index, end)
        self._mark(rows, index, max(end, index + 1))
        if marker.re is _FIELD:
            told = _PARAMETER.fullmatch(marker["name"])
            self.read(item, depth + 1, self.described.of_parameter(told["name"]) if told else "")
            return max(end, index + 1)
        lead = _LEAD.match(self.text(item, 0))
        self.read(item, depth + 1, lead["code"] if lead else "")
        return max(end, index + 1)

    def _paragraph(self, rows: Rows, index: int, depth: int, subject: str) -> int:
        end = index + 1
        while (line := self.text(rows, end)) and line[0] != " ":
            end += 1
        last = self.text(rows, end - 1)
        indented = self.text(rows, end).startswith(" ")
        if indented and not last.endswith("::") and end == index + 1:
            return self._definition(rows, index, depth)
        passage = self.passage(rows[index:end])
        self._mark(rows, index, end)
        self.into.passage(passage, subject=subject)
        if not last.endswith("::"):
            return end
        return self._literal(rows, end)

    def _definition(self, rows: Rows, index: int, depth: int) -> int:
        term = self.passage(rows[index : index + 1])
        self.into.passage(term)
        body, end = self.body(rows, index + 1)
        self._mark(rows, index, end)
        self.read(body, depth + 1, term.lead)
        return end

    def _literal(self, rows: Rows, index: int) -> int:
        """The literal block that a paragraph ending in two colons announces."""
        while index < len(rows) and not self.text(rows, index):
            index += 1
        body, end = self.body(rows, index)
        if body:
            self.code(body, self.language)
            return self._mark(rows, index, end)
        return index

    def _literal_until_blank(self, rows: Rows, index: int) -> int:
        end = index
        while self.text(rows, end):
            end += 1
        self.code(rows[index:end], "pycon")
        return self._mark(rows, index, end)

    def code(self, rows: Rows, language: str) -> None:
        """Read a block of code."""
        texts = [self.text(rows, index) for index in range(len(rows))]
        if rows:
            read_block(CodeBlock(language, texts, rows[0][0] + 1, [column for _, column in rows]), self.into)
