"""Read `pyproject.toml`: its standard tables, and what setuptools, flit, pdm, hatch and uv add to them.

Formats: PEP 621 and PEP 639 (project), PEP 735 (dependency groups), PEP 518 (build system). Poetry's is in `poetry.py`.

Comes in: a parsed document and the lines of its keys. Goes out: a `Manifest`, entry points included. Must never:
evaluate what is dynamic; a file that a dynamic field names goes out by name.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from fieldguide.analyse.project.manifests.requirement import dependency
from fieldguide.analyse.project.toml_lines import KeyPath
from fieldguide.analyse.project.values import as_list, as_table, as_text, as_texts, lookup
from fieldguide.domain.project import Dependency, DependencyFile, EntryPoint, Manifest
from fieldguide.domain.source import Span

_FIELDS = (
    ("name", ("project", "name")),
    ("summary", ("project", "description")),
    ("requires_python", ("project", "requires-python")),
    ("licence", ("project", "license")),
    ("build_backend", ("build-system", "build-backend")),
)


@dataclass(frozen=True, slots=True)
class TomlDocument:
    """A parsed TOML file that can say where a key stands."""

    path: str
    data: dict[str, object]
    lines: Mapping[KeyPath, tuple[int, int]]

    def span(self, *keys: str | int) -> Span:
        """Return the lines of a key, or of the nearest table above it."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.lines:
                return Span(self.path, *self.lines[keys[:length]])
        return Span(self.path, 1, 1)

    def get(self, *keys: str) -> object:
        """Return the value of a key path; `None` where there is none."""
        return lookup(self.data, *keys)

    def table(self, *keys: str) -> dict[str, object]:
        """Return the table at a key path; an empty one where there is none."""
        return as_table(self.get(*keys))


def read_pyproject(document: TomlDocument) -> Manifest:
    """Return what the standard tables say, and what setuptools, flit, pdm and uv add to them."""
    project = document.table("project")
    dynamic = as_texts(project.get("dynamic"))
    return Manifest(
        path=document.path,
        directory=posixpath.dirname(document.path),
        name=as_text(project.get("name")) or as_text(document.get("tool", "flit", "metadata", "dist-name")),
        summary=" ".join(as_text(project.get("description")).split()),
        requires_python=as_text(project.get("requires-python")),
        dependencies=(*_project_dependencies(document), *_groups(document), *_tool_groups(document)),
        classifiers=tuple(as_texts(project.get("classifiers"))),
        package_directories=_package_directories(document),
        dynamic_version="version" in dynamic,
        licence=_licence(project.get("license")),
        build_backend=as_text(document.get("build-system", "build-backend")) or _default_backend(document),
        dependency_files=_dependency_files(document, dynamic),
        entry_points=_entry_points(document),
        urls=tuple(as_text(one) for one in document.table("project", "urls").values() if as_text(one)),
        lines=tuple((name, document.span(*keys)) for name, keys in _FIELDS if keys in document.lines),
    )


def _default_backend(document: TomlDocument) -> str:
    """Return what builds a project that names no backend (PEP 517), when it means to be built: it has scripts."""
    meant = document.get("build-system", "requires") or document.get("project", "scripts")
    return "setuptools.build_meta:__legacy__" if meant else ""


def _licence(declared: object) -> str:
    """Return an SPDX expression (PEP 639) or the short name in PEP 621's older table; never a licence's text."""
    text = as_text(declared) or as_text(as_table(declared).get("text"))
    return text if "\n" not in text else ""


def dependencies_at(document: TomlDocument, *keys: str, extra: str = "", group: str = "") -> list[Dependency]:
    """Return the dependencies in the array of requirement strings at a key path."""
    found: list[Dependency] = []
    for index, item in enumerate(as_list(document.get(*keys))):
        one = dependency(as_text(item), document.span(*keys, index), extra=extra, group=group)
        if one:
            found.append(one)
    return found


def _project_dependencies(document: TomlDocument) -> list[Dependency]:
    found = dependencies_at(document, "project", "dependencies")
    for extra in document.table("project", "optional-dependencies"):
        found += dependencies_at(document, "project", "optional-dependencies", extra, extra=extra)
    return found


