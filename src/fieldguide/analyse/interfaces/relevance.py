"""Tells which parts of a file bear on command lines, so that the rest is neither reduced nor kept.

Comes in: a module's tree, and its text where the caller has it (a search in text is a hundred times quicker than a
walk). Goes out: whether the file matters, and for each definition whether its body does.
Must never: leave out a definition that a kept one calls by name in the same file.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FRAMEWORKS: Final = frozenset(
    {
        "argparse",
        "optparse",
        "click",
        "typer",
        "fire",
        "rich_click",
        "asyncclick",
        "cyclopts",
        "configargparse",
        "flask",
    }
)
"""Modules whose import makes a file one that may declare commands."""

PARSER_WORDS: Final = frozenset({
    "ArgumentParser", "OptionParser", "add_argument", "add_option", "add_options", "add_parser", "add_subparsers",
    "add_argument_group", "add_option_group", "add_mutually_exclusive_group", "set_defaults", "parse_args",
    "parse_known_args", "parse_intermixed_args", "add_command", "add_typer", "Typer", "AppGroup", "BaseCommand",
    "add_arguments", "argparse", "optparse", "typer", "fire", "Fire", "parser", "subparsers", "subparser", "arg_parser",
    "LabelCommand", "AppCommand", "ArgParser",
})  # fmt: skip
"""Names that mark a function as building or using a command line, in whatever file it stands."""

CLICK_WORDS: Final = frozenset({
    "click", "command", "group", "option", "argument", "pass_context", "pass_obj", "version_option", "callback",
    "password_option", "confirmation_option", "cli",
})  # fmt: skip
"""The same, where the file imports click or a relative of it: the words are too common elsewhere."""

QUICK_WORDS: Final = (
    "argparse", "optparse", "click", "typer", "fire", "cyclopts", "ArgumentParser", "OptionParser", "add_argument",
    "add_option", "add_parser", "parse_args", "parse_known_args", "add_command", "add_typer", "BaseCommand", ".command",
    ".group(", ".cli.", "AppGroup", "parser)", "parser,",
)  # fmt: skip
"""A text without any of these declares no command line."""

DECORATORS: Final = frozenset({"command", "group", "callback"})
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

ENTRY_WORDS: Final = ("main", "cli", "run", "entry", "command", "console", "script", "start", "app")
"""A function whose name holds one of these may be an entry point that only calls another module's."""
LONGEST_ENTRY: Final = 30
LONGEST_CALLED: Final = 20
"""Lines of a function that is kept for what it returns."""


def identifiers(node: ast.AST) -> set[str]:
    """Every name, attribute and imported name under `node`."""
    found: set[str] = set()
    pending: list[ast.AST] = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, ast.Name):
            found.add(current.id)
            continue
        if isinstance(current, ast.Attribute):
            found.add(current.attr)
        elif isinstance(current, ast.alias):
            found.update(current.name.split("."))
        elif isinstance(current, ast.keyword) and current.arg:
            found.add(current.arg)
        pending.extend(ast.iter_child_nodes(current))
    return found


def frameworks(tree: ast.Module) -> frozenset[str]:
    """Command-line frameworks that the module imports, at its top or inside a function."""
    found: set[str] = set()
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return frozenset(found & FRAMEWORKS)


def _statements(tree: ast.Module) -> Iterator[ast.stmt]:
    pending: list[ast.stmt] = list(tree.body)
    while pending:
        node = pending.pop()
        yield node
        for field in ("body", "orelse", "finalbody"):
            inner: object = getattr(node, field, None)
            if isinstance(inner, list):
                pending.extend(child for child in inner if isinstance(child, ast.stmt))  # pyright: ignore[reportUnknownVariableType]


class Relevance:
    """Decides over one module. `relevant` says whether it declares or uses command lines at all."""

    def __init__(self, tree: ast.Module, text: str = "") -> None:
        """Look through the module once; twice where its text is not given."""
        self._wanted: set[FunctionNode] = set()
        self.frameworks: frozenset[str] = frozenset()
        self.relevant = False
        if text and not any(word in text for word in QUICK_WORDS):
            return
        self.frameworks = frameworks(tree)
        words = PARSER_WORDS | CLICK_WORDS if self.frameworks - {"argparse", "optparse"} else PARSER_WORDS
        words |= self._bound_by_frameworks(tree)
        self._named = {node: identifiers(node) for node in _functions(tree)}
        self._choose(tree, words)

    def wanted(self, node: ast.AST) -> bool:
        """Whether the body of this function is worth keeping."""
        return node in self._wanted or (not self.relevant and _may_be_entry(node))

    @staticmethod
    def _bound_by_frameworks(tree: ast.Module) -> frozenset[str]:
        return frozenset(
            alias.asname or alias.name
            for node in tree.body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
            if (alias.name if isinstance(node, ast.Import) else node.module or "").partition(".")[0] in FRAMEWORKS
            and not (isinstance(node, ast.ImportFrom) and node.module == "flask")
        )

    def _choose(self, tree: ast.Module, words: frozenset[str]) -> None:
        chosen = {node for node, names in self._named.items() if names & words or _is_decorated_as_command(node)}
        owners = {
            child: node.name
            for node in tree.body
            if isinstance(node, ast.ClassDef)
            for child in node.body
            if isinstance(child, FunctionNode)
        }
        # What calls a chosen function, or the class of a chosen method, matters too.
        pending = list(chosen)
        seen: set[str] = set()
        while pending:
            node = pending.pop()
            names = {getattr(node, "name", ""), owners.get(node, "")} - seen - {"", "__init__"}
            seen |= names
            callers = [other for other, used in self._named.items() if other not in chosen and used & names]
            chosen.update(callers)
            pending += callers
        self._wanted = chosen | self._called_by(chosen)
        top = {
            name
            for node in tree.body
            if not isinstance(node, FunctionNode | ast.Import | ast.ImportFrom)
            for part in (node.bases if isinstance(node, ast.ClassDef) else [node])
            for name in identifiers(part)
        }
        self.relevant = bool(chosen or self.frameworks - {"flask"} or top & words)

    def _called_by(self, chosen: set[FunctionNode]) -> set[FunctionNode]:
        """Short functions that a chosen one calls, for a text or a list that they put together."""
        short = {n.name: n for n in self._named if (n.end_lineno or 0) - n.lineno <= LONGEST_CALLED}
        found: set[FunctionNode] = set()
        pending = list(chosen)
        while pending:
            called = {short[name] for name in self._named[pending.pop()] if name in short} - found - chosen
            found |= called
            pending += called
        return found


def _functions(tree: ast.Module) -> Iterator[FunctionNode]:
    for node in _statements(tree):
        if isinstance(node, FunctionNode):
            yield node


def _is_decorated_as_command(node: FunctionNode) -> bool:
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(called, ast.Attribute) and called.attr in DECORATORS:
            return True
    return False


def _may_be_entry(node: ast.AST) -> bool:
    if not isinstance(node, FunctionNode) or (node.end_lineno or 0) - node.lineno > LONGEST_ENTRY:
        return False
    name = node.name.lower()
    return any(word in name for word in ENTRY_WORDS)
