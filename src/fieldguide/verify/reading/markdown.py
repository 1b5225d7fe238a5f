"""Reads a document in Markdown.

Comes in: its text. Goes out: what it mentions, in a `Gatherer`.
Must never: match patterns against the whole text: a real parser says what is a paragraph and what is code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.code_blocks import CodeBlock, language_of, read_block, title_of
from fieldguide.verify.reading.hypertext import read_hypertext
from fieldguide.verify.reading.markdown_inline import InlineReader
from fieldguide.verify.reading.markdown_rules import parser
from fieldguide.verify.reading.myst import read_directive
from fieldguide.verify.reading.passages import Passage, Piece
from fieldguide.verify.reading.shapes import Shape
from fieldguide.verify.reading.tables import TableReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from fieldguide.verify.reading.gathering import Gatherer

_FRONT_MATTER = re.compile(r"(?:\s*\n)?(?P<fence>---|\+\+\+)[ \t]*\n")
_DEEPEST: Final = 6
_BLOCKS: Final = frozenset((
    "paragraph_open", "heading_open", "table_open", "bullet_list_open", "ordered_list_open", "fence",
    "blockquote_open", "code_block", "container_open", "html_block", "directive",
))  # fmt: skip
_MAKING_SECTIONS: Final = frozenset({"mkdocs-click", "mkdocs-typer", "mkdocs-typer2"})
"""Blocks besides those of mkdocstrings in place of which a plugin puts sections."""
_LABEL = re.compile(r"\((?P<label>[\w:.-]+)\)=")
_MARKDOWN_INSIDE = re.compile(r"\s{0,3}<[a-z]{1,20}\b[^<>]{0,200}\bmarkdown\b[^<>]{0,200}>")
"""HTML whose inside is Markdown, as the extension `md_in_html` has it."""
_LINK_INSIDE = re.compile(r"!?\[[^\[\]\n]{0,300}\]\((?P<target>[^()\s]{1,300})\)")
_MARKUP = re.compile(r"\s*\{:?[^{}]*\}\s*$")


def read_markdown(text: str, into: Gatherer) -> None:
    """Read a whole document."""
    MarkdownReader(into, 1, 0).read(_without_front_matter(text))


def _without_front_matter(text: str) -> str:
    """Empty the lines of the data that a site's builder takes from the top, so that all others keep their numbers."""
    start = _FRONT_MATTER.match(text)
    if start is None:
        return text
    end = re.compile(rf"^{re.escape(start['fence'])}[ \t]*$", re.MULTILINE).search(text, start.end())
    return "\n" * text.count("\n", 0, end.end()) + text[end.end() :] if end else text


