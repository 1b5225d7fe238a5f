"""Chooses what a model would be given, best first, by what the codebase says of its files.

Comes in: a `Codebase`. Goes out: candidates, each a whole file or an example's lines.
Must never: read a file; choose a test that is not an example.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.domain.source import Role, SourceFile, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.domain.codebase import Codebase

EXAMPLES: Final = 3
"""As many of the best examples; more of them teach a model nothing that the code does not."""

_MIGRATION: Final = re.compile(r"(?:^|/)(?:migrations|alembic)/versions/[^/]+\.py$|(?:^|/)migrations/\d{3,}[^/]*\.py$")
"""Written by a tool from other code: they repeat what the models say."""

_LICENCE_TEXT: Final = re.compile(r"(?:^|/)(?:licen[cs]es?|copying|notice|unlicense)[^/]*$", re.IGNORECASE)
_ABOUT_THE_PROJECT: Final = re.compile(
    r"(?:^|/)(?:change(?:s|log)|history|news|releas|contribut|code[_-]of[_-]conduct|security|authors|credits|sponsor|maintain|govern"
    r"|licen[cs]e|support|todo|roadmap|upgrad|migrat|pull_request|issue_template)[^/]*$|(?:^|/)\.github/",
    re.IGNORECASE,
)
"""Documents on the project's life, not on what the code does."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that a model may be given. Without a `span` it is a whole file."""

    path: str
    role: Role
    size: int
    required: bool = False
    """Source code: a model that has not seen all of it would guess."""
    span: Span | None = None


def candidates(codebase: Codebase) -> Iterator[Candidate]:
    """Yield source modules by rank, then manifests, examples, and what people wrote about the code."""
    sources = [source for source in _source_modules(codebase) if not _MIGRATION.search(source.path)]
    for source in sources:
        yield Candidate(source.path, Role.SOURCE, source.size, required=True)
    for source in _manifests(codebase):
        yield Candidate(source.path, Role.MANIFEST, source.size)
    whole = {one.path for one in codebase.files if one.role is Role.DOCUMENTATION} | {one.path for one in sources}
    for example in codebase.examples[:EXAMPLES]:
        if example.span.path not in whole:
            yield Candidate(example.span.path, Role.EXAMPLE, len(example.code), span=example.span)
    for source in _documentation(codebase):
        yield Candidate(source.path, Role.DOCUMENTATION, source.size)


def generated(codebase: Codebase) -> tuple[str, ...]:
    """Paths of source modules that a tool generated: never candidates."""
    return tuple(source.path for source in _source_modules(codebase) if _MIGRATION.search(source.path))


def _source_modules(codebase: Codebase) -> list[SourceFile]:
    """Python files that are neither tests nor examples, by rank; those that did not parse come last."""
    ranks = {module.path: module.rank for module in codebase.modules.values()}
    python = [one for one in codebase.files if one.language == "python" and one.role is Role.SOURCE and one.size]
    return sorted(python, key=lambda one: (-ranks.get(one.path, -1.0), one.path))


def _manifests(codebase: Codebase) -> list[SourceFile]:
    named = {manifest.path: place for place, manifest in enumerate(codebase.manifests)}
    found = [one for one in codebase.files if one.role is Role.MANIFEST and not _LICENCE_TEXT.search(one.path)]
    return sorted(found, key=lambda one: (named.get(one.path, len(named)), one.path.count("/"), one.path))


def _documentation(codebase: Codebase) -> list[SourceFile]:
    found = [one for one in codebase.files if one.role is Role.DOCUMENTATION and one.language != "python" and one.size]
    about_code = [one for one in found if not _ABOUT_THE_PROJECT.search(one.path)]
    return sorted(about_code, key=lambda one: (one.path.count("/"), not _is_front(one.path), one.path))


def _is_front(path: str) -> bool:
    return path.rpartition("/")[2].lower().startswith(("readme", "index"))
