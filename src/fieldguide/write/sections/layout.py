"""The project's layout: where to look for what, one line a folder.

Comes in: paths, modules, summaries. Goes out: a table, the package's own parts first.
Must never: list every file; say of a path what neither the code nor the model says.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldguide.domain.symbols import Symbol, SymbolKind
from fieldguide.write.sections.markdown import code, sentence, table
from fieldguide.write.sections.names import all_paths
from fieldguide.write.sections.phrases import capital, listing
from fieldguide.write.sections.subject import Shape, shape_of, source_modules

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.symbols import Module
    from fieldguide.write.sections.subject import Subject

_PACKAGE_ROWS = 14
_OTHER_ROWS = 12
_FILE_ROWS = 6
_NAMES = 4
_ENTRIES = 5
_DULL_FILES = frozenset({"__init__.py", "__main__.py", "_version.py", "version.py", "__about__.py", "__version__.py"})
_DULL_ROOT_FILES = frozenset({"pyproject.toml", "setup.py", "setup.cfg", "manifest.in", "tox.ini"})
_DULL_PREFIXES = ("readme", "licen", "copying", "authors", "requirements")


@dataclass(frozen=True, slots=True)
class Place:
    """A row: a path, whether it is a directory, and what the code says of it."""

    path: str
    directory: bool
    said: str
    names: tuple[Symbol, ...] = ()
    """What a module defines, for want of a summary."""
    entries: tuple[str, ...] = ()
    """Names of what a directory holds, for want of anything better."""


def layout(subject: Subject) -> str:
    """Return the table of the paths that a newcomer looks for."""
    rows: list[tuple[str, str]] = []
    for place in places(subject.codebase):
        said = subject.describe(place.path, place.said)
        contents = capital(said) if said else _contents(place)
        if contents or place.directory:
            rows.append((subject.links.path(place.path, directory=place.directory), contents))
    return table(("Path", "Contents"), rows) if len(rows) > 1 else ""


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


def silent_paths(codebase: Codebase) -> list[str]:
    """Return the paths of which neither a docstring nor another text of the project says anything."""
    return [one.path for one in places(codebase) if not sentence(one.said)]


def _package_roots(codebase: Codebase) -> list[str]:
    """Return the directories of the top packages, at most four: those with the most code first."""
    if shape_of(codebase) in {Shape.MONOREPO, Shape.SCRIPTS}:
        return []
    lines: Counter[str] = Counter()
    packages = {posixpath.dirname(one.path) for one in codebase.modules.values() if one.is_package}
    for module in source_modules(codebase):
        folder = posixpath.dirname(module.path)
        while posixpath.dirname(folder) in packages:
            folder = posixpath.dirname(folder)
        if folder in packages:
            lines[folder] += module.lines
    return [path for path, _ in sorted(lines.items(), key=lambda item: (-item[1], item[0]))[:4]]


def _parts(codebase: Codebase, root: str, limit: int) -> list[Place]:
    """Return the direct children of a package, packages and modules alike, by importance, at most `limit`."""
    weights: Counter[str] = Counter()
    modules: dict[str, Module] = {}
    for module in source_modules(codebase):
        if not module.path.startswith(root + "/") or posixpath.basename(module.path) in _DULL_FILES & {
            module.path[len(root) + 1 :]
        }:
            continue
        child = posixpath.join(root, module.path[len(root) + 1 :].split("/")[0])
        weights[child] += 1 + round(module.rank * 1e6)
        modules[module.path] = module
    if len(weights) == 0:
        return [_directory(codebase, root)]
    chosen = sorted(weights, key=lambda path: (-weights[path], path))[:limit]
    found = [_module_place(codebase, modules[one]) if one in modules else _directory(codebase, one) for one in chosen]
    whole = _directory(codebase, root)
    return [whole, *found] if len(weights) > limit and whole.said else found


def _module_place(codebase: Codebase, module: Module) -> Place:
    said = module.docstring.summary or codebase.summaries.get(module.path, "")
    kinds = {SymbolKind.CLASS, SymbolKind.FUNCTION}
    exported = [
        codebase.symbols[one.target]
        for group in codebase.exports.values()
        for one in group
        if one.target in codebase.symbols
    ]
    own = [one for one in exported if one.module == module.name and one.kind in kinds]
    if not own:
        defined = (one for one in codebase.symbols.values() if one.module == module.name and one.kind in kinds)
        own = sorted(
            (one for one in defined if "." not in one.short),
            key=lambda one: (one.short.startswith("_"), one.span.first),
        )
    return Place(module.path, directory=False, said=said, names=tuple(own))


def _directory(codebase: Codebase, path: str) -> Place:
    names: Counter[str] = Counter()
    for one in sorted(all_paths(codebase)):
        if one.startswith(path + "/"):
            rest = one[len(path) + 1 :]
            head, slash, _ = rest.partition("/")
            if head not in _DULL_FILES and not head.startswith("."):
                names[head.removesuffix(".py") + slash] += 1
    return Place(path, directory=True, said=codebase.summaries.get(path, ""), entries=tuple(names))


def _other_directories(codebase: Codebase, roots: list[str]) -> list[Place]:
    """Return the directories at the top that hold no package listed above, by the number of their files."""
    sizes = Counter(path.split("/")[0] for path in all_paths(codebase) if "/" in path)
    taken = {root.split("/")[0] for root in roots}
    found = [name for name in sizes if name not in taken and (not name.startswith(".") or name in codebase.summaries)]
    chosen = sorted(found, key=lambda name: (-sizes[name], name))[:_OTHER_ROWS]
    return [_directory(codebase, one) for one in sorted(chosen, key=lambda name: (name.startswith("."), name))]


def _root_files(codebase: Codebase) -> list[Place]:
    """Return files at the top of which something is known: modules of an application, and what builds the project."""
    modules = {one.path: one for one in source_modules(codebase) if "/" not in one.path}
    if shape_of(codebase) is Shape.SCRIPTS:
        modules = {}
    found = [_module_place(codebase, one) for path, one in modules.items() if path not in _DULL_ROOT_FILES][:_FILE_ROWS]
    for path in sorted(codebase.summaries):
        low = path.lower()
        if "/" in path or path in modules or low in _DULL_ROOT_FILES or low.startswith(_DULL_PREFIXES):
            continue
        if path.endswith(".py") and shape_of(codebase) is Shape.SCRIPTS:
            continue
        if path in {one.path for one in codebase.files}:
            found.append(Place(path, directory=False, said=codebase.summaries[path]))
    return found[: 2 * _FILE_ROWS]


def _contents(place: Place) -> str:
    """Return the first names of a module or the first entries of a directory."""
    if place.names:
        names = [code(one.short) for one in place.names]
        return listing(names, limit=_NAMES + 1)
    return listing([code(one) for one in place.entries], limit=_ENTRIES + 1)