def _groups(document: TomlDocument) -> list[Dependency]:
    """Return PEP 735's groups, those that they include joined in; a cycle is entered once."""
    found: list[Dependency] = []
    groups = document.table("dependency-groups")
    for group in groups:
        found += _group(document, groups, group, group, frozenset())
    return found


def _group(
    document: TomlDocument, groups: dict[str, object], name: str, into: str, entered: frozenset[str]
) -> list[Dependency]:
    if name in entered:
        return []
    found: list[Dependency] = []
    for index, item in enumerate(as_list(groups.get(name))):
        included = as_text(as_table(item).get("include-group"))
        if included:
            found += _group(document, groups, _spelt(groups, included), into, entered | {name})
            continue
        one = dependency(as_text(item), document.span("dependency-groups", name, index), group=into)
        if one:
            found.append(one)
    return found


def _spelt(groups: dict[str, object], name: str) -> str:
    """Return a group's name as the table spells it: PEP 735 compares normalised names."""
    wanted = name.lower().replace("_", "-").replace(".", "-")
    return next((group for group in groups if group.lower().replace("_", "-").replace(".", "-") == wanted), name)


def _tool_groups(document: TomlDocument) -> list[Dependency]:
    found = dependencies_at(document, "tool", "uv", "dev-dependencies", group="dev")
    for group in document.table("tool", "pdm", "dev-dependencies"):
        found += dependencies_at(document, "tool", "pdm", "dev-dependencies", group, group=group)
    for name in document.table("tool", "hatch", "envs"):
        for key in ("dependencies", "extra-dependencies"):
            group = "dev" if name == "default" else name
            found += dependencies_at(document, "tool", "hatch", "envs", name, key, group=group)
    return found


def _dependency_files(document: TomlDocument, dynamic: list[str]) -> tuple[DependencyFile, ...]:
    """Return the files that setuptools or hatch-requirements-txt reads dynamic dependencies from."""
    folder = posixpath.dirname(document.path)
    setuptools = document.table("tool", "setuptools", "dynamic")
    found = [("", name) for name in _files(setuptools.get("dependencies"))]
    for extra, value in as_table(setuptools.get("optional-dependencies")).items():
        found += [(extra, name) for name in _files(value)]
    if "dependencies" in dynamic:
        hatch = document.table("tool", "hatch", "metadata", "hooks", "requirements_txt")
        found += [("", name) for name in as_texts(hatch.get("files")) or _files({"file": hatch.get("filename")})]
    return tuple(DependencyFile(posixpath.normpath(posixpath.join(folder, name)), extra) for extra, name in found)


def _files(value: object) -> list[str]:
    file = as_table(value).get("file")
    return [as_text(file)] if as_text(file) else as_texts(file)


def _package_directories(document: TomlDocument) -> tuple[str, ...]:
    setuptools = document.table("tool", "setuptools")
    found = as_texts(lookup(setuptools, "packages", "find", "where"))
    found += [as_text(where) for where in as_table(setuptools.get("package-dir")).values()]
    found.append(as_text(document.get("tool", "pdm", "build", "package-dir")))
    for package in as_texts(document.get("tool", "hatch", "build", "targets", "wheel", "packages")):
        found.append(posixpath.dirname(package))
    root = as_text(document.get("tool", "uv", "build-backend", "module-root"))
    return tuple(dict.fromkeys(name.strip("./") for name in [*found, root] if name.strip("./")))


def _entry_points(document: TomlDocument) -> tuple[EntryPoint, ...]:
    places = [(("project", "scripts"), "console_scripts"), (("project", "gui-scripts"), "gui_scripts")]
    places += [(("project", "entry-points", group), group) for group in document.table("project", "entry-points")]
    places += [(("tool", "flit", "scripts"), "console_scripts")]
    return tuple(
        EntryPoint(group, name, as_text(target), document.span(*keys, name))
        for keys, group in places
        for name, target in document.table(*keys).items()
        if as_text(target)
    )
