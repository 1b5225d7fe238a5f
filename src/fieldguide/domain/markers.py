"""The comments that frame our sections in a page: their grammar, for those who write pages and those who read them.

Comes in: the text of a page as it is on disk. Goes out: where our sections lie in it, and the text without them.
Must never: take a person's words for ours. A pair counts only when its end follows its begin with no other marker
between, on lines of their own; whatever is damaged is the person's text. A pair inside a closed code fence is an
example of the grammar, unless its digest proves that it is a section of ours.

    <!-- fieldguide:begin install 0123456789abcdef request=ab12 -->

    ## Install
    ...

    <!-- fieldguide:end install -->
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from fieldguide.domain.page import ExistingSection

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKER_PREFIX = "<!-- fieldguide:"
"""What every marker line begins with."""

STAGED_SUFFIX = ".fieldguide-staged"
"""Name's end of a page that is being written: left over only where a run was killed, and nobody's file."""

_MARKER = re.compile(
    r"<!-- fieldguide:(?:begin (?P<begin>[a-z0-9_-]+) (?P<digest>[0-9a-f]{16})(?: request=(?P<request>[0-9a-f]+))?"
    r"|end (?P<end>[a-z0-9_-]+)) -->[ \t]*"
)
_FENCE = re.compile(r" {0,3}(?P<run>`{3,}|~{3,})(?P<info>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MarkedSection:
    """A section of ours in a page's text. Offsets count characters of that text."""

    section: ExistingSection
    start: int
    """Of the begin marker's line."""
    end: int
    """Behind the end marker's line, its line end included."""


@dataclass(frozen=True, slots=True)
class _Marker:
    match: re.Match[str]
    start: int
    end: int


def section_digest(markdown: str) -> str:
    """Digest of a section's text that survives other line ends and other blank lines around it: 16 hex digits."""
    lines = markdown.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def begin_marker(key: str, markdown: str, request_digest: str = "") -> str:
    """Return the line that opens the section `key`, without a line end."""
    request = f" request={request_digest}" if request_digest else ""
    return f"{MARKER_PREFIX}begin {key} {section_digest(markdown)}{request} -->"


def end_marker(key: str) -> str:
    """Return the line that closes the section `key`, without a line end."""
    return f"{MARKER_PREFIX}end {key} -->"


def find_sections(text: str) -> tuple[MarkedSection, ...]:
    """Return our sections in the order in which they stand. Of two with one key the unedited one, else the first."""
    if MARKER_PREFIX not in text:
        return ()
    found: list[MarkedSection] = []
    opened: _Marker | None = None
    markers, fences = _markers_and_fences(text)
    for marker in markers:
        if marker.match["begin"] is not None:
            opened = marker
            continue
        if opened is not None and opened.match["begin"] == marker.match["end"]:
            marked = _marked(text, opened, marker)
            if not (marked.section.edited and any(a < marked.start and marked.end < b for a, b in fences)):
                found.append(marked)
        opened = None
    chosen: dict[str, MarkedSection] = {}
    for marked in found:
        rival = chosen.get(marked.section.key)
        if rival is None or (rival.section.edited and not marked.section.edited):
            chosen[marked.section.key] = marked
    return tuple(sorted(chosen.values(), key=lambda marked: marked.start))


def without_sections(text: str) -> str:
    """Return the person's text: ours is blanked, line by line, so that line numbers stay true."""
    parts: list[str] = []
    position = 0
    for marked in find_sections(text):
        parts.append(text[position : marked.start])
        parts.append("\n" * text.count("\n", marked.start, marked.end))
        position = marked.end
    parts.append(text[position:])
    return "".join(parts)


def escape_markers(markdown: str) -> str:
    """Return text in which nothing can be taken for a marker, readable both as prose and as code."""
    return re.sub(r"<!--(?=\s*fieldguide\s*:)", "<! --", markdown, flags=re.IGNORECASE)


def _marked(text: str, opened: _Marker, closed: _Marker) -> MarkedSection:
    inner = text[opened.end : closed.start].replace("\r\n", "\n").strip("\n")
    section = ExistingSection(
        key=opened.match["begin"],
        markdown=inner,
        edited=section_digest(inner) != opened.match["digest"],
        request_digest=opened.match["request"] or "",
    )
    return MarkedSection(section, opened.start, closed.end)


def _markers_and_fences(text: str) -> tuple[list[_Marker], list[tuple[int, int]]]:
    """Lines that are markers, and the extents of the code fences that are closed."""
    markers: list[_Marker] = []
    fences: list[tuple[int, int]] = []
    fence = ""
    fence_start = 0
    for start, end in _lines(text):
        line = text[start:end].rstrip("\r\n")
        if line.startswith(MARKER_PREFIX):
            if (match := _MARKER.fullmatch(line)) is not None:
                markers.append(_Marker(match, start, end))
        elif (delimiter := _FENCE.fullmatch(line)) is not None:
            run, info = delimiter["run"], delimiter["info"]
            if not fence and not (run[0] == "`" and "`" in info):
                fence, fence_start = run, start
            elif fence and run.startswith(fence) and not info.strip():
                fences.append((fence_start, end))
                fence = ""
    return markers, fences


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Extent of each line, line end included; a byte order mark is no part of the first."""
    start = 1 if text.startswith("\ufeff") else 0
    while start < len(text):
        newline = text.find("\n", start)
        end = len(text) if newline < 0 else newline + 1
        yield start, end
        start = end
