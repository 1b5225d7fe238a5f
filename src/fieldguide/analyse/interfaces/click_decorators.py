"""Click's decorators and constructors, by their dotted names.

Comes in: calls with interpreted arguments. Goes out: `Value`s that decorate functions, or commands made by a call.
Must never: drop a function that a decorator does not change.

Source of the rules: click 8.2's `decorators.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.click_commands import ClickCommand, CommandFactory, Identity, ParameterDecorator
from fieldguide.analyse.interfaces.click_parameters import ClickParameter, ClickType
from fieldguide.analyse.interfaces.definitions import Function
from fieldguide.analyse.interfaces.literals import Dictionary, Literal
from fieldguide.analyse.interfaces.values import NOTHING, Arguments, Machine, Value

if TYPE_CHECKING:
    from collections.abc import Callable


def _parameter(kind: str, **added: object) -> Callable[[Arguments, Machine], Value]:
    def declare(arguments: Arguments, _machine: Machine) -> Value:
        extra: dict[str, Value] = {
            n: Literal(v) for n, v in added.items() if isinstance(v, str | bool) and n != "names"
        }
        names = arguments.positional
        if "names" in added:
            names = [n for n in names if (n.text() or "").startswith("-")] or [Literal(str(added["names"]))]
        given = replace(arguments, positional=names, keywords={**extra, **arguments.keywords})
        return ParameterDecorator(ClickParameter(kind, given))

    return declare


def _factory(*, is_group: bool) -> Callable[[Arguments, Machine], Value]:
    def make(arguments: Arguments, machine: Machine) -> Value:
        return CommandFactory(None, is_group).call(arguments, machine)

    return make


def constructed(arguments: Arguments, machine: Machine) -> Value:
    """`click.Group(…)`, `click.Command(…)`, `AppGroup(…)`: a command that is made by a call."""
    callback = arguments.get("callback")
    name = arguments.text("name", 0) or ""
    command = ClickCommand(arguments.span, name, is_group=True, settings=arguments)
    command.callback = callback if isinstance(callback, Function) else None
    for parameter in _elements(arguments.get("params")):
        if isinstance(parameter, ParameterDecorator):
            command.parameters.append(parameter.parameter)
    children = arguments.get("commands")
    pairs = children.pairs if isinstance(children, Dictionary) else [(NOTHING, c) for c in _elements(children)]
    for key, child in pairs:
        if isinstance(child, ClickCommand):
            command.add(child, key.text())
    machine.create(command)
    return command


def _elements(value: Value | None) -> list[Value]:
    return (value.elements() if value is not None else None) or []


def _collection(arguments: Arguments, machine: Machine) -> Value:
    """`click.CommandCollection(sources=[…])` merges groups."""
    merged = constructed(arguments, machine)
    if isinstance(merged, ClickCommand):
        for source in _elements(arguments.get("sources", 1)):
            if isinstance(source, ClickCommand):
                merged.commands |= source.commands
    return merged


def _typed(name: str) -> Callable[[Arguments, Machine], Value]:
    def make(arguments: Arguments, _machine: Machine) -> Value:
        return ClickType(name, arguments)

    return make


def identity(arguments: Arguments, _machine: Machine) -> Value:
    """A decorator that leaves the function as it is."""
    return arguments.positional[0] if arguments.positional else NOTHING


def _returns_identity(_arguments: Arguments, _machine: Machine) -> Value:
    return Identity()


_DECORATORS: Final[dict[str, Callable[[Arguments, Machine], Value]]] = {
    "option": _parameter("option"),
    "argument": _parameter("argument"),
    "version_option": _parameter("option", names="--version", is_flag=True, help="Show the version and exit."),
    "help_option": _parameter("option", names="--help", is_flag=True, hidden=True),
    "confirmation_option": _parameter(
        "option", names="--yes", is_flag=True, help="Confirm the action without prompting."
    ),
    "password_option": _parameter("option", names="--password"),
    "command": _factory(is_group=False),
    "group": _factory(is_group=True),
    "pass_context": identity,
    "pass_obj": identity,
    "make_pass_decorator": _returns_identity,
    "Command": constructed,
    "Group": constructed,
    "CommandCollection": _collection,
    "Choice": _typed("click.Choice"),
    "Path": _typed("click.Path"),
    "File": _typed("click.File"),
    "IntRange": _typed("click.IntRange"),
    "FloatRange": _typed("click.FloatRange"),
    "DateTime": _typed("click.DateTime"),
}
MODELS: Final = {
    **{
        f"{library}.{name}": model
        for library in ("click", "rich_click", "asyncclick")
        for name, model in _DECORATORS.items()
    },
}
