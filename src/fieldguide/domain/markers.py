"""The comments that frame our sections in a page: their grammar, for those who write pages and those who read them.

Comes in: the text of a page as it is on disk. Goes out: where our sections lie in it, and the text without them.
Must never: take a person's words for ours. A pair counts only when its end follows its begin with no other marker
between, on lines of their own; whatever is damaged is the person's text. A pair inside a closed code fence is an
example of the grammar, unless its digest proves that it is a section of ours.

    <!-- fieldguide:begin install 0123456789abcdef request=ab12 code=Zm9vYmFy -->

    ## Install
    ...

    <!-- fieldguide:end install -->

The first digest is of the section's own text, `request` of what a model was asked for it, and `code` of the lines that
the section cites, as `fieldguide.verify.drift` has them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from fieldguide.domain.page import ExistingSection

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARKER_PREFIX = "<!-- fieldguide:"
"""What every marker line begins with."""

STAGED_SUFFIX = ".fieldguide-staged"
"""Name's end of a page that is being written: left over only where a run was killed, and nobody's file."""

_MARKER = re.compile(
    r"<!-- fieldguide:(?:begin (?P<begin>[a-z0-9_-]+) (?P<digest>[0-9a-f]{16})(?: request=(?P<request>[0-9a-f]+))?"
    r"(?: code=(?P<code>[A-Za-z0-9._]+))?"
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


def begin_marker(key: str, markdown: str, request_digest: str = "", evidence: str = "") -> str:
    """Return the line that opens the section `key`, without a line end."""
    request = f" request={request_digest}" if request_digest else ""
    code = f" code={evidence}" if evidence else ""
    return f"{MARKER_PREFIX}begin {key} {section_digest(markdown)}{request}{code} -->"


def end_marker(key: str) -> str:
    """Return the line that closes the section `key`, without a line end."""
    return f"{MARKER_PREFIX}end {key} -->"


def find_sections(text: str) -> tuple[MarkedSection, ...]:
    """Return our sections in the order in which they stand. Of two with one key the unedited one, else the first."""
    if MARKER_PREFIX not in text:
        return ()
    lines = tuple(_lines(text))
    pairs = _pairs(text, lines)
    # Our own text opens and closes no fence of a person's, whatever it holds: else it would decide by what it says in
    # this run whether a section that was edited is recognised in the next.
    fences = _closed_fences(text, lines, [one for one in pairs if not one.section.edited])
    found = [one for one in pairs if not (one.section.edited and any(a < one.start and one.end < b for a, b in fences))]
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
        evidence=opened.match["code"] or "",
    )
    return MarkedSection(section, opened.start, closed.end)


def _pairs(text: str, lines: Iterable[tuple[int, int]]) -> list[MarkedSection]:
    """Every begin marker that is followed by its end marker, with no other between."""
    pairs: list[MarkedSection] = []
    opened: _Marker | None = None
    for start, end in lines:
        match = _MARKER.fullmatch(text[start:end].rstrip("\r\n")) if text.startswith(MARKER_PREFIX, start) else None
        if match is None:
            continue
        marker = _Marker(match, start, end)
        if match["begin"] is not None:
            opened = marker
            continue
        if opened is not None and opened.match["begin"] == match["end"]:
            pairs.append(_marked(text, opened, marker))
        opened = None
    return pairs


def _closed_fences(text: str, lines: Iterable[tuple[int, int]], ours: Iterable[MarkedSection]) -> list[tuple[int, int]]:
    """The extents of the code fences that a person opened and closed outside the sections that are `ours`."""
    fences: list[tuple[int, int]] = []
    skipped = iter(ours)
    skip = next(skipped, None)
    fence = ""
    fence_start = 0
    for start, end in lines:
        while skip is not None and skip.end <= start:
            skip = next(skipped, None)
        if skip is not None and skip.start <= start:
            continue
        if (delimiter := _FENCE.fullmatch(text[start:end].rstrip("\r\n"))) is not None:
            run, info = delimiter["run"], delimiter["info"]
            if not fence and not (run[0] == "`" and "`" in info):
                fence, fence_start = run, start
            elif fence and run.startswith(fence) and not info.strip():
                fences.append((fence_start, end))
                fence = ""
    return fences


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Extent of each line, line end included; a byte order mark is no part of the first."""
    start = 1 if text.startswith("\ufeff") else 0
    while start < len(text):
        newline = text.find("\n", start)
        end = len(text) if newline < 0 else newline + 1
        yield start, end
        start = end
