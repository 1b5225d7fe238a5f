"""The places of a project's tree that deserve a row in its layout.

Comes in: paths, modules, summaries, tasks. Goes out: places, the package's parts first, by importance and size.
Must never: write a sentence.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldguide.domain.symbols import SymbolKind
from fieldguide.write.sections.names import all_paths
from fieldguide.write.sections.subject import Shape, distributions, shape_of, source_modules, tasks

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.symbols import Module

_PACKAGE_ROWS = 14
_OTHER_ROWS = 12
_FILE_ROWS = 6
_ROOTS = 4
_DULL_FILES = frozenset(
    {"__init__.py", "__init__.pyi", "__main__.py", "_version.py", "version.py", "__about__.py", "__version__.py"}
    | {"py.typed"}
)
_SUPPORT = frozenset({"compat", "errors", "exceptions", "helpers", "types", "util", "utils"})
_ROOT_PROSE = ("author", "copying", "licen", "requirements")
_ROOT_DULL = frozenset({"setup.py", "setup.cfg", "pyproject.toml", "manifest.in"})
_RELEASE_NOTES = frozenset({"changelog", "changelog.d", "changelogs", "changes", "newsfragments"})
_PICTURES = (".gif", ".ico", ".icns", ".jpeg", ".jpg", ".pdf", ".png", ".svg", ".ttf", ".webp", ".woff", ".woff2")
_TASK_NAMES = {
    "make target": "make targets",
    "nox session": "nox sessions",
    "tox environment": "tox environments",
    "task": "tasks",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A row: a path, whether it is a directory, and what the code says of it."""

    path: str
    directory: bool
    said: str = ""
    names: tuple[str, ...] = ()
    """What a module or package offers or defines, for want of a summary."""
    handed_on: bool = False
    """The names are defined elsewhere."""
    entries: tuple[str, ...] = ()
    """Names of what a directory holds, for want of anything better."""
    tasks: str = ""
    """What kind of tasks the file defines: `nox sessions`."""


