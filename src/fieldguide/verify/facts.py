"""Sections that code rendered: links checked; a line with a link that leads nowhere goes.

Comes in: a section's Markdown and a `Resolver`, with the anchors of the whole page.
Goes out: the Markdown without the lines that do not hold. Such a line is an error of ours, so each is a finding.
Must never: judge the words of the project's own docstrings and help texts, which facts quote as they stand.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

from fieldguide.domain.page import Finding, Reference, ReferenceKind
from fieldguide.verify.inline import inline_tokens
from fieldguide.verify.resolver import Resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token


LINE_REMOVED: Final = "line removed"
ELSEWHERE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
"""Begin of an address that is not relative."""
_DELIMITER_ROW = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")


@dataclass(slots=True)
class LinkCheck:
    """Checks the links of one section; gathers what it checked and found."""

    section: str
    resolver: Resolver
    page: str
    anchors: frozenset[str]
    checked: int = 0
    findings: list[Finding] = field(default_factory=list[Finding])

    def check(self, text: str) -> str:
        """Return `text` without the lines whose links do not hold."""
        bad = {line for line, token in inline_tokens_by_line(text) if not self._holds(line, token)}
        if not bad:
            return text
        lines = [one for number, one in enumerate(text.split("\n"), start=1) if number not in bad]
        return "\n".join(_without_empty_tables(lines)).strip("\n")

    def _holds(self, line: int, token: Token) -> bool:
        if token.type == "code_inline":
            self._count(token.content)
            return True
        target = str(token.attrGet("href") or token.attrGet("src") or "")
        if ELSEWHERE.match(target):
            return True
        self.checked += 1
        if self.resolver.links.hold(target, self.page, self.anchors):
            return True
        kind = ReferenceKind.ANCHOR if target.startswith("#") else ReferenceKind.LINK
        nearest = self.resolver.nearest(ReferenceKind.PATH, target.partition("#")[0]) if target[:1] != "#" else ""
        self.findings.append(Finding(Reference(kind, target, self.section, line), nearest, LINE_REMOVED))
        return False

    def _count(self, code: str) -> None:
        """Count a code span that names something of the project; facts also quote values, which name nothing."""
        if self.resolver.names_something(code):
            self.checked += 1


def headings(text: str) -> Iterator[str]:
    """Plain text of the headings in a piece of Markdown, in their order."""
    tokens = MarkdownIt("commonmark", {"html": True}).disable("inline").parse(text)
    for token, inline in itertools.pairwise(tokens):
        if token.type == "heading_open":
            children = inline_tokens(inline.content)
            yield "".join(one.content for one in children if one.type in {"text", "code_inline"})


def inline_tokens_by_line(text: str) -> Iterator[tuple[int, Token]]:
    """Links, images and code spans, each with its line (from 1)."""
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
        if token.type != "inline" or token.map is None:
            continue
        line = token.map[0] + 1
        for one in token.children or ():
            if one.type in {"softbreak", "hardbreak"}:
                line += 1
            elif one.type in {"link_open", "image", "code_inline"}:
                yield line, one


def _without_empty_tables(lines: list[str]) -> Iterator[str]:
    """Drop the head of a table that has lost its rows."""
    index = 0
    while index < len(lines):
        following = lines[index + 1 : index + 3]
        head = lines[index].startswith("|") and len(following) > 0 and _DELIMITER_ROW.fullmatch(following[0].strip())
        if head and (len(following) == 1 or not following[1].startswith("|")):
            index += 2
            continue
        yield lines[index]
        index += 1
