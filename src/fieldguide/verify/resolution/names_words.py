"""Names of a project that are no definitions: of itself, its modules, parameters, dependencies, commands and options.

Comes in: a codebase, its commands. Goes out: the names, and every option.
Must never: hold a part of a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.verify.resolution.commands_index import CommandIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.project import Option


def options_of(codebase: Codebase) -> tuple[Option, ...]:
    """Every flag, argument, environment variable and settings field."""
    of_commands = (option for line in CommandIndex(codebase).lines for option in line.options)
    of_settings = (option for one in codebase.settings_classes for option in one.fields)
    return (*of_commands, *codebase.environment, *of_settings)


def words_of_project(codebase: Codebase) -> frozenset[str]:
    """Every such name."""
    found = {*_of_code(codebase), *_of_manifests(codebase)}
    for command in codebase.commands:
        found.update((command.name, command.invocation, *command.runs))
    for option in options_of(codebase):
        found.update(name.lstrip("-") for name in option.names)
        found.update((*option.choices, option.metavar, option.type, option.group))
    found.update(word for line in CommandIndex(codebase).lines for word in line.program.split())
    for settings in codebase.settings_classes:
        found.add(settings.name)
        found.update(f"{settings.prefix}{name}".upper() for option in settings.fields for name in option.names)
    found.update(one.title for one in codebase.examples)
    if codebase.licence:
        found.add(codebase.licence.name)
    return frozenset(found - {""})


def _of_code(codebase: Codebase) -> Iterator[str]:
    yield codebase.name
    for name in codebase.modules:
        yield from (name, *name.split("."))
    for symbol in codebase.symbols.values():
        yield from (parameter.name for parameter in symbol.parameters)
    for imported in codebase.imports:
        yield from (imported.module, imported.module.partition(".")[0], imported.name or "", imported.alias or "")
        yield f"{imported.module}.{imported.name}"


def _of_manifests(codebase: Codebase) -> Iterator[str]:
    for manifest in codebase.manifests:
        yield from (manifest.name, *manifest.extras)
        for one in manifest.dependencies:
            yield from (one.name, one.extra, one.group)
    for one in (*codebase.manifests, *codebase.dependencies):
        yield from (one.name, one.name.replace("-", "_"))
