"""How to install the project.

Comes in: manifests, requirements files, classifiers. Goes out: the command, the extras, the versions of Python.
Must never: name an index's distribution for a project whose manifest does not build one.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fieldguide.domain.sections import DEPENDENCIES
from fieldguide.write.sections.markdown import code, fence, paragraphs, table
from fieldguide.write.sections.phrases import listing, python_versions
from fieldguide.write.sections.subject import Shape, display_name, distributions, installable, root_manifest

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.project import Manifest
    from fieldguide.write.sections.subject import Subject

_CLASSIFIED_VERSION = re.compile(r"Programming Language :: Python :: (\d+)\.(\d+)$")
_CLASSIFIED_SYSTEM = re.compile(r"Operating System :: (.+)$")
_SYSTEMS = {"MacOS": "macOS", "MacOS :: MacOS X": "macOS", "Microsoft :: Windows": "Windows", "POSIX :: Linux": "Linux"}
_FOR_DEVELOPERS = frozenset(
    {"bench", "benchmark", "benchmarks", "check", "checks", "ci", "cov", "cover", "coverage", "dev", "develop", "devel"}
    | {"development", "doc", "docs", "documentation", "enabler", "format", "lint", "linting", "mypy", "qa", "release"}
    | {"style", "test", "testing", "tests", "tox", "type", "types", "typing"}
)
_PRIVATE = "Private ::"
_REQUIREMENTS = ("requirements.txt", "requirements/base.txt", "requirements/prod.txt", "requirements/production.txt")


def install(subject: Subject) -> str:
    """Return the command to install the project, and what it needs or offers to choose."""
    codebase = subject.codebase
    manifest = root_manifest(codebase)
    if subject.shape is Shape.MONOREPO:
        return _several(codebase)
    if manifest is not None and installable(manifest):
        published = not any(one.startswith(_PRIVATE) for one in manifest.classifiers)
        how = fence(f"pip install {display_name(codebase)}" if published else "pip install .", "console")
        lead = "" if published else "From a checkout:"
        return paragraphs(lead, how, _needs(subject, manifest), _extras(manifest))
    if len(distributions(codebase)) == 1 and subject.shape is not Shape.SCRIPTS:
        below = distributions(codebase)[0]
        how = fence(f"pip install ./{below.directory}", "console")
        return paragraphs("From a checkout:", how, _needs(subject, below), _extras(below))
    files = requirements_files(codebase)
    if files:
        how = fence("\n".join(f"pip install -r {path}" for path in files[:1]), "console")
        return paragraphs("From a checkout:", how, python_range(manifest))
    return ""


def requirements_files(codebase: Codebase) -> tuple[str, ...]:
    """Return the requirements files for running the project, the root's first."""
    found = {one.span.path for each in codebase.dependencies for one in each.declared if not one.group}
    found |= {one.span.path for each in codebase.manifests for one in each.dependencies if not one.group}
    named = [path for path in _REQUIREMENTS if path in found]
    return tuple(named) or tuple(sorted(path for path in found if posixpath.basename(path) == "requirements.txt"))


def python_range(manifest: Manifest | None) -> str:
    """Return a sentence on the versions of Python, from `requires-python` or from the classifiers."""
    if manifest is None:
        return ""
    if required := python_versions(manifest.requires_python):
        return f"Requires {required}."
    matches = [_CLASSIFIED_VERSION.match(one) for one in manifest.classifiers]
    minors = sorted(int(one.group(2)) for one in matches if one and one.group(1) == "3")
    if not minors:
        return ""
    systems = [_CLASSIFIED_SYSTEM.match(one) for one in manifest.classifiers]
    names = [_SYSTEMS.get(one.group(1), "") for one in systems if one]
    places = f", on {listing(names)}" if names and all(names) else ""
    versions = f"3.{minors[0]}" if len(minors) == 1 else f"3.{minors[0]} to 3.{minors[-1]}"
    return f"Made for Python {versions}{places}."


def _needs(subject: Subject, manifest: Manifest) -> str:
    lines = [python_range(manifest)]
    optional = [one for one in subject.codebase.dependencies if one.optional and one.imports]
    if optional and not user_extras(manifest):
        lines.append(f"There are no extras; see [Dependencies](#{DEPENDENCIES}) for the optional packages.")
    return "\n".join(line for line in lines if line)


def user_extras(manifest: Manifest) -> list[str]:
    """Return the extras that are there for users, not for those who work on the project."""
    words = ((one, re.split(r"[-_.]", one.lower())) for one in manifest.extras)
    return [one for one, parts in words if not _FOR_DEVELOPERS.intersection(parts)]


def _extras(manifest: Manifest) -> str:
    rows: list[tuple[str, str]] = []
    for extra in user_extras(manifest):
        names = list(dict.fromkeys(one.name for one in manifest.dependencies if one.extra == extra))
        rows.append((code(extra), ", ".join(code(name) for name in names)))
    return table(("Extra", "Adds"), rows) if rows else ""


def _several(codebase: Codebase) -> str:
    """Return how to install one of several distributions; the table of them stands under the components."""
    published = [one for one in distributions(codebase) if not any(c.startswith(_PRIVATE) for c in one.classifiers)]
    if not published:
        return ""
    ranges = {python_range(one) for one in published}
    lead = "Each distribution is installed by its own name:"
    how = fence(f"pip install {published[0].name}", "console")
    return paragraphs(lead, how, ranges.pop() if len(ranges) == 1 else "")
