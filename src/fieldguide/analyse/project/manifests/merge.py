"""Join the manifests of one directory, and the requirements files that belong to it.

Comes in: manifests of single files. Goes out: one `Manifest` a directory, the root's first. Must never: print a
requirement twice because two files say it.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.analyse.project.manifests.requirements_file import group_of, is_requirements_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fieldguide.domain.project import Dependency, Manifest

_ORDER = ("pyproject.toml", "setup.cfg", "setup.py", "Pipfile")
_PURPOSES = frozenset(
    {"docs", "doc", "test", "tests", "ci", "dev", "examples", "benchmarks", "bench", "benchmark", "lint", "tools"}
)
_PARTS = ("name", "summary", "requires_python", "licence", "build_backend")


def merge_fields(manifests: Iterable[Manifest]) -> Manifest | None:
    """Return one manifest of several: what the first says stands, lists are joined without repetition."""
    merged: Manifest | None = None
    for one in manifests:
        merged = one if merged is None else _merge_two(merged, one)
    return merged


def _merge_two(first: Manifest, second: Manifest) -> Manifest:
    taken = [name for name in _PARTS if not getattr(first, name) and getattr(second, name)]
    said = {(one.name, one.extra, one.group) for one in first.dependencies}
    entry_points = {(one.group, one.name) for one in first.entry_points}
    values: dict[str, str] = {name: getattr(second, name) for name in taken}
    return replace(
        first,
        **values,
        path=second.path if "name" in taken else first.path,
        dependencies=first.dependencies
        + tuple(one for one in second.dependencies if (one.name, one.extra, one.group) not in said),
        classifiers=first.classifiers or second.classifiers,
        package_directories=tuple(dict.fromkeys(first.package_directories + second.package_directories)),
        dynamic_version=first.dynamic_version or second.dynamic_version,
        dependency_files=tuple(dict.fromkeys(first.dependency_files + second.dependency_files)),
        urls=tuple(dict.fromkeys(first.urls + second.urls)),
        entry_points=first.entry_points
        + tuple(one for one in second.entry_points if (one.group, one.name) not in entry_points),
        lines=first.lines + tuple(line for line in second.lines if line[0] in taken),
    )


def join_manifests(manifests: Iterable[Manifest]) -> tuple[Manifest, ...]:
    """Return one manifest a directory, those nearest the root first.

    A requirements file is for run time where nothing else declares a distribution; beside one it is a group. One in a
    folder such as `docs` is a group of the project around it.
    """
    by_path = {one.path: one for one in manifests}
    directories: dict[str, list[Manifest]] = {}
    for one in sorted(by_path.values(), key=_precedence):
        directories.setdefault(one.directory, []).append(one)
    _move_purposes(directories)
    joined = [
        merged
        for ones in directories.values()
        if (merged := merge_fields(_directory(ones, by_path))) is not None
        and (merged.name or merged.dependencies or merged.build_backend)
    ]
    return tuple(sorted(joined, key=lambda one: (_depth(one.directory), one.directory)))


def _precedence(manifest: Manifest) -> tuple[int, bool, str]:
    name = posixpath.basename(manifest.path)
    place = _ORDER.index(name) if name in _ORDER else len(_ORDER)
    return (place, bool(group_of(manifest.path)), manifest.path)


def _depth(directory: str) -> int:
    return directory.count("/") + 1 if directory else 0


def _move_purposes(directories: dict[str, list[Manifest]]) -> None:
    """Hand `docs/requirements.txt` to the nearest directory above that has a manifest, as its group `docs`."""
    for directory in sorted(directories, key=_depth, reverse=True):
        ones = directories[directory]
        purpose = posixpath.basename(directory)
        if purpose not in _PURPOSES or any(one.name for one in ones):
            continue
        above = posixpath.dirname(directory)
        while above and above not in directories:
            above = posixpath.dirname(above)
        if above in directories:
            directories[above] += [_grouped(one, purpose) for one in ones]
            del directories[directory]


def _grouped(manifest: Manifest, group: str) -> Manifest:
    moved = tuple(replace(one, group=one.group or group) for one in manifest.dependencies)
    return replace(manifest, dependencies=moved)


def _directory(ones: list[Manifest], by_path: Mapping[str, Manifest]) -> Iterator[Manifest]:
    """Yield a directory's manifests with the files that they name joined in."""
    named = any(one.name for one in ones)
    named_files = {file.path for one in ones for file in one.dependency_files if not _is_requirements(one)}
    run_time: set[str] = set()
    for one in ones:
        if _is_requirements(one) and one.path in named_files:
            continue
        if _is_requirements(one) and named:
            kept = [_beside_distribution(dependency, run_time) for dependency in one.dependencies]
            yield replace(one, dependencies=tuple(dependency for dependency in kept if dependency))
            continue
        followed = tuple(_followed(one, by_path)) if not _is_requirements(one) else ()
        whole = replace(one, dependencies=one.dependencies + followed, dependency_files=())
        run_time |= {dependency.name for dependency in whole.dependencies if not dependency.group}
        yield whole


def _is_requirements(manifest: Manifest) -> bool:
    return is_requirements_path(manifest.path) or posixpath.basename(manifest.path) not in _ORDER


def _beside_distribution(dependency: Dependency, run_time: set[str]) -> Dependency | None:
    if dependency.group:
        return dependency
    return None if dependency.name in run_time else replace(dependency, group="requirements")


def _followed(manifest: Manifest, by_path: Mapping[str, Manifest]) -> Iterator[Dependency]:
    """Yield what the named requirements files say, and the files that those include, each file once."""
    for file in manifest.dependency_files:
        pending, seen = [file.path], set[str]()
        while pending:
            path = pending.pop(0)
            found = by_path.get(path)
            if found is None or path in seen:
                continue
            seen.add(path)
            pending += [inner.path for inner in found.dependency_files]
            for dependency in found.dependencies:
                yield replace(dependency, extra=file.extra, group=file.group)
