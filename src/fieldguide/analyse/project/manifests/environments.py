"""Read the dependency files of Pipenv (`Pipfile`) and conda (`environment.yml`).

Comes in: parsed TOML, or YAML text. Goes out: a `Manifest` of dependencies. Must never: read conda's channels or
the pin of Python for a distribution.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fieldguide.analyse.project.manifests.requirement import dependency
from fieldguide.analyse.project.values import as_table, as_text, as_texts
from fieldguide.domain.project import Dependency, Manifest
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from fieldguide.analyse.project.manifests.pyproject import TomlDocument

_CONDA = re.compile(r"(?:[\w.-]+::)?([A-Za-z0-9][\w.-]*)\s*(=|[<>!~=]=?)?\s*([^\s=]*).*")
_NOT_DISTRIBUTIONS = frozenset({"python", "pip", "conda", "mamba", "pypy"})


def read_pipfile(document: TomlDocument) -> Manifest:
    """Return `[packages]` as run time and `[dev-packages]` as the group `dev`."""
    found: list[Dependency] = []
    for table, group in (("packages", ""), ("dev-packages", "dev")):
        for name, value in document.table(table).items():
            one = dependency(_pipenv_requirement(name, value), document.span(table, name), group=group)
            if one:
                found.append(one)
    requires = document.table("requires")
    version = as_text(requires.get("python_version")) or as_text(requires.get("python_full_version"))
    return Manifest(
        path=document.path,
        directory=posixpath.dirname(document.path),
        requires_python=f"=={version}.*" if version else "",
        dependencies=tuple(found),
        lines=(("requires_python", document.span("requires")),) if version else (),
    )


def _pipenv_requirement(name: str, value: object) -> str:
    table = as_table(value)
    version = as_text(value) or as_text(table.get("version"))
    extras = as_texts(table.get("extras"))
    text = name + (f"[{','.join(extras)}]" if extras else "") + ("" if version == "*" else version)
    if as_text(table.get("git")):
        text = f"{name} @ git+{as_text(table.get('git'))}"
    markers = as_text(table.get("markers"))
    return f"{text}; {markers}" if markers else text


def read_conda_environment(path: str, text: str) -> Manifest | None:
    """Return the dependencies of a conda environment; `None` when the text is no such YAML."""
    from fieldguide.analyse.project.yaml_lines import numbered_items  # noqa: PLC0415 - yaml is needed for few files

    items = numbered_items(text, "dependencies")
    if items is None:
        return None
    found: list[Dependency] = []
    for line, item, within in items:
        match = _CONDA.fullmatch(item) if within != "pip" else None
        if match and match[1].lower() in _NOT_DISTRIBUTIONS:
            continue
        operator = (match[2] or "") if match else ""
        written = item if match is None else f"{match[1]}{'==' if operator == '=' else operator}{match[3]}"
        one = dependency(written, Span(path, line, line))
        if one:
            found.append(one)
    return Manifest(path=path, directory=posixpath.dirname(path), dependencies=tuple(found))
