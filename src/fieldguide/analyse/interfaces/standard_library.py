"""What calls of the standard library give, as far as programs use them to put together a command line.

Comes in: interpreted arguments. Goes out: a `Value`.
Must never: touch the file system, the environment or the clock, whatever the modelled function does.
"""

from __future__ import annotations

import inspect
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.definitions import Class, Function, Member
from fieldguide.analyse.interfaces.literals import Collection, Dictionary, Literal
from fieldguide.analyse.interfaces.values import NOTHING, Arguments, Machine, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_NUMBERS: Final = 64


def _dedent(arguments: Arguments, _machine: Machine) -> Value:
    text = arguments.text("text", 0)
    return NOTHING if text is None else Literal(textwrap.dedent(text))


def _cleaned(arguments: Arguments, _machine: Machine) -> Value:
    text = arguments.text("doc", 0)
    return NOTHING if text is None else Literal(inspect.cleandoc(text))


def _first(arguments: Arguments, _machine: Machine) -> Value:
    return arguments.positional[0] if arguments.positional else NOTHING


def _second(arguments: Arguments, _machine: Machine) -> Value:
    return arguments.positional[1] if len(arguments.positional) > 1 else NOTHING


def _elements(kind: str) -> Callable[[Arguments, Machine], Value]:
    def collect(arguments: Arguments, _machine: Machine) -> Value:
        if not arguments.positional:
            return Collection(kind, [])
        elements = arguments.positional[0].elements()
        return NOTHING if elements is None else Collection(kind, elements)

    return collect


def _sorted(arguments: Arguments, _machine: Machine) -> Value:
    elements = arguments.positional[0].elements() if arguments.positional else None
    texts = {text: element for element in elements or [] if (text := element.text()) is not None}
    if elements is None or len(texts) != len({id(element) for element in elements}) or "key" in arguments.keywords:
        return NOTHING if elements is None else Collection("list", elements)
    ordered = [texts[text] for text in sorted(texts)]
    return Collection("list", ordered[::-1] if arguments.true("reverse") else ordered)


def _reversed(arguments: Arguments, _machine: Machine) -> Value:
    elements = arguments.positional[0].elements() if arguments.positional else None
    return NOTHING if elements is None else Collection("list", elements[::-1])


def _range(arguments: Arguments, _machine: Machine) -> Value:
    bounds = [v.value for v in arguments.positional if isinstance(v, Literal) and isinstance(v.value, int)]
    if len(bounds) != len(arguments.positional) or not 1 <= len(bounds) <= 3 or 0 in bounds[2:]:  # noqa: PLR2004
        return NOTHING
    numbers = range(*bounds)
    return Collection("list", [Literal(number) for number in numbers]) if len(numbers) <= MOST_NUMBERS else NOTHING


def _enumerate(arguments: Arguments, _machine: Machine) -> Value:
    elements = arguments.positional[0].elements() if arguments.positional else None
    if elements is None:
        return NOTHING
    return Collection("list", [Collection("tuple", [Literal(n), element]) for n, element in enumerate(elements)])


def _zip(arguments: Arguments, _machine: Machine) -> Value:
    columns = [value.elements() for value in arguments.positional]
    known = [column for column in columns if column is not None]
    if len(known) != len(columns):
        return NOTHING
    return Collection("list", [Collection("tuple", list(row)) for row in zip(*known, strict=False)])


def _map(arguments: Arguments, machine: Machine) -> Value:
    elements = arguments.positional[1].elements() if len(arguments.positional) > 1 else None
    if elements is None:
        return NOTHING
    called = arguments.positional[0]
    given = [Arguments([element], {}, arguments.span, arguments.symbol, arguments.scope) for element in elements]
    return Collection("list", [called.call(one, machine) for one in given])


def _string(arguments: Arguments, _machine: Machine) -> Value:
    value = arguments.positional[0] if arguments.positional else Literal("")
    if isinstance(value, Member):
        bases = value.of.outside_bases()
        spelt = value.of.find("__str__") is not None or "enum.StrEnum" in bases
        value = value.value if spelt else NOTHING
    return Literal(str(value.value)) if isinstance(value, Literal) else NOTHING


def _dictionary(arguments: Arguments, _machine: Machine) -> Value:
    pairs: list[tuple[Value, Value]] = []
    for value in arguments.positional:
        if isinstance(value, Dictionary):
            pairs += value.pairs
            continue
        for element in value.elements() or []:
            pair = element.elements() or []
            if len(pair) == 2:  # noqa: PLR2004 (a pair)
                pairs.append((pair[0], pair[1]))
    return Dictionary([*pairs, *((Literal(name), value) for name, value in arguments.keywords.items())])


def _getattr(arguments: Arguments, machine: Machine) -> Value:
    name = arguments.text("name", 1)
    return arguments.positional[0].attribute(name, machine) if name and arguments.positional else NOTHING


