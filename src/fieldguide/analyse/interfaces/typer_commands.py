"""What typer makes of functions and their annotations.

Comes in: calls of `typer.Typer`, its decorators, `typer.Option` and `typer.Argument`. Goes out: `CommandLine`s.
Must never: list a hidden command or option.

Source of the rules: typer 0.15's documentation (CLI options with and without `Annotated`, one command and several).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.argument_parser import choices_of, default_source, type_name
from fieldguide.analyse.interfaces.click_commands import command_name, summary_of
from fieldguide.analyse.interfaces.help_text import markdown
from fieldguide.analyse.interfaces.values import (
    NOTHING,
    Arguments,
    Class,
    External,
    Function,
    Literal,
    Machine,
    Program,
    Subscripted,
    Value,
)
from fieldguide.domain.project import CommandLine, Option, OptionKind
from fieldguide.domain.source import Span
from fieldguide.domain.symbols import ParameterKind

if TYPE_CHECKING:
    from fieldguide.domain.interfaces import DefinitionParameter

_METAVARS: Final = {"int": "INTEGER", "float": "FLOAT", "str": "TEXT", "bool": "BOOLEAN", "Path": "PATH", "datetime": "DATETIME"}
_CONTEXTS: Final = frozenset({"Context", "CallbackParam"})
_MANY: Final = frozenset({"list", "List", "Sequence", "Iterable", "set", "Set", "tuple", "Tuple"})


@dataclass(frozen=True)
class Declared(Value):
    """`typer.Option(…)` or `typer.Argument(…)`."""

    is_option: bool
    arguments: Arguments


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
    registered: list[Registered] = field(default_factory=lambda: list[Registered]())
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
            elif registered.application is not None and registered.application is not self:
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


def function_options(function: Function, machine: Machine) -> tuple[Option, ...]:
    """Options and arguments of a function's parameters, in their order."""
    function = _wrapped(function)
    made = (_Parameter(function, p, machine).option() for p in function.definition.parameters)
    return tuple(option for option in made if option is not None)


def _wrapped(function: Function) -> Function:
    while function.wraps is not None:
        function = function.wraps
    return function


class _Parameter:
    """Turns one parameter into an `Option`."""

    def __init__(self, function: Function, parameter: DefinitionParameter, machine: Machine) -> None:
        self._function = function
        self._parameter = parameter
        scope = function.scope
        annotation = machine.evaluate(parameter.annotation, scope) if parameter.annotation else NOTHING
        default = machine.evaluate(parameter.default, scope) if parameter.default else None
        self._declared: Declared | None = None
        if isinstance(annotation, Subscripted) and annotation.of.name.endswith("Annotated"):
            inner, *extras = annotation.arguments()
            annotation = inner
            self._declared = next((extra for extra in extras if isinstance(extra, Declared)), None)
        names_from = 0
        if isinstance(default, Declared):
            self._declared = default
            default = default.arguments.get("default", 0)
            names_from = 1
        self._names = [
            text
            for value in (self._declared.arguments.positional[names_from:] if self._declared else ())
            if (text := value.text()) is not None
        ]
        # `...` marks a required parameter.
        self._default: Value | None = None if default is None or default.source() == "..." else default
        self._type, self._many = _unwrapped(annotation)

    def option(self) -> Option | None:
        """The option; `None` for a context and what is hidden."""
        parameter, declared = self._parameter, self._declared
        given = declared.arguments if declared is not None else None
        name = type_name(self._type)
        variadic = parameter.kind in {ParameterKind.VARIADIC_POSITIONAL, ParameterKind.VARIADIC_KEYWORD}
        if name in _CONTEXTS or variadic or (given is not None and given.true("hidden")):
            return None
        is_option = declared.is_option if declared is not None else self._default is not None
        required = self._default is None
        help_ = markdown((given.text("help") if given is not None else None) or "")
        metavar = (given.text("metavar") if given is not None else None) or ""
        choices = choices_of(self._type) if isinstance(self._type, Class) else ()
        span = Span(self._function.scope.path, *self._lines())
        if not is_option:
            return Option(
                names=(metavar or parameter.name,), kind=OptionKind.ARGUMENT, span=span, default=self._source(),
                required=required, repeatable=self._many, metavar=metavar or parameter.name.upper(), choices=choices,
                type=name, help=help_,
            )  # fmt: skip
        count = given is not None and given.true("count")
        flag = (name == "bool" and not self._many) or (given is not None and given.true("is_flag"))
        return Option(
            names=self._spellings(paired=flag and not (given is not None and given.true("is_flag"))),
            kind=OptionKind.FLAG,
            span=span,
            default=None if count else self._source(),
            required=required,
            repeatable=self._many or count,
            takes_value=not (flag or count),
            metavar="" if flag or count else metavar or self._metavar(name, choices),
            choices=choices,
            type=name,
            help=help_,
            group=(given.text("rich_help_panel") if given is not None else None) or "",
        )  # fmt: skip

    def _lines(self) -> tuple[int, int]:
        codes = [code for code in (self._parameter.annotation, self._parameter.default) if code is not None]
        if not codes:
            return self._function.definition.line, self._function.definition.last
        return min(code.line for code in codes), max(code.last for code in codes)

    def _spellings(self, *, paired: bool) -> tuple[str, ...]:
        if self._names:
            names = [part.strip() for name in self._names for part in name.split("/")]
            return tuple(name for name in names if name.startswith("-")) or tuple(names)
        name = self._parameter.name.strip("_").replace("_", "-")
        return (f"--{name}", f"--no-{name}") if paired else (f"--{name}",)

    def _source(self) -> str | None:
        source = default_source(self._default)
        return None if source == "False" else source

    @staticmethod
    def _metavar(name: str, choices: tuple[str, ...]) -> str:
        return f"[{'|'.join(choices)}]" if choices else _METAVARS.get(name, "TEXT" if not name else name.upper())


def _unwrapped(annotation: Value) -> tuple[Value, bool]:
    """Type behind `Optional[…]`, `… | None` and `list[…]`, and whether it may be given several times."""
    many = False
    while isinstance(annotation, Subscripted):
        name = annotation.of.name.rpartition(".")[2]
        inner = [a for a in annotation.arguments() if not (isinstance(a, Literal) and a.value is None)]
        if name not in _MANY | {"Optional", "Union"} or not inner:
            break
        many = many or name in _MANY
        annotation = inner[0]
    source = annotation.source() or ""
    if source.endswith(" | None"):
        return External(source.removesuffix(" | None")), many
    return annotation, many


def _make(arguments: Arguments, machine: Machine) -> Value:
    application = TyperApplication(arguments.span, arguments, machine)
    callback = arguments.get("callback")
    application.entry = callback if isinstance(callback, Function) else None
    machine.create(application)
    return application


def _option(arguments: Arguments, _machine: Machine) -> Value:
    return Declared(is_option=True, arguments=arguments)


def _argument(arguments: Arguments, _machine: Machine) -> Value:
    return Declared(is_option=False, arguments=arguments)


def _run(arguments: Arguments, machine: Machine) -> Value:
    function = arguments.get("function", 0)
    if isinstance(function, Function):
        machine.invoke(TyperFunction(arguments.span, function, machine))
    return NOTHING


def _get_command(arguments: Arguments, _machine: Machine) -> Value:
    return arguments.get("typer_instance", 0) or NOTHING


MODELS: Final = {
    "typer.Typer": _make,
    "typer.Option": _option,
    "typer.Argument": _argument,
    "typer.run": _run,
    "typer.main.get_command": _get_command,
}
