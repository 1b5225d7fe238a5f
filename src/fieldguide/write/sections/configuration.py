"""What a user can set: environment variables, settings classes, parameters that many functions share.

Comes in: environment variables, settings, exported callables. Goes out: tables.
Must never: repeat the options of a command, or list variables that only the developers' tools read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.source import Role
from fieldguide.write.sections.markdown import code, details, paragraphs, sentence, table
from fieldguide.write.sections.options import default, meaning, option_table
from fieldguide.write.sections.shared import shared_section
from fieldguide.write.sections.subject import Shape, source_modules

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.project import Option, SettingsClass
    from fieldguide.write.sections.subject import Subject

_OF_THE_SYSTEM = frozenset(
    {"ALLUSERSPROFILE", "APPDATA", "COMSPEC", "HOME", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "LOGNAME", "OS", "PATH"}
    | {"PATHEXT", "PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "PUBLIC", "PWD", "SHELL", "SYSTEMDRIVE"}
    | {"SYSTEMROOT", "TEMP", "TERM", "TMP", "USER", "USERDOMAIN", "USERNAME", "USERPROFILE", "VIRTUAL_ENV", "WINDIR"}
)
"""Variables that the system sets, or an activated environment: nobody sets them for this project."""
_UNFOLDED = 30
_SHOWN = 20


def configuration(subject: Subject) -> str:
    """Return the tables of everything that can be set."""
    parameters = shared_section(subject) if subject.shape is Shape.LIBRARY else ""
    classes = [_settings(subject, one) for one in subject.codebase.settings_classes if one.fields]
    variables = _variables(subject)
    return paragraphs(parameters, variables, *classes)


def own_variables(codebase: Codebase) -> list[Option]:
    """Return the environment variables that the project's own code reads and that somebody may want to set."""
    paths = {one.path for one in source_modules(codebase)}
    own = (one for one in codebase.environment if one.span.path in paths)
    return [one for one in own if not _OF_THE_SYSTEM.issuperset(name.upper() for name in one.names)]


def tool_variables(codebase: Codebase) -> list[Option]:
    """Return the environment variables that only tools, sessions and the build read."""
    tools = {one.path for one in codebase.files if one.role is Role.MANIFEST}
    return [one for one in codebase.environment if one.span.path in tools]


def _variables(subject: Subject) -> str:
    in_classes = {name for one in subject.codebase.settings_classes for field in one.fields for name in field.names}
    found = [one for one in own_variables(subject.codebase) if not in_classes.issuperset(one.names)]
    if not found:
        return ""
    files = list(dict.fromkeys(one.span.path for one in found))
    found.sort(key=lambda one: (files.index(one.span.path), one.span.first))
    rows = [_variable_row(subject, one) for one in found]
    header = ("Variable", "Default", "Meaning", "Read in")
    body = table(header, rows)
    lead = "One environment variable is read:" if len(found) == 1 else "These environment variables are read:"
    if len(found) <= _UNFOLDED:
        return paragraphs(lead, body)
    rest = details(f"{len(found) - _SHOWN} more", table(header, rows[_SHOWN:]))
    return paragraphs(lead, table(header, rows[:_SHOWN]), rest)


def _variable_row(subject: Subject, option: Option) -> tuple[str, str, str, str]:
    name = ", ".join(code(one) for one in option.names)
    place = subject.links.span(option.span, code(option.span.path.rpartition("/")[2]))
    return name, default(option), meaning(option), place


def _settings(subject: Subject, settings: SettingsClass) -> str:
    short = settings.name.rpartition(".")[2]
    heading = f"### {subject.links.span(settings.span, code(short))}"
    said = [sentence(settings.summary)]
    if settings.prefix:
        said.append(f"Its environment variables start with {code(settings.prefix)}.")
    body = option_table(settings.fields, first="Setting")
    if len(settings.fields) > _UNFOLDED:
        body = details(f"{len(settings.fields)} settings", body)
    return paragraphs(heading, "\n".join(one for one in said if one), body)
