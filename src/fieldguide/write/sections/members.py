"""Methods and properties of a class, beneath its entry in the public interface.

Comes in: a class. Goes out: nested entries for a few documented members, one line of names for many.
Must never: list what starts with an underscore.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.symbols import Symbol, SymbolKind
from fieldguide.write.sections.markdown import code, sentence
from fieldguide.write.sections.phrases import listing
from fieldguide.write.sections.signature import signature

if TYPE_CHECKING:
    from fieldguide.write.sections.subject import Subject

_FEW = 3
_NAMED = 10


def members(subject: Subject, owner: Symbol) -> list[Symbol]:
    """Return the public methods and properties that a class itself defines, in the order of the code."""
    kinds = {SymbolKind.METHOD, SymbolKind.PROPERTY, SymbolKind.FUNCTION}
    found = [one for one in subject.children.get(owner.name, ()) if one.kind in kinds and one.public]
    return [one for one in found if not one.name.rpartition(".")[2].startswith("_")]


def member_lines(subject: Subject, owner: Symbol) -> list[str]:
    """Return nested list entries for the documented members of a class; for many, one line with their names."""
    if owner.kind is not SymbolKind.CLASS:
        return []
    found = members(subject, owner)
    told = [one for one in found if sentence(one.docstring.summary)]
    if len(found) <= _FEW:
        return [_nested(subject, owner, one) for one in told]
    names = [code(one.name.removeprefix(owner.name + ".")) for one in (told or found)]
    return [f"  With {listing(names, limit=_NAMED)}."]


def _nested(subject: Subject, owner: Symbol, member: Symbol) -> str:
    label = signature(member, f"{owner.short}.{member.name.removeprefix(owner.name + '.')}")
    return f"  - {subject.links.symbol(member, label)}:\n    {sentence(member.docstring.summary)}"
