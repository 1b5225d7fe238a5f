"""What an expression may stand for while code is interpreted: known literals, definitions of the project, and unknowns.

Comes in: nothing. Goes out: `Value`s that answer for their attributes, calls, elements and source text.
Must never: guess. What is not known is `Unknown`, and an unknown's source text is kept only where a reader who has
the line before them would understand it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fieldguide.domain.interfaces import Code, Definition
    from fieldguide.domain.project import CommandLine
    from fieldguide.domain.source import Span

Plain = str | int | float | complex | bytes | bool | None


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


@dataclass(frozen=True)
class Literal(Value):
    """A string, a number, a truth value or None."""

    value: Plain

    def source(self) -> str | None:
        """As Python writes it."""
        return repr(self.value)

    def truth(self) -> bool | None:
        """Of the literal."""
        return bool(self.value)

    def text(self) -> str | None:
        """The string."""
        return self.value if isinstance(self.value, str) else None

    def attribute(self, name: str, machine: Machine) -> Value:
        """Methods of strings are known by name."""
        del machine
        return StringMethod(self.value, name) if isinstance(self.value, str) else Unknown()


@dataclass(frozen=True)
class StringMethod(Value):
    """A method of a known string."""

    of: str
    name: str

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Compute the methods that programs use on help texts and names."""
        del machine
        match self.name, arguments.positional:
            case ("strip" | "lstrip" | "rstrip" | "lower" | "upper" | "title" | "capitalize" | "splitlines" | "split"), []:
                result: object = getattr(self.of, self.name)()
                if isinstance(result, list):
                    return Collection("list", [Literal(str(part)) for part in result])  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
                return Literal(str(result))
            case "replace", [Literal(value=str() as old), Literal(value=str() as new)]:
                return Literal(self.of.replace(old, new))
            case "split", [Literal(value=str() as separator)] if separator:
                return Collection("list", [Literal(part) for part in self.of.split(separator)])
            case "join", [sequence]:
                texts = [element.text() for element in sequence.elements() or [Unknown()]]
                return Unknown() if None in texts else Literal(self.of.join(text or "" for text in texts))
            case "format", positional:
                return self._format(positional, arguments.keywords)
            case _:
                return Unknown()

    def _format(self, positional: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
        plain = [value.value for value in positional if isinstance(value, Literal)]
        named = {name: value.value for name, value in keywords.items() if isinstance(value, Literal)}
        if len(plain) != len(positional) or len(named) != len(keywords):
            return Unknown()
        try:
            return Literal(self.of.format(*plain, **named))
        except (ValueError, LookupError, AttributeError, TypeError):
            return Unknown()


@dataclass
class Collection(Value):
    """A list, tuple or set whose elements are known one by one."""

    kind: str
    items: list[Value]

    def source(self) -> str | None:
        """As Python writes it, where every element can be written."""
        texts = [item.source() for item in self.items]
        if None in texts:
            return None
        inner = ", ".join(text or "" for text in texts)
        if self.kind == "list":
            return f"[{inner}]"
        if self.kind == "set":
            return f"{{{inner}}}" if inner else "set()"
        return f"({inner},)" if len(texts) == 1 else f"({inner})"

    def truth(self) -> bool | None:
        """Whether it has elements."""
        return bool(self.items)

    def elements(self) -> list[Value] | None:
        """The elements."""
        return list(self.items)

    def item(self, key: Value) -> Value:
        """The element at a known index."""
        if isinstance(key, Literal) and isinstance(key.value, int) and -len(self.items) <= key.value < len(self.items):
            return self.items[key.value]
        return Unknown()

    def attribute(self, name: str, machine: Machine) -> Value:
        """Methods that change it."""
        del machine
        return CollectionMethod(self, name)


@dataclass(frozen=True)
class CollectionMethod(Value):
    """A method of a known list."""

    of: Collection
    name: str

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Follow `append`, `extend` and `insert`."""
        del machine
        match self.name, arguments.positional:
            case ("append" | "add"), [value]:
                self.of.items.append(value)
            case "extend", [value]:
                self.of.items.extend(value.elements() or [])
            case _:
                pass
        return Literal(None) if self.name in {"append", "add", "extend"} else Unknown()


@dataclass
class Dictionary(Value):
    """A mapping whose keys are known one by one."""

    pairs: list[tuple[Value, Value]]

    def source(self) -> str | None:
        """As Python writes it, where every key and value can be written."""
        texts = [(key.source(), value.source()) for key, value in self.pairs]
        if any(key is None or value is None for key, value in texts):
            return None
        return "{" + ", ".join(f"{key}: {value}" for key, value in texts) + "}"

    def truth(self) -> bool | None:
        """Whether it has entries."""
        return bool(self.pairs)

    def elements(self) -> list[Value] | None:
        """The keys."""
        return [key for key, _ in self.pairs]

    def item(self, key: Value) -> Value:
        """The value under a known key."""
        return next((value for known, value in reversed(self.pairs) if known == key), Unknown())

    def attribute(self, name: str, machine: Machine) -> Value:
        """Views and look-ups."""
        del machine
        return DictionaryMethod(self, name)


@dataclass(frozen=True)
class DictionaryMethod(Value):
    """A method of a known mapping."""

    of: Dictionary
    name: str

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Compute the views, `get` and `update`."""
        del machine
        match self.name:
            case "keys":
                return Collection("list", [key for key, _ in self.of.pairs])
            case "values":
                return Collection("list", [value for _, value in self.of.pairs])
            case "items":
                return Collection("list", [Collection("tuple", list(pair)) for pair in self.of.pairs])
            case "get" if arguments.positional:
                return self.of.item(arguments.positional[0])
            case "update":
                for value in arguments.positional:
                    self.of.pairs.extend(value.pairs if isinstance(value, Dictionary) else [])
                self.of.pairs.extend((Literal(name), value) for name, value in arguments.keywords.items())
                return Literal(None)
            case _:
                return Unknown()


@dataclass
class Arguments:
    """What a call passes."""

    positional: list[Value]
    keywords: dict[str, Value]
    span: Span
    symbol: str = ""
    """Qualified name of the function that makes the call."""
    scope: Scope | None = None

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


@dataclass(eq=False)
class Function(Value):
    """A function of the project, bound to an instance where it is a method."""

    definition: Definition
    scope: Scope
    owner: Class | None = None
    bound: Value | None = None
    name: str = ""
    """Qualified."""
    parameters: list[object] = field(default_factory=list[object])
    """Click's parameters, as decorators add them; shared by all bindings."""
    wraps: Function | None = None

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Interpret its body."""
        return machine.call(self, arguments)

    def source(self) -> str | None:
        """Its name."""
        return self.definition.name

    def truth(self) -> bool | None:
        """Functions are true."""
        return True

    @property
    def docstring(self) -> str:
        """Its own, or that of the function that it wraps."""
        return self.definition.docstring or (self.wraps.docstring if self.wraps else "")

    def bind(self, value: Value) -> Function:
        """The method of one instance."""
        return Function(self.definition, self.scope, self.owner, value, self.name, self.parameters, self.wraps)


@dataclass(eq=False)
class Class(Value):
    """A class of the project; `scope` holds what its body binds."""

    definition: Definition
    scope: Scope
    name: str
    bases: list[Value] = field(default_factory=list[Value])

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Make an instance."""
        return machine.instantiate(self, arguments)

    def attribute(self, name: str, machine: Machine) -> Value:
        """What its body, or that of a base, binds."""
        found = self.find(name)
        if found is None:
            if name == "__name__":
                return Literal(self.definition.name)
            return Literal(self.definition.docstring or None) if name == "__doc__" else Unknown()
        if self.is_enumeration() and isinstance(found, Literal | Collection):
            return Member(self, name, found)
        if isinstance(found, Function) and machine.is_class_method(found):
            return found.bind(self)
        return found

    def set_attribute(self, name: str, value: Value) -> None:
        """Bind a name of its body anew."""
        self.scope.names[name] = value

    def find(self, name: str) -> Value | None:
        """What the body of the class or of a base of the project binds to `name`."""
        for cls in self.ancestry():
            if name in cls.scope.names:
                return cls.scope.names[name]
        return None

    def ancestry(self) -> list[Class]:
        """The class and its bases of the project, nearest first."""
        found: list[Class] = []
        pending: list[Class] = [self]
        while pending:
            cls = pending.pop(0)
            if cls not in found:
                found.append(cls)
                pending += [base for base in cls.bases if isinstance(base, Class)]
        return found

    def outside_bases(self) -> list[str]:
        """Dotted names of bases that the project does not define."""
        return [base.name for cls in self.ancestry() for base in cls.bases if isinstance(base, External)]

    def is_enumeration(self) -> bool:
        """It derives from an enumeration of the standard library."""
        return any(name.startswith("enum.") for name in self.outside_bases())

    def elements(self) -> list[Value] | None:
        """Members of an enumeration."""
        if not self.is_enumeration():
            return None
        names = self.scope.names
        return [Member(self, name, value) for name, value in names.items() if isinstance(value, Literal | Collection)]

    def item(self, key: Value) -> Value:
        """A member by its name."""
        name = key.text()
        found = self.scope.names.get(name or "")
        return Member(self, name, found) if name and found is not None else Unknown()

    def source(self) -> str | None:
        """Its name."""
        return self.definition.name

    def truth(self) -> bool | None:
        """Classes are true."""
        return True


@dataclass(frozen=True)
class Member(Value):
    """A member of an enumeration of the project."""

    of: Class
    name: str
    value: Value

    def attribute(self, name: str, machine: Machine) -> Value:
        """Its name, its value, or what its class binds."""
        if name == "value":
            return self.value
        return Literal(self.name) if name == "name" else self.of.attribute(name, machine)

    def source(self) -> str | None:
        """Its value, which is what a user types."""
        return self.value.source()

    def text(self) -> str | None:
        """Its value, where that is a string."""
        return self.value.text()


@dataclass(eq=False)
class Instance(Value):
    """An object of a class of the project."""

    cls: Class
    attributes: dict[str, Value] = field(default_factory=dict[str, Value])

    def attribute(self, name: str, machine: Machine) -> Value:
        """What was set on it, a method bound to it, or an attribute of the class."""
        if name in self.attributes:
            return self.attributes[name]
        if name == "__class__":
            return self.cls
        found = self.cls.find(name)
        if isinstance(found, Function):
            return machine.bind(found, self)
        return Unknown() if found is None else found

    def set_attribute(self, name: str, value: Value) -> None:
        """Set it."""
        self.attributes[name] = value

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Interpret `__call__`."""
        found = self.cls.find("__call__")
        return found.bind(self).call(arguments, machine) if isinstance(found, Function) else Unknown()

    def truth(self) -> bool | None:
        """Instances are taken for true."""
        return True


@dataclass(frozen=True)
class External(Value):
    """Something that the project does not define, by its dotted name: `argparse.ArgumentParser`, `int`."""

    name: str

    def attribute(self, name: str, machine: Machine) -> Value:
        """A deeper name."""
        del machine
        return External(f"{self.name}.{name}")

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Ask the models of libraries."""
        return machine.call_external(self.name, arguments) or super().call(arguments, machine)

    def item(self, key: Value) -> Value:
        """`list[int]` is a list."""
        return Subscripted(self, key)

    def source(self) -> str | None:
        """The dotted name."""
        return self.name

    def truth(self) -> bool | None:
        """Not known: `typing.TYPE_CHECKING` and imported switches are external too."""
        return None


@dataclass(frozen=True)
class Subscripted(Value):
    """A generic type: `Annotated[str, …]`, `list[int]`."""

    of: External
    key: Value

    def source(self) -> str | None:
        """As Python writes it."""
        inner = self.key.source()
        if inner is None or self.of.name == "os.environ":
            return None
        if isinstance(self.key, Collection):
            inner = inner[1:-1].rstrip(",")
        return f"{self.of.name.rpartition('.')[2]}[{inner}]"

    def arguments(self) -> list[Value]:
        """What stands between the brackets."""
        return list(self.key.items) if isinstance(self.key, Collection) else [self.key]


@dataclass(frozen=True)
class Module(Value):
    """A module of the project."""

    name: str

    def attribute(self, name: str, machine: Machine) -> Value:
        """What it binds, or a submodule."""
        return machine.member(self.name, name)

    def truth(self) -> bool | None:
        """Modules are true, but an import may have failed."""
        return None


@dataclass(frozen=True)
class Absent(Value):
    """A name of the project whose definition was not kept, since its file declares no command."""

    name: str

    def source(self) -> str | None:
        """The last part."""
        return self.name.rpartition(".")[2]


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


class Machine(Protocol):
    """What values need of the interpreter."""

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
