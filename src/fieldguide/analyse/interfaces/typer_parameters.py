"""Renders the parameters of functions that typer runs.

Comes in: annotations and defaults, interpreted. Goes out: `Option`s.
Must never: list a hidden option, or a context.

Source of the rules: typer 0.15's documentation (CLI options with and without `Annotated`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.definitions import Class, External, Function, Subscripted
from fieldguide.analyse.interfaces.help_text import markdown
from fieldguide.analyse.interfaces.literals import Literal
from fieldguide.analyse.interfaces.option_values import choices_of, default_source, type_name
from fieldguide.analyse.interfaces.values import NOTHING, Arguments, Machine, Value
from fieldguide.domain.project import Option, OptionKind
from fieldguide.domain.source import Span
from fieldguide.domain.symbols import ParameterKind

if TYPE_CHECKING:
    from fieldguide.domain.interfaces import DefinitionParameter

_METAVARS: Final = {
    "int": "INTEGER",
    "float": "FLOAT",
    "str": "TEXT",
    "bool": "BOOLEAN",
    "Path": "PATH",
    "datetime": "DATETIME",
}
_CONTEXTS: Final = frozenset({"Context", "CallbackParam"})
_MANY: Final = frozenset({"list", "List", "Sequence", "Iterable", "set", "Set", "tuple", "Tuple"})


@dataclass(frozen=True)
class Declared(Value):
    """`typer.Option(…)` or `typer.Argument(…)`."""

    is_option: bool
    arguments: Arguments


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


def declare_option(arguments: Arguments, _machine: Machine) -> Value:
    """`typer.Option(…)`."""
    return Declared(is_option=True, arguments=arguments)


def declare_argument(arguments: Arguments, _machine: Machine) -> Value:
    """`typer.Argument(…)`."""
    return Declared(is_option=False, arguments=arguments)
