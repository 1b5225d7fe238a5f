"""What TOML files say: the user's own, and the one that lies in the documented directory.

Comes in: paths. Goes out: a layer of raw values, with faults (keys that do not exist, files that do not parse) and
notes (what a stranger's file asked for and was not given).
Must never: obey a file of the documented directory in more than `Option.repository` allows; follow a link out of it.
"""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from fieldguide.domain.report import Note
from fieldguide.settings.options import BY_NAME, OPTIONS, Option
from fieldguide.settings.quoting import quoted
from fieldguide.settings.spelling import nearest
from fieldguide.settings.values import Fault, Layer

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE_NAME = "fieldguide.toml"
PROJECT_FILE_NAME = "pyproject.toml"
_LARGEST = 1_000_000
_SUFFIXES = {"output": (".md", ".markdown"), "baseline": (".json",)}
"""Of the files that the documented directory may name."""


class Found(NamedTuple):
    """What one place of configuration yields."""

    layer: Layer = Layer({}, {})
    faults: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()


class _Unread(NamedTuple):
    """Why a file yields nothing."""

    reason: str
    missing: bool = False


def user_file() -> Path:
    """Return where the user's own TOML file is looked for."""
    # Imported here: a run with `--config` does not need it.
    from platformdirs import user_config_path  # noqa: PLC0415

    return user_config_path("fieldguide") / FILE_NAME


def read_user_file(path: Path, *, named_by: str) -> Found:
    """Read the user's own file; `named_by` is the flag or variable that names it, empty for the usual place."""
    table = _read(path)
    if isinstance(table, _Unread):
        if table.missing and not named_by:
            return Found()
        fact = f"`{named_by}` names {quoted(path)}, which" if named_by else quoted(path)
        return Found(faults=(Fault(f"{fact} {table.reason}", "mend the file, or name another with `--config`"),))
    return _known(table, path.name, path.parent)


def read_repository_file(directory: Path) -> Found:
    """Read `fieldguide.toml` of the documented directory or, where there is none, `[tool.fieldguide]` beside it."""
    own = _read(directory / FILE_NAME, within=directory)
    if isinstance(own, dict):
        return _restricted(own, FILE_NAME, directory)
    if not own.missing:
        path = directory / FILE_NAME
        return Found(faults=(Fault(f"{quoted(path)} {own.reason}", "mend the file or remove it"),))
    project = _read(directory / PROJECT_FILE_NAME, within=directory)
    if isinstance(project, dict):
        tool = project.get("tool")
        ours = cast("dict[str, object]", tool).get("fieldguide") if isinstance(tool, dict) else None
        if not isinstance(ours, dict):
            return Found()
        return _restricted(cast("dict[str, object]", ours), PROJECT_FILE_NAME, directory)
    if project.missing:
        return Found()
    # A project may well hold a broken pyproject.toml; its documentation can be written all the same.
    message = f"{quoted(directory / PROJECT_FILE_NAME)} {project.reason}: no settings are taken from it"
    return Found(notes=(Note(message, warning=True),))


def _read(path: Path, *, within: Path | None = None) -> dict[str, object] | _Unread:
    try:
        doubt = _doubt(path, within)
        return _Unread(doubt) if doubt else tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return _Unread("does not exist", missing=True)
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        reason = "is not UTF-8"
    except tomllib.TOMLDecodeError as error:
        reason = f"is not TOML: {error}"
    except RecursionError:
        reason = "is nested too deeply"
    return _Unread(reason)


def _doubt(path: Path, within: Path | None) -> str:
    """Say why a file that exists should not be opened; empty when it should."""
    status = path.stat()
    if within is not None and not path.resolve().is_relative_to(within):
        return "is a link that leaves the directory"
    if not stat.S_ISREG(status.st_mode):
        return "is not a file"
    return "is too large for a configuration" if status.st_size > _LARGEST else ""


def _known(table: Mapping[str, object], file: str, base: Path) -> Found:
    """Keep the keys that exist, with paths made absolute against the file's directory."""
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    faults: list[Fault] = []
    for key, value in table.items():
        option = BY_NAME.get(key)
        if option is None:
            near = nearest(key, [option.name for option in OPTIONS if not option.variable_only])
            hint = f"did you mean `{near}`?" if near else "the keys are the flags of `fieldguide --help` without dashes"
            faults.append(Fault(f"{quoted(key)} in `{file}` is not a setting", hint))
        elif option.variable_only:
            hint = f"take it out of the file and set `{option.variables[0]}` in the environment or in `.env`"
            faults.append(Fault(f"`{key}` in `{file}` holds a key: none is read from there", hint))
        else:
            values[option.field] = against(base, option, value)
            origins[option.field] = f"{key} in {file}"
    return Found(Layer(values, origins), tuple(faults))


def against(base: Path, option: Option, value: object) -> object:
    """Return a path of a configuration as absolute, `~` expanded; any other value as it is."""
    if option.kind != "path" or not isinstance(value, str) or not value:
        return value
    return Path(os.path.normpath(base / os.path.expanduser(value)))  # noqa: PTH111  # Path.expanduser raises where there is no home


def _restricted(table: Mapping[str, object], file: str, directory: Path) -> Found:
    """Keep what the documented directory may set, and name the rest."""
    allowed: dict[str, object] = {}
    notes: list[Note] = []
    for key, value in table.items():
        option = BY_NAME.get(key)
        reason = _refusal(option, value, directory) if option is not None else ""
        if option is None or not reason:
            allowed[key] = value
            continue
        yourself = option.flag or option.variables[0]
        message = f"`{key}` in `{file}` of the documented directory is not obeyed: {reason} (set `{yourself}` yourself)"
        notes.append(Note(message, warning=True))
    known = _known(allowed, file, directory)
    return known._replace(layer=known.layer._replace(repository=True), notes=tuple(notes))


def _refusal(option: Option, value: object, directory: Path) -> str:
    """Say why the documented directory may not set `option` to `value`; empty when it may."""
    if not option.repository:
        return "the code that is documented does not decide this"
    path = against(directory, option, value)
    if not isinstance(path, Path):
        return ""
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError, ValueError):
        return "the path cannot be followed"
    if not resolved.is_relative_to(directory) or ".git" in (part.lower() for part in resolved.parts):
        return f"the {_named(option)} would not lie among the documented files"
    if resolved.suffix.lower() not in _SUFFIXES[option.name]:
        kind = "JSON" if option.name == "baseline" else "Markdown"
        return f"the {_named(option)} would not be a {kind} file"
    return ""


def _named(option: Option) -> str:
    return "page" if option.name == "output" else option.name
