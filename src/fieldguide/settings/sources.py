"""Where raw values come from: the command line, the environment, `.env`.

Comes in: `Arguments`, a mapping of variables, the working directory. Goes out: layers, with faults for names that do
not exist and notes for a `.env` that is not the user's own.
Must never: read `.env` of another directory than the working directory, or one that git tracks; keep a key as text.
"""

from __future__ import annotations

import os
import stat
import subprocess
from typing import TYPE_CHECKING

from pydantic import SecretStr

from fieldguide.domain.environment import child_environment
from fieldguide.domain.report import Note
from fieldguide.settings.configuration import Found, against
from fieldguide.settings.options import BY_NAME, OPTIONS, PREFIX, Option
from fieldguide.settings.spelling import nearest
from fieldguide.settings.values import Fault, Layer, Values

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fieldguide.settings.arguments import Arguments

DOTENV = ".env"
_VARIABLES = frozenset(variable for option in OPTIONS for variable in option.variables)
_GIT_SECONDS = 10


def from_command_line(arguments: Arguments, base: Path) -> Layer:
    """Return what the flags say; relative paths are meant from `base`."""
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for name, value in arguments.options.items():
        option = BY_NAME[name]
        values[option.field] = against(base, option, value)
        origins[option.field] = option.flag
    return Layer(values, origins, flags=True)


def from_variables(variables: Mapping[str, str | None], base: Path, *, place: str = "") -> Found:
    """Return what environment variables say; an empty one says nothing. `place` is the file that they stand in."""
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for option in OPTIONS:
        for variable in option.variables:
            text = (variables.get(variable) or "").strip()
            if text:
                values[option.field] = _raw(option, text, base)
                origins[option.field] = variable + (f" in {place}" if place else "")
                break
    return Found(Layer(values, origins), _unknown(variables, place))


def _raw(option: Option, text: str, base: Path) -> object:
    if option.kind == "secret":
        return SecretStr(text)
    if option.kind == "list":
        return tuple(part.strip() for part in text.split(option.separator) if part.strip())
    return against(base, option, text)


def _unknown(variables: Mapping[str, str | None], place: str) -> tuple[Fault, ...]:
    faults: list[Fault] = []
    for variable in sorted(variables):
        if variable.startswith(PREFIX) and variable not in _VARIABLES:
            near = nearest(variable, sorted(v for v in _VARIABLES if v.startswith(PREFIX)))
            hint = f"did you mean `{near}`?" if near else "see `fieldguide --help` for what can be set"
            where = f" in `{place}`" if place else ""
            faults.append(Fault(f"`{variable}`{where} is not a variable of fieldguide", hint))
    return tuple(faults)


def from_dotenv(directory: Path) -> Found:
    """Return what `.env` of the working directory says, unless git tracks it: then a stranger may have written it."""
    path = directory / DOTENV
    if not path.is_file():
        return Found()
    doubt = _doubt(directory)
    if doubt:
        return Found(notes=(Note(f"`.env` of the working directory is not obeyed: {doubt}", warning=True),))
    # Imported here: few runs have the file.
    from pydantic_settings import DotEnvSettingsSource  # noqa: PLC0415

    try:
        variables = DotEnvSettingsSource(Values, env_file=path, env_file_encoding="utf-8", case_sensitive=True).env_vars
    except OSError as error:
        return Found(notes=(Note(f"`.env` of the working directory cannot be read: {error.strerror}", warning=True),))
    except UnicodeDecodeError:
        return Found(notes=(Note("`.env` of the working directory is not UTF-8: it is not obeyed", warning=True),))
    found = from_variables(variables, directory, place=DOTENV)
    return found._replace(notes=(*found.notes, *_readable_keys(path, found.layer)))


def _readable_keys(path: Path, layer: Layer) -> tuple[Note, ...]:
    """Warn of a file with keys that is open to others than its owner."""
    keys = [
        layer.origins[option.field] for option in OPTIONS if option.kind == "secret" and option.field in layer.values
    ]
    if not keys or os.name != "posix" or not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ()
    message = f"`.env` holds a key ({keys[0].partition(' ')[0]}) and others may read it: `chmod 600 .env`"
    return (Note(message, warning=True),)


def _doubt(directory: Path) -> str:
    """Say why `.env` may be somebody else's; empty when it is the user's."""
    if not any((parent / ".git").exists() for parent in (directory, *directory.parents)):
        return ""
    environment = {name: value for name, value in child_environment(os.environ).items() if not name.startswith("GIT_")}
    # Without the setting, `core.fsmonitor` of a stranger's .git/config names a command that git would run.
    # `icase`: on some file systems a tracked `.ENV` is the same file.
    command = [
        "git",
        "-c",
        "core.fsmonitor=false",
        "-C",
        str(directory),
        "ls-files",
        "-z",
        "--cached",
        "--",
        f":(icase){DOTENV}",
    ]
    try:
        listing = subprocess.run(  # noqa: S603  # no shell, a fixed command, the one path is an argument of its own
            command,
            env={**environment, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_GIT_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired):
        return "git cannot be asked whether it tracks the file"
    if listing.returncode != 0:
        return "git does not say whether it tracks the file"
    return "git tracks the file, so it may be somebody else's" if listing.stdout else ""
