"""Finds the environment variables that a module reads, with the defaults that it gives them.

Comes in: a module's tree, and its text where the caller has it. Goes out: `Option`s of kind ENVIRONMENT.
Must never: count a write as a read, or name a variable whose name is put together from what is not known.

Read as such: `os.environ` and `os.getenv` under whatever name they are imported, functions of the module that pass
their parameter on to them, starlette's `Config`, decouple's `config`, environs and django-environ, and the variables
that click, typer and configargparse options name.
"""

from __future__ import annotations

import ast
import builtins
import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.help_text import markdown
from fieldguide.analyse.interfaces.lowering_expressions import source_text
from fieldguide.domain.project import Option, OptionKind
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_WORDS: Final = ("environ", "getenv", "envvar", "env_var")
_READER_WORDS: Final = {"decouple": ("config",), "starlette": ("onfig",), "environ": ("env", "Env")}
"""A text without any of these words reads no variable."""
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BUILTINS: Final = frozenset(dir(builtins))
_GETTERS: Final = frozenset({"get", "setdefault"})
_TYPES: Final = frozenset({"int", "float", "bool", "Path"})
_READERS: Final = {
    "decouple": frozenset({"config"}),
    "starlette.config": frozenset({"Config"}),
    "environs": frozenset({"Env", "env"}),
    "environ": frozenset({"Env", "FileAwareEnv"}),
}
"""Modules whose objects read a variable when they are called with its name, and what they export for it."""
_ENV_METHODS: Final = frozenset({
    "str", "bool", "int", "float", "list", "dict", "json", "url", "path", "date", "datetime", "timedelta", "uuid",
    "log_level", "enum", "decimal", "db", "db_url", "cache", "cache_url", "email", "email_url", "search_url", "tuple",
    "bytes", "unicode", "get_value", "dj_db_url", "dj_cache_url", "dj_email_url",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Read:
    """One place that reads a variable; `name` and `default` are still expressions."""

    name: ast.expr
    default: ast.expr | None
    node: ast.expr
    required: bool = False
    type: str = ""
    prefix: str = ""


Found = tuple[tuple[Option, ...], tuple[tuple[str, Option], ...]]


def read_environment(tree: ast.Module, path: str, text: str = "", module: str = "") -> Found:
    """List the variables that the module reads, each once, in the order of its first read.

    Returns:
        Those whose name the module knows; and, with the qualified name of the constant, those that another module names.
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
    """Looks through one module. Names are those bound in it."""

    def __init__(self, tree: ast.Module, text: str, package: Sequence[str]) -> None:
        lines = _lines_of_interest(text) if text else None
        self._lines = lines
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
        self._wrappers: dict[str, tuple[ast.arguments, _Read]] = {}
        for node in ast.walk(tree) if lines is None else self._walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node)
        for node in tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node)
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

        words = self._environ | self._getenv | self._callable | self._makers
        if text and words:
            self._lines = _lines_of_interest(text, tuple(words))

    def can_read(self, tree: ast.Module) -> bool:
        """Whether a full walk can find anything."""
        imported = {a.name for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names}
        if self._modules | self._environ | self._getenv | self._callable | self._makers:
            return True
        return bool(imported & {"click", "typer"})

    def options(self, tree: ast.Module, path: str) -> Iterator[tuple[Option, str]]:
        """Every read, in order of its line; with the imported constant that names the variable, or an empty text."""
        reads: list[_Read] = []
        for node, protected, prefix in self._scopes(tree, protected=False, prefix=""):
            for read in self._reads(node):
                required = read.required and not protected
                reads.append(replace(read, required=required, prefix=prefix))
        reads += self._wrapped(tree)
        reads.sort(key=lambda read: (read.node.lineno, read.node.col_offset))
        for read in reads:
            for name in self._strings(read.name):
                if _NAME.fullmatch(name):
                    yield self._option(read, name, path), ""
            constant = self._constant(read.name)
            if constant:
                yield self._option(read, "", path), constant

    def _constant(self, node: ast.expr) -> str:
        """Qualified name of a constant that another module defines."""
        match node:
            case ast.Name(id=name) if name.isupper() and name in self._imported:
                return self._imported[name]
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if name.isupper() and owner in self._imported:
                return f"{self._imported[owner]}.{name}"
            case _:
                return ""

    def _option(self, read: _Read, name: str, path: str) -> Option:
        help_ = _keyword(read.node, "help") if isinstance(read.node, ast.Call) else None
        texts = self._strings(help_) if help_ is not None else []
        return Option(
            names=(read.prefix + name,),
            kind=OptionKind.ENVIRONMENT,
            span=Span(path, read.node.lineno, read.node.end_lineno or read.node.lineno),
            default=self._default(read.default),
            required=read.required and read.default is None,
            type=read.type,
            help=markdown(texts[0]) if texts else "",
        )

    # What names stand for

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
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
            if self._makes_reader(value):
                self._callable.add(target.id)
            elif _is_environ(value, self._modules, self._environ):
                self._environ.add(target.id)
            elif isinstance(value, ast.Constant | ast.JoinedStr | ast.BinOp):
                self._constants[target.id] = value
            self._bound.add(target.id)

    def _makes_reader(self, value: ast.expr) -> bool:
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

    def _strings(self, node: ast.expr) -> list[str]:
        """Values of an expression that must be a text, or several; none when they are not known."""
        match node:
            case ast.Constant(value=str() as text):
                return [text]
            case ast.Constant(value=bytes() as raw):
                return [raw.decode("ascii", "replace")]
            case ast.Name(id=name) if name in self._constants:
                constant = self._constants[name]
                return [] if isinstance(constant, ast.Name) else self._strings(constant)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [text for element in elements for text in self._strings(element)]
            case ast.JoinedStr(values=values):
                inner = [v.value if isinstance(v, ast.FormattedValue) else v for v in values]
                parts = [self._strings(value) for value in inner]
                return ["".join(part[0] for part in parts)] if all(len(part) == 1 for part in parts) else []
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                first, second = self._strings(left), self._strings(right)
                return [first[0] + second[0]] if len(first) == len(second) == 1 else []
            case _:
                return []

    def _default(self, node: ast.expr | None) -> str | None:
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

    # Where variables are read

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
            for child in ast.iter_child_nodes(node):
                if self._interesting(child):
                    pending.append((child, protected, prefix))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self._note_wrapper(node)

    def _prefix(self, node: ast.expr) -> str:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "prefixed"
            and node.args
        ):
            return "".join(self._strings(node.args[0])[:1])
        return ""

    def _reads(self, node: ast.AST) -> Iterator[_Read]:
        match node:
            case ast.Subscript(value=value, slice=name, ctx=ast.Load()) if self._is_environ(value):
                yield _Read(name, None, node, required=True)
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]) if self._is_environ(right):
                yield _Read(left, None, node)
            case ast.BoolOp(op=ast.Or(), values=[ast.Call() as call, ast.expr() as default]):
                for read in self._reads_of_call(call):
                    if read.default is None:
                        yield replace(read, default=default)
            case ast.Call(func=ast.Name(id=type_), args=[ast.expr() as inner]) if type_ in _TYPES:
                call = inner.values[0] if isinstance(inner, ast.BoolOp) else inner
                yield from (replace(read, type=type_) for read in self._reads(call))
                if isinstance(call, ast.Call):
                    return
                yield from self._reads_of_call(node)
            case ast.Call():
                yield from self._reads_of_call(node)
            case _:
                return

    def _is_environ(self, node: ast.expr) -> bool:
        return _is_environ(node, self._modules, self._environ)

    def _reads_of_call(self, node: ast.Call) -> Iterator[_Read]:
        variable = _keyword(node, "envvar") or _keyword(node, "env_var")
        if variable is not None:
            yield _Read(variable, _keyword(node, "default") or _typer_default(node), node)
        called = node.func
        first = node.args[0] if node.args else _keyword(node, "key")
        if isinstance(called, ast.Attribute):
            owner = called.value
            if called.attr in _GETTERS and self._is_environ(owner) and first is not None:
                yield _Read(first, _second(node), node)
            elif called.attr in {"getenv", "getenvb"} and isinstance(owner, ast.Name) and owner.id in self._modules:
                yield from [_Read(first, _second(node), node)] if first is not None else []
            elif (
                called.attr in _ENV_METHODS and isinstance(owner, ast.Name) and owner.id in self._callable and node.args
            ):
                type_ = called.attr if called.attr not in {"get_value", "unicode"} else ""
                default = _second(node)
                yield _Read(node.args[0], default, node, required=default is None, type=type_)
            elif called.attr == "config" and isinstance(owner, ast.Name) and owner.id in self._modules and node.args:
                yield self._config(node)
            elif called.attr in {"Env", "FileAwareEnv"} and self._makes_reader(node):
                yield from _declared(node)
        elif isinstance(called, ast.Name):
            if called.id in self._getenv and first is not None:
                yield _Read(first, _second(node), node)
            elif called.id in self._callable and node.args:
                yield self._config(node)
            elif called.id in self._makers:
                yield from _declared(node)

    def _config(self, node: ast.Call) -> _Read:
        """`config("NAME", default=…, cast=…)`: decouple takes the default second, starlette the type."""
        default = _keyword(node, "default")
        cast = _keyword(node, "cast")
        if default is None and len(node.args) > 1:
            second = node.args[1]
            if isinstance(second, ast.Name):
                cast = second
            else:
                default = second
        type_ = cast.id if isinstance(cast, ast.Name) else ""
        return _Read(node.args[0], default, node, required=default is None, type=type_)

    # Functions of the module that read the variable that their caller names

    def _note_wrapper(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        names = {argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
        for inner in self._walk(node):
            for read in self._reads(inner):
                if isinstance(read.name, ast.Name) and read.name.id in names:
                    self._wrappers.setdefault(node.name, (node.args, read))

    def _wrapped(self, tree: ast.AST) -> list[_Read]:
        if not self._wrappers:
            return []
        reads: list[_Read] = []
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
                        reads.append(_Read(variable, default, node, required=read.required, type=read.type))
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


def _declared(node: ast.Call) -> Iterator[_Read]:
    """`environ.Env(DEBUG=(bool, False))` declares a type and a default."""
    for keyword in node.keywords:
        if keyword.arg and keyword.arg.isupper() and isinstance(keyword.value, ast.Tuple) and keyword.value.elts:
            type_ = keyword.value.elts[0]
            default = keyword.value.elts[1] if len(keyword.value.elts) > 1 else None
            name = ast.copy_location(ast.Constant(keyword.arg), keyword.value)
            yield _Read(name, default, keyword.value, type=type_.id if isinstance(type_, ast.Name) else "")


def _is_environ(node: ast.expr, modules: set[str], environ: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in environ
    return (
        isinstance(node, ast.Attribute)
        and node.attr in {"environ", "environb"}
        and isinstance(node.value, ast.Name)
        and node.value.id in modules
    )


def _keyword(node: ast.expr, name: str) -> ast.expr | None:
    if not isinstance(node, ast.Call):
        return None
    return next((keyword.value for keyword in node.keywords if keyword.arg == name), None)


def _typer_default(node: ast.Call) -> ast.expr | None:
    """First argument of `typer.Option(5, envvar=…)`; click's first arguments are names."""
    name = (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )
    first = node.args[0] if name in {"Option", "Argument"} and node.args else None
    is_name = isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.startswith("-")
    return None if is_name else first


def _second(node: ast.Call) -> ast.expr | None:
    return node.args[1] if len(node.args) > 1 else _keyword(node, "default")


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant) and isinstance(node.op, ast.USub)
