"""Turns sections of a draft into the text that stands on the page, heading and markers included.

Comes in: a `Draft`. Goes out: for each section that says something, its text between markers.
Must never: let a section's text be taken for a marker, or hold what a text file cannot.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldguide.domain.markers import begin_marker, end_marker, escape_markers, find_sections
from fieldguide.domain.page import ExistingSection

if TYPE_CHECKING:
    from fieldguide.domain.page import Draft, DraftSection

_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters, and surrogates that no encoding has: a model's JSON, or a file's name, may hold them."""


@dataclass(frozen=True, slots=True)
class RenderedSection:
    r"""A section as it will stand between its markers. All line ends are `\n`."""

    key: str
    heading: str
    markdown: str
    """Heading line included, without blank lines around it."""
    request_digest: str
    evidence: str = ""

    def block(self, newline: str) -> str:
        """The markers and what is between them, without the last line end."""
        begin = begin_marker(self.key, self.markdown, self.request_digest, self.evidence)
        block = f"{begin}\n\n{self.markdown}\n\n{end_marker(self.key)}"
        return block.replace("\n", newline)


def rendered_sections(draft: Draft) -> dict[str, RenderedSection]:
    """Return the sections that say something, by key, in the draft's order.

    Raises:
        ValueError: A key or a request's digest is not what the grammar of markers knows: the section would be written
            anew in each run, for it would never be found again.
    """
    rendered = (_rendered(one) for one in draft.sections)
    return {one.key: one for one in rendered if one is not None}


def _rendered(drafted: DraftSection) -> RenderedSection | None:
    body = _clean(drafted.markdown).strip("\n")
    if not body.strip():
        return None
    heading = " ".join(_clean(drafted.section.heading).split())
    markdown = f"## {heading}\n\n{body}" if heading else body
    rendered = RenderedSection(drafted.section.key, heading, markdown, drafted.request_digest, drafted.evidence)
    as_read = ExistingSection(rendered.key, markdown, False, rendered.request_digest, rendered.evidence)  # noqa: FBT003
    if [found.section for found in find_sections(rendered.block("\n"))] != [as_read]:
        message = f"not a section that can be found again: {rendered.key!r}, {rendered.request_digest!r}"
        raise ValueError(message)
    return rendered


def _clean(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return escape_markers(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", lines))
