"""Finds the environment variables that a module reads, with the defaults that it gives them.

Comes in: a module's tree, and its text where the caller has it. Goes out: `Option`s of kind ENVIRONMENT.
Must never: count a write as a read, or name a variable whose name is put together from what is not known.

Read as such: `os.environ` and `os.getenv` under whatever name they are imported, functions of the module that pass
their parameter on to them, starlette's `Config`, decouple's `config`, environs and django-environ, and the variables
that click, typer and configargparse options name.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.environment_names import BoundNames
from fieldguide.analyse.interfaces.environment_reads import Read, ReadFinder, keyword_of
from fieldguide.analyse.interfaces.help_text import markdown
from fieldguide.domain.project import Option, OptionKind
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_WORDS: Final = ("environ", "getenv", "envvar", "env_var")
_READER_WORDS: Final = {"decouple": ("config",), "starlette": ("onfig",), "environ": ("env", "Env")}
"""A text without any of these words reads no variable."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")

Found = tuple[tuple[Option, ...], tuple[tuple[str, Option], ...]]


def read_environment(tree: ast.Module, path: str, text: str = "", module: str = "") -> Found:
    """List the variables that the module reads, each once, in the order of its first read.

    Returns:
        Those whose name the module knows; and those that another module names, with the constant's qualified name.
    """
    lines = _lines_of_interest(text) if text else None
    if lines is not None and not lines:
        return (), ()
    reader = _Reader(
        tree, text if lines else "", module.split(".") if path.endswith("__init__.py") else module.split(".")[:-1]
    )
    if lines is None and not reader.can_read(tree):
        return (), ()
    options: dict[str, Option] = {}
    imported: dict[str, Option] = {}
    for option, constant in reader.options(tree, path):
        kept, name = (imported, constant) if constant else (options, option.names[0])
        known = kept.get(name)
        kept[name] = option if known is None else _merge(known, option)
    return tuple(options.values()), tuple(imported.items())


def _merge(first: Option, second: Option) -> Option:
    return replace(
        first,
        default=first.default if first.default is not None else second.default,
        required=first.required and second.required,
        type=first.type or second.type,
        help=first.help or second.help,
    )


def _lines_of_interest(text: str, bound: tuple[str, ...] = ()) -> list[int]:
    """Lines, ascending, that may read a variable; `bound` are names that stand for what reads one."""
    words = [word for word in _WORDS + bound if word in text]
    words += [word for reader, found in _READER_WORDS.items() if f"{reader}" in text for word in found]
    if not words:
        return []
    lines = text.split("\n")
    return [number for number, line in enumerate(lines, 1) if any(word in line for word in words)]


