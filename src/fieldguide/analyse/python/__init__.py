"""One Python module, read without importing it.

Comes in: its text and syntax tree, its name and path.
Goes out: a `Module`, its `Symbol`s and `Import`s, and the names it uses through imported modules.
Must never: import or run what it reads; raise on what parses.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from fieldguide.analyse.python.definitions import read_definitions
from fieldguide.analyse.python.docstrings import read_docstring, split_first_sentence
from fieldguide.analyse.python.imports import read_imports, used_names
from fieldguide.analyse.python.namespaces import read_namespaces
from fieldguide.domain.namespaces import Namespace
from fieldguide.domain.source import Role, SourceFile
from fieldguide.domain.symbols import Import, Module, Symbol

__all__ = ["PythonFacts", "read_docstring", "read_module", "split_first_sentence"]


@dataclass(frozen=True, slots=True)
class PythonFacts:
    """What one module says of itself."""

    module: Module
    symbols: tuple[Symbol, ...]
    imports: tuple[Import, ...]
    uses: tuple[str, ...]
    """Dotted names used through imported modules: `stamina.retry`."""
    namespaces: tuple[Namespace, ...] = ()
    """Every name that the module and its classes bind."""
    problem: str = ""
    """Why the definitions could not be read although the text parses; empty when they could."""


def read_module(tree: ast.Module, text: str, source: SourceFile, name: str) -> PythonFacts:
    """Facts of a parsed module. Definitions are read of source and examples only: a test's are nobody's interface."""
    is_package = source.path.rsplit("/", 1)[-1] in {"__init__.py", "__init__.pyi"}
    statements = read_imports(tree, name, source.path, is_package=is_package)
    module = Module(
        name=name,
        path=source.path,
        role=source.role,
        lines=text.count("\n") + (not text.endswith("\n") and bool(text)),
        is_package=is_package,
        exports=None if statements.exported.names is None else tuple(dict.fromkeys(statements.exported.names)),
        exports_of=tuple(statements.exported.added),
        main_guard=statements.main_guard,
    )
    imports = tuple(statements.imports)
    uses = used_names(text, imports)
    namespaces = read_namespaces(tree, text, name, source.path, is_package=is_package)
    if source.role is Role.TEST:
        docstring = read_docstring(ast.get_docstring(tree) or "", name, summary_only=True)
        return PythonFacts(replace(module, docstring=docstring), (), imports, uses, namespaces)
    try:
        docstring, symbols = read_definitions(text, tree, name, source.path, statements)
    except (SyntaxError, ValueError, RecursionError, MemoryError, LookupError, AttributeError, TypeError) as error:
        # griffe meets code that nobody thought of: what the tree alone says is still worth having.
        docstring = read_docstring(ast.get_docstring(tree) or "", name)
        return PythonFacts(replace(module, docstring=docstring), (), imports, uses, namespaces, type(error).__name__)
    return PythonFacts(replace(module, docstring=docstring), symbols, imports, uses, namespaces)
