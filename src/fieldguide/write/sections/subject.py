"""What every section needs to know of the project: its kind, its distributions, who says what of a name.

Comes in: a `Codebase`, the page, the model's prose where there is some. Goes out: a `Subject`, the one argument of
every section. Must never: write a sentence.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from fieldguide.domain.codebase import Codebase
from fieldguide.domain.page import Prose
from fieldguide.domain.project import Command, CommandKind, Manifest
from fieldguide.domain.source import Role
from fieldguide.domain.symbols import Symbol
from fieldguide.write.sections.links import Links
from fieldguide.write.sections.markdown import prose as safe
from fieldguide.write.sections.markdown import sentence
from fieldguide.write.sections.names import Names, all_paths

if TYPE_CHECKING:
    from fieldguide.domain.symbols import Module


class Shape(StrEnum):
    """What kind of project the page is about, which decides what its reader wants first."""

    LIBRARY = "library"
    TOOL = "command-line tool"
    WEB_APPLICATION = "web application"
    MONOREPO = "several distributions"
    SCRIPTS = "scripts"


FRAMEWORKS: Mapping[str, str] = {
    "django": "Django",
    "fastapi": "FastAPI",
    "flask": "Flask",
    "litestar": "Litestar",
    "pyramid": "Pyramid",
    "quart": "Quart",
    "sanic": "Sanic",
    "starlette": "Starlette",
    "streamlit": "Streamlit",
    "tornado": "Tornado",
}
"""Web frameworks, by distribution: the more specific one stands before the one that it is built upon."""

_SIDE_DIRECTORIES = frozenset(
    {
        "bench",
        "benchmark",
        "benchmarks",
        "bin",
        "ci",
        "demo",
        "devel",
        "docker",
        "doc",
        "docs",
        "example",
        "examples",
        "extras",
        "fixtures",
        "hack",
        "misc",
        "sample",
        "samples",
    }
    | {"script", "scripts", "template", "templates", "test", "test_data", "testdata", "testing", "tests", "tools"}
)
_LIBRARY_NAMES = 8
_LOOSE_MODULES = 12
"""More modules outside any package are scripts, though one of them may need a web framework."""
_TASK_KINDS = frozenset(
    {CommandKind.MAKE_TARGET, CommandKind.NOX_SESSION, CommandKind.TOX_ENVIRONMENT, CommandKind.TASK}
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A project as its page sees it."""

    codebase: Codebase
    links: Links
    prose: Prose | None = None
    children: Mapping[str, tuple[Symbol, ...]] = field(default_factory=dict[str, tuple[Symbol, ...]])
    """Definitions within a class, by the class's qualified name, in the order of the code."""
    names: Names | None = None
    """What the prose may name; given together with it."""

    @classmethod
    def of(cls, codebase: Codebase, page: str, prose: Prose | None = None) -> Subject:
        """Return the subject of a page at the path `page`."""
        names = Names.of(codebase) if prose else None
        return cls(codebase, Links(posixpath.dirname(page)), prose, _children(codebase), names)

    def for_section(self) -> Subject:
        """Return the same subject with no name linked yet."""
        return replace(self, links=self.links.section())

    def describe(self, name: str, own: str = "") -> str:
        """Return a sentence on a qualified name or a path: the code's own, else the model's, else nothing."""
        if said := sentence(own):
            return said
        return sentence(self.prose.descriptions.get(name, "")) if self.prose else ""

    def written(self, key: str) -> str:
        """Return the model's Markdown for a section, its names linked where the section has not linked them yet."""
        text = safe(self.prose.sections.get(key, "")) if self.prose else ""
        return self.names.link(text, self.links) if self.names and text else text

    @property
    def shape(self) -> Shape:
        """What kind of project this is."""
        return shape_of(self.codebase)

    @property
    def paths(self) -> frozenset[str]:
        """Every file that the page may name."""
        return all_paths(self.codebase)


def _children(codebase: Codebase) -> dict[str, tuple[Symbol, ...]]:
    found: dict[str, list[Symbol]] = {}
    for name, one in codebase.symbols.items():
        owner = name.rpartition(".")[0]
        if owner in codebase.symbols:
            found.setdefault(owner, []).append(one)
    return {owner: tuple(sorted(those, key=lambda one: (one.span.first, one.name))) for owner, those in found.items()}


