"""What one file says of its project outside its definitions, and what all files together say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldguide.domain.project import Command, Example, Licence, Makefile, Manifest


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """The facts of one file: plain, picklable, encodable."""

    manifest: Manifest | None = None
    commands: tuple[Command, ...] = ()
    makefile: Makefile | None = None
    licence: Licence | None = None
    headings: tuple[tuple[int, str, int], ...] = ()
    """Of Markdown: level, text, line."""
    summary: str = ""
    """First sentence that says what the file is about; for Python files its docstring says it, and this is empty."""
    examples: tuple[Example, ...] = ()
    """Candidates: what they use is not yet compared with what the project exports."""
    problem: str = ""
    """Why the file could not be read as what its name says; empty when it could."""


@dataclass(frozen=True, slots=True)
class JoinedProject:
    """What the files of a directory say together."""

    name: str
    """Of the distribution, else of the directory."""
    manifests: tuple[Manifest, ...] = ()
    """One a directory, the root's first."""
    commands: tuple[Command, ...] = ()
    """Each once; the root's first."""
    licence: Licence | None = None
    summaries: Mapping[str, str] = field(default_factory=dict[str, str])
    """By path of a file or directory: one sentence, or a phrase where only the folder's use is known."""
    examples: tuple[Example, ...] = ()
    """Best first, as far as can be told before exports are known; see `rank_examples`."""
