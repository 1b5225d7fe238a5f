"""The public interface: what can be imported, most important first, with signatures and one line each.

Comes in: exports by public module. Goes out: a list for each module, its tail folded away.
Must never: list a name twice; print a description that neither the code nor the model gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.symbols import Export, Symbol, SymbolKind
from fieldguide.write.sections.markdown import code, details, paragraphs, sentence
from fieldguide.write.sections.members import member_lines
from fieldguide.write.sections.phrases import article, listing
from fieldguide.write.sections.signature import signature
from fieldguide.write.sections.subject import Shape, shape_of, source_modules

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.write.sections.subject import Subject

VISIBLE = {Shape.LIBRARY: 45, Shape.TOOL: 16, Shape.MONOREPO: 24}
"""Entries of a page that are not folded away."""
_FOLDED = 40
_MODULES = 8
_NAMED = 16
_FIRST_MODULE = 30
_OTHER_MODULE = 12
_GATHERED = 3
"""So many errors, or constants, of one module share a line."""
_ERRORS = ("Error", "Exception", "Warning")


def public_modules(codebase: Codebase) -> list[str]:
    """Return the names of public modules that export something that is known, most important first."""
    own = {one.name for one in source_modules(codebase)}
    return [name for name in codebase.exports if name in own and entries(codebase, name)]


def interface(subject: Subject) -> str:
    """Return the public interface; an application and loose scripts have none to speak of."""
    budget = VISIBLE.get(subject.shape, 0)
    if not budget:
        return ""
    modules = public_modules(subject.codebase)
    parts: list[str] = []
    for index, name in enumerate(modules[:_MODULES]):
        room = min(budget, _OTHER_MODULE if index else _FIRST_MODULE)
        part, used = _module(subject, name, room)
        budget -= used
        parts.append(part)
    return paragraphs(*parts, _further(subject, modules[_MODULES:]))


def entries(codebase: Codebase, module: str) -> list[tuple[Export, Symbol]]:
    """Return the exports of a module with the definitions behind them."""
    found = ((one, codebase.symbols.get(one.target)) for one in codebase.exports.get(module, ()))
    return [
        (one, symbol)
        for one, symbol in found
        if symbol is not None and not one.name.rpartition(".")[2].startswith("__")
    ]


def silent_names(codebase: Codebase) -> list[str]:
    """Return the names that the section shows and of which the code says nothing."""
    if shape_of(codebase) not in VISIBLE:
        return []
    names: list[str] = []
    for module in public_modules(codebase)[:_MODULES]:
        singles, _ = _sort_out(codebase, entries(codebase, module))
        names += [export.name for export, symbol in singles if not own_words(codebase, symbol)]
    return names[: VISIBLE[shape_of(codebase)]]


def own_words(codebase: Codebase, symbol: Symbol) -> str:
    """Return what the code says of a name: its docstring, or for a value what it is made of."""
    if said := sentence(symbol.docstring.summary):
        return said
    if symbol.kind is not SymbolKind.ATTRIBUTE or not symbol.value:
        return ""
    maker, _, rest = symbol.value.partition("(")
    made_by = _in_module(codebase, symbol.module, maker)
    if made_by is None or made_by.kind is not SymbolKind.CLASS or not rest.endswith(")"):
        return ""
    argument = _in_module(codebase, symbol.module, rest[:-1])
    what = f"{article(made_by.short).capitalize()} {code(made_by.short)}"
    said = sentence(argument.docstring.summary) if argument else ""
    return f"{what}: {said}" if said else f"{what}."


def _in_module(codebase: Codebase, module: str, name: str) -> Symbol | None:
    """Return the definition that a plain name within a module means, imported names included."""
    if not name.isidentifier():
        return None
    if found := codebase.symbols.get(f"{module}.{name}"):
        return found
    endings = [one for one in codebase.imports if one.importer == module and (one.alias or one.name) == name]
    return next(
        (codebase.symbols[key] for one in endings if (key := f"{one.module}.{one.name}") in codebase.symbols), None
    )


def _sort_out(
    codebase: Codebase, found: list[tuple[Export, Symbol]]
) -> tuple[list[tuple[Export, Symbol]], list[list[tuple[Export, Symbol]]]]:
    """Tell the entries that get a line of their own from errors and constants that share one."""
    errors = [one for one in found if is_error(one[1])]
    constants = [one for one in found if one[1].kind is SymbolKind.ATTRIBUTE and not own_words(codebase, one[1])]
    shared = [group for group in (errors, constants) if len(group) >= _GATHERED]
    together = {export.name for group in shared for export, _ in group}
    return [one for one in found if one[0].name not in together], shared


def is_error(symbol: Symbol) -> bool:
    """Tell whether a class is raised, by its name or by the names of its bases."""
    return symbol.kind is SymbolKind.CLASS and any(one.endswith(_ERRORS) for one in (symbol.name, *symbol.bases))


def _module(subject: Subject, name: str, room: int) -> tuple[str, int]:
    """Return a module's part, and how many entries of it are visible."""
    singles, shared = _sort_out(subject.codebase, entries(subject.codebase, name))
    if len(singles) <= room + 2:
        room = len(singles)
    lines = [_entry(subject, name, *one) for one in singles[:room]]
    gathered = [_gathered(subject, group) for group in shared]
    tail = singles[room:]
    heading = f"### {code(name)}"
    folded = _tail(subject, name, tail, [*lines, *gathered])
    visible = "\n".join([*lines, *gathered]) if room else ""
    return paragraphs(heading, visible, folded), room


def _tail(subject: Subject, name: str, tail: list[tuple[Export, Symbol]], before: list[str]) -> str:
    if not tail:
        return ""
    body = "\n".join(_entry(subject, name, *one) for one in tail[:_FOLDED])
    if len(tail) > _FOLDED:
        body += f"\n- {len(tail) - _FOLDED:,} more."
    return details(f"{len(tail):,} {'more ' if before else ''}names", body)


def _entry(subject: Subject, module: str, export: Export, symbol: Symbol) -> str:
    label = signature(symbol, export.name.removeprefix(module + "."))
    line = f"- {subject.links.symbol(symbol, label)}"
    if said := subject.describe(export.name, own_words(subject.codebase, symbol)):
        line += f":\n  {said}"
    return "\n".join([line, *member_lines(subject, symbol)])


def _gathered(subject: Subject, group: list[tuple[Export, Symbol]]) -> str:
    title = "Errors" if group[0][1].kind is SymbolKind.CLASS else "Constants"
    return f"- {title}: {listing([subject.links.symbol(symbol) for _, symbol in group], limit=16)}."


def _further(subject: Subject, modules: list[str]) -> str:
    """Return the names of the remaining modules, linked to their files."""
    if not modules:
        return ""
    own = subject.codebase.modules
    named = [subject.links.path(own[one].path, one) if one in own else code(one) for one in modules]
    return f"Other public modules: {listing(named, limit=_NAMED)}."
