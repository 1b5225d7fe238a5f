"""Which public names the page shows, module by module, and what the code says of each.

Comes in: exports by public module. Goes out: chapters, in the order of the page. Must never: write Markdown beyond a
sentence; list a name twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldguide.domain.project import ExampleKind
from fieldguide.domain.symbols import Export, Symbol, SymbolKind
from fieldguide.write.sections.kinds import families
from fieldguide.write.sections.markdown import code, sentence
from fieldguide.write.sections.phrases import article
from fieldguide.write.sections.subject import Shape, console_scripts, shape_of, source_modules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.domain.codebase import Codebase

VISIBLE = {Shape.LIBRARY: 45, Shape.TOOL: 20, Shape.MONOREPO: 16}
"""Entries of a page that are not folded away; other kinds of project have no interface to import."""
FOLDED = 40
"""Entries of a module that are folded away; more are only counted."""
_MODULES = 8
_FIRST_MODULE = 30
_OTHER_MODULE = 12
_LEAST_ROOM = 3
_SPARE = 2
"""So few entries too many are shown all the same."""
ASIDE = 12
"""Names of a tool that are listed, folded away, where nothing shows that it is imported."""
_GATHERED = 3
"""So many errors, or constants, of one module share a line."""
_VERSIONS = frozenset({"get_version", "version", "version_info", "version_tuple"})
"""Names that nearly every package has and nobody imports a package for."""
_ERRORS = ("Error", "Exception", "Warning")
_SUPPORT = frozenset({"_util", "_utils", "compat", "helpers", "util", "utilities", "utils"})
"""Modules that are for the project itself rather than for those who import it: they come last."""

Entry = tuple[Export, Symbol]
"""A public name and the definition behind it."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A public module as the page shows it."""

    module: str
    visible: tuple[Entry, ...]
    folded: tuple[Entry, ...]
    gathered: tuple[tuple[Entry, ...], ...]
    """Errors, constants: so many of them that they share a line."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The public interface as the page shows it."""

    chapters: tuple[Chapter, ...] = ()
    aside: bool = False
    """The chapters are folded away: nothing shows that the project is there to be imported."""
    others: tuple[str, ...] = ()
    """Public modules that are only named."""


def catalogue(codebase: Codebase) -> Mapping[str, list[Entry]]:
    """Return the public names of each module, most important module first.

    Members of a family have their own table, a command's function its own section.
    """
    elsewhere = {name for one in families(codebase) for name in one.members}
    elsewhere |= {one.target.replace(":", ".") for one in console_scripts(codebase)}
    own = {one.name for one in source_modules(codebase)}
    found: dict[str, list[Entry]] = {}
    for module in sorted(codebase.exports, key=lambda name: not _SUPPORT.isdisjoint(name.split("."))):
        shown = [
            (one, codebase.symbols[one.target])
            for one in codebase.exports[module]
            if one.target in codebase.symbols
            and one.target not in elsewhere
            and not one.name.rpartition(".")[2].startswith("__")
            and one.name.rpartition(".")[2].lower() not in _VERSIONS
        ]
        if shown and module in own:
            found[module] = shown
    return found


def chapters(codebase: Codebase) -> Catalogue:
    """Return the modules that the page shows, and the names of the public modules that it only names.

    A tool shows what its top package offers and what its documentation imports; where it has neither, the names that
    are used most stand aside.
    """
    shape = shape_of(codebase)
    budget = VISIBLE.get(shape, 0)
    if not budget:
        return Catalogue()
    found = catalogue(codebase)
    wanted = [one for one in found if shape is not Shape.TOOL or _offered(codebase, one)]
    if wanted and shape is Shape.TOOL:
        bases = {one.base for one in families(codebase)}
        wanted += [
            one for one in found if one not in wanted and bases & {export.target for export in codebase.exports[one]}
        ]
    aside = bool(found) and not wanted
    if aside:
        wanted, budget = list(found), ASIDE
    shown: list[Chapter] = []
    for module in wanted[:_MODULES]:
        if budget < _LEAST_ROOM:
            break
        room = min(budget, _OTHER_MODULE if shown else _FIRST_MODULE)
        shown.append(_chapter(codebase, module, found[module], room))
        budget -= len(shown[-1].visible)
    named = {one.module for one in shown}
    return Catalogue(tuple(shown), aside, () if aside else tuple(one for one in found if one not in named))


def _offered(codebase: Codebase, module: str) -> bool:
    """Tell whether a tool's module is there to be imported.

    It is the top package, or documents or examples import from it.
    """
    if "." not in module:
        return True
    written = {ExampleKind.EXAMPLE_FILE, ExampleKind.DOCUMENTATION}
    used = {name for one in codebase.examples if one.kind in written for name in one.uses}
    offered = {name for one in codebase.exports[module] for name in (one.name, one.target)}
    return not offered.isdisjoint(used)


def _chapter(codebase: Codebase, module: str, found: list[Entry], room: int) -> Chapter:
    errors = [one for one in found if is_error(one[1])]
    constants = [one for one in found if one[1].kind is SymbolKind.ATTRIBUTE and not own_words(codebase, one[1])]
    gathered = tuple(tuple(group) for group in (errors, constants) if len(group) >= _GATHERED)
    together = {export.name for group in gathered for export, _ in group}
    singles = [one for one in found if one[0].name not in together]
    if len(singles) <= room + _SPARE:
        room = len(singles)
    return Chapter(module, tuple(singles[:room]), tuple(singles[room:]), gathered)


def silent_names(codebase: Codebase) -> list[str]:
    """Return the names that get a line of their own and of which the code says nothing."""
    shown = [entry for one in chapters(codebase).chapters for entry in (*one.visible, *one.folded[:FOLDED])]
    return [export.name for export, symbol in shown if not own_words(codebase, symbol)]


def own_words(codebase: Codebase, symbol: Symbol) -> str:
    """Return what the code says of a name: its docstring, or for a value what it is made of."""
    if said := sentence(symbol.docstring.summary):
        return said
    if symbol.kind is not SymbolKind.ATTRIBUTE or not symbol.value:
        return ""
    maker, _, rest = symbol.value.partition("(")
    if not (maker.isidentifier() and rest.endswith(")")):
        return ""
    made_by = _in_module(codebase, symbol.module, maker)
    if made_by is None or made_by.kind is not SymbolKind.CLASS:
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


def is_error(symbol: Symbol) -> bool:
    """Tell whether a class is raised, by its name or by the names of its bases."""
    return symbol.kind is SymbolKind.CLASS and any(one.endswith(_ERRORS) for one in (symbol.name, *symbol.bases))
