"""Names the modules of a tree: which dotted name each Python file is imported by.

Comes in: paths, and the manifests that say where packages lie.
Goes out: a qualified name for every path.
Must never: look at a file; give two files of one package different roots.

Regular packages, `src` layouts, namespace packages (PEP 420), several distributions in one tree, and loose scripts are
told apart from the paths alone. What nobody imports (a script in a folder) is named by its path.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fieldguide.domain.project import Manifest

_SOURCE_ROOTS = ("src", "lib", "python")
_AUXILIARY = frozenset(
    [
        "tests",
        "test",
        "testing",
        "examples",
        "example",
        "docs",
        "doc",
        "scripts",
        "tools",
        "benchmarks",
        "bench",
        "demo",
        "demos",
        "samples",
        "contrib",
        "ci",
    ]
)


def module_names(paths: Iterable[str], manifests: Sequence[Manifest] = (), *, directory: str = "") -> dict[str, str]:
    """Qualified module name of each Python file.

    Args:
        paths: POSIX paths relative to the documented directory.
        manifests: Those of the tree; each makes its directory a place where packages are looked for.
        directory: Name of the documented directory: that of the package where the directory itself is one.

    Returns:
        A name for every path. Where two files would have one name, the one with the shorter path keeps it, and
        the other is named by its whole path.
    """
    files = sorted(set(paths), key=lambda path: (path.count("/"), len(path), path))
    packages = {path.rpartition("/")[0] for path in files if path.rpartition("/")[2] in {"__init__.py", "__init__.pyi"}}
    roots = _declared_roots(manifests)
    prefixes = frozenset(word for manifest in manifests for word in [_first_word(manifest.name)] if word)
    names: dict[str, str] = {}
    taken: dict[str, str] = {}
    for path in files:
        name = _name(path, _root(path, packages, roots, prefixes))
        if directory.isidentifier() and _in_root_package(path, packages):
            name = directory if path in {"__init__.py", "__init__.pyi"} else f"{directory}.{name}"
        if name in taken and not _same_module(taken[name], path):
            name = _name(path, "")
        taken.setdefault(name, path)
        names[path] = name
    return names


def _in_root_package(path: str, packages: set[str]) -> bool:
    """The documented directory is a package, and so is every directory down to `path`."""
    parts = path.split("/")[:-1]
    return all("/".join(parts[:count]) in packages for count in range(len(parts) + 1))


def _declared_roots(manifests: Sequence[Manifest]) -> Mapping[str, bool]:
    """Directories that hold top-level packages, and whether a manifest names them outright."""
    roots: dict[str, bool] = {}
    for manifest in manifests:
        roots.setdefault(manifest.directory, False)
        for directory in manifest.package_directories:
            joined = str(PurePosixPath(manifest.directory) / directory)
            roots["" if joined == "." else joined] = joined not in {".", manifest.directory}
    return roots


def _first_word(distribution: str) -> str:
    return re.split(r"[-._]", distribution.lower(), maxsplit=1)[0]


def _same_module(one: str, other: str) -> bool:
    """A stub beside its module is the same module."""
    return one.rsplit(".", 1)[0] == other.rsplit(".", 1)[0]


def _name(path: str, root: str) -> str:
    relative = path.removeprefix(f"{root}/") if root else path
    parts = relative.rsplit(".", 1)[0].split("/")
    if parts[-1] == "__init__" and len(parts) > 1:
        parts.pop()
    return ".".join(parts)


def _root(path: str, packages: set[str], declared: Mapping[str, bool], prefixes: frozenset[str]) -> str:  # noqa: PLR0911  one layout a return
    """The directory that the name of `path` is relative to."""
    directory = path.rpartition("/")[0]
    top = directory
    while top and top in packages and top.rpartition("/")[0] in packages:
        top = top.rpartition("/")[0]
    in_package = top in packages
    holder = top.rpartition("/")[0] if in_package else directory
    explicit = _explicit_root(holder, packages, declared)
    if explicit is not None:
        return explicit
    nearest = max((root for root in declared if _contains(root, holder)), key=len, default=None)
    if nearest is not None:
        below = holder.removeprefix(nearest).strip("/")
        if not below:
            return nearest
        if below.split("/", 1)[0].lower() in prefixes and below.replace("/", "").isidentifier():
            return nearest  # a namespace package: its first name is the distribution's too
        if in_package and not _AUXILIARY & set(below.split("/")):
            return holder
        return nearest
    if in_package and holder and not _AUXILIARY & set(holder.split("/")):
        return holder
    return ""


def _explicit_root(holder: str, packages: set[str], declared: Mapping[str, bool]) -> str | None:
    """The `src` directory, or one that a manifest names, that `holder` lies in."""
    named = [root for root, outright in declared.items() if outright and _contains(root, holder)]
    parts = holder.split("/") if holder else []
    for index in range(len(parts), 0, -1):
        candidate = "/".join(parts[:index])
        conventional = parts[index - 1] == "src" or (parts[index - 1] in _SOURCE_ROOTS and index == len(parts))
        if conventional and candidate not in packages:
            named.append(candidate)
    return max(named, key=len, default=None)


def _contains(root: str, directory: str) -> bool:
    return not root or directory == root or directory.startswith(f"{root}/")
