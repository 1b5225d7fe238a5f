"""Join examples to the project: what they use of it, what they need from it, which program a command line is for.

Comes in: the candidates of all files, the project's modules and commands. Goes out: examples that run as they stand.
Must never: keep an example that imports the project's tests, or a private module.
"""

from __future__ import annotations

import posixpath
import re
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldguide.analyse.project.examples.compose import below_imports, parse
from fieldguide.analyse.project.examples.names import dotted_uses, imported_modules
from fieldguide.analyse.project.examples.rank import choose_candidates
from fieldguide.domain.project import Command, CommandKind, Example, ExampleKind
from fieldguide.domain.source import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.codebase import FileFacts

_KEPT = 400
_TEST_PACKAGE = re.compile(r"tests?$|testing$|conftest$|test_|.*_tests?$")


@dataclass(frozen=True, slots=True)
class _Project:
    modules: frozenset[str]
    tests: frozenset[str]
    """Modules that only tests use."""
    offered: dict[tuple[str, str], str]
    """Public module that offers a name, by its defining module and name; `*` for every public name."""
    siblings: frozenset[str]
    """Names of files beside tests, which a test imports as if they were installed."""

    def offering(self, module: str, name: str) -> str:
        """Return the module that a user imports a name from."""
        return self.offered.get((module, name)) or self.offered.get((module, "*")) or module


def join_examples(files: Sequence[FileFacts], commands: Sequence[Command], *, library: bool) -> tuple[Example, ...]:
    """Return the examples that show this project, best first as far as can be told without the order of exports.

    Where nothing is installed (`library` is false) nobody imports the code: only what its authors call examples
    is kept.
    """
    project = _project(files)
    programs = _programs(commands)
    found: list[Example] = []
    for one in files:
        for example in one.examples:
            if example.language == "console":
                joined = _console(example, programs)
            elif not library and example.kind in {ExampleKind.TEST, ExampleKind.DOCTEST}:
                continue
            else:
                joined = _python(example, one.module.name if one.module is not None else "", project)
            if joined is not None:
                found.append(joined)
    return choose_candidates(found, _KEPT)


def _project(files: Sequence[FileFacts]) -> _Project:
    modules: set[str] = set()
    tests: set[str] = set()
    offered: dict[tuple[str, str], str] = {}
    for one in files:
        if one.module is None:
            continue
        testing = one.module.role is not Role.SOURCE or bool(_TEST_PACKAGE.match(one.module.name.partition(".")[0]))
        (tests if testing else modules).add(one.module.name)
        if testing or _is_private(one.module.name):
            continue
        for each in one.imports:
            plain = each.name and each.alias in {None, each.name} and each.importer == one.module.name
            if each.name and plain and one.module.is_package:
                key = (each.module, each.name)
                if key not in offered or len(one.module.name) < len(offered[key]):
                    offered[key] = one.module.name
    siblings = {
        posixpath.splitext(posixpath.basename(one.source.path))[0] for one in files if one.source.role is Role.TEST
    }
    tops = {name.partition(".")[0] for name in modules}
    return _Project(frozenset(modules), frozenset(tests), offered, frozenset(siblings - tops))


def _is_private(module: str) -> bool:
    return any(part.startswith("_") for part in module.split("."))


def _programs(commands: Sequence[Command]) -> dict[str, str]:
    """Return what is typed, by the dotted name of the entry function, and by the first words themselves."""
    programs: dict[str, str] = {}
    for command in commands:
        if command.kind is CommandKind.CONSOLE_SCRIPT:
            programs.setdefault(command.target.replace(":", "."), command.name)
        if command.kind in {CommandKind.CONSOLE_SCRIPT, CommandKind.MODULE}:
            programs[f"{command.invocation} "] = command.invocation
    return programs


def _console(example: Example, programs: dict[str, str]) -> Example | None:
    if not example.uses:
        known = any(example.code.startswith(words) for words in programs if words.endswith(" "))
        return example if known else None
    dotted = example.uses[0]
    program = programs.get(dotted, "")
    if not program:
        alike = {
            name
            for target, name in programs.items()
            if not target.endswith(" ")
            and target.rpartition(".")[2] == dotted.rpartition(".")[2]
            and target.partition(".")[0] == dotted.partition(".")[0]
        }
        program = alike.pop() if len(alike) == 1 else ""
    return replace(example, code=f"{program} {example.code}") if program else None


def _python(example: Example, module: str, project: _Project) -> Example | None:
    if example.needs:
        offering = {project.offering(module, name) for name in example.needs}
        if module not in project.modules or any(_is_private(one) for one in offering):
            return None
        statements = [f"from {project.offering(module, name)} import {name}" for name in example.needs]
        example = replace(example, code=below_imports(statements, example.code), needs=())
    tree = parse(example.code)
    if tree is None:
        return None
    imported = imported_modules(tree)
    if any(
        name in project.tests or name.partition(".")[0] in project.siblings for name in imported
    ) or not _is_understood(imported):
        return None
    uses = tuple(use for use in dotted_uses(tree) if _module_of(use, project.modules) and not use.endswith("__"))
    return replace(example, uses=uses) if uses else None


def _is_understood(imported: frozenset[str]) -> bool:
    return not any(_TEST_PACKAGE.match(name.partition(".")[0]) for name in imported) and bool(
        {name.partition(".")[0] for name in imported} - sys.stdlib_module_names
    )


def _module_of(dotted: str, modules: frozenset[str]) -> str:
    """Return the longest module that a dotted name begins with, the name itself counted."""
    while dotted and dotted not in modules:
        dotted = dotted.rpartition(".")[0]
    return dotted
