"""Compares what a project declares that it needs with what its code imports.

Comes in: requirements of the manifests, imports of the project's own code, ranks of its modules.
Goes out: one `UsedDependency` for each distribution.
Must never: count the standard library or the project's own packages; ask a package index.
"""

from __future__ import annotations

import sys
import tomllib
from collections import defaultdict
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
    found = (_dependency(name, declared.get(name, []), used.get(name, []), ranks, declares=rooted) for name in names)
    return tuple(one for one in found if one is not None)


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
    name: str, declared: Sequence[Dependency], imports: Sequence[Import], ranks: Mapping[str, float], *, declares: bool
) -> UsedDependency | None:
    real = [one for one in imports if one.scope is not ImportScope.TYPE_CHECKING]
    if not declared and not real:
        return None
    required = any(not one.extra and not one.group for one in declared)
    guarded = all(one.scope in _OPTIONAL_SCOPES for one in real)
    ordered = sorted(real, key=lambda one: (-ranks.get(one.importer, 0.0), one.span))
    return UsedDependency(
        name=name,
        declared=tuple(declared),
        imports=tuple(dict.fromkeys(one.span for one in ordered)),
        # Where the root declares nothing, an import without a guard is what the code needs.
        optional=not required if declared or declares else guarded,
    )
