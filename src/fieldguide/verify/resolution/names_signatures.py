"""Which keyword arguments a callable takes, as far as its code says.

Comes in: what a callee's name leads to.
Goes out: the names of its parameters, and whether it may take others.
Must never: call a signature known that a decorator, a metaclass or unnamed keywords may change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.domain.namespaces import Binding, BindingKind
from fieldguide.domain.symbols import Parameter, ParameterKind
from fieldguide.verify.resolution.names_things import Thing, ThingKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.namespaces import Namespace
    from fieldguide.verify.resolution.names_members import Members

_KEEPING: Final = frozenset(
    {"staticmethod", "classmethod", "abstractmethod", "overload", "override", "final", "cache", "lru_cache"}
    | {"contextmanager", "asynccontextmanager", "deprecated", "no_type_check", "coroutine", "singledispatch"}
)
"""Decorators, by their last name, that leave a signature as it is written."""
_FIELDS: Final = frozenset({"dataclass", "define", "frozen", "mutable", "attrs", "s"})
_FIELD_BASES: Final = frozenset({"NamedTuple", "BaseModel", "Struct"})
_DEPTH: Final = 12


@dataclass(frozen=True, slots=True)
class Signature:
    """What may be given by keyword."""

    parameters: tuple[Parameter, ...] = ()
    open: str = ""
    """Why there may be others; empty where there are none."""
    where: Thing | None = None

    @property
    def names(self) -> frozenset[str]:
        """Names that may be given by keyword."""
        variadic = {ParameterKind.VARIADIC_KEYWORD, ParameterKind.VARIADIC_POSITIONAL, ParameterKind.POSITIONAL_ONLY}
        return frozenset(one.name for one in self.parameters if one.kind not in variadic)


class Signatures:
    """Signatures of one codebase and of what is installed."""

    def __init__(self, codebase: Codebase, members: Members) -> None:
        """Keep both."""
        self._symbols = codebase.symbols
        self._members = members
        self._known: dict[str, Signature] = {}

    def of(self, thing: Thing, depth: int = 0) -> Signature:
        """What a callable takes."""
        if thing.name not in self._known:
            self._known[thing.name] = Signature(open="it calls itself", where=thing)
            self._known[thing.name] = self._work_out(thing, depth)
        return self._known[thing.name]

    def _work_out(self, thing: Thing, depth: int) -> Signature:
        if depth > _DEPTH:
            return Signature(open="it hands its arguments on too often", where=thing)
        if thing.kind is ThingKind.CLASS:
            return self._constructor(thing, depth)
        if thing.kind is ThingKind.FUNCTION and thing.owner is not None:
            return self._function(thing, thing.owner, depth)
        return Signature(open=f"what `{thing.name}` takes is not known", where=thing)

    def _function(self, thing: Thing, owner: Namespace, depth: int) -> Signature:
        found: list[Parameter] = []
        for binding in thing.bindings:
            if binding.kind is not BindingKind.FUNCTION:
                return Signature(tuple(found), f"`{thing.name}` is bound more than once", thing)
            kept = [one.rpartition(".")[2] for one in binding.decorators]
            changed = next((one for one in kept if one not in _KEEPING), "")
            if changed:
                return Signature(binding.parameters, f"its decorator `{changed}` may change what it takes", thing)
            method = owner.is_class and "staticmethod" not in kept
            found.extend(binding.parameters[1:] if method else binding.parameters)
            if not any(one.kind is ParameterKind.VARIADIC_KEYWORD for one in binding.parameters):
                continue
            further = self._handed_on(binding, thing, owner, depth)
            found.extend(further.parameters)
            if further.open:
                return Signature(tuple(found), further.open, thing)
        return Signature(tuple(found), where=thing)

    def _handed_on(self, binding: Binding, thing: Thing, owner: Namespace, depth: int) -> Signature:
        """What else a function takes that has `**kwargs`."""
        taken = [Parameter(name, ParameterKind.KEYWORD_ONLY) for name in binding.takes]
        if binding.forwards is None or not (binding.forwards or taken):
            return Signature(tuple(taken), f"`{thing.name}` takes any keyword")
        for written in binding.forwards:
            callee = self._callee(written, owner, binding)
            further = self.of(callee, depth + 1) if callee is not None else Signature(open="")
            taken.extend(further.parameters)
            if callee is None or further.open:
                return Signature(tuple(taken), f"`{thing.name}` hands its keywords on to `{written}`")
        return Signature(tuple(taken))

    def _callee(self, written: str, owner: Namespace, binding: Binding) -> Thing | None:
        """The callable that a name means inside a function: its own object's methods, its bases', or the module's."""
        first, *rest = written.split(".")
        if first == "super()":
            return self._of_bases(owner, rest)
        receiver = binding.parameters[0].name if owner.is_class and binding.parameters else ""
        if first == receiver and len(rest) == 1:
            if self._members.in_subclass(owner.name, rest[0]):
                return None
            found = self._members.member(Thing(ThingKind.CLASS, owner.name, owner), rest[0])
            return found if isinstance(found, Thing) else None
        if first in {one.name for one in binding.parameters}:
            return None
        return self._members.written(written, self._members.namespace(owner.module) or owner)

    def _of_bases(self, owner: Namespace, rest: list[str]) -> Thing | None:
        """What `super()` leads to; `None` where a class beside or above it may come first."""
        lineage = self._members.lineage(Thing(ThingKind.CLASS, owner.name, owner))
        if len(rest) != 1 or not self._is_line(lineage):
            return None
        for base in lineage[1:]:
            if base.namespace is not None and (found := self._members.by_name(base.namespace).get(rest[0])):
                return self._members.thing(base.namespace, found, 0)
        return None

    @staticmethod
    def _is_line(lineage: Iterable[Thing]) -> bool:
        """Tell whether every class has one base at most: then `super()` means the base wherever it is called."""
        for one in lineage:
            if one.kind is ThingKind.OPAQUE or (one.namespace is not None and len(one.namespace.bases or ()) > 1):
                return False
        return True

    def _constructor(self, thing: Thing, depth: int) -> Signature:
        lineage = self._members.lineage(thing)
        unclear = self._unclear(lineage)
        for one in lineage:
            if one.namespace is None:
                continue
            bound = self._members.by_name(one.namespace)
            if self._has_fields(one.namespace) and "__init__" not in bound:
                return self._fields(thing, unclear)
            for name in ("__init__", "__new__"):
                if name in bound:
                    found = self._function(
                        Thing(ThingKind.FUNCTION, f"{one.name}.{name}", None, one.namespace, bound[name]),
                        one.namespace,
                        depth + 1,
                    )
                    both = {"__init__", "__new__"} <= set(bound)
                    more = "it has a `__new__` too" if both else ""
                    beside = "super()" in str(bound[name][0].forwards) and not self._is_line(lineage)
                    more = more or ("its bases may take more" if beside else "")
                    return Signature(found.parameters, found.open or unclear or more, thing)
        return Signature(open=unclear or "it has no constructor of its own", where=thing)

    def _fields(self, thing: Thing, unclear: str) -> Signature:
        symbol = self._symbols.get(thing.name)
        if symbol is None or not symbol.parameters:
            return Signature(open="its fields are not known", where=thing)
        return Signature(symbol.parameters, unclear, thing)

    def _unclear(self, lineage: Iterable[Thing]) -> str:
        for one in lineage:
            if one.kind is ThingKind.OPAQUE:
                return f"nothing is known of its base `{one.name}`"
            if one.namespace is None:
                continue
            if "__call__" in self._members.by_name(one.namespace) and self._is_metaclass(one):
                return "its metaclass makes its objects"
            for decorator in one.namespace.decorators:
                last = decorator.rpartition(".")[2]
                if last not in _FIELDS | {"final", "total_ordering", "runtime_checkable", "unique"}:
                    return f"its decorator `{decorator}` may change what it takes"
        return ""

    def _is_metaclass(self, thing: Thing) -> bool:
        return any(one.kind is ThingKind.BUILTIN and one.name == "type" for one in self._members.lineage(thing))

    @staticmethod
    def _has_fields(space: Namespace) -> bool:
        decorated = any(one.rpartition(".")[2] in _FIELDS for one in space.decorators)
        return decorated or any(one.rpartition(".")[2] in _FIELD_BASES for one in space.bases or ())
