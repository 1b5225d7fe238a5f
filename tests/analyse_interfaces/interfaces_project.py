"""Projects of a few files, read and joined as a run does it."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldguide.analyse.interfaces import join_environment, join_interfaces, read_interfaces
from fieldguide.domain.codebase import FileFacts
from fieldguide.domain.project import Command, CommandKind, CommandLine, Option
from fieldguide.domain.source import Role, SourceFile, Span

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Project:
    """Facts of a project's files, and its console scripts."""

    files: tuple[FileFacts, ...]
    commands: tuple[Command, ...]

    @property
    def lines(self) -> tuple[CommandLine, ...]:
        """Its command lines."""
        packages = {file.interfaces.module.partition(".")[0] for file in self.files if "/" in file.source.path}
        return join_interfaces(self.files, self.commands, packages)

    @property
    def line(self) -> CommandLine:
        """Its only command line."""
        (line,) = self.lines
        return line

    @property
    def environment(self) -> dict[str, Option]:
        """Its environment variables by name."""
        return {option.names[0]: option for option in join_environment(self.files)}


def module_name(path: str) -> str:
    """Name under which a file at `path` is imported."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def facts_of(path: str, text: str, role: Role = Role.SOURCE) -> FileFacts:
    """Facts of one file, as far as this room makes them."""
    source = SourceFile(path, "python", len(text), "0", role)
    return FileFacts(source=source, interfaces=read_interfaces(ast.parse(text), module_name(path), path, text))


def project(files: Mapping[str, str], scripts: Mapping[str, str] | None = None, role: Role = Role.SOURCE) -> Project:
    """Make a project of files by path, and of console scripts by name."""
    commands = tuple(
        Command(name, CommandKind.CONSOLE_SCRIPT, name, Span("pyproject.toml", 1, 1), target=target)
        for name, target in (scripts or {}).items()
    )
    return Project(tuple(facts_of(path, textwrap.dedent(text), role) for path, text in files.items()), commands)


def options(line: CommandLine) -> dict[str, Option]:
    """Options of a command line by their last spelling."""
    return {option.names[-1]: option for option in line.options}


def subcommand(line: CommandLine, name: str) -> CommandLine:
    """A subcommand by the last word of its program."""
    return next(inner for inner in line.subcommands if inner.program.rpartition(" ")[2] == name)
