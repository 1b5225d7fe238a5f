"""Values of expressions: the half of the interpreter that has no statements.

Comes in: reduced expressions and the scope that they stand in. Goes out: a `Value`.
Must never: raise, or compute more than programs use to put together names, choices and help texts.
"""

from __future__ import annotations

import ast
from abc import abstractmethod
from typing import TYPE_CHECKING

from fieldguide.analyse.interfaces.definitions import Class, Function, Instance
from fieldguide.analyse.interfaces.literals import Collection, Dictionary, Literal
from fieldguide.analyse.interfaces.operators import compute
from fieldguide.analyse.interfaces.parsed_arguments import GivenArgument
from fieldguide.analyse.interfaces.values import NOTHING, Arguments, Machine, Program, Scope, Unknown, Value

if TYPE_CHECKING:
    from fieldguide.domain.interfaces import Code
    from fieldguide.domain.source import Span


class Expressions(Machine):
    """Evaluates expressions; names and calls are the interpreter's part."""

    @abstractmethod
    def lookup(self, name: str, scope: Scope) -> Value:
        """Value of a bare name."""

    @abstractmethod
    def assign(self, target: Code, value: Value, scope: Scope) -> None:
        """Bind the target of a loop."""

    @abstractmethod
    def span(self, code: Code, scope: Scope) -> Span:
        """Lines of a piece of code."""

    def evaluate(self, code: Code, scope: Scope) -> Value:  # noqa: C901, PLR0911, PLR0912 (one case a kind)
        """Value of an expression."""
        match code.kind:
            case "string":
                return Literal(code.text)
            case "literal":
                return _literal(code.text)
            case "name":
                return self.lookup(code.text, scope)
            case "attribute":
                return self._attribute(code, scope)
            case "call":
                return self._call(code, scope)
            case "sequence":
                return self._sequence(code, scope)
            case "mapping":
                return self._mapping(code, scope)
            case "format":
                return self._format(code, scope)
            case "operator":
                return self._operator(code, scope)
            case "choice":
                return self._choice(code, scope)
            case "item":
                return self.evaluate(code.parts[0], scope).item(self.evaluate(code.parts[1], scope))
            case "comprehension":
                return self._comprehension(code, scope)
            case _:
                return NOTHING

    def _attribute(self, code: Code, scope: Scope) -> Value:
        return self.evaluate(code.parts[0], scope).attribute(code.text, self)

    def _call(self, code: Code, scope: Scope) -> Value:
        function = code.parts[0]
        if function.kind == "name" and function.text == "super" and len(code.parts) == 1:
            return _super(self.lookup("__class__", scope), _instance(scope))
        called = self.evaluate(function, scope)
        return called.call(self._arguments(code, scope), self)

    def _arguments(self, code: Code, scope: Scope) -> Arguments:
        arguments = Arguments([], {}, self.span(code, scope), scope.symbol, scope)
        for name, part in zip(code.names, code.parts[1:], strict=True):
            value = self.evaluate(part, scope)
            if name == "*":
                arguments.positional += value.elements() or []
            elif name == "**":
                pairs = value.pairs if isinstance(value, Dictionary) else []
                arguments.keywords |= {key.text() or "": given for key, given in pairs}
            elif name:
                arguments.keywords[name] = value
            else:
                arguments.positional.append(value)
        return arguments

    def _sequence(self, code: Code, scope: Scope) -> Value:
        items: list[Value] = []
        for part in code.parts:
            if part.kind == "unpack":
                elements = self.evaluate(part.parts[0], scope).elements()
                if elements is None:
                    return NOTHING
                items += elements
            else:
                items.append(self.evaluate(part, scope))
        return Collection(code.text, items)

    def _mapping(self, code: Code, scope: Scope) -> Value:
        pairs: list[tuple[Value, Value]] = []
        for key, value in zip(code.parts[::2], code.parts[1::2], strict=True):
            given = self.evaluate(value, scope)
            if key.kind != "unpack":
                pairs.append((self.evaluate(key, scope), given))
            elif isinstance(given, Dictionary):
                pairs += given.pairs
        return Dictionary(pairs)

    def _format(self, code: Code, scope: Scope) -> Value:
        texts: list[str] = []
        for part in code.parts:
            value = self.evaluate(part, scope)
            text = value.text()
            if text is None and isinstance(value, Literal):
                text = str(value.value)
            if text is None:
                return NOTHING
            texts.append(text)
        return Literal("".join(texts))

    def _operator(self, code: Code, scope: Scope) -> Value:  # noqa: PLR0911 (one a case)
        values = [self.evaluate(part, scope) for part in code.parts]
        if isinstance(values[0], GivenArgument):
            return _of_argument(code.text, values[0], values[1:])
        match code.text:
            case "or" | "and":
                for value in values:
                    truth = value.truth()
                    if truth is None:
                        # `given or default`: nobody knows what was given, so neither what results.
                        return _unless_known(values)
                    if truth is (code.text == "or"):
                        return value
                return values[-1]
            case "not":
                truth = values[0].truth()
                return NOTHING if truth is None else Literal(not truth)
            case "is" | "is not" | "==" | "!=":
                same = _same(values[0], values[1])
                return NOTHING if same is None else Literal(same is (code.text in {"is", "=="}))
            case _:
                return compute(code.text, values)

    def _choice(self, code: Code, scope: Scope) -> Value:
        truth = self.evaluate(code.parts[0], scope).truth()
        if truth is not None:
            return self.evaluate(code.parts[1 if truth else 2], scope)
        first, second = (self.evaluate(part, scope) for part in code.parts[1:])
        if isinstance(first, GivenArgument) and code.parts[0] == code.parts[1]:
            first.falls_back_to(second)
        if isinstance(first, Literal) and first == second:
            return first
        known = [value for value in (first, second) if isinstance(value, Function | Class | Instance | Program)]
        return known[0] if known else NOTHING

    def _comprehension(self, code: Code, scope: Scope) -> Value:
        target, iterable, element, *conditions = code.parts
        elements = self.evaluate(iterable, scope).elements()
        if elements is None:
            return NOTHING
        inner = Scope(scope.module, scope.path, scope, scope.symbol)
        items: list[Value] = []
        for value in elements:
            self.assign(target, value, inner)
            truths = [self.evaluate(condition, inner).truth() for condition in conditions]
            if None in truths:
                return NOTHING
            if all(truths):
                items.append(self.evaluate(element, inner))
        return Collection("list", items)


