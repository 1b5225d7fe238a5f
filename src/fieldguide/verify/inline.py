"""The inside of a paragraph as pieces: text, code and emphasis; nothing else survives.

Comes in: the children of a markdown-it inline token.
Goes out: sentences, each a list of pieces, and their Markdown.
Must never: let a link, an image, raw HTML or a control character through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

from markdown_it import MarkdownIt

from fieldguide.domain.unseen import seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.token import Token

_BOUNDARY = re.compile(r"""(?<=[.!?…])(["')\]\u201d\u2019]*)\s+(?=["'(\[\u201c\u2018]?[^\W_a-z])""")
_ENDS = re.compile(r"""[.!?…]["')\]\u201d\u2019]*\s*$""")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|incl|no|fig|a\.k\.a))\.\s*$", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\`*\[\]]|(?<!\w)_|_(?!\w)|~~")
_LINE_START = re.compile(
    r"(?P<sign>#{1,6}(?=\s|$)|[-+](?=\s|$)|>|=+\s*$|-+\s*$|~~~)|(?P<number>\d{1,9})(?P<after>[.)])(?=\s|$)"
)
_ENTITY = re.compile(r"&(?=#?\w+\s*;)")
_SPACES = re.compile(r"[ \t\n]+")
_OPEN: Final = {"strong_open": "**", "em_open": "*"}
_CLOSE: Final = {"strong_close": "**", "em_close": "*"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a sentence. `line` counts from the start of the paragraph, from 0."""

    kind: Literal["text", "code", "open", "close", "link"]
    """Of a link only its target is a piece, which is checked and never written."""
    text: str
    line: int


Sentence = list[Piece]


@dataclass(frozen=True, slots=True)
class Dropped:
    """Markup that was taken out of a paragraph."""

    text: str
    line: int


def take_apart(children: Iterable[Token]) -> tuple[list[Piece], list[Dropped]]:
    """Turn inline tokens into pieces.

    A link leaves its text, and its target to be checked; an image and raw HTML leave nothing but a record.
    """
    pieces: list[Piece] = []
    dropped: list[Dropped] = []
    line = 0
    for token in children:
        if token.type == "text":
            pieces.append(Piece("text", seen(token.content), line))
        elif token.type == "code_inline":
            pieces.append(Piece("code", seen(token.content).strip(), line))
        elif token.type in _OPEN:
            pieces.append(Piece("open", _OPEN[token.type], line))
        elif token.type in _CLOSE:
            pieces.append(Piece("close", _CLOSE[token.type], line))
        elif token.type == "link_open":
            pieces.append(Piece("link", str(token.attrGet("href") or ""), line))
        elif token.type in {"softbreak", "hardbreak"}:
            line += 1
            pieces.append(Piece("text", "\n", line))
        elif token.type in {"image", "html_inline"}:
            source = token.attrGet("src") if token.type == "image" else token.content
            dropped.append(Dropped(str(source), line))
    return pieces, dropped


def sentences(pieces: Iterable[Piece]) -> list[Sentence]:
    """Split pieces where one sentence ends and the next begins, never inside emphasis or code."""
    found: list[Sentence] = []
    current: Sentence = []
    depth = 0
    for piece in pieces:
        depth += {"open": 1, "close": -1}.get(piece.kind, 0)
        if piece.kind != "text" and depth <= (piece.kind == "open") and _is_over(current):
            found.append(current)
            current = []
        if piece.kind != "text" or depth:
            current.append(piece)
            continue
        *whole, last = _split(piece.text)
        for text in whole:
            current.append(Piece("text", text, piece.line))
            found.append(current)
            current = []
        if last.isspace() and "\n" in last and _ends_sentence(current):
            found.append(current)
            current = []
        elif last:
            current.append(Piece("text", last, piece.line))
    found.append(current)
    return [one for one in found if any(piece.text.strip() for piece in one if piece.kind in {"text", "code"})]


def markdown(sentence: Sentence) -> str:
    """Write a sentence as one line of Markdown that means the same text and nothing more."""
    kept = _without_empty_emphasis(sentence)
    line = _line(kept)
    shape = _shape(kept)
    if not shape or shape == _shape(take_apart(inline_tokens(line))[0]):
        return line
    return _line([piece for piece in kept if piece.kind in {"text", "code"}])


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """The parser of what stands inside a block."""
    return MarkdownIt("commonmark", {"html": True})


def inline_tokens(text: str, links: dict[str, object] | None = None) -> Sequence[Token]:
    """Tokens of the text of one block. `links` are the link definitions of the Markdown that it stands in."""
    return _parser().parseInline(text, links or {})[0].children or ()


def _shape(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """Emphasis in its order: where it would be read otherwise than it was meant, it is left out."""
    return tuple(piece.kind + piece.text for piece in pieces if piece.kind in {"open", "close"})


def _line(pieces: Iterable[Piece]) -> str:
    parts: list[str] = []
    written = (piece for piece in pieces if piece.kind != "link")
    for kind, run in groupby(written, key=lambda piece: piece.kind):
        if kind == "text":
            parts.append(_escape("".join(piece.text for piece in run)))
        else:
            parts.extend(_code(piece.text) if kind == "code" else piece.text for piece in run)
    line = re.sub(r" +([.,;:!?])(?=\s|$)", r"\1", _SPACES.sub(" ", "".join(parts)).strip())
    return _LINE_START.sub(_escape_start, line, count=1) if _LINE_START.match(line) else line


def plain(sentence: Sentence) -> str:
    """The sentence's text outside code spans."""
    return "".join(piece.text if piece.kind == "text" else " " for piece in sentence)


def _split(text: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if not _ABBREVIATION.search(text[start : match.start()]):
            parts.append(text[start : match.end(1)])
            start = match.end()
    return [*parts, text[start:]]


def _is_over(sentence: Sentence) -> bool:
    """A sentence whose text ends in a full stop and a space, before code or emphasis begins the next."""
    text = sentence[-1].text if sentence and sentence[-1].kind == "text" else ""
    return text != text.rstrip() and bool(_ENDS.search(text)) and not _ABBREVIATION.search(text)


def _ends_sentence(sentence: Sentence) -> bool:
    """A sentence that a line break ends: its last text, or the text that its emphasis holds, ends in a full stop."""
    text = "".join(piece.text for piece in sentence if piece.kind in {"text", "code"})
    return bool(_ENDS.search(text)) and not _ABBREVIATION.search(text)


def _without_empty_emphasis(sentence: Sentence) -> Sentence:
    kept: list[Piece] = []
    for piece in sentence:
        if piece.kind == "close" and kept and kept[-1].kind == "open":
            kept.pop()
        elif piece.text:
            kept.append(piece)
    return kept


def _escape(text: str) -> str:
    escaped = _SPECIAL.sub(lambda match: "".join("\\" + one for one in match[0]), text)
    return _ENTITY.sub("&amp;", escaped).replace("<", "&lt;")


def _escape_start(match: re.Match[str]) -> str:
    if match["number"]:
        return f"{match['number']}\\{match['after']}"
    return "\\" + match["sign"]


def _code(text: str) -> str:
    text = _SPACES.sub(" ", text)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"
