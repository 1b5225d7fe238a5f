"""Reduces Python syntax trees to the `Code` that the join interprets.

Comes in: nodes of `ast`, and the module's name to make relative imports absolute. Goes out: `Code`.
Must never: raise on a valid tree, evaluate anything, keep a literal of many elements.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from fieldguide.domain.interfaces import Code, Definition, DefinitionParameter
from fieldguide.domain.symbols import ParameterKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

DEEPEST: Final = 80
"""Nesting of expressions beyond which only a mark is kept: machine-made code would exhaust the stack."""
MOST_ELEMENTS: Final = 120
"""Elements of one literal collection beyond which it is data, not an interface."""
LONGEST_SOURCE: Final = 200

OPERATORS: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Mod: "%", ast.BitOr: "|", ast.Div: "/"}
OPERATORS_OF_COMPARISON: Final = {
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
    ast.NotIn: "not in",
}


def source_text(node: ast.AST) -> str:
    """Source text of `node` on one line; empty when it is long or nested beyond the stack."""
    try:
        text = " ".join(ast.unparse(node).split())
    except RecursionError:
        return ""
    return text if len(text) <= LONGEST_SOURCE else ""


class Lowering:
    """Turns nodes of one module into `Code`.

    Args:
        module: Name of the module, for relative imports.
        is_package: The module is a package's `__init__.py`.
        wanted: Says which functions and classes are worth their bodies; others keep their signature alone.
    """

    def __init__(self, module: str, *, is_package: bool, wanted: Callable[[ast.AST], bool]) -> None:
        """Remember what the imports are relative to."""
        self._parents = module.split(".") if is_package else module.split(".")[:-1]
        self._wanted = wanted

    # Expressions

    def expression(self, node: ast.expr, depth: int = 0) -> Code:
        """Reduce one expression."""
        if depth > DEEPEST:
            return self._opaque(node, text="")
        lower = self._EXPRESSIONS.get(type(node))
        return self._opaque(node) if lower is None else lower(self, node, depth + 1)

    def _opaque(self, node: ast.expr, text: str | None = None) -> Code:
        return _code("opaque", node, source_text(node) if text is None else text)

    def _all(self, nodes: Iterable[ast.expr], depth: int) -> tuple[Code, ...]:
        return tuple(self.expression(node, depth) for node in nodes)

    def _constant(self, node: ast.expr, _depth: int) -> Code:
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str):
            return _code("string", node, encodable(value))
        return _code("literal", node, repr(value))

    def _name(self, node: ast.expr, _depth: int) -> Code:
        return _code("name", node, node.id if isinstance(node, ast.Name) else "")

    def _attribute(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.Attribute):
            return self._opaque(node)
        return _code("attribute", node, node.attr, (self.expression(node.value, depth),))

    def _call(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.Call):
            return self._opaque(node)
        parts = [self.expression(node.func, depth)]
        names: list[str] = []
        for argument in node.args:
            starred = isinstance(argument, ast.Starred)
            names.append("*" if starred else "")
            parts.append(self.expression(argument.value if starred else argument, depth))
        for keyword in node.keywords:
            names.append(keyword.arg or "**")
            parts.append(self.expression(keyword.value, depth))
        return _code("call", node, "", tuple(parts), tuple(names))

    def _sequence(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.List | ast.Tuple | ast.Set) or len(node.elts) > MOST_ELEMENTS:
            return self._opaque(node, text="")
        return _code("sequence", node, type(node).__name__.lower(), self._all(node.elts, depth))

    def _mapping(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.Dict) or len(node.keys) > MOST_ELEMENTS:
            return self._opaque(node, text="")
        parts: list[Code] = []
        for key, value in zip(node.keys, node.values, strict=True):
            lowered = self.expression(value, depth)
            parts += (_code("unpack", value) if key is None else self.expression(key, depth), lowered)
        return _code("mapping", node, "", tuple(parts))

    def _format(self, node: ast.expr, depth: int) -> Code:
        parts: list[Code] = []
        for value in node.values if isinstance(node, ast.JoinedStr) else ():
            if not isinstance(value, ast.FormattedValue):
                parts.append(self.expression(value, depth))
            elif value.format_spec is None and value.conversion in (-1, ord("s")):
                parts.append(self.expression(value.value, depth))
            else:
                parts.append(self._opaque(value.value))
        return _code("format", node, "", tuple(parts))

    def _operator(self, node: ast.expr, depth: int) -> Code:
        match node:
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
                return _code("operator", node, OPERATORS[type(operator)], self._all((left, right), depth))
            case ast.BoolOp(op=operator, values=values):
                return _code(
                    "operator", node, "or" if isinstance(operator, ast.Or) else "and", self._all(values, depth)
                )
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return _code("operator", node, "not", (self.expression(operand, depth),))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return _code("literal", node, repr(-number))
            case ast.Compare(left=left, ops=[operator], comparators=[right]) if (
                type(operator) in OPERATORS_OF_COMPARISON
            ):
                return _code("operator", node, OPERATORS_OF_COMPARISON[type(operator)], self._all((left, right), depth))
            case _:
                return self._opaque(node)

    def _choice(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.IfExp):
            return self._opaque(node)
        return _code("choice", node, "", self._all((node.test, node.body, node.orelse), depth))

    def _item(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice):
            return self._opaque(node)
        return _code("item", node, "", self._all((node.value, node.slice), depth))

    def _comprehension(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp) or len(node.generators) != 1:
            return self._opaque(node)
        generator = node.generators[0]
        parts = (generator.target, generator.iter, node.elt, *generator.ifs)
        return _code("comprehension", node, "", self._all(parts, depth))

    def _inner(self, node: ast.expr, depth: int) -> Code:
        if isinstance(node, ast.Starred):
            return _code("unpack", node, "", (self.expression(node.value, depth),))
        if isinstance(node, ast.Await | ast.NamedExpr | ast.Yield) and node.value is not None:
            return self.expression(node.value, depth)
        return self._opaque(node)

    _EXPRESSIONS: Final[dict[type[ast.expr], Callable[[Lowering, ast.expr, int], Code]]] = {
        ast.Constant: _constant,
        ast.Name: _name,
        ast.Attribute: _attribute,
        ast.Call: _call,
        ast.List: _sequence,
        ast.Tuple: _sequence,
        ast.Set: _sequence,
        ast.Dict: _mapping,
        ast.JoinedStr: _format,
        ast.BinOp: _operator,
        ast.BoolOp: _operator,
        ast.UnaryOp: _operator,
        ast.Compare: _operator,
        ast.IfExp: _choice,
        ast.Subscript: _item,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.Starred: _inner,
        ast.Await: _inner,
        ast.NamedExpr: _inner,
        ast.Yield: _inner,
    }

    # Statements

    def statements(self, nodes: Iterable[ast.stmt]) -> tuple[Code, ...]:
        """Reduce a block of statements; those that cannot bear on an interface are left out."""
        return tuple(code for node in nodes for code in self._statement(node))

    def _statement(self, node: ast.stmt) -> Iterator[Code]:
        match node:
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                yield from self._assignment(node)
            case ast.Expr(value=ast.Call() | ast.Await() | ast.Yield() as value):
                yield _code("do", node, "", (self.expression(value),))
            case ast.Return(value=ast.expr() as value):
                yield _code("return", node, "", (self.expression(value),))
            case ast.Import() | ast.ImportFrom():
                yield from self.imports(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield _code("define", node, node.name, definition=self.function(node))
            case ast.ClassDef():
                yield _code("define", node, node.name, definition=self.class_(node))
            case ast.If() | ast.For() | ast.AsyncFor() | ast.While() | ast.With() | ast.AsyncWith() | ast.Try():
                yield from self._compound(node)
            case ast.TryStar() | ast.Match():
                inner = node.body if isinstance(node, ast.TryStar) else [s for case in node.cases for s in case.body]
                yield _code("block", node, "", self.statements(inner))
            case _:
                return

    def _assignment(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Iterator[Code]:
        if node.value is None:
            return
        value = self.expression(node.value)
        if isinstance(node, ast.AugAssign):
            operator = OPERATORS.get(type(node.op), "?")
            value = _code("operator", node, operator, (self.expression(node.target), value))
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield _code("assign", node, "", (self.expression(target), value))

    def _block(self, node: ast.stmt, statements: Iterable[ast.stmt]) -> Code:
        return _code("block", node, "", self.statements(statements))

    def _compound(self, node: ast.stmt) -> Iterator[Code]:
        match node:
            case ast.If():
                blocks = (self._block(node, node.body), self._block(node, node.orelse))
                yield _code("if", node, "", (self.expression(node.test), *blocks))
            case ast.For() | ast.AsyncFor():
                target, iterable = self.expression(node.target), self.expression(node.iter)
                yield _code("for", node, "", (target, iterable, self._block(node, node.body)))
                yield from self.statements(node.orelse)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    value = self.expression(item.context_expr)
                    if item.optional_vars is None:
                        yield _code("do", node, "", (value,))
                    else:
                        yield _code("assign", node, "", (self.expression(item.optional_vars), value))
                yield self._block(node, node.body)
            case ast.While():
                yield self._block(node, node.body)
            case ast.Try():
                yield self._block(node, [*node.body, *node.orelse, *node.finalbody])
            case _:
                return

    def imports(self, node: ast.Import | ast.ImportFrom) -> Iterator[Code]:
        """One `import` a name: `text` is the module, `names` what is taken from it and what it is bound to."""
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                kept = len(self._parents) - node.level + 1
                module = ".".join([*self._parents[: max(kept, 0)], *([module] if module else [])])
            for alias in node.names:
                yield _code("import", node, module, names=(alias.name, alias.asname or alias.name))
            return
        for alias in node.names:
            top = alias.name.partition(".")[0]
            # `import a.b` binds `a`; the join runs `a.b` too, since it may hold commands.
            yield _code("import", node, alias.name, names=("", alias.asname or top, "" if alias.asname else top))

    # Definitions

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Definition:
        """Reduce a function; its body is kept when it is wanted."""
        return Definition(
            name=node.name,
            line=min([node.lineno, *(d.lineno for d in node.decorator_list)]),
            last=node.end_lineno or node.lineno,
            parameters=tuple(self._parameters(node.args)),
            decorators=self._all(node.decorator_list, 0),
            body=self.statements(node.body) if self._wanted(node) else (),
            docstring=docstring(node),
        )

    def class_(self, node: ast.ClassDef) -> Definition:
        """Reduce a class; the bodies of methods are kept where they are wanted."""
        return Definition(
            name=node.name,
            line=min([node.lineno, *(d.lineno for d in node.decorator_list)]),
            last=node.end_lineno or node.lineno,
            bases=self._all(node.bases, 0),
            decorators=self._all(node.decorator_list, 0),
            body=self.statements(node.body),
            docstring=docstring(node),
        )

    def _parameters(self, arguments: ast.arguments) -> Iterator[DefinitionParameter]:
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
        for index, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
            only = index < len(arguments.posonlyargs)
            kind = ParameterKind.POSITIONAL_ONLY if only else ParameterKind.POSITIONAL_OR_KEYWORD
            yield self._parameter(argument, kind, default)
        if arguments.vararg is not None:
            yield self._parameter(arguments.vararg, ParameterKind.VARIADIC_POSITIONAL, None)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            yield self._parameter(argument, ParameterKind.KEYWORD_ONLY, default)
        if arguments.kwarg is not None:
            yield self._parameter(arguments.kwarg, ParameterKind.VARIADIC_KEYWORD, None)

    def _parameter(self, argument: ast.arg, kind: ParameterKind, default: ast.expr | None) -> DefinitionParameter:
        return DefinitionParameter(
            name=argument.arg,
            kind=kind.value,
            annotation=None if argument.annotation is None else self._annotation(argument.annotation),
            default=None if default is None else self.expression(default),
        )

    def _annotation(self, node: ast.expr) -> Code:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                inner = ast.parse(node.value, mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return self.expression(node)
            return self.expression(ast.copy_location(inner, node))
        return self.expression(node)


def docstring(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module) -> str:
    """Docstring of `node`, dedented; empty where there is none."""
    return encodable(ast.get_docstring(node) or "")


def encodable(text: str) -> str:
    """`text`, or with lone surrogates spelt out: a file that caches facts could not hold them."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _code(
    kind: str,
    node: ast.AST,
    text: str = "",
    parts: tuple[Code, ...] = (),
    names: tuple[str, ...] = (),
    definition: Definition | None = None,
) -> Code:
    line: int = getattr(node, "lineno", 0)
    last: int = getattr(node, "end_lineno", None) or line
    return Code(kind, line, last, text, parts, names, definition)
