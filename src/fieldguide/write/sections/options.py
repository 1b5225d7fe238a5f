"""Options of a command line or of settings, as rows of a table.

Comes in: `Option`s. Goes out: tables with what is typed, the default and the meaning.
Must never: print a default that the code does not give.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from fieldguide.domain.project import Option, OptionKind
from fieldguide.write.sections.markdown import code, sentence, table
from fieldguide.write.sections.phrases import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

_MANY_CHOICES = 8
_REPEATED = re.compile(r"\brepeat|multiple (?:times|values)|more than once", re.IGNORECASE)
_SILENT_DEFAULTS = frozenset({"None", "False", "''", '""', "()", "[]", "{}", "..."})


def option_table(options: Sequence[Option], *, first: str = "Option") -> str:
    """Return a table of options; columns in which nothing stands are left out."""
    return table((first, "Default", "Meaning"), ((spelling(one), default(one), meaning(one)) for one in options))


def spelling(option: Option) -> str:
    """Return what is typed: `-c`, `--cores N`."""
    names = list(option.names)
    if option.kind is OptionKind.FLAG and option.takes_value and option.metavar:
        names[-1] = f"{names[-1]} {option.metavar}"
    return ", ".join(code(name) for name in names)


def default(option: Option) -> str:
    """Return the value in force when nothing is said, `required`, or nothing."""
    if option.required and option.default is None:
        return "required"
    if option.default is None or option.default in _SILENT_DEFAULTS:
        return ""
    return code(literal(option.default))


def literal(source: str) -> str:
    """Return a string's own text for the source text of a string, and any other source text as it is."""
    try:
        value: object = ast.literal_eval(source)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return source
    return value if isinstance(value, str) and value.strip() == value and value else source


def meaning(option: Option) -> str:
    """Return the help text, with the choices and whether the option may be repeated where it does not say so."""
    said = [sentence(option.help)] if option.help else []
    unsaid = [one for one in option.choices if one not in option.help]
    if option.choices and unsaid and not all(one in option.metavar for one in option.choices):
        said.append(f"One of {listing([code(one) for one in option.choices], last='or', limit=_MANY_CHOICES)}.")
    if option.repeatable and option.kind is OptionKind.FLAG and not _REPEATED.search(option.help):
        said.append("May be repeated.")
    return " ".join(one for one in said if one)
