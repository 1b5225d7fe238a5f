"""What a check found, in the form that was asked for.

Comes in: a `CheckReport` and `Settings`. Goes out: text for standard output.
Must never: print.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.terminal.check_machine import check_annotations, check_json, check_sarif
from fieldguide.terminal.check_report import check_summary

if TYPE_CHECKING:
    from fieldguide.domain.checks import CheckReport
    from fieldguide.settings import Settings


def told(report: CheckReport, settings: Settings, *, colours: bool) -> str:
    """Return the report as `--format` has it; paths are told from the working directory where they lie below it."""
    root, here = settings.directory, Path.cwd()

    def shown(path: str) -> str:
        place = root / path
        return place.relative_to(here).as_posix() if place.is_relative_to(here) else str(place)

    match settings.check.form:
        case "json":
            return check_json(report)
        case "sarif":
            return check_sarif(report)
        case "github":
            return check_annotations(report, shown)
        case _:
            terminal = settings.terminal
            text = check_summary(report, shown, verbose=terminal.verbose, quiet=terminal.quiet, colours=colours)
            changes = f"{report.changes.rstrip()}\n" if report.changes else ""
            return changes + (f"{text}\n" if text else "")
