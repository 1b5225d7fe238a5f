"""Puts the facts of all files together: one `Codebase`, in which every name leads to its definition.

Comes in: files and their facts, and what the scan left out.
Goes out: a `Codebase`.
Must never: read a file; depend on the order in which facts arrive.
"""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from fieldguide.analyse.dependencies import find_dependencies
from fieldguide.analyse.exports import find_exports, resolve_all
from fieldguide.analyse.families import find_families
from fieldguide.analyse.inheritance import inherit
from fieldguide.analyse.interfaces import join_environment, join_interfaces, join_settings
from fieldguide.analyse.packages import namespaces_of, normalise, package_code, top_name
from fieldguide.analyse.project import is_installed, join_project, rank_examples
from fieldguide.analyse.rank import count_uses, module_ranks, order_exports
from fieldguide.analyse.resolution import Resolution
from fieldguide.domain.codebase import Codebase, FileFacts, Revision, UsedDependency
from fieldguide.domain.project import ExampleKind
from fieldguide.domain.source import OtherFile, Role, Skipped, SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fieldguide.domain.project import CommandLine, Example, Manifest, Option
    from fieldguide.domain.project_facts import JoinedProject
    from fieldguide.domain.symbols import Export, Import, Symbol

_OWN = frozenset({Role.SOURCE, Role.MANIFEST})
_FOR_PEOPLE = frozenset({ExampleKind.EXAMPLE_FILE, ExampleKind.DOCUMENTATION})
"""Examples that were written for people to read, not to try the code."""


def assemble(
    name: str,
    files: Sequence[SourceFile],
    facts: Sequence[FileFacts],
    others: Sequence[OtherFile],
    skipped: Sequence[Skipped],
    revision: Revision | None,
) -> Codebase:
    """Join the facts of all files.

    Args:
        name: Of the directory; a manifest's name goes before it.
        files: Every file that was read.
        facts: One for each of `files`, in any order.
        others: Files that are counted only.
        skipped: What was left out.
        revision: Where version control stands.
    """
    facts = sorted(facts, key=lambda one: (one.source.path.count("/"), len(one.source.path), one.source.path))
    project = join_project(facts, name, others=[one.path for one in others])
    python = _Python(facts, project.manifests)
    symbols = _with_reach(python.symbols, python.exports)
    return Codebase(
        name=project.name,
        files=tuple(files),
        others=tuple(others),
        skipped=tuple(dict.fromkeys(skipped)),
        revision=revision,
        modules=python.modules,
        symbols=symbols,
        namespaces=python.namespaces,
        exports=python.exports,
        families=find_families(symbols, python.package_code),
        imports=tuple(_outside_standard_library(python.imports)),
        manifests=project.manifests,
        dependencies=python.dependencies(),
        commands=project.commands,
        makefiles=tuple(one.makefile for one in facts if one.makefile is not None),
        command_lines=_command_lines(facts, project, python),
        flags=tuple(sorted({flag for one in facts if one.source.role in _OWN for flag in one.flags})),
        environment=_environment(facts, python.package_code),
        settings_classes=join_settings(facts),
        examples=_examples(project, python.exports),
        licence=project.licence,
        summaries=project.summaries,
        headings={one.source.path: one.headings for one in facts if one.headings},
        injections=tuple(sorted(place for one in facts for place in one.injections)),
        redactions=tuple(redaction for one in facts for redaction in one.redactions),
        lines=python.lines,
    )


def _command_lines(facts: Sequence[FileFacts], project: JoinedProject, python: _Python) -> tuple[CommandLine, ...]:
    lines = join_interfaces(facts, project.commands, sorted(python.own))
    if any(not one.directory and is_installed(one) for one in project.manifests):
        return _of_the_product(lines, python.package_code)
    return lines


def _of_the_product(lines: Sequence[CommandLine], package: frozenset[str]) -> tuple[CommandLine, ...]:
    """Command lines without those of files in a folder beside the package: they serve its development."""
    return tuple(
        line
        for line in lines
        if not re.match(r"python [^-]", line.program) or "/" not in line.span.path or line.module in package
    )