def places(codebase: Codebase) -> list[Place]:
    """Return the rows: each package's parts by importance, then other directories, then files at the top."""
    roots = _package_roots(codebase)
    found: list[Place] = []
    for root in roots:
        found += _parts(codebase, root, _PACKAGE_ROWS if len(roots) == 1 else _PACKAGE_ROWS // 2)
    covered = {one.path for one in found}
    found += [one for one in _other_directories(codebase, roots) if one.path not in covered]
    found += [one for one in _root_files(codebase) if one.path not in covered]
    return found


def _package_roots(codebase: Codebase) -> list[str]:
    """Return the directories of the top packages, at most four: those with the most code first."""
    if shape_of(codebase) in {Shape.MONOREPO, Shape.SCRIPTS}:
        return []
    lines: Counter[str] = Counter()
    packages = {posixpath.dirname(one.path) for one in codebase.modules.values() if one.is_package}
    for module in source_modules(codebase):
        folder = posixpath.dirname(module.path)
        while folder and posixpath.dirname(folder) in packages:
            folder = posixpath.dirname(folder)
        if folder in packages:
            lines[folder] += module.lines
    return [path for path, _ in sorted(lines.items(), key=lambda item: (-item[1], item[0]))[:_ROOTS]]


def _parts(codebase: Codebase, root: str, limit: int) -> list[Place]:
    """Return the direct children of a package, packages and modules alike, the weightiest first, at most `limit`.

    Weight is importance and size together: importance alone would put what everything rests on before what it is for.
    """
    # The documented directory may be a package itself: its root is then the empty path.
    inside = f"{root}/" if root else ""
    own = [one for one in source_modules(codebase) if one.path.startswith(inside)]
    lines = sum(one.lines for one in own) or 1
    weights: dict[str, float] = {}
    modules: dict[str, Module] = {}
    for module in own:
        rest = module.path.removeprefix(inside)
        if rest in _DULL_FILES:
            continue
        child = posixpath.join(root, rest.split("/")[0])
        support = rest.split("/")[0].removesuffix(".py").strip("_") in _SUPPORT
        weights[child] = weights.get(child, 0.0) + (module.rank + module.lines / lines) * (0.1 if support else 1)
        modules[module.path] = module
    if not weights:
        return [_directory(codebase, root)]
    chosen = sorted(weights, key=lambda path: (-round(weights[path], 9), path))[:limit]
    return [_module(codebase, modules[one]) if one in modules else _directory(codebase, one) for one in chosen]


def _module(codebase: Codebase, module: Module) -> Place:
    said = module.docstring.summary or codebase.summaries.get(module.path, "")
    names = _offered(codebase, module.name) or _defined(codebase, module.name)
    handed_on = not names and bool(module.exports)
    return Place(module.path, directory=False, said=said, names=names or module.exports or (), handed_on=handed_on)


def _offered(codebase: Codebase, module: str) -> tuple[str, ...]:
    """Return the public names that a module defines, in the order of the interface."""
    kinds = {SymbolKind.CLASS, SymbolKind.FUNCTION}
    targets = [codebase.symbols.get(one.target) for group in codebase.exports.values() for one in group]
    return tuple(one.short for one in targets if one and one.module == module and one.kind in kinds)


def _defined(codebase: Codebase, module: str) -> tuple[str, ...]:
    kinds = {SymbolKind.CLASS, SymbolKind.FUNCTION}
    own = [one for one in codebase.symbols.values() if one.module == module and one.kind in kinds]
    top = [one for one in own if "." not in one.short]
    return tuple(one.short for one in sorted(top, key=lambda one: (one.short.startswith("_"), one.span.first)))


def _directory(codebase: Codebase, path: str) -> Place:
    """Return a directory: a package with what it offers, else with its modules; any other with its entries."""
    package = next(
        (one for one in codebase.modules.values() if one.is_package and posixpath.dirname(one.path) == path), None
    )
    offered: tuple[str, ...] = ()
    if package:
        group = codebase.exports.get(package.name, ())
        kinds = {codebase.symbols[one.target].kind for one in group if one.target in codebase.symbols}
        # A package whose only public names are values, such as a blueprint, is better told by its modules.
        if kinds - {SymbolKind.ATTRIBUTE}:
            offered = tuple(
                one.name.removeprefix(f"{package.name}.") for one in group if one.target in codebase.symbols
            )
    names: Counter[str] = Counter()
    for one in sorted(all_paths(codebase)):
        if one.startswith(path + "/"):
            head, slash, _ = one[len(path) + 1 :].partition("/")
            if head not in _DULL_FILES and not head.startswith(".") and (slash or not package or head.endswith(".py")):
                names[head.removesuffix(".py") + slash] += 1
    usual = "release notes" if posixpath.basename(path).lower() in _RELEASE_NOTES else ""
    said = codebase.summaries.get(path, "") or usual
    return Place(path, directory=True, said=said, names=offered, entries=tuple(names))


def _other_directories(codebase: Codebase, roots: list[str]) -> list[Place]:
    """Return the directories at the top that are neither a package listed above nor a distribution, largest first."""
    sizes = Counter(path.split("/")[0] for path in all_paths(codebase) if "/" in path)
    taken = {root.split("/")[0] for root in roots}
    found = [name for name in sizes if name not in taken and not name.startswith(".")]
    own = {one.directory for one in distributions(codebase)}
    telling = {path.split("/")[0] for path in all_paths(codebase) if not path.lower().endswith(_PICTURES)}
    found = [name for name in found if name not in own and name in telling]
    chosen = sorted(found, key=lambda name: (-sizes[name], name))[:_OTHER_ROWS]
    return [_directory(codebase, one) for one in sorted(chosen)]


def _root_files(codebase: Codebase) -> list[Place]:
    """Return files at the top: modules of an application, and what defines tasks or says what it is for."""
    kinds = {one.span.path: _TASK_NAMES[one.kind] for one in tasks(codebase)}
    modules = {one.path: one for one in source_modules(codebase) if "/" not in one.path}
    if shape_of(codebase) is Shape.SCRIPTS:
        modules = {}
    found = [_module(codebase, one) for path, one in modules.items() if path not in _ROOT_DULL][:_FILE_ROWS]
    files = {one.path for one in codebase.files if "/" not in one.path and one.path not in modules}
    for path in sorted(files):
        low = path.lower()
        said = codebase.summaries.get(path, "")
        aside = low in _ROOT_DULL or low.startswith(_ROOT_PROSE) or low.endswith((".md", ".rst"))
        script = path.endswith(".py") and shape_of(codebase) is Shape.SCRIPTS
        if path in kinds or (said and not aside and not script):
            found.append(
                Place(path, directory=False, said=said, tasks="" if low in _ROOT_DULL else kinds.get(path, ""))
            )
    return found[: 2 * _FILE_ROWS]
