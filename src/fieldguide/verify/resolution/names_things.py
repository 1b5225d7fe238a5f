"""What a dotted name can lead to in code: a module, a class, a function, a value; or to nothing, and how surely.

Comes in: nothing; these are the nouns of the rooms that resolve names.
Goes out: the same.
Must never: hold text of code.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fieldguide.domain.namespaces import Binding, Namespace


class ThingKind(StrEnum):
    """What was found under a name."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    VALUE = "value"
    BUILTIN = "built-in class"
    OPAQUE = "something whose parts are not known"


@dataclass(frozen=True, slots=True)
class Thing:
    """What a name leads to."""

    kind: ThingKind
    name: str
    """Qualified."""
    namespace: Namespace | None = None
    """Of a module or class: itself."""
    owner: Namespace | None = None
    """Of a function or value: the module or class that binds it."""
    bindings: tuple[Binding, ...] = ()
    """Of a function or value: the statements that bind it."""
    path: str = ""
    line: int = 0
    """Where it is, 0 where no line of the project says so."""


class Openness(StrEnum):
    """How much is known of a container in which a name was not found."""

    CLOSED = "closed"
    """All its names are known: what is not among them is absent."""
    DYNAMIC = "dynamic"
    """It sets names in ways that cannot be followed, but they would stand somewhere in the code as words."""
    OPEN = "open"
    """It may have any name."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A name that its container does not have."""

    container: Thing
    name: str
    rest: tuple[str, ...]
    """Names after it, not looked at."""
    openness: Openness
    why: str = ""
    """Why it is not closed."""
