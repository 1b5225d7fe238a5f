"""What the names of a document's Python blocks stand for, block after block.

Comes in: statements, in the order in which the document shows them.
Goes out: for a name the dotted name that it was imported as, or the class that its value was made from.
Must never: know the code that the document is about.
"""

from __future__ import annotations

import ast
import builtins
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

_CLASS = re.compile(r"_*[A-Z]\w*[a-z]\w*|[A-Z]{1,6}")
_BUILT_IN: Final = frozenset(dir(builtins))


class Origin(Enum):
    """How a name came to be."""

    IMPORT = "imported"
    INSTANCE = "made by calling a class"
    VALUE = "a value of which the document does not show the class"
    LOCAL = "defined by the document itself"
    BUILT_IN = "built in"
    UNBOUND = "not shown by the document"


@dataclass(frozen=True, slots=True)
class Binding:
    """What a name stands for. `dotted` is the imported name, or the class of an instance."""

    origin: Origin
    dotted: str = ""


_LOCAL: Final = Binding(Origin.LOCAL)
_VALUE: Final = Binding(Origin.VALUE)
_OWN_VALUES: Final = (
    ast.Constant,
    ast.JoinedStr,
    ast.List,
    ast.Tuple,
    ast.Dict,
    ast.Set,
    ast.Lambda,
    ast.Compare,
    ast.BoolOp,
    ast.BinOp,
    ast.UnaryOp,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
"""Expressions whose value is of Python's own types."""


@dataclass(slots=True)
class PythonNames:
    """Names bound so far; those of a function or class body fall back on the names around them."""

    around: PythonNames | None = None
    bound: dict[str, Binding] = field(default_factory=dict[str, Binding])
    defined: set[str] = field(default_factory=set[str])
    """Every name that the blocks define, wherever: shared by all bodies of a document."""
    used: set[str] = field(default_factory=set[str])
    """Names that the blocks use, and leave open what they are: shared by all bodies too."""
    _meanings: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """What each name has stood for so far, at the top of the blocks."""
    fresh: set[str] = field(default_factory=set[str])
    """Names that the block has bound."""

    def begin_block(self) -> None:
        """A new block begins: a name that earlier ones bound to different things stands for none of them here."""
        for name in self.fresh:
            meanings = self._meanings.setdefault(name, set())
            meanings.add(self.bound[name].dotted)
            if len(meanings - {""}) > 1:
                del self.bound[name]
        self.fresh.clear()

    def body(self) -> PythonNames:
        """Names of a body within."""
        return PythonNames(self, {}, self.defined, self.used)

    def find(self, name: str) -> Binding:
        """What a name stands for here."""
        names: PythonNames | None = self
        while names is not None:
            if name in names.bound:
                return names.bound[name]
            names = names.around
        return Binding(Origin.BUILT_IN if name in _BUILT_IN else Origin.UNBOUND)

    def use(self, name: str) -> None:
        """Note a name that is read, where the document does not say what it is."""
        if self.find(name).origin is Origin.UNBOUND:
            self.used.add(name)

    def is_earlier(self, name: str) -> bool:
        """Tell whether a name is bound by an earlier block alone."""
        names: PythonNames = self
        while names.around is not None:
            if name in names.bound:
                return False
            names = names.around
        return name in names.bound and name not in names.fresh

    def define(self, name: str, binding: Binding = _LOCAL) -> None:
        """Bind a name that the document itself defines."""
        self.bound[name] = binding
        self.fresh.add(name)
        self.defined.add(name)

    def imported(self, name: str, dotted: str) -> None:
        """Bind a name by an import."""
        self.bound[name] = Binding(Origin.IMPORT, dotted) if dotted else _LOCAL
        self.fresh.add(name)

    def assign(self, target: ast.expr, value: ast.expr | None) -> None:
        """Bind the names of an assignment's target to what its value is made from, as far as that is plain."""
        if isinstance(target, ast.Name):
            self.define(target.id, self._value(value))
        elif isinstance(target, ast.Tuple | ast.List):
            for one in target.elts:
                self.assign(one, None)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, None)
        elif isinstance(target, ast.Attribute):
            self.defined.add(target.attr)

    def annotate(self, name: str, annotation: ast.expr | None) -> None:
        """Bind a parameter or variable by its annotation where that names a class."""
        dotted = self.resolve(annotation) if annotation is not None else ""
        is_class = bool(dotted) and _CLASS.fullmatch(dotted.rpartition(".")[2]) is not None
        self.define(name, Binding(Origin.INSTANCE, dotted) if is_class else _VALUE)

    def _value(self, value: ast.expr | None) -> Binding:
        if isinstance(value, ast.Await):
            value = value.value
        if isinstance(value, ast.Call):
            dotted = self.resolve(value.func)
            if dotted and _CLASS.fullmatch(dotted.rpartition(".")[2]):
                return Binding(Origin.INSTANCE, dotted)
            chain = chain_of(value.func)
            if chain and self.find(chain[0]).origin in {Origin.LOCAL, Origin.BUILT_IN}:
                return _LOCAL
        if isinstance(value, ast.Name | ast.Attribute):
            dotted = self.resolve(value)
            if dotted:
                return Binding(Origin.IMPORT, dotted)
            chain = chain_of(value)
            return _LOCAL if chain and self.find(chain[0]).origin is Origin.LOCAL else _VALUE
        return _LOCAL if isinstance(value, _OWN_VALUES) else _VALUE

    def resolve(self, expression: ast.expr) -> str:
        """The dotted name of a chain of attributes whose root was imported; empty for any other."""
        chain = chain_of(expression)
        if not chain:
            return ""
        root = self.find(chain[0])
        return ".".join((root.dotted, *chain[1:])) if root.origin is Origin.IMPORT else ""


def chain_of(expression: ast.expr) -> list[str]:
    """The names of `a.b.c`, the root first; empty for anything but names and attributes."""
    parts: list[str] = []
    while isinstance(expression, ast.Attribute):
        parts.append(expression.attr)
        expression = expression.value
    if not isinstance(expression, ast.Name):
        return []
    parts.append(expression.id)
    return parts[::-1]
