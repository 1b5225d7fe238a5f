"""Every name that a module or a class binds, and whether it may bind others: what tells an absent name from an unknown.

`Symbol` says what a reader of documentation wants to know of a definition. A `Namespace` says less of each name and
leaves out none: imports, loop variables, attributes set in any method, the same name bound twice. It is read alike of
the documented project, of the standard library and of installed distributions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from fieldguide.domain.symbols import Parameter


class BindingKind(StrEnum):
    """What a name is bound to, as far as the statement that binds it says."""

    CLASS = "class"
    FUNCTION = "function"
    """Method too; a property is one whose decorators say so."""
    IMPORT = "import"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Binding:
    """One statement that binds a name. A name bound twice has two."""

    name: str
    kind: BindingKind
    line: int
    """Of the statement in its file, 1-based; the first line of a definition, not of its decorators."""
    target: str = ""
    """Of an import: the absolute dotted name. Of a value that is only another name: that name as written. Of a value
    that is made by a call: the callee as written, with `()`."""
    annotation: str = ""
    """Of a value its type, of a function what it returns; source text, at most 200 characters."""
    value: str | None = None
    """Of a value: its source text where that has 200 characters at most, else `None`."""
    parameters: tuple[Parameter, ...] = ()
    """Of a function, its first (`self`, `cls`) included; without annotations."""
    decorators: tuple[str, ...] = ()
    """As written, without arguments: `app.task`, `property`."""
    forwards: tuple[str, ...] | None = ()
    """Of a function with `**kwargs`: callees that it hands them on to, as written; `None` where it does something
    else with them."""
    takes: tuple[str, ...] = ()
    """Of a function with `**kwargs`: keys that it takes out of them itself."""


@dataclass(frozen=True, slots=True)
class Namespace:
    """A module, or a class in one."""

    name: str
    """Qualified."""
    module: str
    path: str
    """POSIX; of a module of the project relative to the documented directory, of others absolute."""
    line: int
    bindings: tuple[Binding, ...]
    bases: tuple[str, ...] | None = None
    """Of a class: its bases as written, without type parameters. `None` for a module."""
    metaclass: str = ""
    decorators: tuple[str, ...] = ()
    """Of a class: as written, without arguments."""
    stars: tuple[str, ...] = ()
    """Of a module: absolute names of the modules from which it imports everything."""
    patches: tuple[tuple[str, int], ...] = ()
    """Of a module: attributes that it sets on something that has a name there, and where: `Client.get`."""
    asked: tuple[str, ...] = ()
    """Of a module: attributes that it asks any object for by name, `getattr(x, "name")`."""
    dynamic: str = ""
    """How it may bind names that no statement shows: `globals()`, `setattr`; empty where it does not."""

    @property
    def is_class(self) -> bool:
        """It is a class, not a module."""
        return self.bases is not None


class InstalledCode(Protocol):
    """Modules that are not the project's: the standard library's and those of installed distributions."""

    def namespaces(self, module: str) -> tuple[Namespace, ...] | None:
        """The module and its classes, the module first; `None` where it is not there or cannot be read."""
        ...

    def own_environment(self, module: str) -> bool:
        """Tell whether the module was found in an environment of the documented project, not only in this program's."""
        ...
