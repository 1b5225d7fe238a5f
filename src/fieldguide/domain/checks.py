"""What a check of documentation tells people and machines."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldguide.domain.documents import Checked, Fault
from fieldguide.domain.source import Span
from fieldguide.errors import ExitCode


@dataclass(frozen=True, slots=True)
class Unnamed:
    """Something public that no documentation names."""

    kind: str
    """`class`, `function`, `option`, `command`, `environment variable`, …"""
    name: str
    where: Span | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what a project offers its documentation names."""

    public: int
    unnamed: tuple[Unnamed, ...] = ()

    @property
    def percent(self) -> float:
        """From 0 to 100; 100 where nothing is public."""
        return 100.0 * (self.public - len(self.unnamed)) / self.public if self.public else 100.0


@dataclass(frozen=True, slots=True)
class Stale:
    """A section that fieldguide wrote, and whose evidence has changed since."""

    path: str
    section: str
    """Its key."""
    line: int
    """Of its begin marker."""
    changed: tuple[str, ...] = ()
    """Names of what changed."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What `fieldguide check` found."""

    checked: Checked
    """Faults that are left, secrets hidden in all that is shown of them."""
    mended: tuple[Fault, ...] = ()
    """Faults that `--fix` mended."""
    changes: str = ""
    """What it changed, as a unified diff."""
    stale: tuple[Stale, ...] = ()
    coverage: Coverage | None = None
    threshold: float | None = None
    """Percent; below it the check fails."""
    baseline: str = ""
    """Path of the file that today's faults were listed in; empty where none was written."""
    listed: int = 0
    """Faults that were listed there."""
    outlived: int = 0
    """Entries of the baseline that no fault answers to any more."""
    unexplained: tuple[Span, ...] = field(default=())
    """Ignores for which no reason is given."""

    @property
    def exit_code(self) -> ExitCode:
        """1 where something is left to mend, or too little is named; a baseline that is written settles it."""
        uncovered = self.coverage is not None and self.threshold is not None and self.coverage.percent < self.threshold
        faulty = self.checked.faults and not self.baseline
        return ExitCode.FINDINGS if faulty or uncovered or self.stale or self.unexplained else ExitCode.DONE
