"""What the names of a module stand for, as far as reading environment variables goes.

Comes in: a module's imports and top-level assignments. Goes out: which names read a variable, and which are constants.
Must never: evaluate more than texts put together of texts.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.lowering_expressions import source_text

if TYPE_CHECKING:
    from collections.abc import Sequence

DEEPEST: Final = 40
"""Steps from name to constant, and into sums of texts, that are followed."""
_BUILTINS: Final = frozenset(dir(builtins))
_READERS: Final = {
    "decouple": frozenset({"config"}),
    "starlette.config": frozenset({"Config"}),
    "environs": frozenset({"Env", "env"}),
    "environ": frozenset({"Env", "FileAwareEnv"}),
}
"""Modules whose objects read a variable when they are called with its name, and what they export for it."""


class BoundNames:
    """Names that a module binds. `package` is what relative imports start from."""

    def __init__(self, tree: ast.Module, package: Sequence[str]) -> None:
        """Read imports and assignments of the module's top level."""
        self._package = package
        self._imported: dict[str, str] = {}
        self._modules: set[str] = set()
        self._environ: set[str] = set()
        self._getenv: set[str] = set()
        self._callable: set[str] = set()
        self._makers: set[str] = set()
        self._constants: dict[str, ast.expr] = {}
        self._members: dict[str, ast.expr] = {}
        self._bound: set[str] = set()
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.add_import(node)
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                self._bind(node.targets if isinstance(node, ast.Assign) else [node.target], node.value)
            elif isinstance(node, ast.ClassDef):
                self._bound.add(node.name)
                self._members |= {
                    f"{node.name}.{target.id}": inner.value
                    for inner in node.body
                    if isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Constant)
                    for target in inner.targets
                    if isinstance(target, ast.Name)
                }

    def readers(self) -> set[str]:
        """Names that stand for the environment, or for something that reads it when it is called."""
        return self._environ | self._getenv | self._callable | self._makers

    def any(self) -> bool:
        """Whether the module can read the environment by any of its names."""
        return bool(self._modules or self.readers())

    def constant(self, node: ast.expr) -> str:
        """Qualified name of a constant that another module defines."""
        match node:
            case ast.Name(id=name) if name.isupper() and name in self._imported:
                return self._imported[name]
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if name.isupper() and owner in self._imported:
                return f"{self._imported[owner]}.{name}"
            case _:
                return ""

    def add_import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Note what an import statement binds."""
        if isinstance(node, ast.Import):
            for alias in node.names:
                self._imported[alias.asname or alias.name.partition(".")[0]] = alias.name
                if alias.name in {"os", "environ", "environs", "decouple"}:
                    self._modules.add(alias.asname or alias.name)
            return
        kept = len(self._package) - node.level + 1 if node.level else 0
        origin = ".".join([*self._package[: max(kept, 0)], *([node.module] if node.module else [])])
        for alias in node.names:
            bound = alias.asname or alias.name
            self._imported[bound] = f"{origin}.{alias.name}"
            if node.module == "os" and alias.name in {"environ", "environb"}:
                self._environ.add(bound)
            elif node.module == "os" and alias.name in {"getenv", "getenvb"}:
                self._getenv.add(bound)
            elif node.module in _READERS and not node.level and alias.name in _READERS[node.module]:
                (self._makers if alias.name[0].isupper() else self._callable).add(bound)

    def _bind(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        for target in targets:
            if not isinstance(target, ast.Name):
                continue
            if self.makes_reader(value):
                self._callable.add(target.id)
            elif self.is_environ(value):
                self._environ.add(target.id)
            elif isinstance(value, ast.Constant | ast.JoinedStr | ast.BinOp):
                self._constants[target.id] = value
            self._bound.add(target.id)

    def makes_reader(self, value: ast.expr) -> bool:
        """It is a call that makes an object which reads variables: `Env()`, `Config(".env")`."""
        if not isinstance(value, ast.Call):
            return False
        called = value.func
        if isinstance(called, ast.Name):
            return called.id in self._makers
        return (
            isinstance(called, ast.Attribute)
            and called.attr in {"Env", "FileAwareEnv"}
            and isinstance(called.value, ast.Name)
            and called.value.id in self._modules
        )

    def strings(self, node: ast.expr, depth: int = 0) -> list[str]:  # noqa: PLR0911 (one a case)
        """Values of an expression that must be a text, or several; none when they are not known."""
        if depth > DEEPEST:
            return []
        match node:
            case ast.Constant(value=str() as text):
                return [text]
            case ast.Constant(value=bytes() as raw):
                return [raw.decode("ascii", "replace")]
            case ast.Name(id=name) if name in self._constants:
                constant = self._constants[name]
                return [] if isinstance(constant, ast.Name) else self.strings(constant, depth + 1)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [text for element in elements for text in self.strings(element, depth + 1)]
            case ast.JoinedStr(values=values):
                inner = [v.value if isinstance(v, ast.FormattedValue) else v for v in values]
                parts = [self.strings(value, depth + 1) for value in inner]
                return ["".join(part[0] for part in parts)] if all(len(part) == 1 for part in parts) else []
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                first, second = self.strings(left, depth + 1), self.strings(right, depth + 1)
                return [first[0] + second[0]] if len(first) == len(second) == 1 else []
            case _:
                return []

    def default(self, node: ast.expr | None) -> str | None:
        """Source text of a default that a reader can make sense of."""
        if isinstance(node, ast.Name) and node.id in self._constants:
            node = self._constants[node.id]
        elif isinstance(node, ast.Attribute):
            node = self._members.get(source_text(node), node)
        if node is None or (isinstance(node, ast.Constant) and node.value in (None, "", b"", ...)):
            return None
        if isinstance(node, ast.Lambda | ast.UnaryOp | ast.Compare | ast.BoolOp) and not _is_number(node):
            return None
        names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        if not names <= self._bound | self._imported.keys() | _BUILTINS:
            return None  # A local name says nothing to a reader.
        return source_text(node) or None

    # Which names read

    def is_environ(self, node: ast.expr) -> bool:
        """It is `os.environ`, by whatever name."""
        if isinstance(node, ast.Name):
            return node.id in self._environ
        return isinstance(node, ast.Attribute) and node.attr in {"environ", "environb"} and self.is_module(node.value)

    def is_module(self, node: ast.expr) -> bool:
        """It is `os`, or a library of environment variables."""
        return isinstance(node, ast.Name) and node.id in self._modules

    def is_getenv(self, node: ast.expr) -> bool:
        """It is `os.getenv`, by whatever name."""
        if isinstance(node, ast.Name):
            return node.id in self._getenv
        return isinstance(node, ast.Attribute) and node.attr in {"getenv", "getenvb"} and self.is_module(node.value)

    def is_reader(self, node: ast.expr) -> bool:
        """An object, or a function, that reads the variable that it is called with."""
        return isinstance(node, ast.Name) and node.id in self._callable


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant) and isinstance(node.op, ast.USub)
