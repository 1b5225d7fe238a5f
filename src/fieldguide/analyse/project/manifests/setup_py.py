"""Read `setup.py` from its syntax tree, without running it.

Comes in: the parsed module. Goes out: a `Manifest` of what `setup(…)` is given as literals. Must never: guess: a
list with one unknown element is left out whole, because half a list of requirements would be taken for all of it.
"""

from __future__ import annotations

import ast
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from fieldguide.analyse.project.ini import read_ini
from fieldguide.analyse.project.literals import Literals, LocatedString, UnknownError
from fieldguide.analyse.project.manifests.requirement import dependency
from fieldguide.domain.project import Dependency, DependencyFile, EntryPoint, Manifest
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

_READING = frozenset({"open", "read_text", "parse_requirements", "read", "readlines"})
_FIELDS = (("name", "name"), ("summary", "description"), ("requires_python", "python_requires"), ("licence", "license"))


@dataclass(frozen=True, slots=True)
class _FileReference:
    """The lines of a requirements file that the code reads."""

    name: str


@dataclass(frozen=True, slots=True)
class _FoundPackages:
    """The result of `find_packages`."""

    where: str


def read_setup_py(path: str, tree: ast.Module) -> Manifest | None:
    """Return what the module's one `setup(…)` call says; `None` without one."""
    call, function = _setup_call(tree)
    if call is None:
        return None
    readers = _requirement_readers(tree)
    literals = Literals(lambda node: _resolve(node, literals, readers))
    literals.read(tree.body)
    if function is not None:
        literals.read(function.body)
    _read_with_blocks(tree, literals)
    arguments = _arguments(call, literals)
    return _manifest(path, call, arguments)


def _setup_call(tree: ast.Module) -> tuple[ast.Call | None, ast.FunctionDef | None]:
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _callee(node) == "setup":
            within = next((one for one in functions if any(inner is node for inner in ast.walk(one))), None)
            return node, within
    return None, None


