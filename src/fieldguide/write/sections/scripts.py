"""Loose scripts: what there is to run, and what each does.

Comes in: files that can be run. Goes out: a table of those that say what they do, the others folded away.
Must never: say of a script what neither it nor the model says.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from typing import TYPE_CHECKING

from fieldguide.domain.project import Command, CommandKind
from fieldguide.domain.source import Role
from fieldguide.write.sections.markdown import code, details, paragraphs, table
from fieldguide.write.sections.phrases import capital

if TYPE_CHECKING:
    from fieldguide.write.sections.subject import Subject

_SHOWN = 40
_FOLDED = 400
_KINDS = frozenset({CommandKind.SCRIPT, CommandKind.MODULE, CommandKind.CONSOLE_SCRIPT})


def scripts(subject: Subject) -> str:
    """Return a table of scripts; those of which nothing is known are named, folder by folder, behind it."""
    rows = [(path, capital(subject.describe(path, said))) for path, said in _found(subject).items()]
    told = [row for row in rows if row[1]]
    shown = told[:_SHOWN] or rows[:_SHOWN]
    rest = [path for path, said in rows if (path, said) not in shown]
    cells = [(subject.links.path(path), said) for path, said in shown]
    return paragraphs(table(("Script", "What it does"), cells) if cells else "", _more(subject, rest))


def _found(subject: Subject) -> dict[str, str]:
    """Return what each script says of itself, by path: what can be run, then the other files of the project's code."""
    summaries = subject.codebase.summaries
    found = {one.span.path: _said(one, summaries.get(one.span.path, "")) for one in _runnable(subject)}
    for one in subject.codebase.files:
        if one.role is Role.SOURCE and one.language == "python" and not one.path.endswith("__init__.py"):
            found.setdefault(one.path, summaries.get(one.path, ""))
    return found


def _runnable(subject: Subject) -> list[Command]:
    return [one for one in subject.codebase.commands if one.kind in _KINDS]


def _said(command: Command, summary: str) -> str:
    return command.summary or summary


def _more(subject: Subject, paths: list[str]) -> str:
    if not paths:
        return ""
    folders: dict[str, list[str]] = defaultdict(list)
    for path in paths[:_FOLDED]:
        folders[posixpath.dirname(path)].append(subject.links.path(path, posixpath.basename(path)))
    lines = [
        f"- {code(folder + '/') if folder else 'At the top'}: {', '.join(folders[folder])}"
        for folder in sorted(folders)
    ]
    if len(paths) > _FOLDED:
        lines.append(f"- {len(paths) - _FOLDED:,} more.")
    return details(f"{len(paths):,} more scripts", "\n".join(lines))
