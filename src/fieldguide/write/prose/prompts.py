"""Loads the prompts: Markdown files whose front matter declares the fields that the text uses.

Comes in: a directory of the user's, or none. Goes out: `Prompts`.
Must never: let a template reach into a value (`{a.b}`, `{a[0]}`), or send one whose fields are not what it declares.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING, Final, cast

import yaml

from fieldguide.domain.request import PromptText
from fieldguide.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from importlib.resources.abc import Traversable
    from pathlib import Path

SYSTEM: Final = "system.md"
README: Final = "readme.md"
FILES: Final = "files.md"
PACKAGE: Final = "package.md"
REVISE: Final = "revise.md"
CORRECT: Final = "correct.md"

FIELDS: Final = {
    SYSTEM: frozenset[str](),
    README: frozenset({"project", "facts", "notes", "evidence", "undescribed", "sections"}),
    FILES: frozenset({"project", "files", "earlier"}),
    PACKAGE: frozenset({"project", "package", "notes", "earlier"}),
    REVISE: frozenset({"project", "earlier", "code", "facts", "gone", "undescribed", "sections"}),
    CORRECT: frozenset({"project", "text", "findings", "sections"}),
}
"""By file: the fields that there are values for."""

REQUIRED: Final = {
    SYSTEM: frozenset[str](),
    README: frozenset({"evidence", "sections"}),
    FILES: frozenset({"files"}),
    PACKAGE: frozenset({"package", "notes"}),
    REVISE: frozenset({"earlier", "code", "sections"}),
    CORRECT: frozenset({"text", "findings", "sections"}),
}
"""By file: the fields without which no reply could be of use; also `notes`, where a tree is more than one request."""

_FRONT_MATTER: Final = re.compile(r"\A---\n(.*?)^---\n(.*)\Z", re.DOTALL | re.MULTILINE)
_HINT: Final = (
    "write each file as the shipped ones are: `---`, `fields: [names]`, `---`, then text with {names} in braces"
)


@dataclass(frozen=True, slots=True)
class Prompts:
    """The words of a request, without any of the repository's."""

    system: PromptText
    """As it is sent."""
    readme: PromptText
    """Template: `{name}` is a field, `{{` and `}}` are braces."""
    files: PromptText
    package: PromptText
    revise: PromptText
    correct: PromptText


def load_prompts(directory: Path | None) -> Prompts:
    """Load the shipped prompts, or those of `directory`; a file that it does not have is taken from the shipped ones.

    Raises:
        ConfigurationError: The directory cannot be read, holds none of the files or one that is not asked for, or a
            file's text does not use exactly the fields that it declares; every fault is listed.
    """
    shipped = files("fieldguide.write").joinpath("prompts")
    found = {name: shipped.joinpath(name) for name in FIELDS}
    faults: list[str] = []
    if directory is not None:
        own = _own_files(directory, faults)
        found.update(own)
    texts = {name: _read(name, source, faults) for name, source in found.items()}
    if faults:
        raise ConfigurationError("\n".join(faults), hint=_HINT)
    return Prompts(
        system=PromptText(texts[SYSTEM].format()),
        readme=PromptText(texts[README]),
        files=PromptText(texts[FILES]),
        package=PromptText(texts[PACKAGE]),
        revise=PromptText(texts[REVISE]),
        correct=PromptText(texts[CORRECT]),
    )


def _own_files(directory: Path, faults: list[str]) -> dict[str, Traversable]:
    if not directory.is_dir():
        faults.append(f"the prompts' directory `{directory}` does not exist")
        return {}
    own: dict[str, Traversable] = {}
    for path in sorted(directory.glob("*.md")):
        if path.name in FIELDS:
            own[path.name] = path
        else:
            near = difflib.get_close_matches(path.name, FIELDS, n=1)
            meant = f"; did you mean `{near[0]}`?" if near else ""
            faults.append(f"`{path}` is none of the prompts {_listed(FIELDS)}{meant}")
    if not own and not faults:
        faults.append(f"`{directory}` holds none of the prompts {_listed(FIELDS)}")
    return own


def _read(name: str, source: Traversable, faults: list[str]) -> str:
    """The text of a prompt without its front matter; faults are added to the list."""
    try:
        text = source.read_text(encoding="utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        faults.append(f"`{source}` cannot be read: {reason}")
        return ""
    parts = _FRONT_MATTER.match(text)
    declared = _declared(parts[1]) if parts else None
    if parts is None or declared is None:
        faults.append(f"`{source}` does not declare its fields in front matter")
        return ""
    body = parts[2].strip()
    used = _used(body)
    if isinstance(used, str):
        faults.append(f"`{source}`: {used}")
    else:
        faults.extend(f"`{source}`: {fault}" for fault in _mismatches(name, declared, used))
    return body


def _declared(front_matter: str) -> frozenset[str] | None:
    try:
        loaded: object = yaml.safe_load(front_matter)
    except yaml.YAMLError:
        return None
    fields = cast("dict[str, object]", loaded).get("fields") if isinstance(loaded, dict) else None
    if not isinstance(fields, list):
        return None
    names = cast("list[object]", fields)
    return frozenset(str(name) for name in names)


def _used(body: str) -> frozenset[str] | str:
    """The fields of a template, or what is wrong with it."""
    used: set[str] = set()
    try:
        for _, name, specification, conversion in Formatter().parse(body):
            if name is None:
                continue
            if not name.isidentifier() or specification or conversion:
                return f"`{{{name}}}` is no plain field; braces that are none are written `{{{{` and `}}}}`"
            used.add(name)
    except ValueError as error:
        return f"its braces do not match ({error}); braces that are no field are written `{{{{` and `}}}}`"
    return frozenset(used)


def _mismatches(name: str, declared: frozenset[str], used: frozenset[str]) -> Iterable[str]:
    for field in sorted(declared - used):
        yield f"the field `{field}` is declared and not used"
    for field in sorted(used - declared):
        yield f"the field `{field}` is used and not declared"
    for field in sorted((used | declared) - FIELDS[name]):
        yield f"there is no value for a field `{field}`; there is for {_listed(FIELDS[name]) or 'none'}"
    for field in sorted(REQUIRED[name] - used):
        yield f"the field `{field}` is missing; without it no reply can be used"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))
