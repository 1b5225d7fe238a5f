"""Options and groups of `optparse`, which exist before a parser takes them.

Comes in: calls of `optparse.Option`, `make_option` and `OptionGroup`. Goes out: `Value`s that a parser takes over.
Must never: belong to two parsers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fieldguide.analyse.interfaces.option_values import title_of
from fieldguide.analyse.interfaces.values import NOTHING, Arguments, Machine, Value

if TYPE_CHECKING:
    from fieldguide.analyse.interfaces.argument_parser import Parser


@dataclass(frozen=True)
class LegacyOption(Value):
    """`optparse.Option(…)`."""

    arguments: Arguments


class LegacyGroup(Value):
    """`optparse.OptionGroup(parser, title)`, which may be filled before or after it joins a parser."""

    def __init__(self, title: str) -> None:
        """Start empty, and without a parser."""
        self.title = title
        self.added: list[Arguments] = []
        self.parser: Parser | None = None

    def attribute(self, name: str, machine: Machine) -> Value:
        """`add_option` fills it."""
        del machine
        return LegacyGroupMethod(self, name)


@dataclass(frozen=True)
class LegacyGroupMethod(Value):
    """A method of an option group of optparse."""

    of: LegacyGroup
    name: str

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Add an option to the group and, where it has joined one, to its parser."""
        del machine
        if self.name in {"add_option", "add_options"}:
            given = arguments.positional[0] if arguments.positional else None
            made = given.arguments if isinstance(given, LegacyOption) else arguments
            self.of.added.append(made)
            if self.of.parser is not None:
                self.of.parser.add(made, self.of.title)
        return NOTHING


def make_legacy_group(arguments: Arguments, machine: Machine) -> Value:
    """`optparse.OptionGroup(parser, title)`."""
    del machine
    return LegacyGroup(title_of(arguments, 1))


def make_legacy_option(arguments: Arguments, machine: Machine) -> Value:
    """`optparse.Option(…)`."""
    del machine
    return LegacyOption(arguments)
