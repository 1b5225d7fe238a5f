"""Tells the code that a project ships from its tests, scripts and documentation.

Comes in: modules, manifests, imports.
Goes out: the names of the modules that are the project itself.
Must never: leave a project empty: where nothing marks a package, every source file is the project.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from fieldguide.domain.source import Role
from fieldguide.domain.symbols import Import, ImportScope, Module

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from fieldguide.domain.project import Manifest

_AUXILIARY = frozenset(
    [
        "tests",
        "test",
        "testing",
        "testdata",
        "test_data",
        "examples",
        "example",
        "docs",
        "doc",
        "scripts",
        "script",
        "tools",
        "tool",
        "benchmarks",
        "benchmark",
        "bench",
        "demo",
        "demos",
        "samples",
        "contrib",
        "ci",
        "dev",
        "hack",
        "misc",
        "tutorials",
        "notebooks",
        "experiments",
        "setup",
        "conftest",
        "noxfile",
        "tasks",
        "fabfile",
        "conf",
        "manage",
        "dodo",
        "sitecustomize",
    ]
)


def normalise(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def top_name(module: str, namespaces: Collection[str]) -> str:
    """The part of a module's name that is a package of its own: `jaraco.functools` below the namespace `jaraco`."""
    parts = module.split(".")
    count = 1
    while count < len(parts) and ".".join(parts[:count]) in namespaces:
        count += 1
    return ".".join(parts[:count])


def namespaces_of(modules: Mapping[str, Module]) -> frozenset[str]:
    """Dotted names that hold modules without being one."""
    found: set[str] = set()
    for name in modules:
        parts = name.split(".")
        found.update(prefix for cut in range(1, len(parts)) if (prefix := ".".join(parts[:cut])) not in modules)
    return frozenset(found)


def package_code(
    modules: Mapping[str, Module], manifests: Sequence[Manifest], imports: Sequence[Import]
) -> frozenset[str]:
    """Names of the modules that make up the project."""
    namespaces = namespaces_of(modules)
    tops: defaultdict[str, list[Module]] = defaultdict(list)
    for module in modules.values():
        if module.role is Role.SOURCE:
            tops[top_name(module.name, namespaces)].append(module)
    main = _declared(tops, manifests) or _conventional(tops)
    size = sum(len(group) for group in tops.values())
    rooted = any(not manifest.directory for manifest in manifests)
    if not main or (not rooted and sum(len(tops[top]) for top in main) * 3 < size):
        # Loose scripts, with perhaps a package among them.
        return frozenset(module.name for group in tops.values() for module in group)
    main |= {top for top in tops if _is_beside(top, main, tops)}
    needed: defaultdict[str, set[str]] = defaultdict(set)
    for one in imports:
        needed[top_name(one.importer, namespaces)].add(top_name(one.module, namespaces))
    waiting = list(main)
    while waiting:
        for other in needed[waiting.pop()]:
            if other in tops and other not in main and other.rpartition(".")[2] not in _AUXILIARY:
                main.add(other)
                waiting.append(other)
    found = frozenset(module.name for top in main for module in tops[top])
    return found - _test_support(found, modules, imports)


def _test_support(found: frozenset[str], modules: Mapping[str, Module], imports: Sequence[Import]) -> frozenset[str]:
    """Modules that import a test framework and that only tests import: base classes of tests, fixtures."""
    framed = {one.importer for one in imports if _TEST_FRAMEWORK.match(one.module) and one.scope is ImportScope.MODULE}
    needed = {one.module for one in imports if modules[one.importer].role is not Role.TEST}
    needed |= {f"{one.module}.{one.name}" for one in imports if modules[one.importer].role is not Role.TEST}
    by_tests = {one.module for one in imports if modules[one.importer].role is Role.TEST}
    return frozenset(name for name in found if name in framed and name in by_tests and name not in needed)


_TEST_FRAMEWORK = re.compile(r"(?:unittest|pytest|django\.test|rest_framework\.test|testtools|hypothesis)(?:\.|$)")


def _declared(tops: Mapping[str, Sequence[Module]], manifests: Sequence[Manifest]) -> set[str]:
    """Top packages and modules that a manifest names: by its own name, or by an entry point."""
    names = {normalise(manifest.name) for manifest in manifests if manifest.name}
    targets = {point.target.split(":", 1)[0] for manifest in manifests for point in manifest.entry_points}
    found = {top for top in tops if normalise(top) in names or f"python-{normalise(top)}" in names}
    found |= {top for top in tops for target in targets if target == top or target.startswith(f"{top}.")}
    return {top for top in found if top.rpartition(".")[2] not in _AUXILIARY}


def _conventional(tops: Mapping[str, Sequence[Module]]) -> set[str]:
    return {
        top
        for top, group in tops.items()
        if top.split(".", 1)[0] not in _AUXILIARY and any(one.name == top and one.is_package for one in group)
    }


def _is_beside(top: str, main: set[str], tops: Mapping[str, Sequence[Module]]) -> bool:
    """A package in the same directory as one of the main ones, or below `src`."""
    own = _directory(top, tops)
    if own is None or top.rpartition(".")[2] in _AUXILIARY or top.split(".", 1)[0] in _AUXILIARY:
        return False
    return own.endswith("src") or any(_directory(other, tops) == own for other in main)


def _directory(top: str, tops: Mapping[str, Sequence[Module]]) -> str | None:
    """The directory that holds a package; `None` for a loose module and for a namespace."""
    path = next((one.path for one in tops[top] if one.name == top and one.is_package), None)
    return None if path is None else path.rpartition("/")[0].rpartition("/")[0]
