"""Python in a document: what its blocks import, call and name.

Comes in: the text of a block, or of a code span, and the names that earlier blocks bound.
Goes out: imports, calls with their keyword arguments and attribute chains, as `PythonUse`s with their places.
Must never: run or import anything, or complain of what does not parse: it is read as far as it goes.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.python_names import Origin, PythonNames, chain_of
from fieldguide.verify.reading.python_sources import has_prompts, parsed, parsed_line, statements, without_prompts

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST: Final = 200_000
"""Characters of a block that are parsed: beyond it stands data, not an example."""


@dataclass(frozen=True, slots=True)
class PythonUse:
    """One thing that Python code uses."""

    kind: ReferenceKind
    text: str
    """Dotted, through the document's own imports and assignments."""
    written: str
    row: int
    """0-based, in the block."""
    column: int
    """0-based, in characters."""
    keywords: tuple[str, ...] = ()
    owner: str = ""
    """The class that the root was made from."""
    places: tuple[tuple[int, int], ...] = ()
    """Row and column of each keyword."""
    unbound: bool = False
    """The document does not show where its root comes from."""
    earlier: bool = False
    """Its root is what an earlier block imported from a package, and may be another here."""


def read_python(text: str, names: PythonNames) -> list[PythonUse]:
    """Read a block: plain Python, a console session with prompts, or an excerpt that parses only in part."""
    lines = text[:_LONGEST].split("\n")
    columns = [0] * len(lines)
    if has_prompts(lines):
        lines, columns = without_prompts(lines)
    margin = min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)
    names.begin_block()
    reader = _Reader(names, [line[margin:] for line in lines], [column + margin for column in columns])
    reader.read()
    return reader.uses


def read_expression(code: str, names: PythonNames) -> list[PythonUse] | None:
    """Read a code span; nothing where it is no Python."""
    tree = parsed(code)
    if tree is None:
        return None
    reader = _Reader(names.body(), [code], [0])
    reader.visit(tree, 0)
    return reader.uses


