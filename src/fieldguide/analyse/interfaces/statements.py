"""Follows statements: the half of the interpreter that binds names.

Comes in: reduced statements and the scope that they stand in. Goes out: names bound in the scope, values returned.
Must never: loop without end. Where a condition is not known both branches are taken, and a name that they bind to
different literals becomes unknown.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.expressions import Expressions
from fieldguide.analyse.interfaces.literals import Collection, Dictionary, Literal
from fieldguide.analyse.interfaces.parsed_arguments import GivenArgument
from fieldguide.analyse.interfaces.values import NOTHING, Scope, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.interfaces import Code, Definition

MOST_STEPS: Final = 60_000
"""Statements and calls of one run; a command line that takes more is built in a way that reading does not tell."""
MOST_TURNS: Final = 200
"""Elements that a loop is followed over."""


class Statements(Expressions):
    """Interprets statements; definitions and calls are the interpreter's part."""

    def __init__(self) -> None:
        """Start with the whole budget."""
        super().__init__()
        self._steps = 0
        self.guarded: frozenset[str] = frozenset()
        self.missing: frozenset[str] = frozenset()

    @abstractmethod
    def _define(self, definition: Definition, scope: Scope) -> None:
        """Bind a function or a class."""

    def execute(  # noqa: C901, PLR0912 (one case a kind)
        self, body: Sequence[Code], scope: Scope, returned: list[Value]
    ) -> bool:
        """Interpret a block; return whether it certainly returns."""
        for code in body:
            self._steps += 1
            if self._steps > MOST_STEPS:
                return True
            match code.kind:
                case "assign":
                    self.assign(code.parts[0], self.evaluate(code.parts[1], scope), scope)
                case "do":
                    self.evaluate(code.parts[0], scope)
                case "return":
                    returned.append(self.evaluate(code.parts[0], scope))
                    return True
                case "block":
                    if self.execute(code.parts, scope, returned):
                        return True
                case "if":
                    if self._branch(code, scope, returned):
                        return True
                case "for":
                    self._loop(code, scope, returned)
                case "define" if code.definition is not None:
                    self._define(code.definition, scope)
                case "import":
                    self._import(code, scope)
                case _:
                    continue
        return False

    def _branch(self, code: Code, scope: Scope, returned: list[Value]) -> bool:
        value = self.evaluate(code.parts[0], scope)
        test = value.truth()
        if test is not None:
            return self.execute(code.parts[1].parts if test else code.parts[2].parts, scope, returned)
        before = dict(scope.names)
        first = self._execute_under(value, code.parts[1].parts, scope, returned)
        middle = scope.names
        scope.names = dict(before)
        second = self._execute_under(_opposite(value), code.parts[2].parts, scope, returned)
        if second and not first:
            scope.names = middle
        elif not first:
            scope.names = {name: _either(middle.get(name), scope.names.get(name)) for name in middle | scope.names}
        return first and second

    def _execute_under(self, test: Value, body: Sequence[Code], scope: Scope, returned: list[Value]) -> bool:
        """Interpret a branch, remembering which argument was given, or was not, wherever it runs."""
        if not isinstance(test, GivenArgument):
            return self.execute(body, scope, returned)
        before = self.guarded, self.missing
        if test.negated:
            self.missing |= {test.name}
        else:
            self.guarded |= {test.name}
        try:
            return self.execute(body, scope, returned)
        finally:
            self.guarded, self.missing = before

    def _loop(self, code: Code, scope: Scope, returned: list[Value]) -> None:
        target, iterable, body = code.parts
        elements = self.evaluate(iterable, scope).elements()
        for element in [NOTHING] if elements is None else elements[:MOST_TURNS]:
            self.assign(target, element, scope)
            self.execute(body.parts, scope, returned)

    def assign(self, target: Code, value: Value, scope: Scope) -> None:
        """Bind a name, an attribute, an item, or several names at once."""
        match target.kind:
            case "name":
                scope.names[target.text] = value
            case "attribute":
                self.evaluate(target.parts[0], scope).set_attribute(target.text, value)
            case "item":
                owner = self.evaluate(target.parts[0], scope)
                if isinstance(owner, Dictionary):
                    owner.pairs.append((self.evaluate(target.parts[1], scope), value))
            case "sequence":
                elements = value.elements() or []
                for index, part in enumerate(target.parts):
                    self.assign(part, elements[index] if len(elements) == len(target.parts) else NOTHING, scope)
            case _:
                return

    def _import(self, code: Code, scope: Scope) -> None:
        name, bound, *top = code.names
        if name == "*":
            scope.stars.append(code.text)
        elif top and top[0]:
            scope.names[bound] = Imported(top[0], "")
        else:
            scope.names[bound] = Imported(code.text, name)


class Imported(Value):
    """A name that is looked up when it is first used, since modules may import each other."""

    def __init__(self, module: str, name: str) -> None:
        """Remember what to look up."""
        self.module = module
        self.name = name


def _opposite(test: Value) -> Value:
    return test.negation() if isinstance(test, GivenArgument) else test


def _either(first: Value | None, second: Value | None) -> Value:
    """What a name stands for after one branch or the other."""
    if first is None or second is None or first is second or first == second:
        return first or second or NOTHING
    plain = Literal | Collection | Dictionary | Unknown
    if isinstance(first, plain) and isinstance(second, plain):
        return NOTHING
    return second if isinstance(first, plain) else first
