"""What names stand for that are no literals: functions, classes, objects and modules, of the project or not.

Comes in: reduced definitions. Goes out: `Value`s that answer for their attributes and calls.
Must never: give an attribute that the code does not bind.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldguide.analyse.interfaces.literals import Collection, Literal, literal_of
from fieldguide.analyse.interfaces.values import Arguments, Machine, Scope, Unknown, Value
from fieldguide.domain.interfaces import Definition


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

    def attribute(self, name: str, machine: Machine) -> Value:
        """The value that a class gives an attribute, where it is a literal."""
        symbol = machine.symbols.get(f"{self.name}.{name}")
        known = literal_of(symbol.value) if symbol is not None and symbol.value is not None else None
        return known or super().attribute(name, machine)

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Nothing is known of what it does but the defaults of its parameters."""
        machine.call_absent(self.name, arguments)
        return super().call(arguments, machine)

    def source(self) -> str | None:
        """The last part."""
        return self.name.rpartition(".")[2]
