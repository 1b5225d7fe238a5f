"""What a project offers that none of its documentation names.

Comes in: a `Codebase` and the documents of its tree. Goes out: a `Coverage`.
Must never: count what a document only lists as history; take a word of prose for a name.

Public are: what public modules export, console scripts and their subcommands, options of command lines, environment
variables that the package reads. A name is told where a document mentions it alone or at the end of a dotted name; a
directive that has a whole module or class documented from its docstrings names everything in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.checks import Coverage, Unnamed
from fieldguide.domain.project import CommandKind
from fieldguide.domain.source import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Document, Mention
    from fieldguide.domain.project import CommandLine


def coverage(codebase: Codebase, documents: Iterable[Document]) -> Coverage:
    """Return how much of what is public is named, and what is not."""
    told = _Told(documents)
    public = list(dict.fromkeys(_public(codebase)))
    return Coverage(len(public), tuple(one for one in public if not told.names(one)))


class _Told:
    """Every name that documents mention."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._words: set[str] = set()
        self._whole: set[str] = set()
        for document in documents:
            if not document.historical:
                for mention in document.mentions:
                    self._add(mention)

    def _add(self, mention: Mention) -> None:
        text = mention.text.removesuffix("()").lstrip("~!$")
        self._words.update((text, text.rpartition(".")[2], *text.split(), mention.subject, *mention.keywords))
        if mention.domain.startswith("auto") or mention.domain in {"mkdocstrings", ":::"}:
            self._whole.add(text)

    def names(self, one: Unnamed) -> bool:
        """Whether a document names it, or has everything documented that it lies in."""
        parts = one.name.split(".")
        above = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
        last = parts[-1] if one.kind in _PYTHON else one.name
        return last in self._words or not above.isdisjoint(self._whole)


_PYTHON = frozenset({"name", "class", "function"})


def _public(codebase: Codebase) -> Iterator[Unnamed]:
    for exports in codebase.exports.values():
        for export in exports:
            symbol = codebase.symbols.get(export.target)
            kind = symbol.kind.value if symbol and symbol.kind.value in _PYTHON else "name"
            yield Unnamed(kind, export.name, symbol.span if symbol else None)
    for command in codebase.commands:
        if command.kind is CommandKind.CONSOLE_SCRIPT:
            yield Unnamed("command", command.name, command.span)
    for line in codebase.command_lines:
        yield from _options(line, top=True)
    for variable in codebase.environment:
        module = next((one for one in codebase.modules.values() if one.path == variable.span.path), None)
        if module is not None and module.role is Role.SOURCE:
            yield Unnamed("environment variable", variable.names[0], variable.span)


def _options(line: CommandLine, *, top: bool = False) -> Iterator[Unnamed]:
    if not top:
        yield Unnamed("command", line.program.rpartition(" ")[2], line.span)
    for option in line.options:
        long = [name for name in option.names if name.startswith("--")]
        if long and "--help" not in long:
            yield Unnamed("option", long[0], option.span)
    for inner in line.subcommands:
        yield from _options(inner)
