"""HTML inside of a document: links, images, anchors, code and comments.

Comes in: a block or tag of HTML, as Markdown leaves it.
Goes out: `Hypertext` records with their places in it.
Must never: fail on HTML that is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

_LONGEST = 100_000
"""Characters of one block that are read: the library's parser takes time by the square of what is never closed."""
_LINKS = {"a": "href", "img": "src", "source": "srcset", "video": "src", "link": "href"}


@dataclass(frozen=True, slots=True)
class Hypertext:
    """One thing in HTML, with row and column from 0."""

    kind: Literal["link", "image", "anchor", "code", "comment", "heading"]
    text: str
    row: int
    column: int
    last: int
    """Row of its end."""


def read_hypertext(text: str) -> list[Hypertext]:
    """Read HTML as far as it can be read."""
    reader = _Reader()
    text = text[: text.rfind(">", 0, _LONGEST) + 1]  # behind it nothing ends, which the library tries at every sign
    if text.rfind("<!--") > text.rfind("-->"):  # a comment that nothing ends
        text = text[: text.find("<!--", text.rfind("-->") + 1)]
    try:
        reader.feed(text)
        reader.close()
    except AssertionError:  # the library's way to say that a declaration is malformed
        return reader.found
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Hypertext] = []
        self._text: list[str] | None = None
        self._start = (0, 0)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        row, column = self.getpos()
        for name, value in attrs:
            if not value:
                continue
            if name == "id" or (name == "name" and tag == "a"):
                self._add("anchor", value, row, column)
            elif name == _LINKS.get(tag):
                self._add(
                    "link" if tag in {"a", "link"} else "image", value.split()[0] if value.split() else "", row, column
                )
        if tag in {"code", "h1", "h2", "h3", "h4", "h5", "h6"}:
            self._text = []
            start = self.get_starttag_text() or ""
            self._start = (row - 1 + start.count("\n"), column + len(start) if "\n" not in start else 0)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._text = None

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._text is None or tag not in {"code", "h1", "h2", "h3", "h4", "h5", "h6"}:
            return
        text = "".join(self._text)
        self._text = None
        if text.strip():
            self.found.append(Hypertext("code" if tag == "code" else "heading", text, *self._start, self._start[0]))

    def handle_comment(self, data: str) -> None:
        row, column = self.getpos()
        self.found.append(Hypertext("comment", data, row - 1, column, row - 1 + data.count("\n")))

    def _add(self, kind: Literal["link", "image", "anchor"], text: str, row: int, column: int) -> None:
        tag = self.get_starttag_text() or ""
        before = tag[: max(tag.find(text), 0)]
        rows = before.count("\n")
        self.found.append(Hypertext(kind, text, row - 1 + rows, 0 if rows else column + len(before), row - 1 + rows))
