"""Many of a kind: concrete subclasses of one base, such as plugins, in one table.

Comes in: families of classes. Goes out: a table each, and the heading that names them.
Must never: print a column that tells the members of a family no better apart than their names do.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from fieldguide.domain.symbols import Family, Symbol, SymbolKind
from fieldguide.write.sections.markdown import details, paragraphs, plain, sentence, table
from fieldguide.write.sections.options import literal
from fieldguide.write.sections.phrases import capital, listing, number, plural_of
from fieldguide.write.sections.subject import Shape, shape_of

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.write.sections.subject import Subject

_TABLES = 3
_FEWEST = 5
_ROWS = 40
_FOLDED = 120
_SHARE = 0.8
"""Of the members that must have an attribute for it to become a column."""
_NEWS = 0.4
"""Of the members of which an attribute must say something that their names do not."""
_NAMING = re.compile(r"name|title|label|description|kind|type")
_GENERIC = frozenset({"base", "core", "model", "models", "type", "types", "util", "utils"})


def kinds(subject: Subject) -> str:
    """Return one table a family; under one heading each where there are several."""
    found = families(subject.codebase)
    if len(found) == 1:
        return _family(subject, found[0])
    return paragraphs(*(f"### {_title(one)}\n\n{_family(subject, one)}" for one in found))


def heading(codebase: Codebase) -> str:
    """Return the section's heading: the family's own name, or one for several."""
    found = families(codebase)
    return _title(found[0]) if len(found) == 1 else "Implementations" if found else ""


def mention(subject: Subject) -> str:
    """Return a sentence for the overview that leads to the table."""
    found = families(subject.codebase)
    if len(found) != 1:
        return ""
    title = _title(found[0])
    anchor = title.lower().replace(" ", "-")
    return f"It comes with {number(len(found[0].members))} [{title.lower()}](#{anchor})."


def families(codebase: Codebase) -> list[Family]:
    """Return the families that deserve a table, largest first; of several distributions each has its own."""
    if shape_of(codebase) is Shape.MONOREPO:
        return []
    exported = {one.target for group in codebase.exports.values() for one in group}
    worth = [
        one
        for one in codebase.families
        if len(one.members) >= _FEWEST and (one.base in exported or "._" not in f".{one.base}")
    ]
    return sorted(worth, key=lambda one: (-len(one.members), one.base))[:_TABLES]


def silent_members(subject: Subject) -> list[str]:
    """Return the members of which the code says nothing, of families that have no better column."""
    silent: list[str] = []
    for family in families(subject.codebase):
        shown = [subject.codebase.symbols[name] for name in family.members[:_ROWS] if name in subject.codebase.symbols]
        if not _label_attribute(subject, family, shown):
            silent += [one.name for one in shown if not sentence(one.docstring.summary)]
    return silent


def _title(family: Family) -> str:
    """Return the plural of what a family is: the package it lives in where that is a plural, else its base's name."""
    package = family.module_prefix.rpartition(".")[2].strip("_")
    if package.endswith("s") and "." in family.module_prefix and package not in _GENERIC:
        return capital(package.replace("_", " "))
    base = family.base.rpartition(".")[2].strip("_")
    for affix in ("Base", "Abstract"):
        base = base.removeprefix(affix).removesuffix(affix) or base
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", " ", base)
    return capital(plural_of(words.strip().lower()))


def _family(subject: Subject, family: Family) -> str:
    codebase = subject.codebase
    members = [codebase.symbols[name] for name in family.members if name in codebase.symbols]
    label = _label_attribute(subject, family, members)
    header = ("Class", label.replace("_", " ").capitalize(), "Meaning")
    lead = f"Subclasses of {subject.links.symbol(base)}." if (base := codebase.symbols.get(family.base)) else ""
    rows = [_row(subject, one, label) for one in members]
    if sum(any(row[1:]) for row in rows) * 2 < len(rows):
        return paragraphs(lead, f"{listing([row[0] for row in rows], limit=_ROWS)}.")
    shown, rest = rows[:_ROWS], rows[_ROWS:]
    folded = details(_more(rest), table(header, rest[:_FOLDED])) if rest else ""
    return paragraphs(lead, table(header, shown), folded)


def _more(rest: list[tuple[str, str, str]]) -> str:
    return f"{len(rest)} more" if len(rest) <= _FOLDED else f"{_FOLDED} of {len(rest)} more"


def _row(subject: Subject, member: Symbol, label: str) -> tuple[str, str, str]:
    attribute = subject.codebase.symbols.get(f"{member.name}.{label}") if label else None
    named = plain(literal(attribute.value)) if attribute and attribute.value else ""
    said = "" if label else subject.describe(member.name, member.docstring.summary)
    return subject.links.symbol(member, member.name.rpartition(".")[2]), named, said


def _label_attribute(subject: Subject, family: Family, members: list[Symbol]) -> str:
    """Return the class attribute that says of nearly every member what it is, in words that no other member has.

    One that the base class names goes before others, then one whose name says that it is a name or a description.
    """
    texts: dict[str, set[str]] = defaultdict(set)
    news: Counter[str] = Counter()
    for member in members:
        for one in subject.children.get(member.name, ()):
            name = one.name.rpartition(".")[2]
            if one.kind is SymbolKind.ATTRIBUTE and one.public and _is_wording(one.value or ""):
                texts[name].add(one.value or "")
                news[name] += not _repeats(one.value or "", member)
    fit = [
        name
        for name, values in texts.items()
        if len(values) >= _SHARE * len(members) and news[name] >= _NEWS * len(members)
    ]
    based = {one.name.rpartition(".")[2] for one in subject.children.get(family.base, ())}
    return min(fit, key=lambda name: (name not in based, not _NAMING.search(name), name), default="")


def _is_wording(value: str) -> bool:
    """Tell whether a value's source text is a string of words rather than an address or a path."""
    return value.startswith(("'", '"')) and literal(value) != value and "/" not in value


def _repeats(value: str, member: Symbol) -> bool:
    """Tell whether a value says no more than the name of its class."""
    return re.sub(r"\W|_", "", literal(value)).lower() in member.name.rpartition(".")[2].replace("_", "").lower()
