"""Follows names into classes: their own members, their bases', and what values and properties are made of.

Comes in: classes and values as they were found. Goes out: their members, or how much is known where there is none.
Must never: call a class closed that has a base, a decorator or a hook of which not everything is known.
"""

from __future__ import annotations

import builtins
import re
from typing import TYPE_CHECKING, Final, Protocol

from fieldguide.domain.namespaces import Binding, BindingKind
from fieldguide.verify.resolution.names_things import Absent, Openness, Thing, ThingKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.domain.namespaces import Namespace

_ENTERED: Final = frozenset({"__enter__", "__aenter__"})
_TYPE_VARIABLE: Final = re.compile(r"_?[A-Z]\w?|\w*T|_?Self\w*")
_ANY_ATTRIBUTE: Final = frozenset({"__getattr__", "__getattribute__"})
_ADDING_NOTHING: Final = frozenset(
    {
        "dataclass",
        "final",
        "runtime_checkable",
        "total_ordering",
        "unique",
        "deprecated",
        "s",
        "attrs",
        "define",
        "frozen",
    }
    | {"mutable", "python_2_unicode_compatible", "deconstructible"}
)
"""Decorators, by their last name, of classes that have the attributes that their bodies say, and dunders."""
_BUILT: Final = {
    "typing.NamedTuple": "tuple",
    "typing_extensions.NamedTuple": "tuple",
    "typing.TypedDict": "dict",
    "typing_extensions.TypedDict": "dict",
    "typing.Generic": "object",
    "typing.Protocol": "object",
    "typing_extensions.Protocol": "object",
    "abc.ABC": "object",
}
"""Bases that are no classes in their own source, or that add nothing."""
_PROPERTIES: Final = frozenset(
    {"property", "cached_property", "getter", "setter", "classproperty", "lazy_property", "reify", "abstractproperty"}
)
_OPTIONAL: Final = re.compile(
    r"(?:typing\.|t\.)?(?:Optional|Final|ClassVar|Annotated|Type|type|Awaitable)\[([\w.]+)(?:,.*)?\]"
    r"|([\w.]+) \| None|None \| ([\w.]+)"
)
_DEPTH: Final = 40


class _Names(Protocol):
    """What follows names outside classes."""

    def namespace(self, name: str) -> Namespace | None: ...

    def written(self, text: str, space: Namespace, depth: int = 0) -> Thing | None: ...

    def by_name(self, space: Namespace) -> Mapping[str, tuple[Binding, ...]]: ...

    def patched(self, owner: str, name: str) -> Thing | None: ...

    def is_given(self, attribute: str) -> bool: ...

    def in_subclass(self, name: str, attribute: str) -> bool: ...

    def is_own(self, space: Namespace) -> bool: ...

    def walk(self, thing: Thing, parts: list[str], depth: int = 0) -> Thing | Absent: ...

    def member(self, thing: Thing, name: str, depth: int = 0) -> Thing | Absent: ...

    def thing(self, space: Namespace, bindings: tuple[Binding, ...], depth: int) -> Thing: ...


