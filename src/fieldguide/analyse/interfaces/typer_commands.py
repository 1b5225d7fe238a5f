"""What typer makes of functions and their annotations.

Comes in: calls of `typer.Typer`, its decorators, `typer.Option` and `typer.Argument`. Goes out: `CommandLine`s.
Must never: list a hidden command or option.

Source of the rules: typer 0.15's documentation (CLI options with and without `Annotated`, one command and several).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from fieldguide.analyse.interfaces.click_commands import command_name, summary_of
from fieldguide.analyse.interfaces.definitions import Function
from fieldguide.analyse.interfaces.help_text import markdown
from fieldguide.analyse.interfaces.option_values import DEEPEST_COMMAND
from fieldguide.analyse.interfaces.typer_parameters import declare_argument, declare_option, function_options
from fieldguide.analyse.interfaces.values import NOTHING, Arguments, Machine, Program, Value
from fieldguide.domain.project import CommandLine
from fieldguide.domain.source import Span


@dataclass
class Registered:
    """A function, or an application, that a Typer application was given."""

    name: str
    function: Function | None
    application: TyperApplication | None
    settings: Arguments | None

    def hidden(self) -> bool:
        """It is left out of help."""
        return self.settings is not None and self.settings.true("hidden")


@dataclass(eq=False)
class TyperApplication(Program):
    """`typer.Typer(…)`."""

    span: Span
    settings: Arguments | None
    machine: Machine
    registered: list[Registered] = field(default_factory=list[Registered])
    entry: Function | None = None
    """Its callback, whose parameters go before the subcommand."""

    def attribute(self, name: str, machine: Machine) -> Value:
        """Decorators and methods of the application."""
        del machine
        match name:
            case "command" | "callback":
                return Registration(self, name)
            case "add_typer":
                return AddApplication(self)
            case _:
                return NOTHING

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Run it."""
        del arguments
        machine.invoke(self)
        return NOTHING

    def own_settings(self, name: str) -> str:
        """A text among the settings, or an empty one."""
        return (self.settings.text(name) if self.settings else None) or ""

    def command_line(self, program: str, added: Arguments | None = None) -> CommandLine:
        """Everything that the application takes: with one command and no callback it is that command."""
        shown = [registered for registered in self.registered if not registered.hidden()]
        if len(self.registered) == 1 and self.entry is None and self.registered[0].function is not None:
            return self._function_line(program, self.registered[0].function, self.registered[0].settings)
        given = (added.text("help") if added is not None else None) or self.own_settings("help")
        summary = given or (self.entry.docstring if self.entry else "")
        children: list[CommandLine] = []
        for registered in shown:
            typed = f"{program} {registered.name}".strip()
            if registered.function is not None:
                children.append(self._function_line(typed, registered.function, registered.settings))
            elif registered.application is not None and program.count(" ") < DEEPEST_COMMAND:
                children.append(registered.application.command_line(typed, registered.settings))
        return CommandLine(
            program=program,
            span=self.span,
            framework="typer",
            summary=markdown(summary_of(summary)),
            options=function_options(self.entry, self.machine) if self.entry else (),
            subcommands=tuple(children),
            module=self.entry.scope.module if self.entry else "",
            symbol=self.entry.name if self.entry else "",
        )

    def _function_line(self, program: str, function: Function, settings: Arguments | None) -> CommandLine:
        given = settings.text("help") if settings else None
        return function_line(program, function, self.machine, given or function.docstring)


@dataclass(frozen=True)
class Registration(Value):
    """`app.command` or `app.callback`: bare, or called with settings."""

    application: TyperApplication
    kind: str
    settings: Arguments | None = None

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Take settings, or register a function."""
        del machine
        first = arguments.positional[0] if arguments.positional else None
        if not isinstance(first, Function):
            return Registration(self.application, self.kind, arguments)
        if self.kind == "callback":
            self.application.entry = first
        else:
            name = (self.settings.text("name", 0) if self.settings else None) or command_name(first.definition.name)
            self.application.registered.append(Registered(name, first, None, self.settings))
        return first


@dataclass(frozen=True)
class AddApplication(Value):
    """The method `add_typer`."""

    application: TyperApplication

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Make an application a group of subcommands; without a name its commands join those of the parent."""
        del machine
        added = arguments.get("typer_instance", 0)
        if isinstance(added, TyperApplication):
            name = arguments.text("name") or added.own_settings("name")
            if name:
                self.application.registered.append(Registered(name, None, added, arguments))
            else:
                self.application.registered += added.registered
        return NOTHING


@dataclass(eq=False)
class TyperFunction(Program):
    """`typer.run(function)`."""

    span: Span
    function: Function
    machine: Machine

    def command_line(self, program: str) -> CommandLine:
        """What the function takes."""
        return function_line(program, self.function, self.machine, self.function.docstring)


def function_line(program: str, function: Function, machine: Machine, summary: str) -> CommandLine:
    """Command line of one function."""
    definition = function.definition
    return CommandLine(
        program=program,
        span=Span(function.scope.path, definition.line, definition.last),
        framework="typer",
        summary=markdown(summary_of(summary)),
        options=function_options(function, machine),
        module=function.scope.module,
        symbol=function.name,
    )


def _make(arguments: Arguments, machine: Machine) -> Value:
    application = TyperApplication(arguments.span, arguments, machine)
    callback = arguments.get("callback")
    application.entry = callback if isinstance(callback, Function) else None
    machine.create(application)
    return application


def _run(arguments: Arguments, machine: Machine) -> Value:
    function = arguments.get("function", 0)
    if isinstance(function, Function):
        machine.invoke(TyperFunction(arguments.span, function, machine))
    return NOTHING


def _get_command(arguments: Arguments, _machine: Machine) -> Value:
    return arguments.get("typer_instance", 0) or NOTHING


MODELS: Final = {
    "typer.Typer": _make,
    "typer.Option": declare_option,
    "typer.Argument": declare_argument,
    "typer.run": _run,
    "typer.main.get_command": _get_command,
}
