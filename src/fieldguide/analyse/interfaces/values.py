"""What an expression may stand for while code is interpreted: known literals, definitions of the project, and unknowns.

Comes in: nothing. Goes out: `Value`s that answer for their attributes, calls, elements and source text.
Must never: guess. What is not known is `Unknown`, and an unknown's source text is kept only where a reader who has
the line before them would understand it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fieldguide.analyse.interfaces.definitions import Class, Function
    from fieldguide.domain.interfaces import Code
    from fieldguide.domain.project import CommandLine
    from fieldguide.domain.symbols import Symbol


class Value:
    """Anything; by itself it knows nothing."""

    def attribute(self, name: str, machine: Machine) -> Value:
        """Value of `self.name`."""
        del machine
        source = self.source()
        return Unknown("" if source is None else f"{source}.{name}")

    def set_attribute(self, name: str, value: Value) -> None:
        """Note `self.name = value`."""

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Value of `self(…)`."""
        del machine
        source = self.source()
        return Unknown("" if source is None else f"{source}({arguments.source()})" if arguments.known() else "")

    def item(self, key: Value) -> Value:
        """Value of `self[key]`."""
        del key
        return Unknown()

    def source(self) -> str | None:
        """Source text that a reader can make sense of; `None` where there is none."""
        return None

    def truth(self) -> bool | None:
        """Whether it counts as true; `None` where that is not known."""
        return None

    def elements(self) -> list[Value] | None:
        """What a loop over it yields; `None` where that is not known."""
        return None

    def text(self) -> str | None:
        """The string that it is; `None` where it is none."""
        return None


@dataclass(frozen=True)
class Unknown(Value):
    """Something that reading alone does not tell."""

    written: str = ""

    def source(self) -> str | None:
        """Source text, where it is made of names that are known outside of the project too."""
        return self.written or None


@dataclass
class Arguments:
    """What a call passes."""

    positional: list[Value]
    keywords: dict[str, Value]
    span: Span
    symbol: str = ""
    """Qualified name of the function that makes the call."""
    scope: Scope | None = None

    @property
    def module(self) -> str:
        """Module that makes the call."""
        return self.scope.module if self.scope is not None else ""

    def get(self, name: str, position: int | None = None) -> Value | None:
        """Argument `name`, or the one at `position`."""
        if name in self.keywords:
            return self.keywords[name]
        return self.positional[position] if position is not None and position < len(self.positional) else None

    def text(self, name: str, position: int | None = None) -> str | None:
        """The same, where it is a known string."""
        value = self.get(name, position)
        return None if value is None else value.text()

    def true(self, name: str) -> bool:
        """Whether argument `name` is known to be true."""
        value = self.get(name)
        return value is not None and value.truth() is True

    def values(self) -> Iterable[Value]:
        """All arguments."""
        return [*self.positional, *self.keywords.values()]

    def known(self) -> bool:
        """Every argument can be written."""
        return all(value.source() is not None for value in self.values())

    def source(self) -> str:
        """As Python writes them."""
        texts = [value.source() or "" for value in self.positional]
        return ", ".join([*texts, *(f"{name}={value.source()}" for name, value in self.keywords.items())])


class Scope:
    """Names of a module, a class body or a function call."""

    def __init__(self, module: str, path: str, parent: Scope | None = None, symbol: str = "") -> None:
        """Start without names."""
        self.module = module
        self.path = path
        self.parent = parent
        self.symbol = symbol or module
        self.names: dict[str, Value] = {}
        self.is_class = False
        self.stars: list[str] = []
        """Modules that are imported with a star."""


class Program(Value):
    """Something that, when it runs, reads a command line."""

    span: Span

    def command_line(self, program: str) -> CommandLine | None:
        """What it takes, when `program` is what is typed; `None` when that is nothing."""
        raise NotImplementedError

    def own_name(self) -> str:
        """Program name that the code gives, empty where it gives none."""
        return ""

    def truth(self) -> bool | None:
        """Such objects are true."""
        return True

    def note_default(self, name: str, source: str | None) -> None:
        """Note the default that code gives an argument after parsing; `None` for one that is not known."""


class Machine(Protocol):
    """What values need of the interpreter."""

    guarded: frozenset[str]
    """Arguments of the command line that were given wherever the current statement runs."""
    missing: frozenset[str]
    """Those that were not."""
    symbols: Mapping[str, Symbol]
    """Definitions by qualified name, for those whose code was not kept."""

    def call(self, function: Function, arguments: Arguments) -> Value:
        """Interpret a function of the project."""
        ...

    def instantiate(self, cls: Class, arguments: Arguments) -> Value:
        """Make an object of a class of the project."""
        ...

    def bind(self, function: Function, instance: Value) -> Value:
        """A method of an instance: static methods stay unbound, properties are computed."""
        ...

    def is_class_method(self, function: Function) -> bool:
        """It is decorated as one."""
        ...

    def call_external(self, name: str, arguments: Arguments) -> Value | None:
        """Call something that a library defines; `None` when no model knows it."""
        ...

    def call_absent(self, name: str, arguments: Arguments) -> None:
        """Look at the parameters of a definition whose code was not kept."""
        ...

    def member(self, module: str, name: str) -> Value:
        """What a module of the project binds."""
        ...

    def evaluate(self, code: Code, scope: Scope) -> Value:
        """Value of an expression."""
        ...

    def invoke(self, program: Program) -> None:
        """Note that the program reads its command line."""
        ...

    def create(self, program: Program) -> None:
        """Note that the program came to be."""
        ...


NOTHING: Final = Unknown()
