"""Finds the headings in a block of HTML, as many a README opens with.

Comes in: the HTML of one block of a Markdown page. Goes out: level and words of each heading.
Must never: fail on HTML that is not well formed.
"""

from __future__ import annotations

from html.parser import HTMLParser

_LEVELS = {f"h{level}": level for level in range(1, 7)}


def html_headings(html: str) -> list[tuple[int, str]]:
    """Return level and words of each `<h1>` to `<h6>` that is closed within the block."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.found


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._open = ""
        self._text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        if tag in _LEVELS:
            self._open, self._text = tag, ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag and tag == self._open:
            self.found.append((_LEVELS[tag], self._text))
            self._open = ""
