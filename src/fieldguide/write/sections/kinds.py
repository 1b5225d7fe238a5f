"""Many of a kind: concrete subclasses of one base, such as plugins, in one table.

Comes in: families of classes. Goes out: a table each, and the heading that names them.
Must never: print a column that tells the members of a family no better apart than their names do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.symbols import Family, Symbol, SymbolKind
from fieldguide.write.sections.markdown import code, details, paragraphs, plain, sentence, table
from fieldguide.write.sections.options import literal
from fieldguide.write.sections.phrases import capital, number, plural_of

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
    """Return the families that deserve a table, largest first."""
    worth = [one for one in codebase.families if len(one.members) >= _FEWEST]
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
    overridden = _overridden(codebase, family, members)
    header = ("Class", label.replace("_", " ").capitalize(), "Meaning", "Overrides")
    rows = [_row(subject, one, label, overridden) for one in members]
    shown, rest = rows[:_ROWS], rows[_ROWS:]
    base = codebase.symbols.get(family.base)
    lead = f"Subclasses of {subject.links.symbol(base)}." if base else ""
    folded = details(f"{len(rest)} more", table(header, rest)) if rest else ""
    return paragraphs(lead, table(header, shown), folded)


def _row(subject: Subject, member: Symbol, label: str, overridden: str) -> tuple[str, str, str, str]:
    symbols = subject.codebase.symbols
    attribute = symbols.get(f"{member.name}.{label}") if label else None
    named = plain(literal(attribute.value)) if attribute and attribute.value else ""
    said = "" if label else sentence(member.docstring.summary)
    method = code(overridden) if overridden and f"{member.name}.{overridden}" in symbols else ""
    return subject.links.symbol(member, member.name.rpartition(".")[2]), named, said, method


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


def _overridden(codebase: Codebase, family: Family, members: list[Symbol]) -> str:
    """Return the one public method of the base that some members, but by no means all, do in their own way."""
    base = codebase.symbols.get(family.base)
    methods = [one for one in codebase.symbols.values() if base and one.name.startswith(base.name + ".")]
    callables = {SymbolKind.METHOD, SymbolKind.FUNCTION}
    candidates: list[str] = []
    for one in methods:
        name = one.name.rpartition(".")[2]
        if one.kind not in callables or one.abstract or name.startswith("_"):
            continue
        count = sum(f"{member.name}.{name}" in codebase.symbols for member in members)
        if len(members) * 0.2 <= count <= len(members) * 0.6:
            candidates.append(name)
    return candidates[0] if len(candidates) == 1 else ""
