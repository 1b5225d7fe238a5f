"""Read Poetry's tables of `pyproject.toml`.

Format: https://python-poetry.org/docs, "The pyproject.toml file" and "Dependency specification".
Comes in: a parsed document. Goes out: a `Manifest` whose requirements are written as PEP 508 has them. Must never:
keep a caret or tilde constraint, which other tools do not read.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from fieldguide.analyse.project.manifests.requirement import dependency
from fieldguide.analyse.project.values import as_list, as_table, as_text, as_texts
from fieldguide.domain.project import Dependency, EntryPoint, Manifest

if TYPE_CHECKING:
    from fieldguide.analyse.project.manifests.pyproject import TomlDocument

_POETRY = ("tool", "poetry")
_FIELDS = (
    ("name", (*_POETRY, "name")),
    ("summary", (*_POETRY, "description")),
    ("requires_python", (*_POETRY, "dependencies", "python")),
    ("licence", (*_POETRY, "license")),
    ("build_backend", ("build-system", "build-backend")),
)


def read_poetry(document: TomlDocument) -> Manifest | None:
    """Return what `[tool.poetry]` says; `None` without one."""
    poetry = document.table(*_POETRY)
    if not poetry:
        return None
    packages = [as_text(as_table(package).get("from")) for package in as_list(poetry.get("packages"))]
    python = as_table(poetry.get("dependencies")).get("python")
    return Manifest(
        path=document.path,
        directory=posixpath.dirname(document.path),
        name=as_text(poetry.get("name")),
        summary=" ".join(as_text(poetry.get("description")).split()),
        requires_python=readable_constraint(as_text(python)),
        dependencies=tuple(_dependencies(document)),
        classifiers=tuple(as_texts(poetry.get("classifiers"))),
        package_directories=tuple(dict.fromkeys(name.strip("./") for name in packages if name.strip("./"))),
        licence=as_text(poetry.get("license")),
        build_backend=as_text(document.get("build-system", "build-backend")),
        entry_points=tuple(_entry_points(document)),
        urls=tuple(one for one in map(as_text, _urls(poetry)) if one),
        lines=tuple((name, document.span(*keys)) for name, keys in _FIELDS if keys in document.lines),
    )


def _urls(poetry: dict[str, object]) -> list[object]:
    return [
        *(poetry.get(key) for key in ("homepage", "repository", "documentation")),
        *as_table(poetry.get("urls")).values(),
    ]


def readable_constraint(constraint: str) -> str:
    """Return a Poetry constraint as PEP 440 specifiers; empty for any version.

    >>> readable_constraint("^1.2.3")
    '>=1.2.3,<2.0'
    """
    parts = [part.strip() for part in constraint.split(",") if part.strip()]
    if "||" in constraint:
        return ""  # PEP 440 cannot say "either"
    return ",".join(part for part in (_one_constraint(part) for part in parts) if part)


def _one_constraint(part: str) -> str:
    if part == "*":
        return ""
    match = re.fullmatch(r"([\^~])\s*v?(\d+(?:\.\d+)*)(.*)", part)
    if match:
        numbers = [int(number) for number in match[2].split(".")]
        upper = _caret(numbers) if match[1] == "^" else _tilde(numbers)
        return f">={match[2]}{match[3]},<{upper}"
    part = re.sub(r"\s+", "", part)
    if part[0].isdigit():
        return f"=={part}"
    return re.sub(r"^=(?!=)", "==", part)


def _caret(numbers: list[int]) -> str:
    """Return the first version that a caret excludes: the leftmost number that is not zero goes up by one."""
    position = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    upper = [*numbers[:position], numbers[position] + 1]
    return ".".join(str(number) for number in upper) + ("" if len(upper) > 1 else ".0")


def _tilde(numbers: list[int]) -> str:
    upper = [numbers[0] + 1, 0] if len(numbers) == 1 else [numbers[0], numbers[1] + 1]
    return ".".join(str(number) for number in upper)


def _dependencies(document: TomlDocument) -> list[Dependency]:
    extras = {
        canonical: extra
        for extra, names in document.table(*_POETRY, "extras").items()
        for canonical in (name.lower().replace("_", "-") for name in as_texts(names))
    }
    found: list[Dependency] = []
    for name, value in document.table(*_POETRY, "dependencies").items():
        extra = extras.get(name.lower().replace("_", "-"), "")
        if name.lower() == "python" or (_is_optional(value) and not extra):
            continue
        found += _requirements(document, (*_POETRY, "dependencies", name), value, extra=extra)
    for name, value in document.table(*_POETRY, "dev-dependencies").items():
        found += _requirements(document, (*_POETRY, "dev-dependencies", name), value, group="dev")
    for group, table in document.table(*_POETRY, "group").items():
        for name, value in as_table(as_table(table).get("dependencies")).items():
            found += _requirements(document, (*_POETRY, "group", group, "dependencies", name), value, group=group)
    return found


def _is_optional(value: object) -> bool:
    return any(as_table(item).get("optional") is True for item in (as_list(value) or [value]))


def _requirements(
    document: TomlDocument, keys: tuple[str, ...], value: object, *, extra: str = "", group: str = ""
) -> list[Dependency]:
    made = [
        dependency(_requirement(keys[-1], item), document.span(*keys), extra=extra, group=group)
        for item in (as_list(value) or [value])
    ]
    return [one for one in made if one]


def _requirement(name: str, value: object) -> str:
    table = as_table(value)
    extras = as_texts(table.get("extras"))
    text = name + (f"[{','.join(extras)}]" if extras else "")
    address = as_text(table.get("git")) or as_text(table.get("url"))
    if address:
        return f"{text} @ {'git+' if 'git' in table and '://' in address else ''}{address}"
    text += readable_constraint(as_text(value) or as_text(table.get("version")))
    markers = [as_text(table.get("markers"))]
    python = readable_constraint(as_text(table.get("python")))
    markers += [f'python_version {_operator(part)} "{part.lstrip("<>=!~")}"' for part in python.split(",") if part]
    said = [marker for marker in markers if marker]
    return f"{text}; {' and '.join(said)}" if said else text


def _operator(specifier: str) -> str:
    return specifier[: len(specifier) - len(specifier.lstrip("<>=!~"))]


def _entry_points(document: TomlDocument) -> list[EntryPoint]:
    found: list[EntryPoint] = []
    for name, value in document.table(*_POETRY, "scripts").items():
        target = as_text(value) or as_text(as_table(value).get("reference")) or as_text(as_table(value).get("callable"))
        if target:
            found.append(EntryPoint("console_scripts", name, target, document.span(*_POETRY, "scripts", name)))
    for group, table in document.table(*_POETRY, "plugins").items():
        for name, value in as_table(table).items():
            if as_text(value):
                span = document.span(*_POETRY, "plugins", group, name)
                found.append(EntryPoint(group, name, as_text(value), span))
    return found
