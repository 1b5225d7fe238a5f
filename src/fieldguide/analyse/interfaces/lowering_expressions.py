"""Reduces expressions to `Code`.

Comes in: expressions of `ast`. Goes out: `Code`.
Must never: raise on a valid tree, evaluate anything, keep a literal of many elements.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from fieldguide.domain.interfaces import Code, Definition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DEEPEST: Final = 80
"""Nesting of expressions beyond which only a mark is kept: machine-made code would exhaust the stack."""
MOST_ELEMENTS: Final = 120
"""Elements of one literal collection beyond which it is data, not an interface."""
LONGEST_SOURCE: Final = 200
OPERATORS: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Mod: "%",
    ast.BitOr: "|",
    ast.Div: "/",
}
OPERATORS_OF_COMPARISON: Final[dict[type[ast.cmpop], str]] = {
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


class ExpressionLowering:
    """Turns expressions into `Code`."""

    def expression(self, node: ast.expr, depth: int = 0) -> Code:
        """Reduce one expression."""
        if depth > DEEPEST:
            return self._opaque(node, text="")
        lower = self._EXPRESSIONS.get(type(node))
        return self._opaque(node) if lower is None else lower(self, node, depth + 1)

    def _opaque(self, node: ast.expr, text: str | None = None) -> Code:
        return code_of("opaque", node, source_text(node) if text is None else text)

    def _all(self, nodes: Iterable[ast.expr], depth: int) -> tuple[Code, ...]:
        return tuple(self.expression(node, depth) for node in nodes)

    def _constant(self, node: ast.expr, _depth: int) -> Code:
        value = node.value if isinstance(node, ast.Constant) else None
        if isinstance(value, str):
            return code_of("string", node, encodable(value))
        return code_of("literal", node, repr(value))

    def _name(self, node: ast.expr, _depth: int) -> Code:
        return code_of("name", node, node.id if isinstance(node, ast.Name) else "")

    def _attribute(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.Attribute):
            return self._opaque(node)
        return code_of("attribute", node, node.attr, (self.expression(node.value, depth),))

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
        return code_of("call", node, "", tuple(parts), tuple(names))

    def _sequence(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.List | ast.Tuple | ast.Set) or len(node.elts) > MOST_ELEMENTS:
            return self._opaque(node, text="")
        return code_of("sequence", node, type(node).__name__.lower(), self._all(node.elts, depth))

    def _mapping(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.Dict) or len(node.keys) > MOST_ELEMENTS:
            return self._opaque(node, text="")
        parts: list[Code] = []
        for key, value in zip(node.keys, node.values, strict=True):
            lowered = self.expression(value, depth)
            parts += (code_of("unpack", value) if key is None else self.expression(key, depth), lowered)
        return code_of("mapping", node, "", tuple(parts))

    def _format(self, node: ast.expr, depth: int) -> Code:
        parts: list[Code] = []
        for value in node.values if isinstance(node, ast.JoinedStr) else ():
            if not isinstance(value, ast.FormattedValue):
                parts.append(self.expression(value, depth))
            elif value.format_spec is None and value.conversion in (-1, ord("s")):
                parts.append(self.expression(value.value, depth))
            else:
                parts.append(self._opaque(value.value))
        return code_of("format", node, "", tuple(parts))

    def _operator(self, node: ast.expr, depth: int) -> Code:
        match node:
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
                return code_of("operator", node, OPERATORS[type(operator)], self._all((left, right), depth))
            case ast.BoolOp(op=operator, values=values):
                return code_of(
                    "operator", node, "or" if isinstance(operator, ast.Or) else "and", self._all(values, depth)
                )
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return code_of("operator", node, "not", (self.expression(operand, depth),))
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return code_of("literal", node, repr(-number))
            case ast.Compare(left=left, ops=[operator], comparators=[right]) if (
                type(operator) in OPERATORS_OF_COMPARISON
            ):
                return code_of(
                    "operator", node, OPERATORS_OF_COMPARISON[type(operator)], self._all((left, right), depth)
                )
            case _:
                return self._opaque(node)

    def _choice(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.IfExp):
            return self._opaque(node)
        return code_of("choice", node, "", self._all((node.test, node.body, node.orelse), depth))

    def _item(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Slice):
            return self._opaque(node)
        return code_of("item", node, "", self._all((node.value, node.slice), depth))

    def _comprehension(self, node: ast.expr, depth: int) -> Code:
        if not isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp) or len(node.generators) != 1:
            return self._opaque(node)
        generator = node.generators[0]
        parts = (generator.target, generator.iter, node.elt, *generator.ifs)
        return code_of("comprehension", node, "", self._all(parts, depth))

    def _inner(self, node: ast.expr, depth: int) -> Code:
        if isinstance(node, ast.Starred):
            return code_of("unpack", node, "", (self.expression(node.value, depth),))
        if isinstance(node, ast.Await | ast.NamedExpr | ast.Yield) and node.value is not None:
            return self.expression(node.value, depth)
        return self._opaque(node)

    _EXPRESSIONS: Final[dict[type[ast.expr], Callable[[ExpressionLowering, ast.expr, int], Code]]] = {
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


def encodable(text: str) -> str:
    """`text`, or with lone surrogates spelt out: a file that caches facts could not hold them."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def code_of(
    kind: str,
    node: ast.AST,
    text: str = "",
    parts: tuple[Code, ...] = (),
    names: tuple[str, ...] = (),
    definition: Definition | None = None,
) -> Code:
    """Make a `Code` with the lines of `node`."""
    line: int = getattr(node, "lineno", 0)
    last: int = getattr(node, "end_lineno", None) or line
    return Code(kind, line, last, text, parts, names, definition)
