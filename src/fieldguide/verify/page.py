"""Verification of a whole page, and of a model's prose before it is put on one.

Comes in: a `Draft`, or `Prose`, and the `Codebase`.
Goes out: the same without what the code does not bear out, the number of references checked, and the findings.
Must never: publish what does not hold, or change what does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldguide.domain.page import Author, Draft, DraftSection, Finding, Prose, Reference, ReferenceKind, Verified
from fieldguide.verify.facts import LinkCheck, headings
from fieldguide.verify.page_links import slugs
from fieldguide.verify.prose import Cleaner
from fieldguide.verify.resolver import Resolver
from fieldguide.verify.stated import Stated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.namespaces import InstalledCode
    from fieldguide.domain.page import Evidence
    from fieldguide.domain.redacted import RedactedText

DESCRIPTION_REMOVED = "description removed"


@dataclass(frozen=True, slots=True)
class VerifiedProse:
    """A model's prose in which every reference holds."""

    prose: Prose
    checked: int
    """References that were resolved or removed."""
    findings: tuple[Finding, ...]


def verify_prose(
    prose: Prose,
    codebase: Codebase,
    *,
    evidence: Sequence[Evidence] = (),
    read: Callable[[str], RedactedText | None] | None = None,
    installed: InstalledCode | None = None,
) -> VerifiedProse:
    """Clean and check what a model wrote, as it wrote it, before code links its names and puts it on a page.

    A section of which nothing is left is not in the result, and neither is a description that was cut at all or
    whose subject does not exist.

    Args:
        prose: Sections and descriptions, plain Markdown.
        codebase: What they are about.
        evidence: What the model was given. A literal that stands in it (a route, a header, a local name) holds;
            evidence that is documentation counts for nothing.
        read: Gives a file's text, by its path. With it, numbers, defaults and types that a sentence states of a thing
            must stand in that thing's lines.
        installed: Code that is not the project's. Without it a name of a dependency holds only where the project uses
            it.
    """
    resolver = Resolver(codebase, evidence, installed=installed)
    stated = Stated(resolver, read) if read is not None else None
    cleaners = {key: Cleaner(key, resolver, stated) for key in prose.sections}
    sections = {key: cleaners[key].clean(text) for key, text in prose.sections.items()}
    described = Cleaner("descriptions", resolver, stated)
    descriptions = {name: _description(name, text, described) for name, text in prose.descriptions.items()}
    every = (*cleaners.values(), described)
    return VerifiedProse(
        replace(
            prose,
            sections={key: text for key, text in sections.items() if text},
            descriptions={name: text for name, text in descriptions.items() if text},
        ),
        sum(one.checked for one in every),
        tuple(finding for one in every for finding in one.findings),
    )


def verify(
    draft: Draft, codebase: Codebase, *, page: str, evidence: Sequence[Evidence] = (), directory: str = ""
) -> Verified:
    """Check every section of a page: what a model wrote is cleaned, what code rendered has its links checked.

    A section by `Author.MODEL` must hold the model's own Markdown only; one that code has already linked or put a
    diagram into belongs to `Author.FACTS` here (its prose goes through `verify_prose` first).

    Args:
        draft: The page; its headings are what anchors may point to.
        codebase: What it is about.
        page: Path of the page, relative to the documented directory: links start from its folder.
        evidence: As for `verify_prose`.
        directory: Absolute POSIX path of the documented directory; needed only for a page outside it (`../GUIDE.md`),
            whose links name the directory itself.
    """
    resolver = Resolver(codebase, evidence, directory)
    anchors = _anchors(draft)
    sections: list[DraftSection] = []
    checked = 0
    findings: list[Finding] = []
    for one in draft.sections:
        key = one.section.key
        if one.section.author is Author.MODEL:
            checker = Cleaner(key, resolver)
            text = checker.clean(one.markdown)
        else:
            checker = LinkCheck(key, resolver, page, anchors)
            text = checker.check(one.markdown)
        checked += checker.checked
        findings.extend(checker.findings)
        if text.strip() or not one.markdown:
            sections.append(replace(one, markdown=text))
    return Verified(Draft(draft.path, tuple(sections)), checked, tuple(findings))


def _description(name: str, text: str, cleaner: Cleaner) -> str:
    """One line on one name. What leans on a removed sentence is no description, so it is whole or not at all."""
    kind = ReferenceKind.PATH if "/" in name or cleaner.resolver.places.knows(name) else ReferenceKind.NAME
    cleaner.checked += 1
    if not cleaner.resolver.holds(kind, name):
        nearest = cleaner.resolver.nearest(kind, name)
        cleaner.findings.append(Finding(Reference(kind, name, cleaner.section, 1), nearest, DESCRIPTION_REMOVED))
        return ""
    before = len(cleaner.findings)
    cleaned = cleaner.clean(text)
    return " ".join(cleaned.split()) if len(cleaner.findings) == before else ""


def _anchors(draft: Draft) -> frozenset[str]:
    texts: list[str] = []
    for one in draft.sections:
        texts.extend([one.section.heading] if one.section.heading and one.markdown else [])
        texts.extend(headings(one.markdown))
    return frozenset(slugs(texts))
