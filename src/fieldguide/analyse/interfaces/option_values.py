"""Texts of defaults, choices and types, for options of every framework.

Comes in: interpreted values. Goes out: what a reader sees of them.
Must never: show what is not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.definitions import Absent, Class, External, Function, Member, Subscripted
from fieldguide.analyse.interfaces.literals import Literal
from fieldguide.analyse.interfaces.standard_library import FromEnvironment

if TYPE_CHECKING:
    from fieldguide.analyse.interfaces.values import Arguments, Value

DEEPEST_COMMAND: Final = 8
"""Words of a program's name beyond which subcommands are no longer followed: groups may hold each other."""
_ANONYMOUS: Final = frozenset(
    {"wrapped", "wrapper", "inner", "decorator", "convert", "converter", "func", "_inner", "_wrapper"}
)
_NO_SOURCE: Final = frozenset(
    {"None", "''", '""', "[]", "()", "{}", "set()", "...", "argparse.SUPPRESS", "optparse.NO_DEFAULT"}
)
_EMPTY: Final = re.compile(r"[\[(](?:(?:None|'')(?:, )?)*,?[\])]")


def choices_of(value: Value | None) -> tuple[str, ...]:
    """What may be given, as it is typed; empty where it is not known."""
    elements = value.elements() if value is not None else None
    if not elements:
        return ()
    texts = [plain_text(element.value if isinstance(element, Member) else element) for element in elements]
    return tuple(texts) if all(texts) else ()


def default_source(value: Value | None) -> str | None:
    """Source text of a default; `None` where it says nothing or is not known."""
    source = value.source() if value is not None and not isinstance(value, Function | Class | Absent) else None
    if (
        source is None
        or source in _NO_SOURCE
        or source.endswith("SUPPRESS")
        or _EMPTY.fullmatch(source)
        or "__file__" in source
    ):
        return None
    return " ".join(source.split()) if len(source) <= 200 else None  # noqa: PLR2004 (a table's cell)


def type_name(value: Value | None) -> str:
    """Name of the type, or of the function that checks the value."""
    if isinstance(value, External | Absent):
        return value.name.rpartition(".")[2]
    if isinstance(value, Class | Function):
        # A checker that another function made says nothing by its own name.
        nested = isinstance(value, Function) and value.definition.name in _ANONYMOUS
        return "" if nested else value.definition.name
    if isinstance(value, Subscripted):
        return value.source() or ""
    return value.text() or "" if isinstance(value, Literal) else ""


def plain_text(value: Value | None) -> str:
    """A literal as a user types it."""
    while isinstance(value, Member | FromEnvironment):
        value = value.value if isinstance(value, Member) else value.default
    return str(value.value) if isinstance(value, Literal) and value.value is not None else ""


def title_of(arguments: Arguments, position: int) -> str:
    """Title of a group, on one line."""
    return " ".join((arguments.text("title", position) or "").split())
