"""What fire makes of functions, classes, dictionaries and modules.

Comes in: calls of `fire.Fire`. Goes out: `CommandLine`s.
Must never: list a member whose name starts with an underscore, as fire's own help does not.

Source of the rules: "The Python Fire Guide": parameters become flags, those without default positional arguments.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.click_commands import ClickCommand, summary_of
from fieldguide.analyse.interfaces.definitions import Absent, Class, Function, Instance, Module, Subscripted
from fieldguide.analyse.interfaces.help_text import markdown
from fieldguide.analyse.interfaces.literals import Dictionary, Literal
from fieldguide.analyse.interfaces.option_values import default_source, type_name
from fieldguide.analyse.interfaces.values import NOTHING, Arguments, Machine, Program, Scope, Value
from fieldguide.domain.project import CommandLine, Option, OptionKind
from fieldguide.domain.source import Span
from fieldguide.domain.symbols import ParameterKind, Symbol, SymbolKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.domain.symbols import Parameter

DEEPEST: Final = 4
"""Groups within groups that are followed."""


@dataclass(eq=False)
class Component(Program):
    """What `fire.Fire` was given."""

    span: Span
    value: Value
    machine: Machine
    symbols: Mapping[str, Symbol]

    def command_line(self, program: str) -> CommandLine | None:
        """What the component takes."""
        return self._line(self.value, program, 0)

    def _line(  # noqa: PLR0911 (one a kind of component)
        self, value: Value, program: str, depth: int
    ) -> CommandLine | None:
        if depth > DEEPEST:
            return None
        match value:
            case Function():
                return self._function(value, program)
            case Class():
                constructor = value.find("__init__")
                options = self._options(constructor) if isinstance(constructor, Function) else ()
                lines = tuple(self._members(dict(_names(value)), program, depth))
                return self._group(value.definition.docstring, program, options, lines, value)
            case Instance(cls=cls):
                lines = tuple(self._members(dict(_names(cls)) | value.attributes, program, depth))
                return self._group(cls.definition.docstring, program, (), lines, cls)
            case Dictionary():
                named = {key.text() or "": inner for key, inner in value.pairs}
                return self._group("", program, (), tuple(self._members(named, program, depth)), None)
            case Absent():
                return self._symbol(value.name, program)
            case _:
                return None

    def _members(self, named: Mapping[str, Value], program: str, depth: int) -> Iterator[CommandLine]:
        for name, value in named.items():
            if name and not name.startswith("_"):
                line = self._line(value, f"{program} {name}", depth + 1)
                if line is not None:
                    yield line

    def _group(
        self,
        docstring: str,
        program: str,
        options: tuple[Option, ...],
        lines: tuple[CommandLine, ...],
        cls: Class | None,
    ) -> CommandLine:
        span = Span(cls.scope.path, cls.definition.line, cls.definition.last) if cls else self.span
        return CommandLine(
            program, span, "fire", markdown(summary_of(docstring)), options, lines, symbol=cls.name if cls else ""
        )

    def _function(self, function: Function, program: str) -> CommandLine:
        definition = function.definition
        span = Span(function.scope.path, definition.line, definition.last)
        summary = markdown(summary_of(function.docstring))
        return CommandLine(
            program, span, "fire", summary, self._options(function), (), function.scope.module, function.name
        )

    def _options(self, function: Function) -> tuple[Option, ...]:
        while function.wraps is not None:
            function = function.wraps
        helps = parameter_helps(function.docstring)
        parameters = function.definition.parameters
        if function.owner is not None and not any(c.text == "staticmethod" for c in function.definition.decorators):
            parameters = parameters[1:]
        options: list[Option] = []
        for parameter in parameters:
            annotation = (
                self.machine.evaluate(parameter.annotation, function.scope) if parameter.annotation else NOTHING
            )
            default = self.machine.evaluate(parameter.default, function.scope) if parameter.default else None
            code = parameter.default or parameter.annotation
            lines = (code.line, code.last) if code else (function.definition.line, function.definition.last)
            type_ = annotation.source() or "" if isinstance(annotation, Subscripted) else type_name(annotation)
            option = _option(
                parameter.name,
                parameter.kind,
                Span(function.scope.path, *lines),
                default=default_source(default),
                required=parameter.default is None,
                type_=type_,
                help_=markdown(helps.get(parameter.name, "")),
            )
            options += [option] if option is not None else []
        return tuple(options)

    # Definitions whose code was not kept, since their file says nothing of command lines

    def _symbol(self, name: str, program: str) -> CommandLine | None:
        symbol = self.symbols.get(name)
        if symbol is None:
            return None
        lines: list[CommandLine] = []
        if symbol.kind is SymbolKind.CLASS:
            for other in self.symbols.values():
                owner, _, short = other.name.rpartition(".")
                if (
                    owner == name
                    and not short.startswith("_")
                    and other.kind in {SymbolKind.METHOD, SymbolKind.FUNCTION}
                ):
                    line = self._symbol(other.name, f"{program} {short}")
                    lines += [line] if line is not None else []
        options = tuple(
            option
            for p in symbol.parameters
            if p.name not in {"self", "cls"} and (option := _of_symbol(symbol, p)) is not None
        )
        summary = markdown(symbol.docstring.summary)
        return CommandLine(program, symbol.span, "fire", summary, options, tuple(lines), symbol.module, symbol.name)


def _names(cls: Class) -> Iterator[tuple[str, Value]]:
    for owner in reversed(cls.ancestry()):
        for name, value in owner.scope.names.items():
            if isinstance(value, Function) and not any(c.text == "property" for c in value.definition.decorators):
                yield name, value


def _of_symbol(symbol: Symbol, parameter: Parameter) -> Option | None:
    return _option(
        parameter.name,
        parameter.kind.value,
        symbol.span,
        default=None if parameter.default == "None" else parameter.default,
        required=parameter.default is None,
        type_=parameter.annotation or "",
        help_=markdown(dict(symbol.docstring.parameters).get(parameter.name, "")),
    )


def _option(
    name: str, kind: str, span: Span, *, default: str | None, required: bool, type_: str, help_: str
) -> Option | None:
    if kind == ParameterKind.VARIADIC_KEYWORD:
        return None
    if kind == ParameterKind.VARIADIC_POSITIONAL:
        return Option((name,), OptionKind.ARGUMENT, span, repeatable=True, metavar=name.upper(), type=type_, help=help_)
    if required and kind != ParameterKind.KEYWORD_ONLY:
        return Option((name,), OptionKind.ARGUMENT, span, required=True, metavar=name.upper(), type=type_, help=help_)
    flag = type_ == "bool" or default in {"True", "False"}
    return Option(
        names=(f"--{name}", f"--no{name}") if flag and default == "True" else (f"--{name}",),
        kind=OptionKind.FLAG,
        span=span,
        default=None if default == "False" else default,
        required=required,
        takes_value=not flag,
        metavar="" if flag else name.upper(),
        type=type_,
        help=help_,
    )


def parameter_helps(docstring: str) -> dict[str, str]:
    """What a docstring in Google's style, NumPy's or Sphinx's says of each parameter."""
    if not docstring:
        return {}
    import griffe  # noqa: PLC0415 (half a second, and only programs made with fire need it)

    found: dict[str, str] = {}
    for style in (griffe.Parser.google, griffe.Parser.numpy, griffe.Parser.sphinx):
        for section in griffe.Docstring(docstring).parse(style, warnings=False):
            if isinstance(section, griffe.DocstringSectionParameters):
                for parameter in section.value:
                    found.setdefault(parameter.name, parameter.description)
        if found:
            break
    return found


def _fire(arguments: Arguments, machine: Machine) -> Value:
    given = arguments.get("component", 0)
    if isinstance(given, ClickCommand):
        return NOTHING
    scope = arguments.scope
    if given is None and scope is not None:
        while scope.parent is not None:
            scope = scope.parent
        own = {name: value for name, value in scope.names.items() if _is_of(value, scope)}
        given = Dictionary([(Literal(name), value) for name, value in own.items()])
    if given is not None and not isinstance(given, Module):
        symbols: Mapping[str, Symbol] = getattr(machine, "symbols", {})
        machine.invoke(Component(arguments.span, given, machine, symbols))
    return NOTHING


def _is_of(value: Value, scope: Scope) -> bool:
    return isinstance(value, Function | Class) and value.scope.path == scope.path


MODELS: Final = {"fire.Fire": _fire, "fire.core.Fire": _fire}