def shape_of(codebase: Codebase) -> Shape:
    """Tell the kind of a project from its manifests, commands and modules."""
    several = distributions(codebase)
    if len(several) > 1 and _mostly(codebase, [one.directory for one in several]):
        return Shape.MONOREPO
    own = any(not one.directory for one in several)
    modules = source_modules(codebase)
    packages = [posixpath.dirname(one.path) for one in modules if one.is_package]
    loose = not own and not (packages and _mostly(codebase, packages))
    if framework(codebase) and (not own or _is_served(codebase)) and not (loose and len(modules) > _LOOSE_MODULES):
        return Shape.WEB_APPLICATION
    if loose:
        return Shape.SCRIPTS
    return Shape.LIBRARY if _is_library(codebase) or not console_scripts(codebase) else Shape.TOOL


def _mostly(codebase: Codebase, directories: list[str]) -> bool:
    """Tell whether most of the project's code lies in the given directories."""
    inside = tuple(f"{one}/" if one else "" for one in directories)
    modules = source_modules(codebase)
    return sum(one.lines for one in modules if one.path.startswith(inside)) * 2 > sum(one.lines for one in modules)


def distributions(codebase: Codebase) -> tuple[Manifest, ...]:
    """Return the manifests that can be installed and are not there for tests, examples or documentation."""
    return tuple(
        one
        for one in codebase.manifests
        if installable(one) and not _SIDE_DIRECTORIES.intersection(one.directory.split("/"))
    )


def root_manifest(codebase: Codebase) -> Manifest | None:
    """Return the manifest of the documented directory itself; one in a directory below speaks for that alone."""
    return next((one for one in codebase.manifests if not one.directory), None)


def installable(manifest: Manifest | None) -> bool:
    """Tell whether `pip install` can build a distribution from what the manifest says."""
    if manifest is None or not manifest.name:
        return False
    # Without a build system pip falls back on setuptools; a manifest with entry points is there to be installed.
    built = manifest.build_backend or manifest.entry_points
    return bool(built) or posixpath.basename(manifest.path) in {"setup.py", "setup.cfg"}


def framework(codebase: Codebase) -> str:
    """Return the name of the web framework that the project needs to run; empty where it needs none."""
    needed = {one.name.lower() for one in codebase.dependencies if not one.optional}
    return next((title for name, title in FRAMEWORKS.items() if name in needed), "")


def _is_library(codebase: Codebase) -> bool:
    """Tell whether a project is there to be imported, though it may install a command too.

    Its classifiers say so, or its top package declares many names as its own.
    """
    manifest = root_manifest(codebase)
    classifiers = manifest.classifiers if manifest else ()
    said = any(one.startswith("Topic :: Software Development :: Libraries") for one in classifiers)
    tops = [one for name, one in codebase.modules.items() if "." not in name and one.role is Role.SOURCE]
    offered = max((len(one.exports or ()) for one in tops), default=0)
    return offered >= _LIBRARY_NAMES or (said and "Environment :: Console" not in classifiers)


def display_name(codebase: Codebase) -> str:
    """Return the project's name as its users type it: spelt as its command is where both are the same (PEP 503)."""
    wanted = _normalised(codebase.name)
    commands = (one.name for one in console_scripts(codebase))
    return next((name for name in commands if _normalised(name) == wanted), codebase.name)


def _normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_served(codebase: Codebase) -> bool:
    return any(posixpath.basename(one.path) in {"manage.py", "wsgi.py", "asgi.py"} for one in codebase.files)


def source_modules(codebase: Codebase) -> tuple[Module, ...]:
    """Return the modules of the project's own code, most important first, without scripts beside a package."""
    found = [one for one in codebase.modules.values() if one.role is Role.SOURCE]
    main = [one for one in found if not is_aside(one.path)]
    return tuple(sorted(main or found, key=lambda one: (-one.rank, one.name)))


def console_scripts(codebase: Codebase) -> tuple[Command, ...]:
    """Return the commands that an installation puts on the path."""
    return tuple(one for one in codebase.commands if one.kind is CommandKind.CONSOLE_SCRIPT)


def is_aside(path: str) -> bool:
    """Tell whether a file lies in a top directory that is not the project's own code: scripts, examples, `.github`."""
    top = path.split("/", 1)[0]
    return (top in _SIDE_DIRECTORIES or top.startswith(".")) and "/" in path


def tasks(codebase: Codebase) -> tuple[Command, ...]:
    """Return what a developer types: make targets, sessions, environments and tasks; of loose scripts the root's."""
    found = (one for one in codebase.commands if one.kind in _TASK_KINDS and not is_aside(one.span.path))
    if shape_of(codebase) is not Shape.SCRIPTS:
        return tuple(found)
    return tuple(one for one in found if "/" not in one.span.path)
