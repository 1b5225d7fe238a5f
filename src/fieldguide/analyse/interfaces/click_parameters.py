"""Renders click's options and arguments.

Comes in: calls of `click.option` and `click.argument`, with interpreted arguments. Goes out: `Option`s.
Must never: list a hidden option, or one whose spelling is not known.

Source of the rules: click 8.2 (`Option._parse_decls`, `ParamType.name`).
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from typing import Final

from fieldguide.analyse.interfaces.definitions import Class, External
from fieldguide.analyse.interfaces.help_text import markdown, stated_default
from fieldguide.analyse.interfaces.literals import Collection, Literal
from fieldguide.analyse.interfaces.option_values import choices_of, default_source, type_name
from fieldguide.analyse.interfaces.values import Arguments, Value
from fieldguide.domain.project import Option, OptionKind

_METAVARS: Final = {
    "int": "INTEGER",
    "float": "FLOAT",
    "str": "TEXT",
    "bool": "BOOLEAN",
    "pathlib.Path": "PATH",
    "click.INT": "INTEGER",
    "click.FLOAT": "FLOAT",
    "click.STRING": "TEXT",
    "click.BOOL": "BOOLEAN",
    "click.UUID": "UUID",
    "click.Path": "PATH",
    "click.File": "FILENAME",
    "click.IntRange": "INTEGER",
    "click.FloatRange": "FLOAT",
    "click.DateTime": "DATETIME",
}


@dataclass(frozen=True, slots=True)
class ClickParameter:
    """One `click.option(…)` or `click.argument(…)`."""

    kind: str
    """`option` or `argument`."""
    arguments: Arguments


@dataclass(frozen=True)
class ClickType(Value):
    """`click.Choice(…)`, `click.Path(…)` and the like."""

    name: str
    arguments: Arguments

    def source(self) -> str | None:
        """Its bare name."""
        return self.name.rpartition(".")[2]


def option_of(parameter: ClickParameter, program: str) -> Option | None:
    """Render a parameter; `None` where it is hidden or its names are not known."""
    given = parameter.arguments
    names = [value.text() for value in given.positional]
    if not names or None in names or given.true("hidden"):
        return None
    declared = [name for name in names if name is not None]
    if parameter.kind == "argument":
        return _argument(declared[0], given)
    spelt = tuple(part.strip() for name in declared if not name.isidentifier() for part in _split(name))
    if not spelt or set(spelt) <= {"--help", "-h"}:
        return None
    pair = any(len(_split(name)) > 1 for name in declared)
    flag = pair or given.true("is_flag") or given.get("flag_value") is not None or given.true("count")
    help_ = markdown(_help(given, program))
    value_type = _type(given)
    optional = not flag and given.get("is_flag") is None and isinstance(given.get("default"), Literal)
    default = given.get("default")
    if optional and isinstance(default, Literal) and isinstance(default.value, bool) and given.get("type") is None:
        # click takes an option whose default is a truth value for one of that type.
        value_type = "bool"
    return Option(
        names=spelt,
        kind=OptionKind.FLAG,
        span=given.span,
        default=default_source(default) or (None if flag else stated_default(help_)) if pair or not flag else None,
        required=given.true("required"),
        repeatable=given.true("multiple") or given.true("count"),
        takes_value=not flag,
        metavar="" if flag else _metavar(given, value_type),
        choices=_choices(given),
        type="" if flag else value_type,
        help=help_,
    )


def _split(name: str) -> list[str]:
    """`--shout/--no-shout` declares two spellings; ` /-S` only the second."""
    separator = ";" if ";" in name else "/"
    if name.startswith("/") and separator == "/" and name.count("/") == 1:
        return [name]
    return [part.strip() for part in name.split(separator) if part.strip()] if separator in name else [name]


def _argument(name: str, given: Arguments) -> Option:
    nargs = given.get("nargs")
    many = isinstance(nargs, Literal) and nargs.value == -1
    default = default_source(given.get("default"))
    required = given.get("required")
    needs = required.truth() is True if required is not None else default is None and not many
    metavar = re.sub(r"\s*\.\.\.$|^\[|\]$", "", given.text("metavar") or "")
    return Option(
        names=(metavar or name.lower(),),
        kind=OptionKind.ARGUMENT,
        span=given.span,
        default=default,
        required=needs,
        repeatable=many,
        metavar=metavar or name.upper(),
        choices=_choices(given),
        type=_type(given),
        help=markdown(given.text("help") or ""),
    )


def _help(given: Arguments, program: str) -> str:
    text = given.text("help") or ""
    return inspect.cleandoc(text.partition("\f")[0]).replace("%(prog)s", program).replace("%(version)s", "<version>")


def _type(given: Arguments) -> str:
    value = given.get("type")
    if isinstance(value, ClickType):
        return value.source() or ""
    if value is None:
        default = given.get("default")
        known = isinstance(default, Literal) and not isinstance(default.value, str | None)
        return type(default.value).__name__ if known and isinstance(default, Literal) else ""
    return type_name(value)


def _choices(given: Arguments) -> tuple[str, ...]:
    value = given.get("type")
    if isinstance(value, ClickType) and value.name == "click.Choice":
        return choices_of(value.arguments.get("choices", 0))
    return choices_of(value) if isinstance(value, Collection | Class) else ()


def _metavar(given: Arguments, value_type: str) -> str:  # noqa: PLR0911 (one a kind of type)
    text = given.text("metavar")
    if text:
        return text
    choices = _choices(given)
    if choices:
        return "[" + "|".join(choices) + "]"
    value = given.get("type")
    name = value.name if isinstance(value, ClickType | External) else value_type
    if name == "click.Path" and isinstance(value, ClickType):
        file, directory = value.arguments.get("file_okay"), value.arguments.get("dir_okay")
        if directory is not None and directory.truth() is False:
            return "FILE"
        if file is not None and file.truth() is False:
            return "DIRECTORY"
    if isinstance(value, Collection):
        return " ".join(_METAVARS.get(item.source() or "", "TEXT") for item in value.items)
    if name == "click.Choice":
        return "TEXT"
    metavar = _METAVARS.get(name, "TEXT" if not name else name.rpartition(".")[2].upper())
    nargs = given.get("nargs")
    several = nargs.value if isinstance(nargs, Literal) and isinstance(nargs.value, int) and nargs.value > 1 else 1
    return " ".join([metavar] * min(several, 4))
