"""Finds what a name in a document may mean: from its top package, by the end of a longer name, or called after a class.

Comes in: the parts of a dotted name.
Goes out: everything that it may lead to, and how it was found.
Must never: take a definition of a test or an example for one that readers are told of, where there is another.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fieldguide.domain.namespaces import BindingKind
from fieldguide.domain.source import Role
from fieldguide.verify.resolution.names_nearness import words_of
from fieldguide.verify.resolution.names_things import Absent, Thing, ThingKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.namespaces import Namespace
    from fieldguide.verify.resolution.names_members import Members

_MANY: Final = 40
"""Definitions of one name beyond which a member is not looked for in each."""


class Way(StrEnum):
    """How a name was taken."""

    ABSOLUTE = "from its top package"
    DEFINITION = "by a definition's own name"
    MEMBER = "by a member's own name"
    VARIABLE = "as a variable called after its class"
    FOREIGN = "of the standard library or an installed distribution"
    ELSEWHERE = "of a test, an example or a tool"
    NOWHERE = "not at all"


@dataclass(frozen=True, slots=True)
class Led:
    """Everything that a name may lead to by one way."""

    way: Way
    things: tuple[Thing, ...] = ()
    absent: tuple[Absent, ...] = ()


class Lookup:
    """Names of one codebase, by their last part."""

    def __init__(self, codebase: Codebase, members: Members) -> None:
        """Keep both; indexes are built when they are first asked."""
        self._codebase = codebase
        self._members = members

    def find(self, parts: Sequence[str]) -> Led:
        """What a dotted name leads to: by the first way that finds something, else the first that ends."""
        ways: list[Led] = []
        for way, starts in self._starts(parts[0], alone=len(parts) == 1):
            if way in {Way.ABSOLUTE, Way.FOREIGN}:
                found = [led] if (led := self._members.absolute(parts)) is not None else []
            else:
                found = [self._members.walk(one, parts[1:]) for one in starts]
            things = tuple(one for one in found if isinstance(one, Thing))
            if things:
                return Led(way, things)
            if found:
                ways.append(Led(way, absent=tuple(one for one in found if isinstance(one, Absent))))
        return ways[0] if ways else Led(Way.NOWHERE)

    def _starts(self, first: str, *, alone: bool) -> Iterable[tuple[Way, Sequence[Thing]]]:
        if first in self._members.packages and first in self._members.tops:
            yield Way.ABSOLUTE, ()
        own = self.definitions(first)
        package = [one for one in own if self.is_package(one)]
        yield Way.DEFINITION, [one for one in package if one.owner is None or not one.owner.is_class][:_MANY]
        yield Way.VARIABLE, self._called_after(first)
        yield Way.MEMBER, [one for one in package if one.owner is not None and one.owner.is_class][:_MANY]
        if not alone:  # a module's name alone is known without reading it
            yield Way.FOREIGN, ()
        yield Way.ELSEWHERE, [one for one in own if not self.is_package(one)][:_MANY]

    @property
    def tops(self) -> frozenset[str]:
        """First names of what the project installs."""
        return self._members.tops

    def definitions(self, name: str) -> list[Thing]:
        """Modules, classes, functions and values of this name, those of the package first."""
        found = [
            self._members.thing(space, tuple(one for one in self._members.by_name(space)[name]), 0)
            for space in self._by_name.get(name, ())
        ]
        for module in self._modules.get(name, ()):
            led = self._members.absolute(module.split("."))
            if isinstance(led, Thing):
                found.append(led)
        return sorted(found, key=lambda one: not self.is_package(one))

    def is_package(self, thing: Thing) -> bool:
        """Tell whether it is of what the project installs: help for its users' tests is, its own tests are not."""
        module = self._codebase.modules.get((thing.namespace or thing.owner or _NONE).module)
        if module is None:
            return thing.name.partition(".")[0] in self._members.tops
        top, *inner = module.name.split(".")
        offered = module.role is Role.SOURCE or not any(one == "tests" or one.startswith("test_") for one in inner)
        return offered and top in self._members.tops

    def is_offered(self, thing: Thing) -> bool:
        """Tell whether it is, or belongs to, what the project offers to import."""
        parts = thing.name.split(".")
        return any(".".join(parts[:count]) in self._offered for count in range(1, len(parts) + 1))

    def is_top_level(self, thing: Thing) -> bool:
        """Tell whether it is offered by the project's first package, where readers take it from."""
        return self._offered.get(thing.name, "..").count(".") == 1

    def public_name(self, thing: Thing) -> str:
        """The name under which something is best imported; of what is not offered, its qualified one."""
        return self._offered.get(thing.name, thing.name)

    @cached_property
    def _offered(self) -> Mapping[str, str]:
        return {one.target: one.name for exports in self._codebase.exports.values() for one in exports}

    @cached_property
    def _by_name(self) -> Mapping[str, list[Namespace]]:
        """Modules and classes that define a name; imports define none."""
        found: defaultdict[str, list[Namespace]] = defaultdict(list)
        for space in self._codebase.namespaces.values():
            for name in {one.name for one in space.bindings if one.kind is not BindingKind.IMPORT}:
                found[name].append(space)
        return found

    @cached_property
    def _modules(self) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for name in self._members.packages:
            found[name.rpartition(".")[2]].append(name)
        return found

    @cached_property
    def parameters(self) -> frozenset[str]:
        """Names of parameters."""
        return frozenset(
            parameter.name
            for space in self._codebase.namespaces.values()
            for binding in space.bindings
            for parameter in binding.parameters
        )

    def callables_with(self, parameter: str) -> Iterable[Namespace]:
        """Modules and classes of the package whose functions have a parameter of this name."""
        return self._with_parameter.get(parameter, ())

    @cached_property
    def _with_parameter(self) -> Mapping[str, list[Namespace]]:
        found: defaultdict[str, list[Namespace]] = defaultdict(list)
        for space in self._codebase.namespaces.values():
            if self.is_package(Thing(ThingKind.VALUE, space.name, space)):
                for name in {one.name for binding in space.bindings for one in binding.parameters}:
                    found[name].append(space)
        return found

    def knows(self, name: str) -> bool:
        """Tell whether anything in the project is called so."""
        return name in self._by_name or name in self._modules or name in self.parameters or name in self._imported

    @cached_property
    def _imported(self) -> frozenset[str]:
        found: set[str] = set()
        for space in self._codebase.namespaces.values():
            for one in space.bindings:
                if one.kind is BindingKind.IMPORT:
                    found.update((one.name, *one.target.split(".")))
        return frozenset(found)

    def defined(self) -> Iterable[str]:
        """Names that the package defines, its modules' included."""
        for name, spaces in self._by_name.items():
            if any(self.is_package(Thing(ThingKind.VALUE, space.name, space)) for space in spaces):
                yield name
        yield from (name for name, all_of in self._modules.items() if any(self._is_top(one) for one in all_of))

    def _is_top(self, module: str) -> bool:
        return module.partition(".")[0] in self._members.tops

    def _called_after(self, variable: str) -> Sequence[Thing]:
        """Classes of the package that a variable is called after: `client` for `Client`, then for `HTTPClient`."""
        squeezed = variable.replace("_", "").lower()
        if variable != variable.lower() or variable.startswith("_"):
            return []
        exact = self._classes.get(squeezed, ())
        return exact or self._classes_by_last_word.get(squeezed, ())[:_MANY]

    @cached_property
    def _classes(self) -> Mapping[str, list[Thing]]:
        found: defaultdict[str, list[Thing]] = defaultdict(list)
        for space in self._codebase.namespaces.values():
            thing = Thing(ThingKind.CLASS, space.name, space, path=space.path, line=space.line)
            if space.is_class and self.is_package(thing):
                found[space.name.rpartition(".")[2].replace("_", "").lower()].append(thing)
        return found

    @cached_property
    def _classes_by_last_word(self) -> Mapping[str, list[Thing]]:
        found: defaultdict[str, list[Thing]] = defaultdict(list)
        for things in self._classes.values():
            for one in things:
                words = words_of(one.name)
                if words:
                    found[words[-1]].append(one)
        return found


class _NoModule:
    module = ""


_NONE: Final = _NoModule()
