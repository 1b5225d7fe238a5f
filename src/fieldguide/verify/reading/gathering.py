"""Gathers what one document mentions, whichever markup it is written in.

Comes in: passages, blocks of code, links, headings and comments, as a reader of some markup finds them.
Goes out: a `Document`.
Must never: judge a mention.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Document, Form, Mention
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.anchors import Anchors
from fieldguide.verify.reading.code_spans import shapes_of_span
from fieldguide.verify.reading.ignores import Ignores
from fieldguide.verify.reading.python_names import PythonNames
from fieldguide.verify.reading.shapes import Shape, shapes_of_prose
from fieldguide.verify.reading.values import values_of, versions_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from fieldguide.verify.reading.passages import Passage, Piece

_LONGEST_SENTENCE: Final = 1000
_NEAR: Final = 300
"""Characters around a place in which what stands there is looked for."""
_MADE = re.compile(
    r"\b(?:(?:creat|sav|mak|writ|generat|stor|nam)(?:es?|ed|ing)|written|called|add(?:s|ed|ing)?|puts?)\b"
    r"(?:[\s,:*()\"']+[\w-]+){0,4}\W*$"
    r"|\b(?:new|following|file) (?:file|module|script|folder|directory)?\W*$",
    re.IGNORECASE,
)
_ENTERED = re.compile(r"\b(?:entr(?:y|ies)|notes?|lines?|items?)(?: [\w-]+){0,3} (?:in|to|into)\W*$", re.IGNORECASE)
"""What gets an entry is there already."""
_NAME_ALONE = re.compile(r"((?:[A-Za-z]\w*\.)*[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+|[A-Z][A-Z0-9]{2,})")
"""A heading without markup that can only be a name of code."""


@dataclass(slots=True)
class Gatherer:
    """What was found so far in one document."""

    path: str
    language: str
    lines: list[str]
    anchors: Anchors = field(default_factory=Anchors)
    ignores: Ignores = field(default_factory=Ignores)
    names: PythonNames = field(default_factory=PythonNames)
    mentions: list[Mention] = field(default_factory=list[Mention])
    _sections: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    _section: tuple[str, ...] = ()
    title: str = ""

    def heading(self, level: int, text: str) -> None:
        """Enter a section. `text` is plain, its code in backticks."""
        while self._sections and self._sections[-1][0] >= level:
            self._sections.pop()
        self._sections.append((level, text))
        self._section = tuple(title for _, title in self._sections)
        self.title = self.title or text
        self.anchors.heading(text.replace("`", ""))

    @contextmanager
    def within(self, title: str) -> Generator[None]:
        """A part of a section with a title of its own: `deprecated`, `versionchanged`."""
        around = self._section
        if title:
            self._section = (*around, title)
        yield
        self._section = around

    @property
    def subject(self) -> str:
        """The code span that heads the section: what a default in its text is said of."""
        return self._section[-1] if self._section else ""

    def add(self, shape: Shape, line: int, column: int, form: Form, sentence: str = "", written: str = "") -> None:
        """Record a mention; its column is corrected where markup was taken out of the text before it."""
        place = self._column(written or shape.text, line, column)
        mention = Mention(
            shape.kind, shape.text, line, place, form, sentence[:_LONGEST_SENTENCE], self._section,
            shape.keywords, shape.places, shape.subject, shape.domain, "" if written == shape.text else written,
        )  # fmt: skip
        self.mentions.append(mention)

    def _column(self, text: str, line: int, column: int) -> int:
        if not 1 <= line <= len(self.lines):
            return 1
        source = self.lines[line - 1]
        start = max(column - 1, 0)
        if source.startswith(text, start):
            return start + 1
        found = source.find(text, start, start + len(text) + _NEAR)
        if found < 0:
            found = source.rfind(text, max(0, start - _NEAR), start + len(text))
        return found + 1 if found >= 0 else 1

    def passage(self, passage: Passage, form: Form = Form.CODE, subject: str = "") -> None:
        """Read a passage: its code spans, names in its prose, values and versions."""
        for index, piece in enumerate(passage.pieces):
            if piece.kind == "code":
                self._span(passage, index, piece, form)
            elif piece.kind == "text" and not piece.target:
                for shape in shapes_of_prose(piece.text):
                    sentence = passage.sentence(passage.offset(index) + shape.start)
                    self.add(shape, piece.line, piece.column + shape.start, Form.PROSE, sentence)
        about = subject or _code_of(self.subject)
        alone = "" if about or not _NAME_ALONE.fullmatch(self.subject) else self.subject
        for offset, shape in (*values_of(passage, about, alone), *versions_of(passage)):
            line, column = passage.place(offset)
            self.add(shape, line, column, Form.PROSE, passage.sentence(offset))

    def _span(self, passage: Passage, index: int, piece: Piece, form: Form) -> None:
        offset = passage.offset(index)
        sentence = passage.sentence(offset)
        for shape, written in shapes_of_span(piece.text, self.names, sentence):
            found = replace(shape, domain=shape.domain or piece.target)
            self.add(found, piece.line, piece.column + shape.start, form, sentence, written)
            before = passage.masked[max(0, offset - 120) : offset - 1]
            if shape.kind is ReferenceKind.PATH and _MADE.search(before) and not _ENTERED.search(before):
                self.names.defined.add(shape.text)

    def link(self, target: str, line: int, column: int, sentence: str = "", domain: str = "") -> None:
        """Record a link, or an anchor of this document."""
        if not target:
            return
        kind = ReferenceKind.ANCHOR if target.startswith("#") else ReferenceKind.LINK
        self.add(Shape(kind, target, domain=domain), line, column, Form.LINK, sentence)

    def document(self, *, historical: bool) -> Document:
        """What was found, in the document's order."""
        return Document(
            self.path,
            self.language,
            tuple(sorted(self.mentions, key=lambda one: (one.line, one.column))),
            frozenset(self.anchors.all),
            frozenset(self.names.defined),
            frozenset(self.names.used),
            self.ignores.end(len(self.lines)),
            len(self.lines),
            historical,
        )


def _code_of(heading: str) -> str:
    """The code span that a heading begins with or consists of."""
    match = re.match(r"(?:The )?`([^`]+)`", heading)
    return match[1] if match else ""
