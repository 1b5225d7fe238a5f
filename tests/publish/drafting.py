"""Short ways to make drafts and to publish them for real, for the tests of `publish`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldguide.domain.page import Author, Draft, DraftSection, Merged, Section
from fieldguide.domain.sections import page_sections
from fieldguide.publish import Written, merge, read_page, write_page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

HEADINGS = {one.key: one.heading for one in page_sections(["highlights", "pitfalls"])}
ORDER = tuple(HEADINGS)

TEXTS: Mapping[str, str] = {
    "title": "# turning",
    "tagline": "Turn words round.",
    "overview": "It turns words.",
    "install": "```console\npip install turning\n```",
    "usage": "Call `turn`.",
    "interface": "- `turn(word)`",
    "licence": "MIT",
    "footer": "---\n\n*Written by fieldguide.*",
}
"""A whole small page: Markdown by section key."""


def draft(texts: Mapping[str, str] = TEXTS, *, requests: Mapping[str, str] | None = None) -> Draft:
    """Return a draft with these sections, in the order that pages have; every other section is empty."""
    digests = requests or {}
    return Draft(
        "README.md",
        tuple(
            DraftSection(Section(key, heading, Author.FACTS), texts.get(key, ""), digests.get(key, ""))
            for key, heading in HEADINGS.items()
        ),
    )


@dataclass(frozen=True)
class Run:
    """What a run did to the page."""

    merged: Merged
    written: Written


def publish(path: Path, texts: Mapping[str, str] = TEXTS, *, requests: Mapping[str, str] | None = None) -> Run:
    """Read the page, merge the draft and write it, as the pipeline does."""
    existing = read_page(path, root=path.parent)
    merged = merge(existing, draft(texts, requests=requests))
    return Run(merged, write_page(path, merged.text, keep_old=False, root=path.parent, expected=existing))
