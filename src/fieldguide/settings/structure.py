"""What settings become: one frozen value, nested so that each stage gets only the part that it needs.

Comes in: validated values. Goes out: `Settings`.
Must never: be read as a global; hold a key in plain text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from fieldguide.domain.model import ModelChoice
from fieldguide.domain.report import Note


class Action(StrEnum):
    """What a run does."""

    DOCUMENT = "document"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """What is read."""

    include: tuple[str, ...]
    """Patterns with the semantics of `.gitignore`."""
    exclude: tuple[str, ...]
    max_file_size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class OutputSettings:
    """What is written."""

    path: Path | None
    """Absolute; `None` for `README.md` in the documented directory."""
    stdout: bool
    replace: bool


@dataclass(frozen=True, slots=True)
class TerminalSettings:
    """What is said while it works."""

    verbose: bool
    quiet: bool
    json: bool
    log_file: Path | None
    """Absolute."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that shapes a run."""

    directory: Path
    """The documented directory: absolute, links followed, it exists."""
    action: Action
    scan: ScanSettings
    output: OutputSettings
    model: ModelChoice | None
    """`None` to write from the code alone."""
    prompts: Path | None
    """Directory of the user's prompt files; `None` for our own."""
    show_prompts: bool
    jobs: int | None
    """`None` for one process for each processor."""
    cache: Path | None
    """Directory, which need not exist; `None` for no cache."""
    terminal: TerminalSettings
    notes: tuple[Note, ...]
    """To be said at the start: which provider was chosen and by what, which configuration was not obeyed."""
