"""Parsed arguments, and the defaults that code gives them after parsing.

Comes in: what a program does with the namespace that its parser returns. Goes out: notes on the parser.
Must never: note a default where an argument that is not given may still pass None on.

Many programs leave an option's default to whoever uses it: `port = args.port or 8000`, `if args.out is None: args.out
= "x"`, or `if args.limit: given["limit"] = args.limit` before `build(**given)`, whose parameter has the default.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fieldguide.analyse.interfaces.option_values import default_source
from fieldguide.analyse.interfaces.values import Machine, Program, Value


@dataclass(eq=False)
class ParsedArguments(Value):
    """What `parse_args` returns."""

    parser: Program
    machine: Machine

    def attribute(self, name: str, machine: Machine) -> Value:
        """The value of one argument; nobody knows whether it was given."""
        return GivenArgument(self.parser, name, guarded=name in machine.guarded)

    def set_attribute(self, name: str, value: Value) -> None:
        """Where the argument is known to be missing, the value is its default."""
        if name in self.machine.missing:
            self.parser.note_default(name, default_source(value))


@dataclass(frozen=True)
class GivenArgument(Value):
    """One argument as the command line gives it."""

    parser: Program
    name: str
    guarded: bool
    """Read where it is known to have been given."""
    negated: bool = False
    """It stands for the argument's absence: `not args.x`, `args.x is None`."""

    def negation(self) -> GivenArgument:
        """The opposite test."""
        return replace(self, negated=not self.negated)

    def falls_back_to(self, value: Value) -> None:
        """Note what holds when the argument is not given."""
        if not self.negated:
            self.parser.note_default(self.name, default_source(value))


def note_parameter(value: Value, default: str | None, machine: Machine) -> None:
    """A parameter that gets an argument only where it was given, outside of that condition, has the default."""
    if isinstance(value, GivenArgument) and value.guarded and not value.negated and value.name not in machine.guarded:
        value.parser.note_default(value.name, default)
