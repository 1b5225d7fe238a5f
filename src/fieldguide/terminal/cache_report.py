"""What is kept on this machine, told to a person or to a program.

Comes in: a `Survey` of the cache directory, or of what was removed from it. Goes out: lines of plain text, or one JSON
object on one line.
Must never: print; look at a file.

Keys of the JSON: `format`, `command` (`cache`), `operation` (`show` or `clear`), `exit_code`, `directory`,
`disk_bytes` (of all files; with `clear`, what became free), and `kept` (with `clear`: `removed`), a list of `name`
(`replies`, `notes`, `facts`, `checks`, `rules`, `key`, `damaged`), `path`, `entries`, `bytes`, `oldest` and `last_used`
(dates in UTC, or null), `problem` or null.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from fieldguide.errors import ExitCode
from fieldguide.settings.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.terminal.cache_survey import Holding, Survey

FORMAT: Final = 1
_WHAT: Final = {
    "replies": "replies of models, paid for",
    "notes": "notes on files and packages, paid for",
    "facts": "facts of files, and where secrets stand in them",
    "checks": "facts and documents of checks, as they stand",
    "rules": "compiled rules for finding secrets",
    "key": "key behind placeholders and fingerprints",
    "damaged": "damaged replies, put aside",
}
_HEADINGS: Final = ("what", "entries", "size", "oldest", "last used")
_NUMBERS: Final = frozenset({1, 2})
"""Columns that are set to the right."""
_STEP: Final = 1000


def cache_summary(survey: Survey, *, max_bytes: int, max_days: float) -> str:
    """Return what is kept where, how much and how old.

    Args:
        survey: Of the cache directory.
        max_bytes: Of replies and notes.
        max_days: Unused, after which replies and notes go.
    """
    if not survey.holdings:
        return f"nothing is kept in {quoted(survey.directory)}"
    return "\n".join(
        (
            f"kept in {quoted(survey.directory)}, for all directories that were documented:",
            *_table(survey.holdings),
            f"in all: {_size(survey.disk)} on the disk",
            f"replies and notes go after {max_days:g} days without use, and beyond {_size(max_bytes)}",
            "`fieldguide cache clear` removes all but the key; the ledger of what was sent is no part of it",
        )
    )


def clear_summary(removed: Survey) -> str:
    """Return what was removed, and what was not."""
    if not removed.holdings:
        return f"nothing was to be removed from {quoted(removed.directory)}"
    return "\n".join(
        (
            f"removed from {quoted(removed.directory)}:",
            *_table(removed.holdings),
            f"in all: {_size(removed.disk)} of the disk are free again",
            "kept: the key behind fingerprints, and the ledger of what was sent",
        )
    )


def cache_json(survey: Survey, operation: str) -> str:
    """Return the same as JSON; `operation` is empty to show what is kept."""
    report = {
        "format": FORMAT,
        "command": "cache",
        "operation": operation or "show",
        "exit_code": int(ExitCode.DONE),
        "directory": survey.directory,
        "disk_bytes": survey.disk,
        "removed" if operation == "clear" else "kept": [_holding(one) for one in survey.holdings],
    }
    return json.dumps(report, ensure_ascii=True) + "\n"


def _holding(one: Holding) -> dict[str, object]:
    return {
        "name": one.name,
        "path": one.path,
        "entries": one.entries,
        "bytes": one.size,
        "oldest": _date(one.oldest) or None,
        "last_used": _date(one.last_used) or None,
        "problem": one.problem or None,
    }


def _table(holdings: Sequence[Holding]) -> Iterator[str]:
    rows = [_HEADINGS, *(_row(one) for one in holdings)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row, one in zip(rows, (None, *holdings), strict=True):
        yield _line(row, widths)
        if one is not None and one.problem:
            yield f"    {quoted(one.path)}: {one.problem}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (
        text.rjust(width) if column in _NUMBERS else text.ljust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()


def _row(one: Holding) -> tuple[str, ...]:
    count, size = ("-", "-") if one.problem else (f"{one.entries:,}", _size(one.size))
    return _WHAT[one.name], count, size, _date(one.oldest) or "-", _date(one.last_used) or "-"


def _date(moment: float | None) -> str:
    return "" if moment is None else datetime.fromtimestamp(moment, UTC).date().isoformat()


def _size(count: int) -> str:
    if count < _STEP:
        return f"{count} B"
    return f"{count / _STEP:,.0f} kB" if count < _STEP**2 else f"{count / _STEP**2:,.1f} MB"
