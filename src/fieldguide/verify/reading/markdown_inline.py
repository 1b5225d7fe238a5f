"""The inside of a block of Markdown as a passage: text, code and roles in their places, links told by the way.

Comes in: an inline token, and the offset in the document at which each of its lines begins.
Goes out: a `Passage`; links, images, anchors and comments go to the `Gatherer`.
Must never: take a link's target from its normalised form: it is read as written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from fieldguide.domain.documents import Form
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.hypertext import read_hypertext
from fieldguide.verify.reading.passages import Passage, Piece
from fieldguide.verify.reading.roles import shape_of_role
from fieldguide.verify.reading.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from fieldguide.verify.reading.gathering import Gatherer

_TARGET = re.compile(r"\]\(\s*(?:<(?P<angle>[^<>\n]*)>|(?P<bare>(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*))")
_ROLE = re.compile(r"\{(?P<name>[\w:.+-]{1,60})\}$")
_ATTRIBUTES = re.compile(r"\{:?\s*(?:[^{}]*\s)?#(?P<id>[\w:.-]+)[^{}]*\}")
_AUTOREF = re.compile(r"\]\[(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)+)\]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


class InlineReader:
    """Reads one inline token."""

    def __init__(self, token: Token, places: Sequence[tuple[int, int]], lines: tuple[int, int], into: Gatherer) -> None:
        """Keep the token, and line and column (1-based) at which each line of its content begins.

        Args:
            token: Of type `inline`.
            places: For each line of its content.
            lines: First and last line of its block, for comments in it.
            into: Takes links, anchors and comments.
        """
        self._source = token.content
        self._children = token.children or []
        self._places = places
        self._lines = lines
        self._into = into
        self._starts = [0]
        for match in re.finditer("\n", self._source):
            self._starts.append(match.end())
        self._cursor = 0
        self._in_code = False
        self._targets: list[str] = []
        self._links: list[tuple[str, int, int, str, int]] = []
        self.passage = Passage()

    def read(self) -> Passage:
        """Read all of it."""
        for index, token in enumerate(self._children):
            self._read(token, index)
        for target, line, column, domain, place in self._links:
            offset = self.passage.offset(place) if place < len(self.passage.pieces) else len(self.passage.text)
            self._into.link(target, line, column, self.passage.sentence(offset), domain)
        return self.passage

    def _read(self, token: Token, index: int) -> None:
        at = int(token.meta.get("at", self._cursor))
        match token.type:
            case "text":
                self._text(token.content, at)
            case "code_inline":
                start = at + len(token.markup)
                start += len(self._source[start : start + 50]) - len(self._source[start : start + 50].lstrip())
                self._code(token.content.strip(), start)
                self._cursor = start + len(token.content.strip())
            case "softbreak" | "hardbreak":
                self._piece("break", "", at)
            case "link_open" | "link_close":
                self._edge(token, index, at)
            case "image":
                self._target(self._source.find("](", at), "image")
            case "html_inline":
                self._html(token.content, at)
            case _:
                pass

    def _edge(self, token: Token, index: int, at: int) -> None:
        """Where a link opens or closes."""
        is_autolink = token.markup == "autolink"
        if token.nesting > 0:
            target = str(token.attrs.get("href", ""))
            self._targets.append(target)
            if is_autolink and index + 1 < len(self._children) and not target.startswith("mailto:"):
                self._link(self._children[index + 1].content, at + 1, "")
            return
        if self._targets:
            self._targets.pop()
        if not is_autolink:
            self._target(at, "")

    def _place(self, offset: int) -> tuple[int, int]:
        row = min(bisect_right(self._starts, max(offset, 0)) - 1, len(self._places) - 1)
        line, column = self._places[row]
        return line, column + offset - self._starts[row]

    def _piece(self, kind: str, text: str, offset: int, role: str = "") -> None:
        line, column = self._place(offset)
        target = self._targets[-1] if self._targets else ""
        made = {"text": "text", "code": "code", "role": "role"}.get(kind, "break")
        self.passage.pieces.append(Piece(made, text, line, column, target, role))  # pyright: ignore[reportArgumentType]

    def _text(self, content: str, at: int) -> None:
        if not content:
            return
        found = self._source.find(content, self._cursor, max(at, self._cursor) + len(content))
        start = found if found >= 0 else max(self._cursor, at - len(content)) if self._cursor < at else at
        if found >= 0:
            self._cursor = found + len(content)
        if self._in_code:
            self._piece("code", content, start)
            return
        for match in _ATTRIBUTES.finditer(content) if "#" in content and "{" in content else ():
            self._into.anchors.explicit(match["id"])
            content = content.replace(match[0], " " * len(match[0]))
        for match in _AUTOREF.finditer(content) if "][" in content else ():
            line, column = self._place(start + match.start("name"))
            self._into.add(
                Shape(ReferenceKind.NAME, match["name"], domain="autorefs"), line, column, Form.ROLE, content
            )
            content = content.replace(match[0], "]" + " " * (len(match[0]) - 1))
        self._piece("text", content, start)

    def _code(self, content: str, start: int) -> None:
        last = self.passage.pieces[-1] if self.passage.pieces else None
        role = _ROLE.search(last.text) if last is not None and last.kind == "text" else None
        if role is None or last is None:
            self._piece("code", content, start)
            return
        self.passage.pieces[-1] = Piece("text", last.text[: role.start()], last.line, last.column, last.target)
        shape = shape_of_role(role["name"], content)
        if shape is not None:
            line, column = self._place(start + shape.start)
            self._into.add(shape, line, column, Form.ROLE, self._source.replace("\n", " "))
        self._piece("role", content, start, role["name"])

    def _target(self, at: int, domain: str) -> None:
        """The target of a link or image whose label ends at `at`; one that only names a definition is told there."""
        match = _TARGET.match(self._source, at) if at >= 0 else None
        if match is None:
            return
        group = "angle" if match["angle"] is not None else "bare"
        self._link(_ESCAPE.sub(r"\1", match[group]), match.start(group), domain)
        self._cursor = max(self._cursor, match.end())

    def _link(self, target: str, offset: int, domain: str) -> None:
        if target:
            line, column = self._place(offset)
            self._links.append((target, line, column, domain, len(self.passage.pieces)))

    def _html(self, content: str, at: int) -> None:
        if content.startswith(("<code", "<tt", "<kbd")):
            self._in_code = content.startswith("<code") and not content.endswith("/>")
        elif content.startswith("</code"):
            self._in_code = False
        elif content.startswith("</a") and self._targets:
            self._targets.pop()
        for one in read_hypertext(content):
            line, _ = self._place(at)
            if one.kind == "anchor":
                self._into.anchors.explicit(one.text)
            elif one.kind in {"link", "image"}:
                self._link(one.text, at + max(content.find(one.text), 0), "image" if one.kind == "image" else "")
                if one.kind == "link":
                    self._targets.append(one.text)
            elif one.kind == "comment":
                self._into.ignores.comment(one.text, line, line, len(self._into.lines), self._lines)