def _callee(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _arguments(call: ast.Call, literals: Literals) -> dict[str, object]:
    arguments: dict[str, object] = {}
    for keyword in call.keywords:
        value = literals.get(keyword.value)
        if keyword.arg is not None and value is not None:
            arguments[keyword.arg] = value
        elif keyword.arg is None and isinstance(value, dict):
            arguments.update({str(key): item for key, item in cast("dict[object, object]", value).items()})
    return arguments


def _requirement_readers(tree: ast.Module) -> dict[str, str]:
    """Return the module's own functions that read a file, with the one requirements file that they name, if any."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and _reads(node):
            names = _requirement_names(node)
            found[node.name] = names[0] if len(names) == 1 else ""
    return found


def _reads(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.Call) and _callee(inner) in _READING for inner in ast.walk(node))


def _requirement_names(node: ast.AST) -> list[str]:
    strings = [
        inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
    ]
    return list(dict.fromkeys(text for text in strings if text.endswith((".txt", ".in", ".pip")) and " " not in text))


def _resolve(node: ast.expr, literals: Literals, readers: dict[str, str]) -> object:
    """Name the file behind a call that reads requirements, or the folder behind `find_packages`."""
    if isinstance(node, ast.Call) and _callee(node) in {"find_packages", "find_namespace_packages"}:
        where = next((keyword.value for keyword in node.keywords if keyword.arg == "where"), None)
        where = where or (node.args[0] if node.args else None)
        value = literals.get(where)
        return _FoundPackages(str(value) if isinstance(value, str) else "")
    if isinstance(node, ast.Call | ast.ListComp | ast.GeneratorExp):
        names = _requirement_names(node)
        own = [
            readers[_callee(inner)]
            for inner in ast.walk(node)
            if isinstance(inner, ast.Call) and _callee(inner) in readers
        ]
        if len(names) == 1 and (own or _reads(node)):
            return _FileReference(names[0])
        if not names and len(own) == 1 and own[0]:
            return _FileReference(own[0])
        held = [literals.names.get(inner.id) for inner in ast.walk(node) if isinstance(inner, ast.Name)]
        references = [value for value in held if isinstance(value, _FileReference)]
        if len(references) == 1 and not names:
            return references[0]
    raise UnknownError


def _read_with_blocks(tree: ast.Module, literals: Literals) -> None:
    """Follow `with open("requirements.txt") as file: requirements = file.read().splitlines()`."""
    for statement in tree.body:
        if not isinstance(statement, ast.With) or not statement.items:
            continue
        names = _requirement_names(statement.items[0].context_expr)
        if len(names) != 1:
            continue
        for inner in statement.body:
            if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Name):
                literals.names[inner.targets[0].id] = _FileReference(names[0])


def _manifest(path: str, call: ast.Call, arguments: dict[str, object]) -> Manifest:
    directory = posixpath.dirname(path)
    version = arguments.get("version")
    texts = {name: _text(arguments.get(name)) for name in ("name", "description", "python_requires", "license")}
    lists = _requirement_lists(arguments)
    return Manifest(
        path=path,
        directory=directory,
        name=texts["name"],
        summary=" ".join(texts["description"].split()),
        requires_python=texts["python_requires"],
        dependencies=tuple(_dependencies(path, call.lineno, lists)),
        classifiers=tuple(str(one) for one in _strings(arguments.get("classifiers"))),  # plain: facts are kept
        package_directories=_package_directories(arguments),
        dynamic_version=not isinstance(version, str)
        and any(keyword.arg in {"version", "use_scm_version"} for keyword in call.keywords),
        licence=texts["license"] if "\n" not in texts["license"] else "",
        dependency_files=tuple(
            DependencyFile(posixpath.normpath(posixpath.join(directory, value.name)), extra)
            for extra, value in lists
            if isinstance(value, _FileReference)
        ),
        entry_points=tuple(_entry_points(path, call.lineno, arguments)),
        urls=tuple(_urls(arguments)),
        lines=tuple(
            (field, _span(path, cast("str", arguments[key]), call.lineno)) for field, key in _FIELDS if texts[key]
        ),
    )


def _urls(arguments: dict[str, object]) -> Iterable[str]:
    addresses = arguments.get("project_urls")
    given = cast("dict[object, object]", addresses).values() if isinstance(addresses, dict) else ()
    return (text for text in map(_text, (arguments.get("url"), *given)) if text)


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str) else ""


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [LocatedString(part.strip(), getattr(value, "line", 0)) for part in value.splitlines() if part.strip()]
    if isinstance(value, list):
        return [item for item in cast("list[object]", value) if isinstance(item, str)]
    return []


def _span(path: str, text: str, otherwise: int) -> Span:
    line = text.line if isinstance(text, LocatedString) and text.line else otherwise
    return Span(path, line, line)


def _requirement_lists(arguments: dict[str, object]) -> list[tuple[str, object]]:
    lists = [("", arguments.get("install_requires")), ("test", arguments.get("tests_require"))]
    extras = arguments.get("extras_require")
    if isinstance(extras, dict):
        lists += [(str(extra), value) for extra, value in cast("dict[object, object]", extras).items()]
    return lists


def _dependencies(path: str, otherwise: int, lists: list[tuple[str, object]]) -> Iterable[Dependency]:
    for position, (extra, value) in enumerate(lists):
        grouped = position == 1  # `tests_require` is no extra
        marker = extra.partition(":")[2]  # `name:marker` is setuptools' older way of a conditional extra
        for text in _strings(value):
            written = f"{text}; {marker}" if marker else text
            span = _span(path, text, otherwise)
            found = dependency(
                written, span, extra="" if grouped else extra.partition(":")[0], group=extra if grouped else ""
            )
            if found:
                yield found


def _package_directories(arguments: dict[str, object]) -> tuple[str, ...]:
    found: list[str] = []
    packages = arguments.get("packages")
    if isinstance(packages, _FoundPackages):
        found.append(packages.where)
    folders = arguments.get("package_dir")
    if isinstance(folders, dict):
        found += [_text(value) for value in cast("dict[object, object]", folders).values()]
    return tuple(dict.fromkeys(name.strip("./") for name in found if name.strip("./")))


def _entry_points(path: str, otherwise: int, arguments: dict[str, object]) -> Iterable[EntryPoint]:
    declared = arguments.get("entry_points")
    if isinstance(declared, str):
        line = declared.line if isinstance(declared, LocatedString) else otherwise
        for group, values in read_ini(declared, line).items():
            for name, value in values.items():
                yield EntryPoint(group, name, value.text, Span(path, value.line, value.line))
    elif isinstance(declared, dict):
        for group, values in cast("dict[object, object]", declared).items():
            for text in _strings(values):
                name, separator, target = text.partition("=")
                if separator:
                    yield EntryPoint(str(group), name.strip(), target.strip(), _span(path, text, otherwise))
    for script in _strings(arguments.get("scripts")):
        yield EntryPoint("console_scripts", posixpath.basename(script), "", _span(path, script, otherwise))
