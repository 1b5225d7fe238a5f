"""Names in the model's prose become links to their definitions.

Comes in: Markdown that verification has passed, and the codebase. Goes out: the same Markdown in which the first
mention of each name that means one thing only is a link. Must never: touch code blocks, links or any other word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fieldguide.domain.source import Role
from fieldguide.domain.symbols import Symbol, SymbolKind

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.write.sections.links import Links

_SPAN_OR_LINK = re.compile(r"\[[^\]\n]*\]\([^)\n]*\)|(?<!`)`([^`\n]+)`(?!`)")
_NOT_CODE = re.compile(r"\s+(?:extra|option|flag|target|environment|dependency|package)s?\b")
"""After a bare name: it is of the manifest or of a command line, whatever the code has under the same name."""
_FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[ \t]*$", re.DOTALL | re.MULTILINE)


def all_paths(codebase: Codebase) -> frozenset[str]:
    """Return the paths of all files, read or only listed."""
    return frozenset(one.path for group in (codebase.files, codebase.others) for one in group)


class Endings:
    """Definitions by every ending of a qualified name. Found by the last part: of all endings there are very many."""

    def __init__(self, symbols: Mapping[str, Symbol]) -> None:
        """Index them."""
        self._by_last: dict[str, list[Symbol]] = {}
        self._settled: dict[str, Symbol] = {}
        for symbol in symbols.values():
            self._by_last.setdefault(symbol.name.rpartition(".")[2], []).append(symbol)

    def settle(self, name: str, symbol: Symbol) -> None:
        """Say what a name means, whatever else ends in it."""
        self._settled[name] = symbol

    def get(self, name: str) -> Symbol | None:
        """The definition of this name; `None` where there is none, or it could be several."""
        if name in self._settled:
            return self._settled[name]
        same = self._by_last.get(name.rpartition(".")[2], ())
        found = [one for one in same if one.name == name or one.name.endswith(f".{name}")]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Names:
    """What a name in prose may mean: a definition, a module's file, a path."""

    symbols: Endings
    files: Mapping[str, str]
    """Path by module name and by path."""
    directories: frozenset[str] = field(default_factory=frozenset[str])
    unlinked: frozenset[str] = field(default_factory=frozenset[str])
    """The project's own names: the page is about them, a link would lead nowhere new."""

    @classmethod
    def of(cls, codebase: Codebase) -> Names:
        """Index the names of a codebase. What is exported goes before what is not."""
        symbols = Endings(codebase.symbols)
        exported: dict[str, set[str]] = defaultdict(set)
        for group in codebase.exports.values():
            for one in group:
                if one.target in codebase.symbols:
                    exported[one.name].add(one.target)
                    exported[one.name.rpartition(".")[2]].add(one.target)
        for name, targets in exported.items():
            if len(targets) == 1:
                symbols.settle(name, codebase.symbols[min(targets)])
        paths = all_paths(codebase)
        files = {path: path for path in paths} | {one.name: one.path for one in codebase.modules.values()}
        folders = {path[:index] for path in paths for index, letter in enumerate(path) if letter == "/"}
        tops = {name.partition(".")[0] for name, one in codebase.modules.items() if one.role is Role.SOURCE}
        own = tops & {codebase.name, re.sub(r"[-.]", "_", codebase.name).lower()} | {codebase.name}
        return cls(symbols, files, frozenset(folders), frozenset(own))

    def link(self, markdown: str, links: Links) -> str:
        """Return `markdown` with each resolved name linked at its first mention."""
        parts: list[str] = []
        position = 0
        for fence in _FENCE.finditer(markdown):
            parts += [self._link_text(markdown[position : fence.start()], links), fence.group()]
            position = fence.end()
        return "".join([*parts, self._link_text(markdown[position:], links)])

    def _link_text(self, text: str, links: Links) -> str:
        return _SPAN_OR_LINK.sub(lambda match: self._replacement(match, links), text)

    def _replacement(self, match: re.Match[str], links: Links) -> str:
        name = match.group(1)
        if name is None or name in self.unlinked:
            return match.group()
        symbol = self.symbols.get(name.removesuffix("()"))
        if symbol is not None and name.isidentifier() and _NOT_CODE.match(match.string, match.end()):
            return match.group()
        if symbol is not None and not (_is_inner_value(symbol) and "." not in name):
            return links.symbol(symbol, name)
        path = name.removeprefix("./")
        if path in self.files:
            return links.path(self.files[path], name)
        if path.rstrip("/") in self.directories:
            return links.path(path.rstrip("/"), name)
        return match.group()


def _is_inner_value(symbol: Symbol) -> bool:
    """Tell whether a symbol is a value of a class, whose bare name is as often a parameter's."""
    return symbol.kind in {SymbolKind.ATTRIBUTE, SymbolKind.PROPERTY} and "." in symbol.short