class Classes:
    """Members of classes."""

    def __init__(self, names: _Names) -> None:
        """Keep what follows names outside classes."""
        self._names = names
        self._lineages: dict[str, list[Thing]] = {}

    def lineage(self, thing: Thing) -> list[Thing]:
        """The class itself, then its bases; one of which nothing is known is `OPAQUE`."""
        if thing.name not in self._lineages:
            self._lineages[thing.name] = [thing]  # what is asked for while it is being answered is a circle
            found: dict[str, Thing] = {thing.name: thing}
            for base in self._bases(thing):
                for one in self.lineage(base) if base.kind is ThingKind.CLASS else [base]:
                    found.setdefault(one.name, one)
            self._lineages[thing.name] = list(found.values())
        return self._lineages[thing.name]

    def _bases(self, thing: Thing) -> list[Thing]:
        space = thing.namespace
        if space is None:
            return [Thing(ThingKind.OPAQUE, thing.name)]
        outer = self._names.namespace(space.name.rpartition(".")[0]) or space
        found: list[Thing] = []
        for base in (*(space.bases or ()), *((space.metaclass,) if space.metaclass else ())):
            led = self._names.written(base, outer)
            known = _BUILT.get(led.name) if led is not None else _BUILT.get(base)
            if known is not None:
                found.append(Thing(ThingKind.BUILTIN, known))
            elif led is not None and led.kind in {ThingKind.CLASS, ThingKind.BUILTIN}:
                found.append(led)
            elif led is not None and led.kind is ThingKind.VALUE and (alias := self._alias(led, 0)) is not None:
                found.append(alias)
            else:
                found.append(Thing(ThingKind.OPAQUE, led.name if led is not None else base))
        return found

    def member(self, thing: Thing, name: str, depth: int) -> Thing | Absent:
        """A member of a class, its own or inherited."""
        lineage = self.lineage(thing)
        for one in lineage:
            if one.namespace is not None and (bindings := self._names.by_name(one.namespace).get(name)):
                return self._names.thing(one.namespace, bindings, depth)
            if one.kind is ThingKind.BUILTIN and isinstance(found := self._names.member(one, name), Thing):
                return found
            patched = self._names.patched(one.name, name)
            if patched is not None:
                return patched
        if hasattr(type, name):  # of every class: `__name__`, `mro`
            return Thing(ThingKind.OPAQUE, f"{thing.name}.{name}")
        openness, why = self._openness(lineage)
        if self._names.is_given(name):
            openness, why = Openness.OPEN, f"the code sets `{name}` on objects, or asks them for it"
        elif self._names.in_subclass(thing.name, name):
            openness, why = Openness.OPEN, f"a class derived from `{thing.name}` has it"
        elif self._is_parameter(lineage, name):
            openness, why = Openness.OPEN, "a parameter of its constructor is called so"
        return Absent(thing, name, (), openness, why)

    def _is_parameter(self, lineage: list[Thing], name: str) -> bool:
        for one in lineage:
            for binding in self._names.by_name(one.namespace).get("__init__", ()) if one.namespace else ():
                if name in binding.takes or any(each.name == name for each in binding.parameters):
                    return True
        return False

    def _openness(self, lineage: list[Thing]) -> tuple[Openness, str]:
        found = (Openness.CLOSED, "")
        for one in lineage:
            space = one.namespace
            if one.kind is ThingKind.OPAQUE or (one.kind is ThingKind.CLASS and space is None):
                return Openness.OPEN, f"nothing is known of its base `{one.name}`"
            if space is None:
                continue
            if any(binding.name in _ANY_ATTRIBUTE for binding in space.bindings):
                return Openness.OPEN, f"`{space.name}` has a `__getattr__`"
            if any(_gives_another(binding, space) for binding in space.bindings if binding.name in _ENTERED):
                return Openness.OPEN, f"`{space.name}` gives another thing to a `with`"
            added = [each for each in space.decorators if each.rpartition(".")[2] not in _ADDING_NOTHING]
            if space.dynamic:
                found = (Openness.DYNAMIC, f"`{space.name}` sets attributes by {space.dynamic}")
            elif added:
                found = (Openness.DYNAMIC, f"`{space.name}` is decorated by `{added[0]}`")
            elif not self._names.is_own(space) and not _standard(space):
                found = (Openness.DYNAMIC, f"another version of `{space.module}` may have it")
        return found

    def of_value(self, thing: Thing, name: str, depth: int) -> Thing | Absent:
        """A member of what a value or property is, as far as its annotation or its making says."""
        made = self.made_of(thing, depth)
        if made is None:
            return Absent(thing, name, (), Openness.OPEN, f"nothing says what `{thing.name}` is")
        return self._names.member(made, name, depth + 1)

    def made_of(self, thing: Thing, depth: int = 0) -> Thing | None:
        """The class of a value, or what it is another name for; `None` where nothing says so for sure."""
        if thing.owner is None or depth > _DEPTH:
            return None
        if len({(one.annotation, one.target) for one in thing.bindings if one.annotation or one.value}) > 1:
            return None
        for binding in thing.bindings:
            if binding.annotation:
                led = self._names.written(class_of(binding.annotation), thing.owner, depth + 1)
                return led if led is not None and led.kind in {ThingKind.CLASS, ThingKind.BUILTIN} else None
            if binding.target.endswith("()"):
                led = self._names.written(binding.target[:-2], thing.owner, depth + 1)
                return led if led is not None and led.kind is ThingKind.CLASS and not self._makes_classes(led) else None
        return self._alias(thing, depth)

    def _makes_classes(self, thing: Thing) -> bool:
        """Tell whether a class is a metaclass: what its call gives is a class with members of its own."""
        return any(one.kind is ThingKind.BUILTIN and one.name == "type" for one in self.lineage(thing))

    def _alias(self, thing: Thing, depth: int) -> Thing | None:
        """What a value is only another name for."""
        if thing.owner is None or len(thing.bindings) != 1 or depth > _DEPTH:
            return None
        binding = thing.bindings[0]
        if binding.kind is not BindingKind.VALUE or not binding.target or binding.target.endswith("()"):
            return None
        led = self._names.written(binding.target, thing.owner, depth + 1)
        return None if led is None or led.name == thing.name else led


