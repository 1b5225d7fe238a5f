"""Reduces Python syntax trees to the `Code` that the join interprets.

Comes in: nodes of `ast`, and the module's name to make relative imports absolute. Goes out: `Code`.
Must never: raise on a valid tree, evaluate anything, keep a literal of many elements.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from fieldguide.analyse.interfaces.lowering_expressions import OPERATORS, ExpressionLowering, code_of, encodable
from fieldguide.domain.interfaces import Code, Definition, DefinitionParameter
from fieldguide.domain.symbols import ParameterKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Lowering(ExpressionLowering):
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

    # Statements

    def statements(self, nodes: Iterable[ast.stmt]) -> tuple[Code, ...]:
        """Reduce a block of statements; those that cannot bear on an interface are left out."""
        return tuple(code for node in nodes for code in self._statement(node))

    def _statement(self, node: ast.stmt) -> Iterator[Code]:
        match node:
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                yield from self._assignment(node)
            case ast.Expr(value=ast.Call() | ast.Await() | ast.Yield() as value):
                yield code_of("do", node, "", (self.expression(value),))
            case ast.Return(value=ast.expr() as value):
                yield code_of("return", node, "", (self.expression(value),))
            case ast.Import() | ast.ImportFrom():
                yield from self.imports(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield code_of("define", node, node.name, definition=self.function(node))
            case ast.ClassDef():
                yield code_of("define", node, node.name, definition=self.class_(node))
            case ast.If() | ast.For() | ast.AsyncFor() | ast.While() | ast.With() | ast.AsyncWith() | ast.Try():
                yield from self._compound(node)
            case ast.TryStar() | ast.Match():
                inner = node.body if isinstance(node, ast.TryStar) else [s for case in node.cases for s in case.body]
                yield code_of("block", node, "", self.statements(inner))
            case _:
                return

    def _assignment(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> Iterator[Code]:
        if node.value is None:
            return
        value = self.expression(node.value)
        if isinstance(node, ast.AugAssign):
            operator = OPERATORS.get(type(node.op), "?")
            value = code_of("operator", node, operator, (self.expression(node.target), value))
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield code_of("assign", node, "", (self.expression(target), value))

    def _block(self, node: ast.stmt, statements: Iterable[ast.stmt]) -> Code:
        return code_of("block", node, "", self.statements(statements))

    def _compound(self, node: ast.stmt) -> Iterator[Code]:
        match node:
            case ast.If():
                blocks = (self._block(node, node.body), self._block(node, node.orelse))
                yield code_of("if", node, "", (self.expression(node.test), *blocks))
            case ast.For() | ast.AsyncFor():
                target, iterable = self.expression(node.target), self.expression(node.iter)
                yield code_of("for", node, "", (target, iterable, self._block(node, node.body)))
                yield from self.statements(node.orelse)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    value = self.expression(item.context_expr)
                    if item.optional_vars is None:
                        yield code_of("do", node, "", (value,))
                    else:
                        yield code_of("assign", node, "", (self.expression(item.optional_vars), value))
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
                yield code_of("import", node, module, names=(alias.name, alias.asname or alias.name))
            return
        for alias in node.names:
            top = alias.name.partition(".")[0]
            # `import a.b` binds `a`; the join runs `a.b` too, since it may hold commands.
            yield code_of("import", node, alias.name, names=("", alias.asname or top, "" if alias.asname else top))

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
