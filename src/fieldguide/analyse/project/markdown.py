"""Read Markdown: its headings, its first sentence of prose, its fenced code.

Comes in: CommonMark text. Goes out: headings with lines, one sentence, code blocks with lines.
Must never: take a badge, an image, a quotation or HTML for prose.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fieldguide.analyse.project.sentences import first_sentence

if TYPE_CHECKING:
    from markdown_it.token import Token

_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_MYST_ROLE = re.compile(r"\{[\w:-]+\}(?=`)")
_LONGEST = 4000
"""Characters of a paragraph that are looked at: the patterns are quadratic."""
_TAG = re.compile(r"</?[A-Za-z!][^>]*>")


class CodeBlock(NamedTuple):
    """A fenced block: its language, its text, and the lines of the text."""

    language: str
    code: str
    first: int
    last: int


class MarkdownFacts(NamedTuple):
    """What a Markdown file offers."""

    headings: tuple[tuple[int, str, int], ...]
    summary: str
    blocks: tuple[CodeBlock, ...]


def read_markdown(text: str) -> MarkdownFacts:
    """Return headings (level, text, line), the first sentence of the first paragraph, and top-level fenced blocks."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - costs 30 ms, and few files are Markdown

    try:
        tokens = MarkdownIt("commonmark").parse(_without_front_matter(text))
    except RecursionError:
        return MarkdownFacts((), "", ())
    headings: list[tuple[int, str, int]] = []
    blocks: list[CodeBlock] = []
    summary = ""
    for index, token in enumerate(tokens):
        if token.map is None:
            continue
        if token.type == "heading_open":
            heading = plain_text(tokens[index + 1].content)
            if heading:
                headings.append((int(token.tag[1:]), heading, token.map[0] + 1))
        elif token.type == "fence":
            blocks.append(_block(token, token.map))
        elif token.type == "paragraph_open" and token.level == 0 and not summary:
            summary = _prose(tokens[index + 1].content)
    return MarkdownFacts(tuple(headings), summary, tuple(blocks))


def plain_text(inline: str) -> str:
    """Return inline Markdown without images, tags and link targets, on one line."""
    previous = ""
    text = _IMAGE.sub("", inline[:_LONGEST])
    while text != previous:
        previous, text = text, _LINK.sub(r"\1", text)
    return " ".join(_TAG.sub("", text).split())


def _prose(inline: str) -> str:
    if inline.startswith((":::", "{%", "{{", "???", "!!!", "|")):  # directives of MyST, Jekyll and MkDocs, tables
        return ""
    sentence = first_sentence(_MYST_ROLE.sub("", plain_text(inline)))
    if not sentence.endswith((".", "!", "?", ".*", ".**", ".)")):
        return ""
    return sentence if len(re.findall(r"\w{2,}", sentence)) >= 3 else ""  # noqa: PLR2004 - a phrase, not a label


def _block(token: Token, lines: list[int]) -> CodeBlock:
    language = token.info.strip().split(maxsplit=1)[0].strip("{}.").lower() if token.info.strip() else ""
    first = lines[0] + 2
    return CodeBlock(language, token.content, first, max(first, first + token.content.count("\n") - 1))


def _without_front_matter(text: str) -> str:
    """Blank out YAML front matter; the number of lines stays."""
    match = re.match(r"---[ \t]*\n.*?\n---[ \t]*(?:\n|$)", text, re.DOTALL)
    return "\n" * text.count("\n", 0, match.end()) + text[match.end() :] if match else text
