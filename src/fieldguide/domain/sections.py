"""Which sections a page has: their keys, their order, their headings, and which of them hold bought prose.

Comes in: the keys of the prose that is planned, or that was had. Goes out: the sections of the page.
Must never: decide what stands in a section; name a key in a second place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import Author, Section

if TYPE_CHECKING:
    from collections.abc import Collection

TITLE: Final = "title"
TAGLINE: Final = "tagline"
OVERVIEW: Final = "overview"
HIGHLIGHTS: Final = "highlights"
COMPONENTS: Final = "components"
HOW_IT_WORKS: Final = "how_it_works"
INSTALL: Final = "install"
USAGE: Final = "usage"
COMMANDS: Final = "commands"
CONFIGURATION: Final = "configuration"
KINDS: Final = "kinds"
INTERFACE: Final = "interface"
PITFALLS: Final = "pitfalls"
LAYOUT: Final = "layout"
DEVELOPMENT: Final = "development"
DEPENDENCIES: Final = "dependencies"
LICENCE: Final = "licence"
FOOTER: Final = "footer"

PROSE_KEYS: Final = (TAGLINE, OVERVIEW, HIGHLIGHTS, HOW_IT_WORKS, USAGE, PITFALLS)
"""Keys of `Prose.sections`, in page order: what a model is asked to write."""

DESCRIPTIONS: Final = "descriptions"
"""Key of the part of a reply that becomes `Prose.descriptions`; no section of a page."""

FOOTER_REFERENCES: Final = "@@fieldguide-references@@"
"""Stands in the footer for the number of checked references until verification has counted them."""

_HEADINGS: Final = (
    (TITLE, ""),
    (TAGLINE, ""),
    (OVERVIEW, "Overview"),
    (HIGHLIGHTS, "Highlights"),
    (COMPONENTS, "Components"),
    (INSTALL, "Install"),
    (USAGE, "Usage"),
    (COMMANDS, "Commands"),
    (CONFIGURATION, "Configuration"),
    (KINDS, ""),
    (INTERFACE, "Public interface"),
    (PITFALLS, "Pitfalls"),
    (LAYOUT, "Project layout"),
    (DEVELOPMENT, "Development"),
    (DEPENDENCIES, "Dependencies"),
    (LICENCE, "Licence"),
    (FOOTER, ""),
)
"""In page order. The renderer makes the heading of `kinds`, which names what there is many of."""

_ONLY_PROSE: Final = frozenset({HIGHLIGHTS, PITFALLS})
"""Sections that facts cannot fill: a page without that prose does not have them."""


def page_sections(prose: Collection[str] = ()) -> tuple[Section, ...]:
    """Return the sections of a page that holds the prose named by `prose`, in page order.

    `how_it_works` has no section of its own: its text stands beneath the diagram, in the section `components`,
    whose heading is then "How it works". `usage` holds an example, printed by code, and the text about it.
    A section that holds any prose has `Author.MODEL`, one without has `Author.FACTS`.

    Args:
        prose: Keys out of `PROSE_KEYS`; before a call those that are planned, after it those that were had.
    """
    written = frozenset(prose)
    return tuple(
        _section(key, heading, written) for key, heading in _HEADINGS if key not in _ONLY_PROSE or key in written
    )


def _section(key: str, heading: str, written: frozenset[str]) -> Section:
    if key == COMPONENTS and HOW_IT_WORKS in written:
        return Section(COMPONENTS, "How it works", Author.MODEL)
    return Section(key, heading, Author.MODEL if key in written else Author.FACTS)


FACTS_ONLY: Final = page_sections()
"""The page when no model is asked, or none could be had."""

WITH_MODEL: Final = page_sections(PROSE_KEYS)
"""The page when a model writes all of its prose."""
