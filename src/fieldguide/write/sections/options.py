"""Options of a command line or of settings, as rows of a table.

Comes in: `Option`s. Goes out: tables with what is typed, the default and the meaning.
Must never: print a default that the code does not give, or one that is a secret.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from fieldguide.domain.project import Option, OptionKind
from fieldguide.domain.redacted import contains_placeholder
from fieldguide.write.sections.markdown import code, first_sentences, table
from fieldguide.write.sections.phrases import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

_MANY_CHOICES = 8
_REPEATED = re.compile(r"\brepeat|multiple (?:times|values)|more than once", re.IGNORECASE)
_SENTENCES = 3
"""Of a help text in a table; a longer one is cut after its second sentence."""
_CREDENTIALS = frozenset(
    {"credential", "credentials", "pass", "passphrase", "passwd", "password", "pwd", "salt", "secret", "token"}
)
_HARMLESS_KEYS = frozenset(
    {"cache", "foreign", "group", "index", "lookup", "order", "partition", "primary", "public", "row", "sort", "unique"}
)
"""Words before `key` that make it a name rather than what opens something."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_BRACKETED_END = re.compile(r"(?<=[.!?])\s*[\[(](defaults?\b[^\])]*)[\])]\.?$", re.IGNORECASE)
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
    value = literal(option.default)
    if contains_placeholder(value) or (is_credential(option.names) and not _is_switch(value)):
        return ""
    return code(value)


def is_credential(names: Sequence[str]) -> bool:
    """Tell whether a setting holds a password, a token or a key, by the last words of its names."""
    for name in names:
        words = [one.lower() for one in _WORDS.findall(name)]
        if words and (words[-1] in _CREDENTIALS or words[-1] == "apikey"):
            return True
        if len(words) > 1 and words[-1] == "key" and words[-2] not in _HARMLESS_KEYS:
            return True
    return False


def _is_switch(value: str) -> bool:
    return value.lower() in {"true", "false", "yes", "no", "on", "off", "0", "1"}


def literal(source: str) -> str:
    """Return a string's own text for the source text of a string, and any other source text as it is."""
    try:
        value: object = ast.literal_eval(source)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return source
    return value if isinstance(value, str) and value.strip() == value and value else source


def meaning(option: Option) -> str:
    """Return the help text, with the choices and whether the option may be repeated where it does not say so."""
    said = [first_sentences(_without_default(option), _SENTENCES)] if option.help else []
    unsaid = [one for one in option.choices if one not in option.help]
    if option.choices and unsaid and not all(one in option.metavar for one in option.choices):
        said.append(f"One of {listing([code(one) for one in option.choices], last='or', limit=_MANY_CHOICES)}.")
    if option.repeatable and option.kind is OptionKind.FLAG and not _REPEATED.search(option.help):
        said.append("May be repeated.")
    return " ".join(one for one in said if one)


def _without_default(option: Option) -> str:
    """Return the help text without the clause that repeats the default which has a column of its own."""
    text = option.help
    if default(option) not in {"", "required"}:
        value = rf"[`'\"*]*{re.escape(literal(option.default or ''))}[`'\"*]*"
        word = r"(?:the )?(?:by )?defaults?(?: value)?(?: is| to)?\s*[:=]?\s*"
        text = re.sub(rf"\s*[(\[]{word}{value}\.?[)\]]", "", text, flags=re.IGNORECASE)
        text = re.sub(
            rf"(?:^|\s*[,;.]\s+|\s+[-\u2013]\s+){word}{value}(?=\.?$|\.\s|[;,]\s)", "", text, flags=re.IGNORECASE
        )
        text = re.sub(r"\s+(?=[.,;]$|[.,;]\s)|^[.,;\s]+", "", text)
        text = re.sub(r"(?<=\.\.\.)\.$|(?<=[!?])\.$|(?<=[^.]\.)\.$", "", text)
    return _BRACKETED_END.sub(lambda match: f" {match.group(1)[:1].upper()}{match.group(1)[1:]}.", text)
