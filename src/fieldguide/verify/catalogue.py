"""Everything that a codebase bears out by name: definitions, modules, parameters, commands, variables, literals.

Comes in: a `Codebase`, and the evidence that a model was given.
Goes out: answers to "is there such a name?", and the nearest name that there is.
Must never: answer yes to part of a name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from fieldguide.domain.source import Role
from fieldguide.domain.symbols import SymbolKind
from fieldguide.verify.standard_library import in_python

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.page import Evidence
    from fieldguide.domain.project import CommandLine, Option
    from fieldguide.domain.symbols import Symbol

_LITERAL = re.compile(r"""["']([^"'\n]{1,80})["']""")
_WORD = re.compile(r"[^\W\d][\w.-]*")
_SPOKEN = re.compile(r"[A-Za-z0-9]+")
_CODE_SPAN = re.compile(r"`+([^`\n]+)`+")


class Catalogue:
    """Names of one codebase. Each index is built when it is first asked."""

    def __init__(self, codebase: Codebase, evidence: Sequence[Evidence] = ()) -> None:
        """Index `codebase`. Evidence out of documentation counts for nothing: it may be what went stale."""
        self._codebase = codebase
        self._evidence = evidence

    def knows(self, name: str) -> bool:
        """Tell whether a dotted name (no spaces, no call) is one of the project's, of its dependencies' or Python's."""
        name = name.removeprefix("self.").removeprefix("cls.")
        if name in self.words or self._defined(name) or in_python(name):
            return True
        return "." in name and (self._exported(name) or self._member(name))

    def appears(self, text: str) -> bool:
        """Tell whether `text` stands as it is, on its own, in a literal of the code or in the evidence."""
        if text in self.literals:
            return True
        return len(text) > 1 and bool(re.search(rf"(?<![\w]){re.escape(text)}(?![\w])", self._evidence_text))

    def symbols(self, name: str) -> list[Symbol]:
        """Definitions that `name` may mean: its qualified name ends in it, or it is how a user imports it."""
        last = name.rpartition(".")[2]
        known = self._codebase.symbols
        found = [known[one] for one in self._by_last_part.get(last, ()) if one in known and _ends_with(one, name)]
        target = self._exports.get(name)
        return [known[target], *found] if target is not None and target in known else found

    def members(self, symbol: Symbol) -> Iterator[str]:
        """Qualified names under which a member of a class may be defined: its own, then its bases'."""
        seen: set[str] = set()
        waiting = [symbol.name]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            yield name
            owner = self._codebase.symbols.get(self._exports.get(name, name))
            if owner is not None:
                waiting.extend((*owner.bases, *((owner.name,) if owner.name != name else ())))

    @cached_property
    def words(self) -> frozenset[str]:
        """Names that are no definitions: of the project, modules, packages, parameters, commands, options, extras."""
        code = self._codebase
        found = {code.name, *code.modules, *(part for name in code.modules for part in name.split("."))}
        found.update(parameter.name for symbol in code.symbols.values() for parameter in symbol.parameters)
        found.update(one.name for one in code.dependencies)
        for manifest in code.manifests:
            found.update((manifest.name, *manifest.extras))
            found.update(word for one in manifest.dependencies for word in (one.name, one.extra, one.group))
        found.update(one.name.replace("-", "_") for one in (*code.manifests, *code.dependencies))
        for imported in code.imports:
            found.update(
                (imported.module, imported.module.partition(".")[0], imported.name or "", imported.alias or "")
            )
            found.add(f"{imported.module}.{imported.name}")
        for command in code.commands:
            found.update((command.name, command.invocation, *command.runs))
        for option in self.options:
            found.update(name.lstrip("-") for name in option.names)
            found.update((*option.choices, option.metavar, option.type, option.group))
        found.update(word for line in self.command_lines for word in line.program.split())
        found.update(one.name for one in code.settings_classes)
        found.update(one.title for one in code.examples)
        found.update(self.variables)
        if code.licence:
            found.add(code.licence.name)
        return frozenset(found - {""})

    @cached_property
    def command_lines(self) -> tuple[CommandLine, ...]:
        """Every command line, subcommands after their parents."""
        return tuple(_with_subcommands(self._codebase.command_lines))

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """Every flag, argument, environment variable and settings field."""
        of_commands = (option for line in self.command_lines for option in line.options)
        of_settings = (option for one in self._codebase.settings_classes for option in one.fields)
        return (*of_commands, *self._codebase.environment, *of_settings)

    @cached_property
    def flags(self) -> frozenset[str]:
        """Every spelling of every flag, with its dashes."""
        declared = {name for option in self.options for name in option.names if name.startswith("-")}
        if self._codebase.command_lines:
            declared.update(("-h", "--help"))
        typed = (
            word for one in self._codebase.commands for text in (one.invocation, *one.runs) for word in text.split()
        )
        return frozenset(declared.union(word.partition("=")[0] for word in typed if word.startswith("-")))

    @cached_property
    def variables(self) -> frozenset[str]:
        """Environment variables: those that code reads, and those that set a field of a settings class."""
        read = {name for option in self._codebase.environment for name in option.names}
        for settings in self._codebase.settings_classes:
            for option in settings.fields:
                read.update(f"{settings.prefix}{name}".upper() for name in option.names)
        return frozenset(read)

    @cached_property
    def literals(self) -> frozenset[str]:
        """Values that the code states: defaults, strings in decorators, values and examples, code spans in help."""
        found: set[str] = set()
        for text in self._snippets():
            found.add(text)
            found.update(_LITERAL.findall(text))
        for symbol in self._codebase.symbols.values():
            docstring = symbol.docstring
            for text in (docstring.summary, docstring.body, *(one for _, one in docstring.parameters)):
                if "`" in text:
                    found.update(_CODE_SPAN.findall(text))
        found.update(word for option in self.options for word in _CODE_SPAN.findall(option.help))
        return frozenset(found)

    def candidates(self) -> Iterable[str]:
        """Names worth proposing in place of one that does not hold."""
        shorts = (symbol.short for symbol in self._codebase.symbols.values())
        return {*shorts, *self._exports, *self.words}

    @cached_property
    def _by_last_part(self) -> Mapping[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for name in (*self._codebase.symbols, *self._codebase.modules):
            index[name.rpartition(".")[2]].append(name)
        return index

    @cached_property
    def _exports(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for module, exports in self._codebase.exports.items():
            for export in exports:
                short = export.name.removeprefix(f"{module}.")
                found.setdefault(short, export.target)
                found[f"{module}.{short}"] = export.target
        return found

    @cached_property
    def spoken(self) -> frozenset[str]:
        """Words of the documents among the evidence: products that people name there have such names."""
        return frozenset(word for one in self._evidence for word in _SPOKEN.findall(one.text.text))

    @cached_property
    def _evidence_text(self) -> str:
        """Evidence that is code. A line that addresses a model bears nothing out: it may dictate what to link to."""
        prose = {file.path for file in self._codebase.files if file.role is Role.DOCUMENTATION}
        steering = {(one.path, one.line) for one in self._codebase.injections}
        return "\n".join(
            line
            for one in self._evidence
            if one.span.path not in prose
            for number, line in enumerate(one.text.text.split("\n"), start=one.span.first)
            if (one.span.path, number) not in steering
        )

    def _defined(self, name: str) -> bool:
        return any(_ends_with(one, name) for one in self._by_last_part.get(name.rpartition(".")[2], ()))

    def _exported(self, name: str) -> bool:
        if name in self._exports:
            return True
        owner, _, member = name.rpartition(".")
        return owner in self._exports and self._has_member(self._exports[owner], member)

    def _member(self, name: str) -> bool:
        """Tell whether `name` is a class, or a variable called after one, with a member that it has or inherits."""
        owner, _, member = name.rpartition(".")
        if any(self._has_member(one.name, member) for one in self.symbols(owner)):
            return True
        return any(self._has_member(one, member) for one in self._classes_by_words.get(_squeezed(owner), ()))

    def _has_member(self, owner: str, member: str) -> bool:
        symbol = self._codebase.symbols.get(owner)
        if symbol is None or symbol.kind is not SymbolKind.CLASS:
            return False
        known = self._codebase.symbols
        return any(f"{one}.{member}" in known or in_python(f"{one}.{member}") for one in self.members(symbol))

    @cached_property
    def _classes_by_words(self) -> Mapping[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for symbol in self._codebase.symbols.values():
            if symbol.kind is SymbolKind.CLASS:
                index[_squeezed(symbol.short)].append(symbol.name)
        return index

    def _snippets(self) -> Iterator[str]:
        """Pieces of source text that the facts carry."""
        for symbol in self._codebase.symbols.values():
            yield from symbol.decorators
            yield from symbol.bases
            for parameter in symbol.parameters:
                yield parameter.default or ""
                yield parameter.annotation or ""
            yield symbol.value or ""
            yield symbol.returns or ""
        for option in self.options:
            yield option.default or ""
        for example in self._codebase.examples:
            yield example.code
            yield from _WORD.findall(example.code)


def _with_subcommands(lines: Iterable[CommandLine]) -> Iterator[CommandLine]:
    for line in lines:
        yield line
        yield from _with_subcommands(line.subcommands)


def _ends_with(qualified: str, name: str) -> bool:
    return qualified == name or qualified.endswith("." + name)


def _squeezed(name: str) -> str:
    return name.replace("_", "").lower()
