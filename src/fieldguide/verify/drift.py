"""Tells which sections of our own pages cite code that has changed since they were written.

Comes in: a section's Markdown and the lines that it cites; later the same section, with the code as it is then.
Goes out: digests that the section's marker carries; later the sections whose digests no longer hold.
Must never: take code for changed that only moved or was set out in another way; raise an alarm where nobody can know.

What a section rests on is what it links to by its lines. One digest for each such link, in the order in which the
links stand, so that the marker needs no names: those are in the section. Facts say how a thing is called and used, so
they rest on signatures and docstrings; prose says what a thing does, so it rests on bodies too. Twenty-four bits are
enough to see a change, and too few to tell anybody what stood there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from markdown_it import MarkdownIt

from fieldguide.domain.checks import Stale
from fieldguide.domain.markers import MARKER_PREFIX, find_sections
from fieldguide.domain.redacted import PLACEHOLDER
from fieldguide.verify.code_form import DIGEST_LENGTH, definition_digest, words_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from markdown_it.token import Token

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.page import ExistingSection
    from fieldguide.domain.symbols import Symbol

NOT_KNOWN: Final = "." * DIGEST_LENGTH
"""In place of a digest: of lines that hold a secret, which others would see in the clear."""
_LINES: Final = re.compile(r"(?P<path>[^#]+)#L(?P<first>[1-9]\d*)(?:-L(?P<last>[1-9]\d*))?")
_ELSEWHERE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/")
_NO_NAMES: Final = frozenset({"source", "import", "imports"})
"""Labels of links that say what stands there, and not what it is called."""
_NAME: Final = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Citation:
    """A link to lines of a file."""

    label: str
    path: str
    first: int
    last: int

    @property
    def name(self) -> str:
        """For people: what it is called, or where it was."""
        called = self.label.partition("(")[0]
        return called if _NAME.search(called) and called not in _NO_NAMES else f"{self.path}:{self.first}"


def citations(markdown: str, page: str) -> tuple[Citation, ...]:
    """Links to lines that a section holds, each once, in its order; `page` is the path that they start from."""
    found: dict[tuple[str, int, int], Citation] = {}
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown):
        for label, target in _links(token.children or ()):
            match = _LINES.fullmatch(target)
            if match is not None and not _ELSEWHERE.match(target):
                path = normpath(join(dirname(page), unquote(match["path"])))
                first, last = int(match["first"]), int(match["last"] or match["first"])
                found.setdefault((path, first, last), Citation(label, path, first, last))
    return tuple(found.values())


def _links(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Text and address of each link."""
    target, label = "", ""
    for token in tokens:
        match token.type:
            case "link_open":
                target, label = str(token.attrGet("href") or ""), ""
            case "link_close":
                yield label, target
            case _:
                label += token.content


_FILES: Final = 32
"""Files of which the lines are kept: those of all would be much of a tree."""


class CitedCode:
    """The code that pages cite, as it is now."""

    def __init__(self, codebase: Codebase, read: Callable[[str], str | None]) -> None:
        """Keep what is asked. `read` gives a file's text, by its path; `None` or nothing where there is none."""
        self._codebase = codebase
        self._read = read
        self._files: dict[str, list[str]] = {}

    @cached_property
    def _by_path(self) -> Mapping[str, list[Symbol]]:
        found: Mapping[str, list[Symbol]] = defaultdict(list)
        for symbol in self._codebase.symbols.values():
            found[symbol.span.path].append(symbol)
        return found

    @cached_property
    def _by_name(self) -> Mapping[str, list[Symbol]]:
        """By the last part; asked only for what has changed."""
        found: Mapping[str, list[Symbol]] = defaultdict(list)
        for symbol in self._codebase.symbols.values():
            found[symbol.name.rpartition(".")[2]].append(symbol)
        return found

    def digests(self, markdown: str, page: str, *, whole: bool) -> str:
        """What the marker of a section carries; empty where it cites no lines."""
        return "".join(self._digest(one, whole=whole) for one in citations(markdown, page))

    def drifted(self, page: str, text: str) -> tuple[Stale, ...]:
        """Sections of ours in a page whose evidence has changed; of those that a person edited nothing is known."""
        found: list[Stale] = []
        for marked in find_sections(text) if MARKER_PREFIX in text else ():
            changed = () if marked.section.edited else self._changed(marked.section, page)
            if changed:
                line = text.count("\n", 0, marked.start) + 1
                found.append(Stale(page, marked.section.key, line, changed))
        return tuple(found)

    def _changed(self, section: ExistingSection, page: str) -> tuple[str, ...]:
        cited, known = citations(section.markdown, page), section.evidence
        if len(known) != DIGEST_LENGTH * len(cited):
            return ()
        digests = (known[at : at + DIGEST_LENGTH] for at in range(0, len(known), DIGEST_LENGTH))
        whole = bool(section.request_digest)
        changed = (
            one.name
            for one, digest in zip(cited, digests, strict=True)
            if digest != NOT_KNOWN and not self._stands(one, digest, whole=whole)
        )
        return tuple(dict.fromkeys(changed))

    def _digest(self, cited: Citation, *, whole: bool) -> str:
        lines = self._lines(cited.path, cited.first, cited.last)
        if not lines or PLACEHOLDER.search("\n".join(lines)):
            return NOT_KNOWN
        spans = {(one.span.first, one.span.last) for one in self._by_path.get(cited.path, ())}
        defines = (cited.first, cited.last) in spans
        return definition_digest(lines, whole=whole) if defines else words_digest(lines)

    def _stands(self, cited: Citation, digest: str, *, whole: bool) -> bool:
        """Whether what was cited is still there: in its lines, else anywhere in its file, else under its name."""
        lines = self._lines(cited.path, cited.first, cited.last)
        if digest in {words_digest(lines), definition_digest(lines, whole=whole)}:
            return True
        called = _NAME.findall(cited.label.partition("(")[0])
        elsewhere = self._by_name.get(called[-1], ()) if called else ()
        for symbol in (*self._by_path.get(cited.path, ()), *elsewhere):
            span = symbol.span
            if definition_digest(self._lines(span.path, span.first, span.last), whole=whole) == digest:
                return True
        every, height = self._file(cited.path), cited.last - cited.first + 1
        return any(words_digest(every[at : at + height]) == digest for at in range(len(every) - height + 1))

    def _lines(self, path: str, first: int, last: int) -> list[str]:
        return self._file(path)[first - 1 : last]

    def _file(self, path: str) -> list[str]:
        if path not in self._files:
            while len(self._files) >= _FILES:
                del self._files[next(iter(self._files))]
            self._files[path] = (self._read(path) or "").split("\n")
        return self._files[path]
