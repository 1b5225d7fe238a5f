"""How to work on the project: installing it for development, and the tasks that it defines.

Comes in: groups, extras, requirements files, tasks, tools' environment variables. Goes out: commands and tables.
Must never: name a tool or a task that the project does not declare.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fieldguide.domain.project import Command, CommandKind
from fieldguide.domain.source import Role
from fieldguide.write.sections.configuration import tool_variables
from fieldguide.write.sections.markdown import code, details, fence, paragraphs, sentence, table
from fieldguide.write.sections.phrases import capital, listing
from fieldguide.write.sections.subject import Shape, framework, installable, root_manifest, tasks

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.project import Dependency
    from fieldguide.write.sections.subject import Subject

_WANTED = ("dev", "develop", "development", "devel", "test", "tests", "testing", "all")
_DEVELOPERS_WORDS = frozenset(_WANTED) - {"all"} | {"lint", "ci"}
_ROWS = 24
_RUNS = 3
_LONG = 64
_HOOKS = re.compile(r"\b(?:pre-commit|prek)\b")
_TITLES = {
    CommandKind.MAKE_TARGET: ("Target", "make"),
    CommandKind.NOX_SESSION: ("Session", "nox"),
    CommandKind.TOX_ENVIRONMENT: ("Environment", "tox"),
    CommandKind.TASK: ("Task", ""),
}


def development(subject: Subject) -> str:
    """Return how to install the project for work on it, and what can be run."""
    found = tasks(subject.codebase)
    parts = [_set_up(subject, found)]
    for kind in _TITLES:
        members = [one for one in found if one.kind is kind]
        if members:
            parts += [_lead(kind, members), _table(subject, kind, members)]
    hooks = "" if any(_HOOKS.search(line) for one in found for line in one.runs) else _hooks(subject)
    return paragraphs(*parts, hooks, _variables(subject), _contributing(subject))


def _set_up(subject: Subject, found: tuple[Command, ...]) -> str:
    if subject.shape is Shape.SCRIPTS:
        return ""
    lines = [one for one in (_installation(subject.codebase), _tests(subject, found)) if one]
    return fence("\n".join(lines), "console") if lines else ""


def _installation(codebase: Codebase) -> str:
    """Return the one command that installs what a developer needs."""
    declared = _development_dependencies(codebase)
    files = sorted({one.span.path for one in declared if _is_for_development(one.span.path)})
    groups = {one.group for one in declared if one.span.path == "pyproject.toml"}
    manifest = root_manifest(codebase)
    if manifest and installable(manifest) and not manifest.directory:
        if group := next((one for one in _WANTED if one in groups), ""):
            return "poetry install" if "poetry" in manifest.build_backend else f"pip install -e . --group {group}"
        if extra := next((one for one in _WANTED if one in manifest.extras), ""):
            return f"pip install -e '.[{extra}]'"
        if files:
            return f"pip install -e . -r {_best_file(files)}"
        return "pip install -e ."
    if files:
        return f"pip install -r {_best_file(files)}"
    group = next((one for one in _WANTED if one in groups), "")
    return f"pip install --group {group}" if group else ""


def _development_dependencies(codebase: Codebase) -> list[Dependency]:
    root = root_manifest(codebase)
    every = [one for each in codebase.dependencies for one in each.declared]
    every += list(root.dependencies) if root else []
    return [one for one in every if one.group]


def _is_for_development(path: str) -> bool:
    """Tell whether a requirements file is what a developer installs, not what documents or a single tool needs."""
    if not path.endswith((".txt", ".in")):
        return False
    return path == "requirements.txt" or not _DEVELOPERS_WORDS.isdisjoint(re.split(r"\W|_", path.lower()))


def _best_file(files: list[str]) -> str:
    return min(files, key=lambda path: (not any(word in path for word in ("dev", "test")), path.count("/"), path))


def _tests(subject: Subject, found: tuple[Command, ...]) -> str:
    """Return what runs the tests, unless one of the tasks is there for that."""
    if any("test" in one.name for one in found) or any(one.default for one in found):
        kinds = {one.kind for one in found if one.default}
        few = len(found) <= _ROWS and "test" not in {one.name for one in found}
        runners = {CommandKind.NOX_SESSION: "nox", CommandKind.TOX_ENVIRONMENT: "tox" if few else ""}
        return next((runner for kind, runner in runners.items() if kind in kinds), "")
    paths = subject.paths
    names = {one.name for one in subject.codebase.dependencies}
    names |= {one.name for one in _development_dependencies(subject.codebase)}
    has_tests = any(f"/{path}".endswith("/tests.py") or "/tests/" in f"/{path}" or "/test_" in path for path in paths)
    if not has_tests:
        return ""
    if "pytest" in names or any(path.endswith("conftest.py") or path == "pytest.ini" for path in paths):
        return "pytest"
    own = [one for one in subject.codebase.modules.values() if one.role is Role.TEST and "/" not in one.path]
    if started := sorted(one.path for one in own if one.main_guard):
        return f"python {started[0]}"
    if framework(subject.codebase) == "Django" and "manage.py" in paths and subject.shape is Shape.WEB_APPLICATION:
        return "python manage.py test"
    return ""


def _lead(kind: CommandKind, members: list[Command]) -> str:
    tool = _TITLES[kind][1]
    default = [one for one in members if one.default]
    if kind is CommandKind.NOX_SESSION:
        marked = "Without arguments, nox runs the sessions marked *default*." if 0 < len(default) < len(members) else ""
        return "\n".join(one for one in (marked, "Run one with `nox --session NAME`.") if one)
    if kind is CommandKind.TOX_ENVIRONMENT:
        return "Run an environment with `tox -e NAME`."
    if tool and default and len(members) > 1 and kind is CommandKind.MAKE_TARGET:
        return f"`make` alone runs {code(default[0].name)}." if "/" not in default[0].span.path else ""
    return ""


def _table(subject: Subject, kind: CommandKind, members: list[Command]) -> str:
    title = _TITLES[kind][0]
    show_default = kind is CommandKind.NOX_SESSION and any(not one.default for one in members)
    header = (title, "What it does", "Runs", "Default")
    apart = sum(bool(one.summary) for one in members) * 2 >= len(members)
    rows = [
        (
            subject.links.span(one.span, code(_typed(one))),
            capital(sentence(one.summary)) if apart else "",
            _runs(one) if apart else _runs_and_says(one),
            "*default*" if one.default and show_default else "",
        )
        for one in members
        if one.summary or one.runs
    ]
    shown = len(rows) if len(rows) <= _ROWS else _ROWS // 2
    rest = rows[shown:]
    folded = details(f"{len(rest)} more", table(header, rest)) if rest else ""
    return paragraphs(table(header, rows[:shown]), folded)


def _typed(command: Command) -> str:
    """Return what to type; of a long row of environments that do the same the first."""
    if command.kind is CommandKind.NOX_SESSION:
        return command.name
    return command.invocation if len(command.invocation) <= _LONG else command.invocation.split(",")[0]


def _runs(command: Command) -> str:
    return listing([code(_shortened(one)) for one in dict.fromkeys(command.runs)], limit=_RUNS + 1)


def _runs_and_says(command: Command) -> str:
    """Return the one column of a table in which few commands say what they do."""
    said = capital(sentence(command.summary))
    return f"{said} ({_runs(command)})" if said and command.runs else said or _runs(command)


def _shortened(line: str) -> str:
    """Return a shell command that ends after a whole word, with an ellipsis where it was longer."""
    flat = " ".join(line.split())
    if len(flat) <= _LONG:
        return flat
    return f"{flat[:_LONG].rpartition(' ')[0]} …"


def _hooks(subject: Subject) -> str:
    path = ".pre-commit-config.yaml"
    if path not in subject.paths:
        return ""
    return f"`pre-commit run --all-files` runs the checks of {subject.links.path(path)}."


def _variables(subject: Subject) -> str:
    found = sorted(tool_variables(subject.codebase), key=lambda one: one.span)
    if not found:
        return ""
    named = [f"{code(one.names[0])} ({subject.links.span(one.span)})" for one in found]
    if len(named) == 1:
        return f"The environment variable {named[0]} matters here."
    return f"These environment variables matter here: {listing(named, limit=8)}."


def _contributing(subject: Subject) -> str:
    found = sorted(one for one in subject.paths if one.lower().rpartition("/")[2].startswith("contributing."))
    best = [one for one in found if one.count("/") == 0 or one.startswith((".github/", "docs/"))]
    return f"See also {subject.links.path(best[0])}." if best else ""
