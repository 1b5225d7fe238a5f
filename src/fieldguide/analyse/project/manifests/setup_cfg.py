"""Read setuptools' `setup.cfg` (https://setuptools.pypa.io: Configuring setuptools using setup.cfg files).

Comes in: the file's text. Goes out: a `Manifest`. Must never: follow `attr:`; a `file:` goes out by name.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fieldguide.analyse.project.ini import IniValue, NumberedLine, read_ini
from fieldguide.analyse.project.manifests.requirement import dependency
from fieldguide.domain.project import Dependency, DependencyFile, EntryPoint, Manifest
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NOTHING = IniValue(0, ())
_FIELDS = (
    ("name", "metadata", "name"),
    ("summary", "metadata", "description"),
    ("requires_python", "options", "python_requires"),
    ("licence", "metadata", "license"),
)


def read_setup_cfg(path: str, text: str) -> Manifest | None:
    """Return what `[metadata]` and `[options…]` say; `None` without either."""
    sections = read_ini(text)
    if "metadata" not in sections and not any(name.startswith("options") for name in sections):
        return None
    sections = {**sections, "metadata": _spelt(sections, "metadata"), "options": _spelt(sections, "options")}
    metadata = sections["metadata"]
    options = sections["options"]

    def said(section: Mapping[str, IniValue], *keys: str) -> str:
        value = next((section[key].text for key in keys if key in section), "")
        return "" if value.startswith(("file:", "attr:")) else value

    return Manifest(
        path=path,
        directory=posixpath.dirname(path),
        name=said(metadata, "name"),
        summary=said(metadata, "description", "summary"),
        requires_python=said(options, "python_requires"),
        dependencies=tuple(_dependencies(path, sections)),
        classifiers=tuple(line.text for line in metadata.get("classifiers", _NOTHING).lines if "::" in line.text),
        package_directories=_package_directories(sections),
        dynamic_version=metadata.get("version", _NOTHING).text.startswith(("file:", "attr:")),
        licence=said(metadata, "license", "license_expression"),
        dependency_files=tuple(_dependency_files(path, sections)),
        entry_points=tuple(_entry_points(path, sections.get("options.entry_points", {}))),
        urls=tuple(_urls(metadata)),
        lines=tuple(
            (name, _value_span(path, sections[section][key]))
            for name, section, key in _FIELDS
            if key in sections.get(section, {})
        ),
    )


def _urls(metadata: Mapping[str, IniValue]) -> Iterable[str]:
    """Yield the home page, then the addresses of `project_urls`, whose lines are `Name = address`."""
    for key in ("url", "home_page"):
        if key in metadata:
            yield metadata[key].text
    for line in metadata.get("project_urls", _NOTHING).lines:
        yield line.text.partition("=")[2].strip()


def _spelt(sections: Mapping[str, Mapping[str, IniValue]], name: str) -> Mapping[str, IniValue]:
    """Return a section with its keys as setuptools spells them: older files write `python-requires`."""
    return {key.lower().replace("-", "_"): value for key, value in sections.get(name, {}).items()}


def _value_span(path: str, value: IniValue) -> Span:
    return Span(path, value.line, max([value.line, *(line.number for line in value.lines)]))


def _requirement_lines(value: IniValue) -> Iterable[NumberedLine]:
    """Split a list value: one a line, or several on one line with semicolons that begin no marker."""
    for line in value.lines:
        for part in re.split(r";(?!\s*[\"'(]|\s*\w+\s*(?:[<>=!~]|in\b|not\b))", line.text):
            if part.strip() and not part.startswith("file:"):
                yield NumberedLine(line.number, part.strip())


def _dependencies(path: str, sections: Mapping[str, Mapping[str, IniValue]]) -> Iterable[Dependency]:
    lists = [("", sections.get("options", {}).get("install_requires", _NOTHING))]
    lists += sections.get("options.extras_require", {}).items()
    for extra, value in lists:
        for line in _requirement_lines(value):
            found = dependency(line.text, Span(path, line.number, line.number), extra=extra)
            if found:
                yield found


def _dependency_files(path: str, sections: Mapping[str, Mapping[str, IniValue]]) -> Iterable[DependencyFile]:
    lists = [("", sections.get("options", {}).get("install_requires", _NOTHING))]
    lists += sections.get("options.extras_require", {}).items()
    for extra, value in lists:
        if value.text.startswith("file:"):
            for name in value.text.removeprefix("file:").replace(",", " ").split():
                yield DependencyFile(posixpath.normpath(posixpath.join(posixpath.dirname(path), name)), extra)


def _package_directories(sections: Mapping[str, Mapping[str, IniValue]]) -> tuple[str, ...]:
    found = [sections.get("options.packages.find", {}).get("where", _NOTHING).text]
    for line in sections.get("options", {}).get("package_dir", _NOTHING).lines:
        found += [part.partition("=")[2].strip() for part in line.text.split(",")]
    return tuple(dict.fromkeys(name.strip("./") for name in found if name.strip("./")))


def _entry_points(path: str, section: Mapping[str, IniValue]) -> Iterable[EntryPoint]:
    for group, value in section.items():
        for line in value.lines:
            name, separator, target = line.text.partition("=")
            if separator:
                yield EntryPoint(group, name.strip(), target.strip(), Span(path, line.number, line.number))