class MarkdownReader:
    """Reads Markdown that begins on some line of the document: all of it, or the content of a directive."""

    def __init__(self, into: Gatherer, first: int, depth: int) -> None:
        """Read into `into` what begins on line `first`, `depth` directives deep."""
        self.into = into
        self._first = first
        self._depth = depth
        self._items: list[str] = []
        """What each open list item is about."""
        self._term = ""
        self._introduction = ""

    def read(self, text: str) -> None:
        """Read a text, at any depth but one that nobody writes."""
        if self._depth > _DEEPEST:
            return
        environment: dict[str, object] = {}
        tokens = parser().parse(text, environment)
        table: TableReader | None = None
        for index, token in enumerate(tokens):
            if token.type in _BLOCKS and token.map and not (token.type == "html_block" and "<!--" in token.content):
                self.into.ignores.block(self._first + token.map[0], self._first + token.map[1] - 1)
            if token.type == "table_open":
                table = TableReader(self.into)
            elif token.type == "table_close":
                table = None
            if table is not None:
                self._in_table(token, table)
            else:
                self._read(token, tokens, index)
        self._definitions(environment)

    def _read(self, token: Token, tokens: Sequence[Token], index: int) -> None:
        match token.type:
            case "heading_open":
                self._heading(tokens[index + 1], int(token.tag[1:]))
            case "inline":
                if tokens[index - 1].type != "heading_open":
                    self._paragraph(token)
            case "list_item_open":
                self._items.append("")
            case "list_item_close" | "container_close":
                self._items.pop()
            case "container_open":
                self._items.append(self._term if token.info.startswith(":") else "")
            case "fence" | "code_block":
                self._code(token)
            case "html_block":
                self._html(token)
            case "directive":
                self._object(token)
            case _:  # marks the edge of what was read, or is a line
                pass

    def _heading(self, token: Token, level: int) -> None:
        passage = self._passage(token)
        text = _MARKUP.sub("", passage.text).strip()
        self.into.heading(level, text)
        self.into.passage(passage)

    def _paragraph(self, token: Token) -> None:
        label = _LABEL.fullmatch(token.content.strip())
        if label:
            self.into.anchors.explicit(label["label"])
            return
        passage = self._passage(token)
        if self._items and not self._items[-1]:
            self._items[-1] = passage.lead
        self._term = passage.lead
        self._introduction = passage.sentences[-1][1][-300:]
        self.into.passage(passage, subject=next((item for item in reversed(self._items) if item), ""))

    def _passage(self, token: Token, columns: Sequence[tuple[int, int]] = ()) -> Passage:
        first, last = token.map or [0, 1]
        places = columns or [self._place(first + row, line) for row, line in enumerate(token.content.split("\n"))]
        return InlineReader(token, places, (self._first + first, self._first + last - 1), self.into).read()

    def _place(self, row: int, content: str) -> tuple[int, int]:
        """Line and column in the document of a line of a block's content."""
        line = self._first + row
        source = self.into.lines[line - 1] if line <= len(self.into.lines) else ""
        if source.endswith(content):
            return line, len(source) - len(content) + 1
        return line, max(source.find(content.strip()), 0) + 1

    def _in_table(self, token: Token, table: TableReader) -> None:
        if token.type == "inline":
            line = self._first + (token.map or [0])[0]
            source = self.into.lines[line - 1] if line <= len(self.into.lines) else ""
            place = table.place(line, source, token.content)
            table.cell(self._passage(token, [place]))
        elif token.type == "tr_close":
            table.end_row()

    def _code(self, token: Token) -> None:
        row = (token.map or [0])[0] + (token.type == "fence")
        lines = token.content.removesuffix("\n").split("\n")
        places = [self._place(row + index, line) for index, line in enumerate(lines)]
        info = token.info.strip()
        block = CodeBlock(language_of(info), lines, self._first + row, [column - 1 for _, column in places],
                          self._introduction)  # fmt: skip
        if info.startswith("{") and not info.startswith(("{.", "{ .")):
            read_directive(
                info, block, self.into, lambda text, first: MarkdownReader(self.into, first, self._depth + 1).read(text)
            )
            return
        title = title_of(info)
        if title:
            self.into.names.defined.add(title)
        read_block(block, self.into)

    def _html(self, token: Token) -> None:
        row = (token.map or [0])[0]
        first = self._first + row
        lines = token.content.split("\n")
        last = first + len(lines) - 1 - (not lines[-1])
        found = read_hypertext(token.content)
        alone = token.content.strip().startswith("<!--") and all(one.kind == "comment" for one in found)
        for one in found:
            line = first + one.row
            column = self._place(row + one.row, lines[one.row])[1] + one.column if one.row < len(lines) else 1
            if one.kind == "comment":
                block = None if alone else (first, last)
                self.into.ignores.comment(one.text, line, first + one.last, len(self.into.lines), block)
            elif one.kind == "anchor":
                self.into.anchors.explicit(one.text)
            elif one.kind == "heading":
                self.into.anchors.heading(one.text)
            elif one.kind == "code":
                self.into.passage(Passage([Piece("code", one.text.strip(), line, column)]))
            else:
                self.into.link(one.text, line, column, "", "image" if one.kind == "image" else "")

        for match in _LINK_INSIDE.finditer(token.content) if _MARKDOWN_INSIDE.match(token.content) else ():
            rows = token.content.count("\n", 0, match.start("target"))
            domain = "image" if match[0].startswith("!") else ""
            self.into.link(match["target"], first + rows, 1, "", domain)

    def _object(self, token: Token) -> None:
        """`::: package.module`, which mkdocstrings replaces by what the object's docstring says."""
        name = token.content.lstrip(":").split()[0] if token.content.lstrip(":").split() else ""
        line = self._first + (token.map or [0])[0]
        if token.info == "object" and name in _MAKING_SECTIONS:
            self.into.add(Shape(ReferenceKind.NAME, name, domain="mkdocstrings"), line, 1, Form.ROLE, token.content)
        if token.info == "object" and re.fullmatch(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*", name):
            self.into.anchors.explicit(name)
            self.into.add(Shape(ReferenceKind.NAME, name, domain="mkdocstrings"), line, 1, Form.ROLE, token.content)

    def _definitions(self, environment: dict[str, object]) -> None:
        """Targets of `[label]: target` lines."""
        references = environment.get("references")
        for one in references.values() if isinstance(references, dict) else ():  # pyright: ignore[reportUnknownVariableType]
            row = int(one["map"][0])  # pyright: ignore[reportUnknownArgumentType]
            line = self._first + row
            source = self.into.lines[line - 1] if line <= len(self.into.lines) else ""
            match = re.search(r"\]:\s*<?(?P<target>[^\s<>]+)", source)
            if match:
                self.into.link(match["target"], line, match.start("target") + 1, source.strip())
