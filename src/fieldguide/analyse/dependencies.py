"""Compares what a project declares that it needs with what its code imports.

Comes in: requirements of the manifests, imports of the project's own code, ranks of its modules.
Goes out: one `UsedDependency` for each distribution.
Must never: count the standard library or the project's own packages; ask a package index.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import defaultdict
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from fieldguide.analyse.packages import normalise
from fieldguide.domain.codebase import UsedDependency
from fieldguide.domain.symbols import Import, ImportScope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from fieldguide.domain.project import Dependency, Manifest

_NAMESPACES = {"google": 2, "google.cloud": 3, "azure": 2, "zope": 2, "jaraco": 2, "opentelemetry": 2, "ruamel": 2}
"""Import names shared by many distributions, and how many parts tell one from another."""
_OLDER_PYTHON = re.compile(r"\s*\(?\s*python_version\s*(<=?|==)\s*['\"](2|3)(?:\.(\d+))?(?:\.\*)?['\"]\s*\)?\s*")
_OPTIONAL_SCOPES = frozenset({ImportScope.TRY, ImportScope.FUNCTION, ImportScope.TYPE_CHECKING})


@cache
def _import_names() -> Mapping[str, tuple[str, ...]]:
    """Import names by distribution, where they differ; read when first asked for."""
    table = tomllib.loads(files("fieldguide.analyse").joinpath("distributions.toml").read_text("utf-8"))
    return {name: tuple(names) for name, names in table.items()}


def find_dependencies(
    manifests: Sequence[Manifest],
    imports: Iterable[Import],
    own: Collection[str],
    package_code: Collection[str],
    ranks: Mapping[str, float],
) -> tuple[UsedDependency, ...]:
    """Distributions that are declared or imported: declared ones in their order, then undeclared ones by name.

    Args:
        manifests: Of the project.
        imports: Of all its modules.
        own: Top-level import names of the project itself.
        package_code: Modules whose imports count.
        ranks: Of modules; the most important importer is named first.
    """
    manifests = [_without_outdated(one) for one in manifests]
    imports = list(imports)
    declared: defaultdict[str, list[Dependency]] = defaultdict(list)
    own_distributions = {normalise(manifest.name) for manifest in manifests}
    for manifest in manifests:
        for one in manifest.dependencies:
            if normalise(one.name) not in own_distributions:
                declared[normalise(one.name)].append(one)
    by_import = _by_import(declared)
    used: defaultdict[str, list[Import]] = defaultdict(list)
    for one in imports:
        top = one.module.split(".", 1)[0]
        if top in sys.stdlib_module_names or top in own or one.importer not in package_code or not top:
            continue
        used[_distribution(one, by_import)].append(one)
    names = sorted(declared, key=lambda name: _strength(declared[name])) + sorted(set(used) - set(declared))
    rooted = any(not manifest.directory and manifest.dependencies for manifest in manifests)
    loaded = _loaded(manifests, imports, own, package_code)
    found = (
        _dependency(name, declared.get(name, []), used.get(name, []), ranks, None if not rooted else loaded)
        for name in names
    )
    return tuple(one for one in found if one is not None)


def _loaded(
    manifests: Sequence[Manifest], imports: Sequence[Import], own: Collection[str], package_code: Collection[str]
) -> frozenset[str]:
    """Modules that are read whenever the project is imported or run: from its tops and entry points, without guards."""
    below: defaultdict[str, set[str]] = defaultdict(set)
    for one in imports:
        if one.scope is ImportScope.MODULE:
            inner = f"{one.module}.{one.name}"
            below[one.importer].update(name for name in (one.module, inner) if name in package_code)
    entries = {point.target.partition(":")[0].strip() for one in manifests for point in one.entry_points}
    waiting = [name for name in package_code if name in own or name in entries]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            parent = name.rpartition(".")[0]
            waiting += [*below[name], *([parent] if parent in package_code else [])]
    return frozenset(found)


def _without_outdated(manifest: Manifest) -> Manifest:
    """Return a manifest without the run-time dependencies that its own lowest Python is too new for."""
    floor = _lowest_python(manifest)
    if floor is None:
        return manifest
    kept = tuple(one for one in manifest.dependencies if one.group or not _is_outdated(one.requirement, floor))
    return replace(manifest, dependencies=kept)


def _lowest_python(manifest: Manifest) -> int | None:
    """The minor version of Python 3 that a project begins with, as it requires it, else as its classifiers say."""
    required = re.search(r">=\s*3\.(\d+)", manifest.requires_python)
    if required:
        return int(required[1])
    minors = [re.fullmatch(r"Programming Language :: Python :: 3\.(\d+)", one) for one in manifest.classifiers]
    return min((int(one[1]) for one in minors if one), default=None)


def _is_outdated(requirement: str, floor: int) -> bool:
    """The marker asks for an older Python than any that is supported, whatever else it asks for."""
    marker = requirement.partition(";")[2]
    older = _OLDER_PYTHON.fullmatch(marker)
    if not older:
        return False
    minor = -1 if older[2] == "2" else int(older[3] or 0)
    return minor <= floor if older[1] == "<" else minor < floor


def _is_named_for(one: Import, name: str) -> bool:
    """The module carries the distribution's name, `_prometheus` for `prometheus-client`: there it is used."""
    module = one.importer.rpartition(".")[2].strip("_")
    return bool(module) and module in normalise(name).split("-")


def _by_import(declared: Iterable[str]) -> dict[str, str]:
    """Declared distributions by the normalised names under which they may be imported."""
    found: dict[str, str] = {}
    for name in declared:
        guesses = [name, name.removeprefix("python-"), name.removesuffix("-python"), name.removeprefix("py")]
        guesses += [name.removeprefix("django-"), name.removesuffix("-py")]
        for guess in guesses[1:]:
            found.setdefault(guess, name)
    for name in declared:
        for imported in (*_import_names().get(name, ()), name):
            found[normalise(imported)] = name
    return found


def _distribution(one: Import, by_import: Mapping[str, str]) -> str:
    """The distribution of an import: the declared one with the longest matching name, else what it is imported as."""
    dotted = one.module if one.name in {None, "*"} else f"{one.module}.{one.name}"
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        name = by_import.get(normalise(".".join(parts[:cut])))
        if name is not None:
            return name
    count = _NAMESPACES.get(".".join(parts[:2]), _NAMESPACES.get(parts[0], 1))
    return ".".join(one.module.split(".")[:count])


def _strength(dependencies: Sequence[Dependency]) -> int:
    """Needed always, then by an extra, then only for development."""
    return min(0 if not one.extra and not one.group else 1 if one.extra else 2 for one in dependencies)


def _dependency(
    name: str,
    declared: Sequence[Dependency],
    imports: Sequence[Import],
    ranks: Mapping[str, float],
    loaded: Collection[str] | None,
) -> UsedDependency | None:
    """Join what is declared of a distribution to its imports; `loaded` is `None` where the root declares nothing."""
    real = [one for one in imports if one.scope is not ImportScope.TYPE_CHECKING]
    if not declared and not real:
        return None
    required = any(not one.extra and not one.group for one in declared)
    needed = [one for one in real if one.scope not in _OPTIONAL_SCOPES and (loaded is None or one.importer in loaded)]
    ordered = sorted(real, key=lambda one: (not _is_named_for(one, name), -ranks.get(one.importer, 0.0), one.span))
    return UsedDependency(
        name=name,
        declared=tuple(declared),
        imports=tuple(dict.fromkeys(one.span for one in ordered)),
        # What nobody declares is needed all the same where it is imported without a guard.
        optional=not required if declared else not needed,
    )
