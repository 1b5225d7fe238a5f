"""Interprets the reduced code of a project as far as it bears on command lines.

Comes in: the `Interfaces` of all files. Goes out: values of expressions and calls, and the programs that read a
command line on the way.
Must never: run the project's code, loop without end, or raise on what it does not know: an unknown is a value.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.definitions import Absent, Class, External, Function, Instance, Module
from fieldguide.analyse.interfaces.literals import Collection, Dictionary, Literal
from fieldguide.analyse.interfaces.option_values import default_source
from fieldguide.analyse.interfaces.packing import Unpacked
from fieldguide.analyse.interfaces.parsed_arguments import note_parameter
from fieldguide.analyse.interfaces.statements import MOST_STEPS, Imported, Statements
from fieldguide.analyse.interfaces.values import NOTHING, Arguments, Program, Scope, Unknown, Value
from fieldguide.domain.source import Span
from fieldguide.domain.symbols import ParameterKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fieldguide.domain.interfaces import Code, Definition, Interfaces
    from fieldguide.domain.symbols import Symbol

DEEPEST_CALL: Final = 25


class Interpreter(Statements):
    """Holds the modules of one project while they are interpreted. Good for one join."""

    def __init__(
        self,
        files: Iterable[Interfaces],
        models: Mapping[str, Callable[[Arguments, Interpreter], Value]],
        subclasses: Mapping[str, Callable[[Class, Arguments, Interpreter], Value]],
    ) -> None:
        """Keep the files by module and path.

        Args:
            files: One for each file.
            models: By dotted name, what calling something that a library defines gives.
            subclasses: By dotted name of a library's class, how a class of the project that derives from it is made.
        """
        super().__init__()
        self._files: dict[str, Interfaces] = {}
        for file in files:
            known = self._files.get(file.module)
            if known is None or len(file.path) < len(known.path):
                self._files[file.module] = file
        self._packages = {name for module in self._files for name in _prefixes(module)}
        self._models = models
        self._subclasses = subclasses
        self._scopes: dict[str, Scope] = {}
        self.unpacked = Unpacked()
        self._depth = 0
        self._active: list[Definition] = []
        self.called: set[int] = set()
        """Identities of the definitions that were interpreted."""
        self.invoked: list[Program] = []
        self.created: list[Program] = []
        self.loaded: dict[str, tuple[list[Program], list[Program]]] = {}
        """By path: programs that read their command line, or came to be, when the module was loaded."""
        self.symbols: Mapping[str, Symbol] = {}
        """Definitions by qualified name, for those whose code was not kept."""

    # Runs

    def watch(self, run: Callable[[], object]) -> tuple[list[Program], list[Program]]:
        """Run something; return the programs that read their command line in it, and those that came to be."""
        before = self.invoked, self.created, self._steps
        self.invoked, self.created, self._steps = [], [], 0
        try:
            with suppress(RecursionError):  # Nested beyond the stack: what was seen until then stands.
                run()
            return self.invoked, self.created
        finally:
            self.invoked, self.created, self._steps = before

    def invoke(self, program: Program) -> None:
        """Note that the program reads its command line."""
        if program not in self.invoked:
            self.invoked.append(program)

    def create(self, program: Program) -> None:
        """Note that the program came to be."""
        self.created.append(program)

    def modules(self) -> list[Interfaces]:
        """The files, one a module."""
        return list(self._files.values())

    def scope(self, file: Interfaces) -> Scope:
        """Names of a file's module; its body is interpreted when it is first asked for."""
        key = file.path
        if key not in self._scopes:
            scope = Scope(file.module, file.path)
            self._scopes[key] = scope
            scope.names["__doc__"] = Literal(file.docstring or None)
            scope.names["__name__"] = Literal(file.module)
            self.loaded[key] = self.watch(lambda: self.execute(self.unpacked.of(file.path, file.body), scope, []))
        return self._scopes[key]

    def member(self, module: str, name: str) -> Value:
        """What a module of the project binds to `name`, a submodule, or an external where there is no such module."""
        file = self._files.get(module)
        submodule = f"{module}.{name}" if module else name
        if file is not None:
            scope = self.scope(file)
            if name in scope.names:
                return self._settle(scope, name)
            for star in scope.stars:
                if star != module and star in self._files:
                    found = self.member(star, name)
                    if not isinstance(found, Absent | External):
                        return found
        if submodule in self._packages:
            return Module(submodule)
        return External(submodule) if file is None else Absent(submodule)

    def lookup(self, name: str, scope: Scope) -> Value:
        """Value of a bare name."""
        current: Scope | None = scope
        while current is not None:
            if name in current.names:
                return self._settle(current, name)
            for star in current.stars:
                found = self.member(star, name) if star in self._files else NOTHING
                if not isinstance(found, Absent | External | Unknown):
                    return found
            current = current.parent
        return External(name) if name in BUILTINS else self._absent(name, scope)

    def _absent(self, name: str, scope: Scope) -> Value:
        """A name that the file binds, perhaps, by a definition that was not kept."""
        return Absent(f"{scope.module}.{name}") if name[:1].isalpha() and scope.parent is None else NOTHING

    def _settle(self, scope: Scope, name: str) -> Value:
        value = scope.names[name]
        if isinstance(value, Imported):
            # Bound to itself first, so that two modules that import each other end.
            scope.names[name] = NOTHING
            if value.name and value.module == scope.module:
                # `from . import name` in a package's own module: the submodule.
                value = self._module(f"{value.module}.{value.name}")
            else:
                value = self.member(value.module, value.name) if value.name else self._module(value.module)
            scope.names[name] = value
        return value

    def _module(self, name: str) -> Value:
        return Module(name) if name in self._packages else External(name)

    # Definitions

    def _define(self, definition: Definition, scope: Scope) -> None:
        name = f"{scope.symbol}.{definition.name}"
        value: Value
        if definition.bases is None:
            value = Function(definition, scope, name=name)
        else:
            inner = Scope(scope.module, scope.path, scope, name)
            inner.is_class = True
            cls = Class(definition, inner, name, [self.evaluate(base, scope) for base in definition.bases])
            scope.names[definition.name] = cls
            self.execute(definition.body, inner, [])
            for member in inner.names.values():
                if isinstance(member, Function) and member.owner is None:
                    member.owner = cls
            value = cls
        for code in reversed(definition.decorators):
            decorator = self.evaluate(code, scope)
            arguments = Arguments([value], {}, self.span(code, scope), scope.symbol, scope)
            made = decorator.call(arguments, self)
            if isinstance(made, Program | Function | Class | Instance):
                value = made
        scope.names[definition.name] = value

    def span(self, code: Code, scope: Scope) -> Span:
        """Lines of a piece of code."""
        return Span(scope.path, code.line, code.last)

    def call(self, function: Function, arguments: Arguments) -> Value:
        """Interpret a function's body with its parameters bound; the first value returned that is known."""
        definition = function.definition
        self._steps += 1
        if self._depth >= DEEPEST_CALL or self._steps > MOST_STEPS or self._active.count(definition) > 1:
            return NOTHING
        self.called.add(id(definition))
        scope = Scope(function.scope.module, function.scope.path, _enclosing(function.scope), function.name)
        self._bind_parameters(function, arguments, scope)
        if function.owner is not None:
            scope.names["__class__"] = function.owner
        returned: list[Value] = []
        self._depth += 1
        self._active.append(definition)
        try:
            self.execute(definition.body, scope, returned)
        finally:
            self._depth -= 1
            self._active.pop()
        return _best(returned)

    def _bind_parameters(self, function: Function, arguments: Arguments, scope: Scope) -> None:
        positional = list(arguments.positional)
        if function.bound is not None:
            positional.insert(0, function.bound)
        keywords = dict(arguments.keywords)
        for parameter in function.definition.parameters:
            match parameter.kind:
                case ParameterKind.VARIADIC_POSITIONAL:
                    scope.names[parameter.name] = Collection("tuple", positional)
                    positional = []
                case ParameterKind.VARIADIC_KEYWORD:
                    scope.names[parameter.name] = Dictionary([(Literal(k), v) for k, v in keywords.items()])
                case _:
                    default = NOTHING if parameter.default is None else self.evaluate(parameter.default, function.scope)
                    value = default
                    if parameter.name in keywords:
                        value = keywords.pop(parameter.name)
                    elif positional and parameter.kind != ParameterKind.KEYWORD_ONLY:
                        value = positional.pop(0)
                    note_parameter(value, default_source(default), self)
                    scope.names[parameter.name] = value

    def call_absent(self, name: str, arguments: Arguments) -> None:
        """Look at the parameters of a definition whose code was not kept."""
        symbol = self.symbols.get(name)
        for parameter in symbol.parameters if symbol is not None else ():
            value = arguments.keywords.get(parameter.name)
            if value is not None:
                note_parameter(value, None if parameter.default == "None" else parameter.default, self)

    def instantiate(self, cls: Class, arguments: Arguments) -> Value:
        """Make an object: of the project, or, where a base is a library's that has a model, of that."""
        for base in cls.outside_bases():
            make = self._subclasses.get(base)
            if make is not None:
                return make(cls, arguments, self)
        if cls.is_enumeration():
            return next((m for m in cls.elements() or [] if m.source() == arguments.source()), NOTHING)
        instance = Instance(cls)
        parameters = [code for code in cls.definition.body if code.kind == "assign"]
        constructor = cls.find("__init__")
        if isinstance(constructor, Function):
            self.call(constructor.bind(instance), arguments)
        elif parameters or arguments.keywords:
            instance.attributes.update(arguments.keywords)
        return instance

    def bind(self, function: Function, instance: Value) -> Value:
        """A method of an instance: static methods stay unbound, properties are computed."""
        kinds = {code.text for code in function.definition.decorators}
        if "staticmethod" in kinds:
            return function
        if kinds & {"property", "cached_property"}:
            return self.call(function.bind(instance), Arguments([], {}, Span(function.scope.path, 0, 0)))
        if "classmethod" in kinds and isinstance(instance, Instance):
            return function.bind(instance.cls)
        return function.bind(instance)

    def is_class_method(self, function: Function) -> bool:
        """It is decorated as one."""
        return any(code.text == "classmethod" for code in function.definition.decorators)

    def call_external(self, name: str, arguments: Arguments) -> Value | None:
        """Call something that a library defines; `None` when no model knows it."""
        model = self._models.get(name)
        return None if model is None else model(arguments, self)


def _prefixes(module: str) -> list[str]:
    """`a.b.c`, `a.b` and `a`: a directory without `__init__.py` is a package too."""
    parts = module.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _enclosing(scope: Scope) -> Scope:
    """Methods do not see the names of their class's body."""
    return scope.parent if scope.is_class and scope.parent is not None else scope


def _best(returned: list[Value]) -> Value:
    known = [value for value in returned if not isinstance(value, Unknown | Absent)]
    useful = [value for value in known if not (isinstance(value, Literal) and value.value is None)]
    return (useful or known or [Literal(None) if not returned else NOTHING])[0]


BUILTINS: Final = frozenset({
    "int", "str", "float", "bool", "list", "tuple", "set", "dict", "bytes", "object", "type", "open", "len", "sorted",
    "reversed", "range", "enumerate", "zip", "map", "filter", "print", "getattr", "setattr", "hasattr", "isinstance",
    "super", "frozenset", "min", "max", "sum", "repr", "property", "staticmethod", "classmethod", "complex", "exit",
    "any", "all", "abs", "round", "iter", "next", "vars", "__file__", "Exception", "ValueError", "eval", "format",
})  # fmt: skip