class _Reader:
    """Looks through one module; `lines` are those that may read a variable, `None` for all."""

    def __init__(self, tree: ast.Module, text: str, package: Sequence[str]) -> None:
        self._lines = _lines_of_interest(text) if text else None
        self._names = BoundNames(tree, package)
        self._finder = ReadFinder(self._names)
        self._wrappers: dict[str, tuple[ast.arguments, Read]] = {}
        for node in self._walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._names.add_import(node)
        if text and self._names.readers():
            self._lines = _lines_of_interest(text, tuple(self._names.readers()))

    def can_read(self, tree: ast.Module) -> bool:
        """Whether a full walk can find anything."""
        imported = {a.name for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names}
        return self._names.any() or bool(imported & {"click", "typer"})

    def options(self, tree: ast.Module, path: str) -> Iterator[tuple[Option, str]]:
        """Every read, in order of its line; with the imported constant that names the variable, or an empty text."""
        reads: list[Read] = []
        for node, protected, prefix in self._scopes(tree, protected=False, prefix=""):
            for read in self._finder.reads(node):
                required = read.required and not protected
                reads.append(replace(read, required=required, prefix=prefix))
        reads += self._wrapped(tree)
        reads.sort(key=lambda read: (read.node.lineno, read.node.col_offset))
        for read in reads:
            for name in self._names.strings(read.name):
                if _NAME.fullmatch(name):
                    yield self._option(read, name, path), ""
            constant = self._names.constant(read.name)
            if constant:
                yield self._option(read, "", path), constant

    def _option(self, read: Read, name: str, path: str) -> Option:
        help_ = keyword_of(read.node, "help") if isinstance(read.node, ast.Call) else None
        texts = self._names.strings(help_) if help_ is not None else []
        return Option(
            names=(read.prefix + name,),
            kind=OptionKind.ENVIRONMENT,
            span=Span(path, read.node.lineno, read.node.end_lineno or read.node.lineno),
            default=self._names.default(read.default),
            required=read.required and read.default is None,
            type=read.type,
            help=markdown(texts[0]) if texts else "",
        )

    def _walk(self, tree: ast.AST) -> Iterator[ast.AST]:
        """Like `ast.walk`, but only into what holds a line of interest."""
        pending: list[ast.AST] = [tree]
        while pending:
            node = pending.pop()
            yield node
            pending.extend(child for child in ast.iter_child_nodes(node) if self._interesting(child))

    def _interesting(self, node: ast.AST) -> bool:
        first: int | None = getattr(node, "lineno", None)
        if self._lines is None or first is None:
            return True
        last: int = getattr(node, "end_lineno", None) or first
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.decorator_list:
            first = min(first, node.decorator_list[0].lineno)
        index = bisect_left(self._lines, first)
        return index < len(self._lines) and self._lines[index] <= last

    def _scopes(self, tree: ast.AST, *, protected: bool, prefix: str) -> Iterator[tuple[ast.AST, bool, str]]:
        pending: list[tuple[ast.AST, bool, str]] = [(tree, protected, prefix)]
        while pending:
            node, protected, prefix = pending.pop()
            yield node, protected, prefix
            if isinstance(node, ast.Try):
                protected = True
            elif isinstance(node, ast.With):
                prefix += "".join(self._prefix(item.context_expr) for item in node.items)
            children = filter(self._interesting, ast.iter_child_nodes(node))
            pending.extend((child, protected, prefix) for child in children)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._note_wrapper(node)

    def _prefix(self, node: ast.expr) -> str:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "prefixed"
            and node.args
        ):
            return "".join(self._names.strings(node.args[0])[:1])
        return ""

    # Functions of the module that read the variable that their caller names

    def _note_wrapper(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        names = {argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
        for inner in self._walk(node):
            for read in self._finder.reads(inner):
                if isinstance(read.name, ast.Name) and read.name.id in names:
                    self._wrappers.setdefault(node.name, (node.args, read))

    def _wrapped(self, tree: ast.AST) -> list[Read]:
        if not self._wrappers:
            return []
        reads: list[Read] = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else ""
                if name in self._wrappers:
                    arguments, read = self._wrappers[name]
                    given = _bound(arguments, node)
                    variable = given.get(read.name.id) if isinstance(read.name, ast.Name) else None
                    if variable is not None:
                        default = read.default
                        if isinstance(default, ast.Name) and default.id in given:
                            default = given[default.id]
                        reads.append(Read(variable, default, node, required=read.required, type=read.type))
        return reads


def _bound(arguments: ast.arguments, call: ast.Call) -> Mapping[str, ast.expr]:
    """Which expression each parameter gets, defaults included."""
    positional = [*arguments.posonlyargs, *arguments.args]
    bound: dict[str, ast.expr] = {}
    for argument, default in zip(reversed(positional), reversed(arguments.defaults), strict=False):
        bound[argument.arg] = default
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if default is not None:
            bound[argument.arg] = default
    bound.update({argument.arg: value for argument, value in zip(positional, call.args, strict=False)})
    bound.update({keyword.arg: keyword.value for keyword in call.keywords if keyword.arg})
    return bound
