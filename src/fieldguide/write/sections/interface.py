"""The public interface: what can be imported, most important first, with signatures and one line each.

Comes in: chapters of public names. Goes out: a list for each module, its tail folded away.
Must never: print a description that neither the code nor the model gives.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fieldguide.domain.symbols import SymbolKind
from fieldguide.write.sections.catalogue import FOLDED, Chapter, Entry, chapters, own_words
from fieldguide.write.sections.markdown import code, details, paragraphs
from fieldguide.write.sections.members import member_lines
from fieldguide.write.sections.phrases import listing
from fieldguide.write.sections.signature import signature

if TYPE_CHECKING:
    from fieldguide.write.sections.subject import Subject

_NAMED = 8
_GATHERED = 16


def interface(subject: Subject) -> str:
    """Return the public interface; an application and loose scripts have none to speak of."""
    found = chapters(subject.codebase)
    if found.aside:
        body = paragraphs(*(_chapter(subject, replace(one, folded=(), gathered=())) for one in found.chapters))
        lead = "Names are imported from the modules that define them; those used most come first."
        return paragraphs(lead, details("Names of its modules", body))
    return paragraphs(*(_chapter(subject, one) for one in found.chapters), _further(subject, found.others))


def _chapter(subject: Subject, chapter: Chapter) -> str:
    lines = [_entry(subject, chapter.module, one) for one in chapter.visible]
    lines += [_gathered(subject, group) for group in chapter.gathered]
    return paragraphs(f"### {code(chapter.module)}", "\n".join(lines), _tail(subject, chapter))


def _tail(subject: Subject, chapter: Chapter) -> str:
    tail = chapter.folded
    if not tail:
        return ""
    body = "\n".join(_entry(subject, chapter.module, one) for one in tail[:FOLDED])
    if len(tail) > FOLDED:
        body += f"\n- {len(tail) - FOLDED:,} more."
    return details(f"{len(tail):,} more {'name' if len(tail) == 1 else 'names'}", body)


def _entry(subject: Subject, module: str, entry: Entry) -> str:
    export, symbol = entry
    label = signature(symbol, export.name.removeprefix(module + "."))
    line = f"- {subject.links.symbol(symbol, label)}"
    if said := subject.describe(export.name, own_words(subject.codebase, symbol)):
        line += f":\n  {said}"
    return "\n".join([line, *member_lines(subject, symbol)])


def _gathered(subject: Subject, group: tuple[Entry, ...]) -> str:
    title = "Errors" if group[0][1].kind is SymbolKind.CLASS else "Constants"
    return f"- {title}: {listing([subject.links.symbol(symbol) for _, symbol in group], limit=_GATHERED)}."


def _further(subject: Subject, modules: tuple[str, ...]) -> str:
    """Return the names of the remaining modules, linked to their files."""
    if not modules:
        return ""
    own = subject.codebase.modules
    named = [subject.links.path(own[one].path, one) if one in own else code(one) for one in modules]
    return f"Other public modules: {listing(named, limit=_NAMED)}."