class Super(Value):
    """`super()` in a method: the class's bases, seen from the instance."""

    def __init__(self, cls: Class, instance: Value) -> None:
        """Remember where the search starts."""
        self._cls = cls
        self._instance = instance

    def attribute(self, name: str, machine: Machine) -> Value:
        """A method of a base of the project, else of the library's class that the instance stands for."""
        for cls in self._cls.ancestry()[1:]:
            found = cls.scope.names.get(name)
            if isinstance(found, Function):
                return machine.bind(found, self._instance)
            if found is not None:
                return found
        if isinstance(self._instance, Instance | Class):
            return NOTHING
        return self._instance.attribute("__library__." + name, machine)


def _super(cls: Value, instance: Value) -> Value:
    return Super(cls, instance) if isinstance(cls, Class) else NOTHING


def _instance(scope: Scope) -> Value:
    return next((value for name, value in scope.names.items() if name in {"self", "cls"}), NOTHING)


def _literal(text: str) -> Value:
    if text == "Ellipsis":
        return Unknown("...")
    try:
        value: object = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return NOTHING
    if value is None or isinstance(value, str | int | float | complex | bytes | bool):
        return Literal(value)
    return NOTHING


def _of_argument(operator: str, argument: GivenArgument, others: list[Value]) -> Value:
    """Tests of an argument of the command line, and `args.x or default`."""
    is_none = len(others) == 1 and isinstance(others[0], Literal) and others[0].value is None
    match operator:
        case "not":
            return argument.negation()
        case "is" | "==" if is_none:
            return argument.negation()
        case "is not" | "!=" if is_none:
            return argument
        case "or" if len(others) == 1:
            argument.falls_back_to(others[0])
            return NOTHING
        case _:
            return NOTHING


def _same(first: Value, second: Value) -> bool | None:
    if isinstance(first, Literal) and isinstance(second, Literal):
        return first == second
    objects = Function | Class | Instance | Program
    for one, other in ((first, second), (second, first)):
        if isinstance(one, Literal) and one.value is None and isinstance(other, objects | Collection | Dictionary):
            return False
    return first is second if isinstance(first, objects) and isinstance(second, objects) else None


def _unless_known(values: list[Value]) -> Value:
    objects = [value for value in values if isinstance(value, Function | Class | Instance | Program)]
    if objects:
        return objects[0]
    sources = [value.source() for value in values]
    return NOTHING if None in sources else Unknown(" or ".join(source or "" for source in sources))