def _setattr(arguments: Arguments, _machine: Machine) -> Value:
    name = arguments.text("name", 1)
    if name and len(arguments.positional) > 2:  # noqa: PLR2004 (object, name, value)
        arguments.positional[0].set_attribute(name, arguments.positional[2])
    return Literal(None)


@dataclass(frozen=True)
class Partial(Value):
    """`functools.partial(function, …)`."""

    function: Value
    given: Arguments

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Call the function with both sets of arguments."""
        positional = [*self.given.positional[1:], *arguments.positional]
        keywords = {**self.given.keywords, **arguments.keywords}
        both = Arguments(positional, keywords, arguments.span, arguments.symbol, arguments.scope)
        return self.function.call(both, machine)


@dataclass(frozen=True)
class Wraps(Value):
    """`functools.wraps(function)`: what it decorates stands for that function."""

    function: Value

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Hand on the parameters that click's decorators noted."""
        del machine
        wrapper = arguments.positional[0] if arguments.positional else NOTHING
        if isinstance(wrapper, Function) and isinstance(self.function, Function):
            wrapper.parameters = list(self.function.parameters)
            wrapper.wraps = self.function
        return wrapper


@dataclass(frozen=True)
class FromEnvironment(Value):
    """What the environment says, or else a default: nothing is known of it but that default."""

    default: Value

    def source(self) -> str | None:
        """Of the default."""
        return self.default.source()


def _environment(arguments: Arguments, _machine: Machine) -> Value:
    default = arguments.get("default", 1)
    return NOTHING if default is None else FromEnvironment(default)


def _converted(arguments: Arguments, _machine: Machine) -> Value:
    """`int(os.environ.get("X", 5))`: the number that holds without the variable."""
    value = arguments.positional[0] if arguments.positional else NOTHING
    if not isinstance(value, FromEnvironment) or not isinstance(value.default, Literal):
        return NOTHING
    text = str(value.default.value)
    try:
        return FromEnvironment(Literal(float(text) if "." in text else int(text)))
    except ValueError:
        return NOTHING


def _partial(arguments: Arguments, _machine: Machine) -> Value:
    return Partial(arguments.positional[0], arguments) if arguments.positional else NOTHING


def _wraps(arguments: Arguments, _machine: Machine) -> Value:
    return Wraps(arguments.positional[0]) if arguments.positional else NOTHING


def _update_wrapper(arguments: Arguments, machine: Machine) -> Value:
    if len(arguments.positional) < 2:  # noqa: PLR2004 (wrapper, wrapped)
        return NOTHING
    wrapper = Arguments([arguments.positional[0]], {}, arguments.span, arguments.symbol)
    return Wraps(arguments.positional[1]).call(wrapper, machine)


def _runs(arguments: Arguments, machine: Machine) -> Value:
    """A function that calls the function that it is given."""
    called = arguments.positional[0] if arguments.positional else NOTHING
    if isinstance(called, Function):
        return called.call(Arguments([], {}, arguments.span, arguments.symbol, arguments.scope), machine)
    return called


def _isinstance(arguments: Arguments, _machine: Machine) -> Value:
    value, cls = (*arguments.positional, NOTHING, NOTHING)[:2]
    name = cls.source() or ""
    if isinstance(value, Literal) and name in {"str", "int", "float", "bool", "bytes"}:
        return Literal(type(value.value).__name__ == name)
    if isinstance(value, Class) and name == "type":
        return Literal(value=True)
    return NOTHING


STANDARD_LIBRARY: Final[Mapping[str, Callable[[Arguments, Machine], Value]]] = {
    "textwrap.dedent": _dedent,
    "inspect.cleandoc": _cleaned,
    "typing.cast": _second,
    "gettext.gettext": _first,
    "copy.copy": _first,
    "copy.deepcopy": _first,
    "contextlib.nullcontext": _first,
    "os.environ.get": _environment,
    "os.getenv": _environment,
    "int": _converted,
    "float": _converted,
    "list": _elements("list"),
    "tuple": _elements("tuple"),
    "set": _elements("set"),
    "frozenset": _elements("set"),
    "iter": _elements("list"),
    "sorted": _sorted,
    "reversed": _reversed,
    "range": _range,
    "enumerate": _enumerate,
    "zip": _zip,
    "map": _map,
    "str": _string,
    "dict": _dictionary,
    "collections.OrderedDict": _dictionary,
    "types.MappingProxyType": _first,
    "getattr": _getattr,
    "setattr": _setattr,
    "isinstance": _isinstance,
    "functools.partial": _partial,
    "functools.wraps": _wraps,
    "functools.update_wrapper": _update_wrapper,
    "asyncio.run": _runs,
    "anyio.run": _runs,
    "trio.run": _runs,
    "curses.wrapper": _runs,
    "absl.app.run": _runs,
}
