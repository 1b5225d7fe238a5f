"""Read the tasks of hatch, pdm, poe, taskipy, Pipenv and rye from TOML tables.

Comes in: a parsed document. Goes out: one `Command` a task. Must never: show a private task (its name begins with `_`).
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, NamedTuple

from fieldguide.analyse.project.sentences import first_sentence
from fieldguide.analyse.project.values import as_list, as_table, as_text, as_texts
from fieldguide.domain.project import Command, CommandKind

if TYPE_CHECKING:
    from fieldguide.analyse.project.manifests.pyproject import TomlDocument


class _Tool(NamedTuple):
    keys: tuple[str, ...]
    invocation: str


_TOOLS = (
    _Tool(("tool", "pdm", "scripts"), "pdm run"),
    _Tool(("tool", "poe", "tasks"), "poe"),
    _Tool(("tool", "taskipy", "tasks"), "task"),
    _Tool(("tool", "rye", "scripts"), "rye run"),
)
_COMMAND_KEYS = ("cmd", "shell", "script", "call", "expr", "interpreter")
_SEQUENCE_KEYS = ("composite", "sequence", "chain", "all")


def read_task_tables(document: TomlDocument) -> tuple[Command, ...]:
    """Return the tasks that `pyproject.toml` declares for any of these tools."""
    commands = _hatch(document)
    for tool in _TOOLS:
        for name, value in document.table(*tool.keys).items():
            if not name.startswith("_"):
                commands.append(_task(document, (*tool.keys, name), name, f"{tool.invocation} {name}", value))
    return tuple(commands)


def read_pipfile_scripts(document: TomlDocument) -> tuple[Command, ...]:
    """Return the `[scripts]` of a `Pipfile`."""
    return tuple(
        _task(document, ("scripts", name), name, f"pipenv run {name}", value)
        for name, value in document.table("scripts").items()
    )


def _hatch(document: TomlDocument) -> list[Command]:
    commands: list[Command] = []
    base = ("tool", "hatch", "envs")
    for environment, table in document.table(*base).items():
        for name, value in as_table(as_table(table).get("scripts")).items():
            if name.startswith("_"):
                continue
            task = name if environment == "default" else f"{environment}:{name}"
            keys = (*base, environment, "scripts", name)
            commands.append(_task(document, keys, task, f"hatch run {task}", value))
    return commands


def _task(document: TomlDocument, keys: tuple[str, ...], name: str, invocation: str, value: object) -> Command:
    table = as_table(value)
    return Command(
        name=name,
        kind=CommandKind.TASK,
        invocation=invocation,
        span=document.span(*keys),
        summary=first_sentence(as_text(table.get("help"))),
        runs=tuple(_runs(value)),
    )


def _runs(value: object) -> list[str]:
    if isinstance(value, str):
        return [" ".join(line.split()) for line in value.strip().replace("\\\n", " ").splitlines() if line.strip()]
    if as_list(value):
        return [run for item in as_list(value) for run in _runs(item)]
    table = as_table(value)
    for key in _COMMAND_KEYS:
        held = table.get(key)
        if isinstance(held, str):
            return [f"python -c {shlex.quote(held)}"] if key == "expr" else _runs(held)
        if as_texts(held):
            return [shlex.join(as_texts(held))]
    for key in _SEQUENCE_KEYS:
        if key in table:
            return _runs(table[key])
    return []
