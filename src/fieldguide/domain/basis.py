"""What a page's prose was written from: by which a later run tells what has changed since, and asks for that alone.

Must never: hold text of the repository, or the name of a file, in clear: digests of both are all that it takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldguide.domain.page import Prose
from fieldguide.domain.report import Missing
from fieldguide.domain.source import Role, Span


@dataclass(frozen=True, slots=True)
class Basis:
    """The prose of a page with what it rests on."""

    digest: str
    """By which the page says what it answers."""
    terms: str
    """Digest of the prompts, the model and its parameters: under others the page is written anew."""
    prose: Prose
    """Verified, as it was published."""
    material: Mapping[str, bytes]
    """By digest of a file's path: the digests of its passages that were shown, 8 bytes each."""
    characters: int
    """Of all passages."""
    drift: int = 0
    """Characters that were changed by revisions since the page was written whole."""
    revised: bool = False
    missing: tuple[Missing, ...] = ()
    """Sections that could not be had."""
    without: Mapping[str, str] = field(default_factory=dict[str, str])
    """By digest of a topic's key: why the page goes without a note on it, for good."""

    @property
    def passages(self) -> int:
        """How many there are."""
        return sum(map(len, self.material.values())) // UNIT


UNIT = 8
"""Bytes of a passage's digest."""


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """What of a file is not as it was when the prose was written."""

    path: str
    role: Role
    new: bool
    """Nothing of this path was known."""
    text: str
    """The changed definitions, with a mark where lines are left out; empty where something went and nothing came."""
    spans: tuple[Span, ...] = ()
    """Of the text's lines."""
    defines: tuple[str, ...] = ()
    """Where something of it is gone: what it defines now."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Between what a page's prose was written from and what there is now."""

    files: tuple[ChangedFile, ...] = ()
    facts: tuple[str, ...] = ()
    """Lines of the fact sections that are new."""
    names: tuple[str, ...] = ()
    """Names of which the code says nothing, that were not asked for before."""
    gone: int = 0
    """Files that are no more."""
    characters: int = 0
    """Of all that is new, and about as many as are gone."""
    material: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    """Of what there is now, as in a `Basis`."""
    whole: int = 0
    """Characters of what there is now."""

    @property
    def none(self) -> bool:
        """Nothing that the prose could depend on has changed."""
        return not (self.files or self.facts or self.names or self.gone)
