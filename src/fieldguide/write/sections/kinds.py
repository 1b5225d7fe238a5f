"""Many of a kind: concrete subclasses of one base, such as plugins, in one table.

Comes in: families of classes. Goes out: a table each, and the heading that names them.
Must never: print a column that tells the members of a family no better apart than their names do.
"""

from __future__ import annotations

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
_SHARE = 0.8
"""Of the members that must have an attribute for it to become a column."""
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


def _title(family: Family) -> str:
    """Return the plural of what a family is: the package it lives in where that is a plural, else its base's name."""
    package = family.module_prefix.rpartition(".")[2].strip("_")
    if package.endswith("s") and "." in family.module_prefix and package not in _GENERIC:
        return capital(package.replace("_", " "))
    base = family.base.rpartition(".")[2].strip("_")
    for affix in ("Base", "Abstract"):
        base = base.removeprefix(affix).removesuffix(affix) or base
    words = "".join(
        f" {one}" if one.isupper() and index and base[index - 1].islower() else one for index, one in enumerate(base)
    )
    return capital(plural_of(words.strip().lower()))


def _family(subject: Subject, family: Family) -> str:
    codebase = subject.codebase
    members = [codebase.symbols[name] for name in family.members if name in codebase.symbols]
    label = _label_attribute(codebase, family, members)
    header = ("Class", label.replace("_", " ").capitalize(), "Meaning")
    lead = f"Subclasses of {subject.links.symbol(base)}." if (base := codebase.symbols.get(family.base)) else ""
    rows = [_row(subject, one, label) for one in members]
    if sum(any(row[1:]) for row in rows) * 2 < len(rows):
        return paragraphs(lead, f"{listing([row[0] for row in rows], limit=_ROWS)}.")
    shown, rest = rows[:_ROWS], rows[_ROWS:]
    folded = details(f"{len(rest)} more", table(header, rest)) if rest else ""
    return paragraphs(lead, table(header, shown), folded)


def _row(subject: Subject, member: Symbol, label: str) -> tuple[str, str, str]:
    attribute = subject.codebase.symbols.get(f"{member.name}.{label}") if label else None
    named = plain(literal(attribute.value)) if attribute and attribute.value else ""
    said = "" if label else sentence(member.docstring.summary)
    return subject.links.symbol(member, member.name.rpartition(".")[2]), named, said


def _label_attribute(codebase: Codebase, family: Family, members: list[Symbol]) -> str:
    """Return the class attribute that says of nearly every member what it is, in a string that no other has."""
    names = sorted({one.name.rpartition(".")[2] for one in _attributes(codebase, members)})
    best = ""
    for name in names:
        values = [
            codebase.symbols[f"{one.name}.{name}"].value or ""
            for one in members
            if f"{one.name}.{name}" in codebase.symbols
        ]
        texts = {one for one in values if one.startswith(("'", '"')) and literal(one) != one}
        if len(texts) >= _SHARE * len(members) and (not best or f"{family.base}.{name}" in codebase.symbols):
            best = name
    return best


def _attributes(codebase: Codebase, members: list[Symbol]) -> list[Symbol]:
    prefixes = {one.name for one in members}
    return [
        one
        for one in codebase.symbols.values()
        if one.kind is SymbolKind.ATTRIBUTE and one.name.rpartition(".")[0] in prefixes and one.public
    ]
