"""Markdown, safely put together: what stands in a cell, a heading or a code span stays there.

Comes in: names and texts out of somebody's code, and Markdown of docstrings. Goes out: Markdown (CommonMark with
GitHub's tables) that means exactly that. Must never: let such a text open a tag, an image, a new row or a heading.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fieldguide.domain.unseen import seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_CODE_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_OPENING = re.compile(r"(?<!\\)<(?=[A-Za-z/!?])")
_IMAGE = re.compile(r"(?<!\\)!\[")
_ADDRESS = re.compile(r"(?<![<(\[\w/=\"'])https?://[\w.-]+(?:[/?#][^\s<>()\[\]`\"'|]*[\w/])?")
_PIPE = re.compile(r"(?<!\\)\|")
_BLOCK_START = re.compile(
    r"^(?:>|(?:#{1,6}|[+*-]|\d{1,9}[.)])(?=\s|$)|(?:=+|-+)\s*$|[*_-](?:\s*[*_-]){2,}\s*$|```|~~~|\[[^\]]*\]:)"
)
_BETWEEN_SENTENCES = re.compile(r"(?<!e\.g)(?<!i\.e)(?<!\bvs)(?<!\betc)(?<!\bcf)[.!?]\s+(?=[A-Z`*\[(\"'])")
_SENTENCE_END = (".", "!", "?", ".)", '."', ".`", "…", "!)", "?)")
_UNDECODABLE = dict.fromkeys(range(55296, 57344), "�")


def readable(text: str) -> str:
    """Return `text` without what cannot be encoded as UTF-8, drives a terminal or reorders what is read."""
    return seen(text.translate(_UNDECODABLE))


def code(text: str) -> str:
    """Return `text` as a code span, on one line, with more backticks around it than stand in it."""
    flat = " ".join(readable(text).split())
    if not flat:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", flat)), default=0)
    ticks = "`" * (longest + 1)
    padding = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{ticks}{padding}{flat}{padding}{ticks}"


def plain(text: str) -> str:
    """Return text that is not Markdown, a project's name or summary, so that it reads as it was written."""
    flat = " ".join(readable(text).split())
    escaped = re.sub(r"([\\`*\[\]<>|~]|&(?=#?\w+;))", r"\\\1", flat)
    escaped = re.sub(r"(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])", r"\\_", escaped)
    return _escape_block_start(_ADDRESS.sub(r"<\g<0>>", escaped))


def inline(markdown: str) -> str:
    """Return Markdown of a docstring or a help text on one line, with no tag, image or block in it."""
    flat = " ".join(readable(markdown).split())
    return _escape_block_start(_outside_code(flat, lambda part: _ADDRESS.sub(r"<\g<0>>", _without_tags(part))))


def prose(markdown: str) -> str:
    """Return several lines of Markdown with no tag or image in them; code spans stay as they are."""
    lines = (readable(line.rstrip()) for line in markdown.strip().splitlines())
    text = "\n".join(lines)
    return _outside_code(text, _without_tags)


def sentence(markdown: str) -> str:
    """Return inline Markdown that ends as a sentence does; a text that is nothing but dots and dashes is none."""
    flat = inline(markdown).rstrip(":;, ")
    if not any(character.isalnum() for character in flat):
        return ""
    return flat if flat.endswith(_SENTENCE_END) else flat + "."


def opening(markdown: str, limit: int) -> str:
    """Return the first sentence of a text, and those after it that stay whole within `limit` characters."""
    flat = sentence(markdown)
    if len(flat) <= limit:
        return flat
    ends = [one.end() for one in _BETWEEN_SENTENCES.finditer(flat) if flat[: one.start()].count("`") % 2 == 0]
    whole = [end for end in ends if end <= limit] or ends[:1]
    return flat[: whole[-1]].rstrip() if whole else flat


def first_sentences(markdown: str, most: int) -> str:
    """Return a text of at most `most` sentences whole, a longer one up to its second sentence."""
    flat = sentence(markdown)
    ends = [one.end() for one in _BETWEEN_SENTENCES.finditer(flat) if flat[: one.start()].count("`") % 2 == 0]
    return flat if len(ends) < most else flat[: ends[1]].rstrip()


def _without_tags(text: str) -> str:
    return _IMAGE.sub(r"\\![", _OPENING.sub(r"\\<", text))


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    parts: list[str] = []
    position = 0
    for span in _CODE_SPAN.finditer(text):
        parts += [change(text[position : span.start()]), span.group()]
        position = span.end()
    return "".join([*parts, change(text[position:])])


def _escape_block_start(line: str) -> str:
    """Keep a line from opening a heading, list, quotation, rule or fence."""
    if not _BLOCK_START.match(line):
        return line
    number = re.match(r"\d+", line)
    return f"{number.group()}\\{line[number.end() :]}" if number else "\\" + line


def cell(markdown: str) -> str:
    """Return inline Markdown for a table's cell: pipes are escaped, within code too, as GitHub wants it."""
    return _PIPE.sub(r"\\|", " ".join(markdown.split()))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a column in which no row has anything is left out, the first one excepted."""
    body = [[cell(value) for value in row] for row in rows]
    kept = [index for index in range(len(header)) if index == 0 or any(row[index] for row in body)]
    lines = [_row(header[index] for index in kept), _row("---" for _ in kept)]
    lines += [_row(row[index] for index in kept) for row in body]
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return "|" + "|".join(f" {value} " if value else " " for value in cells) + "|"


def fence(text: str, language: str) -> str:
    """Return a fenced code block whose fence is longer than any in it."""
    body = readable_lines(text)
    longest = max((len(run) for run in re.findall(r"^\s*(`{3,})", body, re.MULTILINE)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{body}\n{ticks}"


def readable_lines(text: str) -> str:
    """Return lines of code without trailing blanks, with tabs and indentation as they are."""
    return "\n".join(readable(line.rstrip()) for line in text.expandtabs(4).strip("\n").splitlines())


def details(summary: str, body: str) -> str:
    """Return `body` folded away behind `summary`, which is ours: the only HTML that a page has."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def paragraphs(*parts: str) -> str:
    """Join what is there with a blank line between."""
    return "\n\n".join(part for part in parts if part)