def class_of(annotation: str) -> str:
    """The dotted name of the class that an annotation means, without `Optional` and quotes."""
    text = annotation.strip("'\"")
    if match := _OPTIONAL.fullmatch(text):
        text = match[1] or match[2] or match[3]
    return text.partition("[")[0]


def is_property(binding: Binding) -> bool:
    """Tell whether a function is read like a value."""
    return any(one.rpartition(".")[2] in _PROPERTIES for one in binding.decorators)


def _standard(space: Namespace) -> bool:
    """Bases of the standard library change seldom."""
    return space.module.partition(".")[0] in {
        "enum",
        "abc",
        "collections",
        "typing",
        "types",
        "dataclasses",
        "contextlib",
    }


def of_function(thing: Thing, name: str) -> Thing | Absent:
    """A parameter may be written like a member; what decorators and assignments add is not known."""
    for binding in thing.bindings:
        if any(one.name == name for one in binding.parameters):
            return Thing(ThingKind.OPAQUE, f"{thing.name}.{name}", path=thing.path, line=thing.line)
    if name.startswith("__"):
        return Thing(ThingKind.OPAQUE, f"{thing.name}.{name}")
    if any(one.decorators for one in thing.bindings):
        return Absent(thing, name, (), Openness.OPEN, f"what its decorators make of `{thing.name}` is not known")
    return Absent(thing, name, (), Openness.DYNAMIC, "functions may be given attributes")


def of_foreign(thing: Thing, name: str) -> Thing | Absent:
    """A member of a built-in class, or of what is not known."""
    if thing.kind is ThingKind.BUILTIN:
        if hasattr(getattr(builtins, thing.name, object), name) or hasattr(type, name):
            return Thing(ThingKind.OPAQUE, f"{thing.name}.{name}")
        return Absent(thing, name, (), Openness.DYNAMIC, "another Python may have it")
    return Absent(thing, name, (), Openness.OPEN, f"nothing is known of `{thing.name}`")


def _gives_another(binding: Binding, space: Namespace) -> bool:
    """Whether a method says that it returns something that is not of its own class, by name or by a type variable."""
    returned = binding.annotation.strip("\"'").rpartition(".")[2]
    own = {"", "Self", space.name.rpartition(".")[2]}
    return returned not in own and _TYPE_VARIABLE.fullmatch(returned) is None
