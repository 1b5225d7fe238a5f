"""Brings what a model wrote for one section into the form that the page has for it.

Comes in: Markdown beneath one heading of a reply. Goes out: Markdown of the section's form, or nothing.
Must never: cut a sentence, a bullet or a block of code; change a word; decide whether something is true.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.sections import HIGHLIGHTS, PITFALLS, TAGLINE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_BULLETS: Final = {HIGHLIGHTS: 6, PITFALLS: 8}
LONGEST_TAGLINE: Final = 160
"""Characters. The prompt asks for 120; a little more still fits on two lines."""

_BULLET: Final = re.compile(r"(?P<indent> *)(?:[-*+•]|\d{1,2}[.)])\s+(?P<text>\S.*)")
_HEADING: Final = re.compile(r" {0,3}#{1,6}\s")
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_QUOTED: Final = re.compile(r"""["'\u201c\u201d*_]+(?P<text>.*?)["'\u201c\u201d*_]+""", re.DOTALL)
_SENTENCE_END: Final = re.compile(r"""(?<=[.!?])(?P<close>["')\]*_\u201d\u2019]*)\s+(?=\S)""")
_ABBREVIATED: Final = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|approx|incl|resp|fig|eq|sec|ch|mr|mrs|ms|dr|st|[A-Za-z])\.$",
    re.IGNORECASE,
)
_DESCRIPTION: Final = re.compile(
    r"\s*(?:[-*+•]\s+)?(?:\*\*)?(?:`+(?P<quoted>[^`]+)`+|(?P<bare>[\w./:-]*[\w/]))(?:\*\*)?\s*(?::|\u2013|\u2014|\s-\s)\s*(?P<text>\S.*)"
)


def shaped(key: str, body: str) -> str:
    """The Markdown of a section in its form; empty when nothing of that form is in it.

    The tagline is one sentence, highlights and pitfalls are bullets, everything else is paragraphs with a sentence on
    each line, and blocks of code as they are.
    """
    text, code = zip(*_parts(body), strict=True)
    if key == TAGLINE:
        return _tagline("\n\n".join(text))
    if key in MOST_BULLETS:
        return "\n".join(_bullets("\n\n".join(text))[: MOST_BULLETS[key]])
    parts = (one for words, block in zip(text, code, strict=True) for one in (*_blocks(words), block))
    return "\n\n".join(one for one in parts if one)


def _parts(body: str) -> list[tuple[str, str]]:
    """Text, each with the fenced block that follows it, which is empty at the end; one that never ends, ends there."""
    parts: list[tuple[str, str]] = []
    text: list[str] = []
    block: list[str] = []
    fence = ""
    for line in body.split("\n"):
        mark = _FENCE.match(line)
        if block:
            block.append(line)
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                parts.append(("\n".join(text), "\n".join(block)))
                text, block = [], []
        elif mark:
            block, fence = [line], mark[1]
        else:
            text.append(line)
    return [*parts, ("\n".join(text), "\n".join([*block, fence] if block else []))]


def described(body: str) -> Mapping[str, str]:
    """One-liners by name, out of lines such as ``- `name`: text``; other lines are no descriptions.

    A sentence ends with a full stop, a phrase that begins in lower case with none.
    """
    found: dict[str, str] = {}
    for line in body.split("\n"):
        match = _DESCRIPTION.fullmatch(line)
        if match:
            text = match["text"].strip().rstrip(".")
            name = (match["quoted"] or match["bare"]).strip()
            found.setdefault(name, f"{text}." if text[:1].isupper() and text[-1] not in "!?" else text)
    return found


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph. It is not divided inside backticks or after an abbreviation."""
    text = " ".join(paragraph.split())
    found: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        before = text[start : match.start()]
        if text.count("`", 0, match.start()) % 2 or _ABBREVIATED.search(before):
            continue
        found.append(before + match["close"])
        start = match.end()
    return [*found, text[start:]] if text[start:] else found


def _tagline(body: str) -> str:
    """The first sentence, without quotes or emphasis around it; nothing when it is too long for a tagline."""
    paragraphs = _paragraphs(body)
    if not paragraphs:
        return ""
    text = re.sub(r"\A(?:[-*+•]\s+)", "", " ".join(paragraphs[0].split()))
    quoted = _QUOTED.fullmatch(text)
    first = next(iter(sentences(quoted["text"] if quoted else text)), "")
    return first if len(first) <= LONGEST_TAGLINE else ""


def _bullets(body: str) -> list[str]:
    """Whole bullets, a line each. Without any bullet every paragraph is one; text around bullets is chatter."""
    bullets: list[str] = []
    for paragraph in _paragraphs(body):
        open_bullet = False
        for line in paragraph.split("\n"):
            match = _BULLET.fullmatch(line)
            if match:
                bullets.append(match["text"].strip())
                open_bullet = True
            elif open_bullet:
                bullets[-1] += f" {line.strip()}"
    found = bullets or [" ".join(paragraph.split()) for paragraph in _paragraphs(body)]
    return [f"- {bullet}" for bullet in found]


def _blocks(body: str) -> Iterable[str]:
    """Paragraphs, a sentence on each line; a list keeps its lines."""
    for paragraph in _paragraphs(body):
        lines = paragraph.split("\n")
        listed = any(_BULLET.fullmatch(line) for line in lines)
        yield paragraph if listed else "\n".join(sentences(paragraph))


def _paragraphs(body: str) -> list[str]:
    """Blocks between blank lines, without the lines that are headings."""
    kept = [line.rstrip() for line in body.split("\n") if not _HEADING.match(line)]
    blocks = re.split(r"\n{2,}", "\n".join(kept).strip())
    return [block.strip("\n") for block in blocks if block.strip()]
