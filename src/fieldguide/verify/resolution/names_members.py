"""Follows dotted names through modules, classes, bases, imports and stars, of the project and of what is installed.

Comes in: the namespaces of a codebase, and the code that is installed.
Goes out: the `Thing` that a name leads to, or where it ends and how much is known there.
Must never: call a container closed to which something unknown may add; run in circles.
"""

from __future__ import annotations

import builtins
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fieldguide.domain.namespaces import Binding, BindingKind
from fieldguide.domain.source import Role
from fieldguide.verify.resolution.names_classes import Classes, is_property, of_foreign, of_function
from fieldguide.verify.resolution.names_things import Absent, Openness, Thing, ThingKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.namespaces import InstalledCode, Namespace

_ANY_ATTRIBUTE: Final = frozenset({"__getattr__", "__getattribute__"})
_MODULE_ATTRIBUTES: Final = frozenset(
    {"__name__", "__doc__", "__file__", "__path__", "__dict__", "__version__", "__all__"}
)
_DEPTH: Final = 40
_RANK: Final = {BindingKind.CLASS: 0, BindingKind.FUNCTION: 1, BindingKind.IMPORT: 2, BindingKind.VALUE: 3}


class Members:
    """Where names lead in one codebase."""

    def __init__(self, codebase: Codebase, installed: InstalledCode) -> None:
        """Keep both; what is installed is read as far as names lead into it."""
        self._codebase = codebase
        self._installed = installed
        self._foreign: dict[str, Namespace | None] = {}
        self._indexed: dict[str, dict[str, tuple[Binding, ...]]] = {}
        self._patches: dict[str, Thing] | None = None
        self._classes = Classes(self)

    @cached_property
    def packages(self) -> frozenset[str]:
        """Every dotted name that is a module of the project, or leads to one."""
        found: set[str] = set()
        for name in self._codebase.modules:
            parts = name.split(".")
            found.update(".".join(parts[:count]) for count in range(1, len(parts) + 1))
        return frozenset(found)

    @cached_property
    def tops(self) -> frozenset[str]:
        """First names of what the project installs."""
        offered = {name.partition(".")[0] for name in self._codebase.exports}
        named = {one.name.replace("-", "_").lower() for one in self._codebase.manifests}
        for name, module in self._codebase.modules.items():
            if module.role is Role.SOURCE and module.is_package and "." not in name and name.lower() in named:
                offered.add(name)
        return frozenset(offered)

    @cached_property
    def _stems(self) -> frozenset[str]:
        """Paths of all files without their suffixes, dotted: what may be a module in another language."""
        paths = (*(one.path for one in self._codebase.files), *(one.path for one in self._codebase.others))
        return frozenset(path.rpartition("/")[2].partition(".")[0] for path in paths if not path.endswith(".py"))

    @cached_property
    def _stubs(self) -> frozenset[str]:
        paths = (*(one.path for one in self._codebase.files), *(one.path for one in self._codebase.others))
        return frozenset(path for path in paths if path.endswith(".pyi"))

    def is_given(self, attribute: str) -> bool:
        """Tell whether code sets an attribute on variables, or asks objects for it by name: any may have it."""
        return attribute in self._given

    @cached_property
    def _given(self) -> frozenset[str]:
        found: set[str] = set()
        for space in self._codebase.namespaces.values():
            found.update(space.asked)
            found.update(dotted.rpartition(".")[2] for dotted, _ in space.patches)
        return frozenset(found)

    def in_subclass(self, name: str, attribute: str) -> bool:
        """Tell whether a class of the project that is derived from the class `name` has an attribute of its own."""
        return attribute in self._below.get(name, ())

    @cached_property
    def _below(self) -> Mapping[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for space in self._codebase.namespaces.values():
            if space.bases:
                for base in self._classes.lineage(Thing(ThingKind.CLASS, space.name, space))[1:]:
                    found[base.name].update(self.by_name(space))
        return found

    def patched(self, owner: str, name: str) -> Thing | None:
        """An attribute that some module sets on a class or module from outside."""
        if self._patches is None:
            self._patches = {}
            for space in self._codebase.namespaces.values():
                for dotted, line in space.patches:
                    patched, _, attribute = dotted.rpartition(".")
                    thing = self.written(patched, space)
                    if thing is not None:
                        place = Thing(ThingKind.OPAQUE, f"{thing.name}.{attribute}", path=space.path, line=line)
                        self._patches[f"{thing.name}.{attribute}"] = place
        return self._patches.get(f"{owner}.{name}")

    def namespace(self, name: str) -> Namespace | None:
        """The module or class of this qualified name, the project's or another's."""
        own = self._codebase.namespaces.get(name)
        if own is not None or name.partition(".")[0] in self.tops:
            return own
        if name not in self._foreign:
            self._foreign[name] = None
            for space in self._installed.namespaces(name) or ():
                self._foreign[space.name] = space
        return self._foreign[name]

    def written(self, text: str, space: Namespace, depth: int = 0) -> Thing | None:
        """What a dotted name means where code of `space`, a module or class, writes it; `None` where unknown."""
        first, *rest = text.split(".")
        if depth > _DEPTH or not first.isidentifier():
            return None
        scope: Namespace | None = space
        found: Thing | Absent | None = None
        while scope is not None and found is None:
            found = self._bound(scope, first, depth + 1)
            scope = self.namespace(scope.name.rpartition(".")[0]) if scope.is_class else None
        if found is None and isinstance(getattr(builtins, first, None), type):
            found = Thing(ThingKind.BUILTIN, first)
        if found is None:
            return None
        led = self.walk(found, rest, depth + 1)
        return led if isinstance(led, Thing) else None

    def absolute(self, parts: Sequence[str], depth: int = 0) -> Thing | Absent | None:
        """Follow a name from its top package; `None` where nothing is known of that.

        A module goes before a name that its package binds: `package/__init__.py` may import `main` from `main`.
        """
        ended: Absent | None = None
        for count in range(len(parts), 0, -1):
            name = ".".join(parts[:count])
            if name in self.packages or (count == 1 and self.namespace(name) is not None):
                found = self.walk(self._module(name), parts[count:], depth + 1)
                if isinstance(found, Thing):
                    return found
                ended = ended or found
        return ended

    def walk(self, thing: Thing, parts: Sequence[str], depth: int = 0) -> Thing | Absent:
        """Follow names from a thing on."""
        for index, name in enumerate(parts):
            found = self.member(thing, name, depth + 1)
            if isinstance(found, Absent):
                return Absent(found.container, name, tuple(parts[index + 1 :]), found.openness, found.why)
            thing = found
        return thing

    def member(self, thing: Thing, name: str, depth: int = 0) -> Thing | Absent:
        """The member of a thing, or that it has none of that name."""
        if depth > _DEPTH:
            return Absent(thing, name, (), Openness.OPEN, "the names lead in a circle")
        if thing.kind is ThingKind.MODULE:
            return self._of_module(thing, name, depth)
        if thing.kind is ThingKind.CLASS:
            return self._classes.member(thing, name, depth)
        if thing.kind is ThingKind.VALUE:
            return self._classes.of_value(thing, name, depth)
        return of_function(thing, name) if thing.kind is ThingKind.FUNCTION else of_foreign(thing, name)

    def _module(self, name: str) -> Thing:
        space = self.namespace(name)
        path = space.path if space is not None and name in self._codebase.namespaces else ""
        return Thing(ThingKind.MODULE, name, space, path=path, line=1 if path else 0)

    def _of_module(self, thing: Thing, name: str, depth: int) -> Thing | Absent:
        space = thing.namespace
        if space is not None:
            found = self._bound(space, name, depth)
            if found is not None:
                return found
        inner = f"{thing.name}.{name}"
        if inner in self.packages or self.namespace(inner) is not None:
            return self._module(inner)
        patched = self.patched(thing.name, name)
        if patched is not None or name in _MODULE_ATTRIBUTES:
            return patched or Thing(ThingKind.OPAQUE, inner)
        if space is None:
            return Absent(thing, name, (), Openness.OPEN, f"`{thing.name}` is a namespace that others add to")
        openness, why = self._module_openness(space, depth)
        if name in self._stems:
            openness, why = Openness.OPEN, f"a file called `{name}` may be a module in another language"
        return Absent(thing, name, (), openness, why)

    def _module_openness(self, space: Namespace, depth: int) -> tuple[Openness, str]:
        for star in space.stars:
            other = self.namespace(star)
            if other is None or depth > _DEPTH:
                return Openness.OPEN, f"it takes everything from `{star}`, which is not known"
            openness, why = self._module_openness(other, depth + 1)
            if openness is not Openness.CLOSED:
                return openness, why
        module = self._codebase.modules.get(space.module)
        why = f"the stub beside `{space.path}` may name more" if f"{space.path}i" in self._stubs else ""
        if any(one.name in _ANY_ATTRIBUTE for one in space.bindings):
            why = f"`{space.name}` has a `__getattr__`"
        elif space.dynamic:
            why = f"`{space.name}` binds names by {space.dynamic}"
        elif not self.is_own(space):
            why = "another version may have it"
        elif module is None or module.role is not Role.SOURCE or space.module.partition(".")[0] not in self.tops:
            why = "it is no part of what is installed"
        return (Openness.DYNAMIC, why) if why else (Openness.CLOSED, "")

    def _bound(self, space: Namespace, name: str, depth: int) -> Thing | None:
        """What a module's own statements and stars bind to a name."""
        bindings = self.by_name(space).get(name, ())
        if bindings:
            return self.thing(space, bindings, depth)
        for star in space.stars:
            other = self.namespace(star)
            if other is not None and other.name != space.name and depth < _DEPTH and not name.startswith("__"):
                found = self._bound(other, name, depth + 1)
                if found is not None:
                    return found
        return None

    def thing(self, space: Namespace, bindings: tuple[Binding, ...], depth: int) -> Thing:
        """What a name is, by the statements that bind it: a class before a function before an import before a value."""
        ranked = sorted(bindings, key=lambda one: _RANK[one.kind])
        first = ranked[0]
        own = space.name in self._codebase.namespaces
        path, line = (space.path, first.line) if own else ("", 0)
        qualified = f"{space.name}.{first.name}"
        if first.kind is BindingKind.CLASS:
            inner = self.namespace(qualified) or self._foreign.get(qualified)
            return Thing(ThingKind.CLASS, qualified, inner, space, bindings, path, line)
        if first.kind is BindingKind.FUNCTION:
            kind = ThingKind.VALUE if is_property(first) else ThingKind.FUNCTION
            return Thing(kind, qualified, None, space, tuple(ranked), path, line)
        if first.kind is BindingKind.IMPORT and first.target != qualified and depth < _DEPTH:
            found = self.absolute(first.target.split("."), depth + 1)
            if isinstance(found, Thing):
                return found
            return Thing(ThingKind.OPAQUE, qualified, None, space, bindings, path, line)
        return Thing(ThingKind.VALUE, qualified, None, space, tuple(ranked), path, line)

    def by_name(self, space: Namespace) -> Mapping[str, tuple[Binding, ...]]:
        """The statements that bind each name of a module or class."""
        found = self._indexed.get(space.name)
        if found is None:
            gathered: defaultdict[str, list[Binding]] = defaultdict(list)
            for one in space.bindings:
                gathered[one.name].append(one)
            found = self._indexed[space.name] = {name: tuple(all_of) for name, all_of in gathered.items()}
        return found

    def is_own(self, space: Namespace) -> bool:
        """Tell whether a module or class is of the project."""
        return self._codebase.namespaces.get(space.name) is space

    def submodules(self, name: str) -> list[str]:
        """Last names of the modules of a package of the project."""
        prefix = f"{name}."
        return [one[len(prefix) :] for one in self.packages if one.startswith(prefix) and "." not in one[len(prefix) :]]

    def names_of(self, thing: Thing, depth: int = 0) -> set[str]:
        """Every name that a module or class of the project has, its bases' and stars' included."""
        if thing.kind is ThingKind.CLASS:
            return {
                name for one in self._classes.lineage(thing) if one.namespace for name in self.by_name(one.namespace)
            }
        if thing.namespace is None or thing.kind is not ThingKind.MODULE:
            return set()
        found = set(self.by_name(thing.namespace))
        for star in thing.namespace.stars:
            other = self.namespace(star)
            if other is not None and depth < _DEPTH and self.is_own(other):
                found |= self.names_of(self._module(star), depth + 1)
        return found | set(self.submodules(thing.name))

    def lineage(self, thing: Thing) -> list[Thing]:
        """A class and its bases, as far as they are known, in the order in which members are looked for."""
        return self._classes.lineage(thing)