class _Python:
    """Modules, symbols and imports of all files, resolved against each other."""

    def __init__(self, facts: Sequence[FileFacts], manifests: Sequence[Manifest]) -> None:
        kept = _one_file_a_module(facts)
        modules = {one.module.name: one.module for one in kept if one.module}
        symbols = {symbol.name: symbol for one in kept for symbol in one.symbols}
        self.namespaces = {space.name: space for one in reversed(kept) for space in reversed(one.namespaces)}
        self.imports = [imported for one in kept for imported in one.imports]
        early = Resolution(modules, symbols, self.imports)
        listed = resolve_all(modules, early)
        modules = {key: replace(one, exports=listed[key], exports_of=()) for key, one in modules.items()}
        resolution = Resolution(modules, symbols, self.imports)
        self.symbols = inherit(symbols, resolution)
        self.ranks = module_ranks(resolution, self.imports)
        self.modules = {key: replace(one, rank=self.ranks[key]) for key, one in modules.items()}
        self.resolution = Resolution(self.modules, self.symbols, self.imports)
        self.package_code = package_code(self.modules, manifests, self.imports)
        self.own = frozenset(key.split(".", 1)[0] for key in self.modules) | _neighbours(self.resolution, self.imports)
        self._manifests = manifests
        self._shown = [example.uses for one in facts for example in one.examples if example.kind in _FOR_PEOPLE]
        self._tried = [example.uses for one in facts for example in one.examples if example.kind is ExampleKind.TEST]
        self._uses = {one.module.name: one.uses for one in kept if one.module and one.uses}
        self._namespaces = namespaces_of(self.modules)
        self._names = {normalise(manifest.name) for manifest in manifests if manifest.name}

    @property
    def lines(self) -> int:
        """Lines of source modules."""
        return sum(module.lines for module in self.modules.values() if module.role is Role.SOURCE)

    def dependencies(self) -> tuple[UsedDependency, ...]:
        """Third-party distributions, as declared and as imported."""
        return find_dependencies(self._manifests, self.imports, self.own, self.package_code, self.ranks)

    @cached_property
    def exports(self) -> dict[str, tuple[Export, ...]]:
        """Public names by public module, most important first."""
        counts = count_uses(self.resolution, self.imports, self._uses, self._shown, self._tried)
        tops = {top_name(one, self._namespaces) for one in self.package_code}
        named = {top for top in tops if normalise(top) in self._names}
        first = named if len(named) * 2 >= len(tops) else tops
        exports = find_exports(self.resolution, self.package_code, counts, self._loose())
        entries = {point.target.partition(":")[0] for one in self._manifests for point in one.entry_points}
        return order_exports(exports, self.resolution, counts, first, entries)

    def _loose(self) -> frozenset[str]:
        """Modules outside of packages that lie in no distribution's directory."""
        held = [one.directory for one in self._manifests if one.name]
        return frozenset(
            name
            for name in self.package_code
            if not self.modules[name].is_package
            and name.rpartition(".")[0] not in self.modules
            and not any(not directory or self.modules[name].path.startswith(f"{directory}/") for directory in held)
        )


def _one_file_a_module(facts: Iterable[FileFacts]) -> list[FileFacts]:
    """Facts of Python files; where two files claim one name the first, that is the shorter path, has it."""
    kept: dict[str, FileFacts] = {}
    for one in facts:
        if one.module is not None:
            kept.setdefault(one.module.name, one)
    return list(kept.values())


def _neighbours(resolution: Resolution, imports: Iterable[Import]) -> frozenset[str]:
    """First names of imports that lead to a module of the project although its own name starts otherwise."""
    return frozenset(
        one.module.split(".", 1)[0] for one in imports if resolution.module(one.module, one.importer) is not None
    )


def _with_reach(symbols: Mapping[str, Symbol], exports: Mapping[str, Sequence[Export]]) -> dict[str, Symbol]:
    """Symbols of which only those are public that an export reaches, or that belong to one that it reaches."""
    reached = {one.target for names in exports.values() for one in names}
    found: dict[str, Symbol] = {}
    for key, symbol in symbols.items():
        top = f"{symbol.module}.{symbol.short.split('.', 1)[0]}"
        public = key in reached or (symbol.public and top in reached)
        found[key] = symbol if symbol.public == public else replace(symbol, public=public)
    return found


def _outside_standard_library(imports: Iterable[Import]) -> Iterable[Import]:
    return (one for one in imports if one.module.split(".", 1)[0] not in sys.stdlib_module_names)


def _environment(facts: Sequence[FileFacts], package: frozenset[str]) -> tuple[Option, ...]:
    """Environment variables, each once: as the package's own code reads it before anything else, best described."""

    def place(one: tuple[FileFacts, Option]) -> tuple[object, ...]:
        file, option = one
        inside = file.module is not None and file.module.name in package
        tooling = file.source.role is not Role.SOURCE
        return (not inside, tooling, not option.help, option.default is None, option.span)

    found: dict[tuple[str, ...], Option] = {}
    by_path = {file.source.path: file for file in facts if file.source.role is not Role.TEST}
    read = [(by_path[one.span.path], one) for one in join_environment(facts) if one.span.path in by_path]
    for _, option in sorted(read, key=place):
        found.setdefault(option.names, option)
    return tuple(found.values())


def _examples(project: JoinedProject, exports: Mapping[str, Sequence[Export]]) -> tuple[Example, ...]:
    order = [one.name for names in exports.values() for one in names]
    return rank_examples(project.examples, order)