class _Reader:
    """Walks statements in their order, binds names and gathers uses."""

    def __init__(self, names: PythonNames, lines: Sequence[str], columns: Sequence[int]) -> None:
        self.uses: list[PythonUse] = []
        self._names = names
        self._lines = lines
        self._columns = list(columns)
        self._first = 0

    def read(self) -> None:
        """Read the whole if it parses; else its statements, and of a statement that does not parse its lines."""
        whole = parsed("\n".join(self._lines))
        if whole is not None:
            self.visit(whole, 0)
            return
        for first, lines in statements(self._lines):
            tree = parsed("\n".join(lines))
            if tree is not None:
                self.visit(tree, first)
                continue
            for row, line in enumerate(lines, first):
                stripped = line.strip()
                tree = parsed_line(stripped) if stripped else None
                if tree is not None:
                    moved = len(line) - len(line.lstrip())
                    self._columns[row] += moved
                    self.visit(tree, row)
                    self._columns[row] -= moved

    def visit(self, tree: ast.Module, first: int) -> None:
        """Walk a tree whose line 1 is row `first` of the block."""
        self._first = first
        try:
            for statement in tree.body:
                self._visit(statement)
        except RecursionError:  # what was found before stays
            return

    def _visit(self, node: ast.AST) -> None:
        match node:
            case ast.Import() | ast.ImportFrom():
                self._import(node)
            case ast.Call():
                self._call(node)
            case ast.Attribute():
                self._chain(node)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.NamedExpr():
                self._assignment(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._definition(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self._comprehension(node)
            case _:
                self._binding(node)

    def _binding(self, node: ast.AST) -> None:
        """Statements that bind names by the way, and all others."""
        match node:
            case ast.Lambda():
                self._inside(node.args, [node.body])
            case ast.Name(id=name, ctx=ast.Load()):
                self._names.use(name)
            case ast.Constant(value=str() as text) if text.isidentifier():
                self._names.used.add(text)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                self._visit(node.iter)
                self._names.assign(node.target, None)
                self._children(node, skipped={"iter", "target"})
            case ast.withitem():
                self._visit(node.context_expr)
                if node.optional_vars is not None:
                    self._names.assign(node.optional_vars, node.context_expr)
            case _:
                if isinstance(node, ast.ExceptHandler) and node.name:
                    self._names.define(node.name)
                self._children(node)

    def _children(self, node: ast.AST, skipped: frozenset[str] | set[str] = frozenset()) -> None:
        for field, value in ast.iter_fields(node):
            if field in skipped:
                continue
            for one in value if isinstance(value, list) else [value]:  # pyright: ignore[reportUnknownVariableType]
                if isinstance(one, ast.AST):
                    self._visit(one)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                self._add(ReferenceKind.IMPORT, alias.name, alias.name, alias)
                self._names.imported(
                    alias.asname or alias.name.partition(".")[0],
                    alias.name if alias.asname else alias.name.partition(".")[0],
                )
            return
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            dotted = module if alias.name == "*" else f"{module}{'' if module.endswith('.') else '.'}{alias.name}"
            self._add(ReferenceKind.IMPORT, dotted, alias.name, alias)
            if alias.name != "*":
                self._names.imported(alias.asname or alias.name, "" if node.level else dotted)

    def _definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self._visit(decorator)
        self._names.define(node.name)
        if isinstance(node, ast.ClassDef):
            for one in (*node.bases, *node.keywords):
                self._visit(one)
            self._inside(None, node.body)
        else:
            if node.returns is not None:
                self._visit(node.returns)
            self._inside(node.args, node.body)

    def _inside(self, arguments: ast.arguments | None, body: Sequence[ast.AST]) -> None:
        """Read a body with names of its own."""
        outer = self._names
        self._names = outer.body()
        if arguments is not None:
            self._children(arguments)
            named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
            for one in named:
                if one is not None:
                    self._names.annotate(one.arg, one.annotation)
        for one in body:
            self._visit(one)
        self._names = outer

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        outer = self._names
        self._names = outer.body()
        for generator in node.generators:
            self._visit(generator)
        self._children(node, skipped={"generators"})
        self._names = outer

    def _assignment(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) -> None:
        if node.value is not None:
            self._visit(node.value)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Attribute | ast.Subscript):
                self._visit(target)
            if isinstance(node, ast.AnnAssign) and isinstance(target, ast.Name) and node.value is None:
                self._visit(node.annotation)
                self._names.annotate(target.id, node.annotation)
            else:
                self._names.assign(target, None if isinstance(node, ast.AugAssign) else node.value)

    def _call(self, node: ast.Call) -> None:
        keywords = [keyword for keyword in node.keywords if keyword.arg]
        chain = chain_of(node.func)
        if chain:
            self._use(ReferenceKind.CALL, chain, node.func, keywords)
        else:
            if keywords and isinstance(node.func, ast.Attribute) and not _is_of_super(node.func):
                # A method of what a call or a subscription gave.
                self._add(ReferenceKind.CALL, node.func.attr, node.func.attr, node.func, keywords, unbound=True)
            self._visit(node.func)
        for one in (*node.args, *(keyword.value for keyword in node.keywords)):
            self._visit(one)

    def _chain(self, node: ast.Attribute) -> None:
        chain = chain_of(node)
        if chain:
            self._use(ReferenceKind.NAME, chain, node, ())
        else:
            self._visit(node.value)

    def _use(self, kind: ReferenceKind, chain: list[str], node: ast.expr, keywords: Sequence[ast.keyword]) -> None:
        root = self._names.find(chain[0])
        written = ".".join(chain)
        if root.origin is Origin.LOCAL or (root.origin is Origin.BUILT_IN and not keywords):
            return
        if chain[0] in {"self", "cls"} or (len(chain) == 1 and root.origin in {Origin.INSTANCE, Origin.VALUE}):
            return
        if root.origin is Origin.VALUE and kind is not ReferenceKind.CALL:
            return
        text = ".".join((root.dotted, *chain[1:])) if root.dotted else written
        owner = root.dotted if root.origin is Origin.INSTANCE else ""
        open_root = root.origin in {Origin.UNBOUND, Origin.VALUE}
        self._add(kind, text, written, node, keywords, owner, unbound=open_root)
        taken = len(chain) > 1 and chain[0].islower() and "." in root.dotted and root.origin is Origin.IMPORT
        if taken and self._names.is_earlier(chain[0]):
            self.uses[-1] = replace(self.uses[-1], earlier=True)

    def _add(
        self,
        kind: ReferenceKind,
        text: str,
        written: str,
        node: ast.expr | ast.alias,
        keywords: Sequence[ast.keyword] = (),
        owner: str = "",
        *,
        unbound: bool = False,
    ) -> None:
        number, offset = node.lineno, node.col_offset
        of_another = isinstance(node, ast.Attribute) and "." not in written
        if node.end_lineno and node.end_col_offset and (of_another or node.end_lineno > number):
            written = written.rpartition(".")[2]  # of a chain over lines, and of what a call gave: the last name
            number, offset = node.end_lineno, max(node.end_col_offset - len(written.encode()), 0)
        named = tuple(keyword.arg for keyword in keywords if keyword.arg)
        places = tuple(self._place(keyword.lineno, keyword.col_offset) for keyword in keywords if keyword.arg)
        self.uses.append(
            PythonUse(kind, text, written, *self._place(number, offset), named, owner, places, unbound=unbound)
        )

    def _place(self, number: int, offset: int) -> tuple[int, int]:
        """Row and column in the block of a line and byte of the tree."""
        row = min(self._first + number - 1, len(self._lines) - 1)
        line = self._lines[row]
        if not line.isascii():
            offset = len(line.encode("utf-8", "surrogatepass")[:offset].decode("utf-8", "ignore"))
        return row, offset + self._columns[row]


def _is_of_super(method: ast.Attribute) -> bool:
    """Tell whether a method is that of a base class, which may be any."""
    owner = method.value
    return isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super"
