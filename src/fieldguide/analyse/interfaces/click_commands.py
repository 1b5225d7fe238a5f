"""What click makes of decorated functions, and Flask of click.

Comes in: calls of click's decorators and of groups' methods. Goes out: `CommandLine`s.
Must never: list a hidden command or option.

Source of the rules: click 8.2 (`Option._parse_decls`, `command()`'s names, `Command.get_short_help_str`) and Flask 3.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from typing import Final

from fieldguide.analyse.interfaces.click_parameters import ClickParameter, option_of
from fieldguide.analyse.interfaces.definitions import Class, Function
from fieldguide.analyse.interfaces.help_text import first_paragraph, markdown
from fieldguide.analyse.interfaces.literals import Collection
from fieldguide.analyse.interfaces.option_values import DEEPEST_COMMAND
from fieldguide.analyse.interfaces.values import NOTHING, Arguments, Machine, Program, Value
from fieldguide.domain.project import CommandLine
from fieldguide.domain.source import Span

_SUFFIXES: Final = ("-command", "-cmd", "-group", "-grp")
"""Dropped from a function's name by click 8.2."""


@dataclass(frozen=True)
class ParameterDecorator(Value):
    """Adds a parameter to the function, or the command, that it decorates."""

    parameter: ClickParameter

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Decorate."""
        del machine
        decorated = arguments.positional[0] if arguments.positional else NOTHING
        if isinstance(decorated, Function | ClickCommand) and self.parameter not in decorated.parameters:
            # Decorators apply from the bottom up, and help lists them from the top down.
            decorated.parameters.insert(0, self.parameter)
        return decorated


@dataclass(eq=False)
class ClickCommand(Program):
    """A command, or a group of commands."""

    span: Span
    name: str
    is_group: bool
    callback: Function | None = None
    settings: Arguments | None = None
    parameters: list[object] = field(default_factory=list[object])
    commands: dict[str, ClickCommand] = field(default_factory=dict[str, "ClickCommand"])
    parent: ClickCommand | None = None
    flask: bool = False
    """Flask runs it."""
    group_class: Class | None = None

    def attribute(self, name: str, machine: Machine) -> Value:  # noqa: PLR0911 (one a method)
        """Decorators and methods of a command."""
        if self.group_class is not None:
            found = self.group_class.find(name)
            if isinstance(found, Function):
                return machine.bind(found, self)
        match name.removeprefix("__library__."):
            case "command" | "group":
                return CommandFactory(self, is_group=name.endswith("group"))
            case "add_command":
                return AddCommand(self)
            case "params":
                return Collection(
                    "list", [ParameterDecorator(p) for p in self.parameters if isinstance(p, ClickParameter)]
                )
            case "callback":
                return self.callback or NOTHING
            case "main":
                return self
            case "result_callback" | "resultcallback":
                return Identity(returns_decorator=True)
            case _:
                return NOTHING

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Run it."""
        del arguments
        machine.invoke(self)
        return NOTHING

    def add(self, command: ClickCommand, name: str | None = None) -> None:
        """Make it a subcommand."""
        self.is_group = True
        command.parent = self
        self.commands[name or command.name] = command

    def hidden(self) -> bool:
        """It is left out of help."""
        return self.settings is not None and self.settings.true("hidden")

    def command_line(self, program: str) -> CommandLine:
        """Everything that the command takes."""
        options = [
            option
            for parameter in self.parameters
            if isinstance(parameter, ClickParameter) and (option := option_of(parameter, program)) is not None
        ]
        unique = {option.names: option for option in options}
        children = [
            command.command_line(f"{program} {name}".strip())
            for name, command in self.commands.items()
            if not command.hidden() and program.count(" ") < DEEPEST_COMMAND
        ]
        return CommandLine(
            program=program,
            span=self.span,
            framework="click",
            summary=markdown(self._summary()),
            options=tuple(unique.values()),
            subcommands=tuple(children),
            module=self.callback.scope.module if self.callback else "",
            symbol=self.callback.name if self.callback else "",
        )

    def _summary(self) -> str:
        given = self.settings.text("help") or self.settings.text("short_help") if self.settings else None
        return summary_of(given or (self.callback.docstring if self.callback else ""))


@dataclass(frozen=True)
class CommandFactory(Value):
    """`click.command`, `group.command` and their like: bare, or called with settings."""

    owner: ClickCommand | None
    is_group: bool
    settings: Arguments | None = None
    group_class: Class | None = None

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Take settings, or decorate a function."""
        first = arguments.positional[0] if arguments.positional else None
        if isinstance(first, Function) and (self.settings is not None or len(list(arguments.values())) == 1):
            return self._decorate(first, machine)
        cls = arguments.get("cls")
        group_class = cls if isinstance(cls, Class) else self.group_class
        return CommandFactory(self.owner, self.is_group, arguments, group_class)

    def _decorate(self, function: Function, machine: Machine) -> Value:
        definition = function.definition
        name = (self.settings.text("name", 0) if self.settings else None) or command_name(definition.name)
        command = ClickCommand(
            span=_span(function),
            name=name,
            is_group=self.is_group,
            callback=function,
            settings=self.settings,
            parameters=list(function.parameters),
            group_class=self.group_class,
        )
        if self.owner is not None:
            self.owner.add(command)
        machine.create(command)
        return command


@dataclass(frozen=True)
class AddCommand(Value):
    """The method `add_command`."""

    owner: ClickCommand

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Make a command a subcommand."""
        del machine
        command = arguments.get("cmd", 0)
        if isinstance(command, ClickCommand):
            self.owner.add(command, arguments.text("name", 1))
        return NOTHING


@dataclass(frozen=True)
class Identity(Value):
    """A decorator that leaves what it decorates as it is."""

    returns_decorator: bool = False

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Hand back the function."""
        del machine
        return Identity() if self.returns_decorator else (arguments.positional or [NOTHING])[0]


def command_name(function: str) -> str:
    """Name of the command that a function becomes."""
    name = function.lower().replace("_", "-")
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return name


def summary_of(text: str) -> str:
    """First paragraph of a help text, without click's markers and what stands below a form feed."""
    text = inspect.cleandoc(text.partition("\f")[0].partition("\\f")[0])
    return first_paragraph(re.sub(r"(?m)^[ \t]*(?:\x08|\\b)[ \t]*$\n?", "", text))


def _span(function: Function) -> Span:
    from fieldguide.domain.source import Span  # noqa: PLC0415 (the module's only use at run time)

    return Span(function.scope.path, function.definition.line, function.definition.last)
