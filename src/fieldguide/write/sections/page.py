"""The page: every section rendered, in the outline's order.

Comes in: a `Codebase`, the outline's sections, the model's prose after verification. Goes out: draft sections, those
with nothing to say empty. Must never: call a model, read a file, or depend on anything but its arguments.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.domain import sections as keys
from fieldguide.domain.page import DraftSection, Prose, Section
from fieldguide.write.sections import kinds
from fieldguide.write.sections.catalogue import silent_names
from fieldguide.write.sections.commands import commands
from fieldguide.write.sections.components import components
from fieldguide.write.sections.configuration import configuration
from fieldguide.write.sections.dependencies import dependencies
from fieldguide.write.sections.development import development
from fieldguide.write.sections.footer import footer
from fieldguide.write.sections.install import install
from fieldguide.write.sections.interface import interface
from fieldguide.write.sections.layout import layout, silent_paths
from fieldguide.write.sections.licence import licence
from fieldguide.write.sections.overview import overview
from fieldguide.write.sections.subject import Shape, Subject, shape_of
from fieldguide.write.sections.title import tagline, title
from fieldguide.write.sections.usage import usage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fieldguide.domain.codebase import Codebase

_RENDERERS: Mapping[str, Callable[[Subject], str]] = {
    keys.TITLE: title,
    keys.TAGLINE: tagline,
    keys.OVERVIEW: overview,
    keys.COMPONENTS: components,
    keys.INSTALL: install,
    keys.USAGE: usage,
    keys.COMMANDS: commands,
    keys.CONFIGURATION: configuration,
    keys.KINDS: kinds.kinds,
    keys.INTERFACE: interface,
    keys.LAYOUT: layout,
    keys.DEVELOPMENT: development,
    keys.DEPENDENCIES: dependencies,
    keys.LICENCE: licence,
    keys.FOOTER: footer,
}
"""By section key. A key without a renderer, such as `highlights`, is the model's text alone."""


def render_sections(
    codebase: Codebase,
    *,
    page: str,
    outline_sections: tuple[Section, ...],
    prose: Prose | None = None,
) -> tuple[DraftSection, ...]:
    """Render the sections of one page.

    Args:
        codebase: All facts.
        page: Path of the page relative to the documented directory; links are relative to its folder.
        outline_sections: What the page is to hold, in order.
        prose: The model's part, verified: Markdown by section key, and descriptions by name or path.

    Returns:
        One draft section for each section of the outline. Markdown is without the section's heading, and empty where
        the section has nothing to say. The heading of `kinds` is made here.
    """
    subject = Subject.of(codebase, page, prose)
    return tuple(_draft(subject.for_section(), one) for one in outline_sections)


def undescribed(codebase: Codebase) -> tuple[str, ...]:
    """Return qualified names and paths that the page shows and of which the code says nothing, names first."""
    members = kinds.silent_members(Subject.of(codebase, ""))
    return tuple(dict.fromkeys([*silent_names(codebase), *members, *silent_paths(codebase)]))


def _draft(subject: Subject, section: Section) -> DraftSection:
    renderer = _RENDERERS.get(section.key)
    markdown = renderer(subject) if renderer else subject.written(section.key)
    return DraftSection(_headed(subject.codebase, section), markdown.strip())


def _headed(codebase: Codebase, section: Section) -> Section:
    """Return the section with the heading that fits the project."""
    if section.key == keys.KINDS:
        return replace(section, heading=kinds.heading(codebase))
    if section.key == keys.COMMANDS and shape_of(codebase) is Shape.SCRIPTS:
        return replace(section, heading="Scripts")
    return section
