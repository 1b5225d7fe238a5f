"""Tells which sections of a draft a person's own text already has.

Comes in: the person's text, without our sections. Goes out: the keys of the sections that it makes superfluous.
Must never: change the text; take a heading inside a code block or a quotation for a section.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.publish.html_headings import html_headings
from fieldguide.publish.phrases import FILLERS, PHRASES, TELLING

if TYPE_CHECKING:
    from markdown_it.token import Token

_DEEPEST: Final = 3
"""Level of heading that still names a section of its own."""
_INTRODUCTION_WORDS: Final = 20
"""Above the first section: a line under the title has fewer, an introduction has more."""

_PARTS: Final = re.compile(r"\s+and\s+|\s*[&/,+|]\s*", re.IGNORECASE)
_WORDS: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a person's text has to say, by its headings."""

    headings: tuple[tuple[int, str], ...]
    """Level and words of those that stand on the page itself, in Markdown or in HTML."""
    introduction: int
    """Words above the first heading that is not the title."""

    @property
    def has_title(self) -> bool:
        """There is a heading of the first level."""
        return any(level == 1 for level, _ in self.headings)

    @property
    def has_introduction(self) -> bool:
        """Before the first section stands more than a line."""
        return self.introduction >= _INTRODUCTION_WORDS


def contents_of(text: str) -> Contents:
    """Return the headings of a Markdown text and the size of its introduction."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - costs 30 ms, and a page that is all ours needs none of it

    tokens = MarkdownIt("commonmark").parse(text.removeprefix("\ufeff"))
    headings: list[tuple[int, str]] = []
    introduction = 0
    for position, token in enumerate(tokens):
        if token.level:
            continue
        if token.type == "heading_open":
            headings.append((int(token.tag[1:]), _plain(tokens[position + 1])))
        elif token.type == "html_block":
            headings += html_headings(token.content)
        elif token.type == "paragraph_open" and (not headings or [level for level, _ in headings] == [1]):
            introduction += len(_words(_plain(tokens[position + 1])))
    return Contents(tuple(headings), introduction)


def sections_named(contents: Contents, asked: Mapping[str, str], name: str) -> frozenset[str]:
    """Return the keys of those sections that a person's headings stand for.

    Args:
        contents: Of the person's text.
        asked: Key and heading of each section that is asked about; the heading is empty where it has none.
        name: Of the project: words that say nothing in a heading ("Installing stamina").
    """
    meaning = _Meaning.of(asked, name)
    found: set[str] = set()
    for position, (level, text) in enumerate(contents.headings):
        if level <= _DEEPEST:
            is_title = position == 0 and level == 1
            for part in _PARTS.split(text):
                found |= meaning.sections(part, exactly=is_title)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Meaning:
    """Which sections a heading stands for."""

    phrases: Mapping[tuple[str, ...], frozenset[str]]
    """Words of a heading, and the keys of the sections that it names."""
    ignored: frozenset[str]

    @classmethod
    def of(cls, asked: Mapping[str, str], name: str) -> _Meaning:
        phrases: dict[tuple[str, ...], frozenset[str]] = {}
        for key, heading in asked.items():
            for phrase in (*PHRASES.get(key, ()), heading):
                if words := _content(phrase, FILLERS):
                    phrases[words] = phrases.get(words, frozenset()) | {key}
        return cls(phrases, FILLERS | frozenset(_words(name)))

    def sections(self, part: str, *, exactly: bool) -> frozenset[str]:
        """Return the keys for one part of a heading; `exactly` when no word more may stand beside the phrase."""
        # A project may be called what a section is called: then the heading is read with its name.
        candidates = [_content(part, FILLERS), _content(part, self.ignored)]
        for words in candidates:
            if words in self.phrases:
                return self.phrases[words]
        if exactly or len(candidates[-1]) != 2:  # noqa: PLR2004 - one telling word and one more
            return frozenset()
        telling = [self.phrases.get((word,), frozenset()) for word in candidates[-1] if word in TELLING]
        return frozenset[str]().union(*telling)


def _content(text: str, ignored: frozenset[str]) -> tuple[str, ...]:
    return tuple(word for word in _words(text) if word not in ignored)


def _words(text: str) -> list[str]:
    return _WORDS.findall(unicodedata.normalize("NFKC", text).casefold())


def _plain(inline: Token) -> str:
    """Return what an inline token says: text and code, but not the descriptions of images, which badges have."""
    return "".join(
        " " if child.type.endswith("break") else child.content
        for child in inline.children or ()
        if child.type in {"text", "code_inline", "softbreak", "hardbreak"}
    )
