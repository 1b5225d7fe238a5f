"""What `argparse` (and its elder cousin `optparse`) make of the calls that build a parser.

Comes in: calls on parsers, groups and subparsers, with interpreted arguments. Goes out: `CommandLine`s.
Must never: list an option whose spelling is not known, or one that `argparse.SUPPRESS` hides.

Source of the rules: the documentation and source of `argparse` in Python 3.13 (metavar, `dest`, `nargs`, defaults).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from fieldguide.analyse.interfaces.argument_rendering import Argument, ArgumentRendering, is_suppressed, substituted
from fieldguide.analyse.interfaces.definitions import Class, Function
from fieldguide.analyse.interfaces.help_text import first_paragraph, markdown
from fieldguide.analyse.interfaces.legacy_options import (
    LegacyGroup,
    LegacyOption,
)
from fieldguide.analyse.interfaces.literals import Collection, Literal
from fieldguide.analyse.interfaces.option_values import DEEPEST_COMMAND, title_of
from fieldguide.analyse.interfaces.parsed_arguments import ParsedArguments
from fieldguide.analyse.interfaces.values import NOTHING, Arguments, Machine, Program, Value
from fieldguide.domain.project import CommandLine, Option
from fieldguide.domain.source import Span

_PARSING: Final = frozenset({"parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args"})


@dataclass(eq=False)
class Parser(Program):
    """An argument parser, as the calls so far have made it."""

    span: Span
    symbol: str = ""
    module: str = ""
    legacy: bool = False
    cls: Class | None = None
    prog: Value | None = None
    description: Value | None = None
    usage: Value | None = None
    added: list[Argument] = field(default_factory=list[Argument])
    children: list[Child] = field(default_factory=list["Child"])
    defaults: dict[str, Value] = field(default_factory=dict[str, Value])
    attributes: dict[str, Value] = field(default_factory=dict[str, Value])
    elsewhere: dict[str, set[str | None]] = field(default_factory=dict[str, set[str | None]])
    """Defaults that code gives after parsing, by destination."""
    is_child: bool = False
    is_parent: bool = False
    """Its options were taken over by another parser."""

    def attribute(self, name: str, machine: Machine) -> Value:
        """A method of the parser, or what a subclass adds."""
        library = name.removeprefix("__library__.")
        if library == name:
            if name in self.attributes:
                return self.attributes[name]
            found = self.cls.find(name) if self.cls is not None else None
            if isinstance(found, Function):
                return machine.bind(found, self)
            if found is not None:
                return found
        match library:
            case "prog":
                return self.prog or NOTHING
            case "description":
                return self.description or NOTHING
            case _:
                return ParserMethod(self, library, "")

    def set_attribute(self, name: str, value: Value) -> None:
        """Descriptions and program names may be set late."""
        match name:
            case "prog":
                self.prog = value
            case "description":
                self.description = value
            case _:
                self.attributes[name] = value

    def configure(self, arguments: Arguments) -> None:
        """Take what the constructor is given."""
        if self.legacy:
            self.usage = arguments.get("usage", 0) or self.usage
            if arguments.get("version") is not None:
                self.add(Arguments([Literal("--version")], {"action": Literal("version")}, arguments.span), "")
        else:
            self.prog = arguments.get("prog", 0) or self.prog
            parents = arguments.get("parents")
            for parent in (parents.elements() if parents is not None else None) or []:
                if isinstance(parent, Parser):
                    self.adopt(parent)
        self.description = arguments.get("description", None if self.legacy else 2) or self.description
        if self.legacy and "prog" in arguments.keywords:
            self.prog = arguments.keywords["prog"]

    def adopt(self, parent: Parser) -> None:
        """Take over the options of `parent`, as `parents=` does."""
        parent.is_parent = True
        self.added += parent.added
        self.children += parent.children
        self.defaults |= parent.defaults

    def add(self, arguments: Arguments, group: str) -> None:
        """Note an option; one that is already there from the same lines, by a second run, stays alone."""
        names = [value.text() for value in arguments.positional]
        if not names:
            names = [arguments.text("dest")]
        if None in names or not all(names):
            return
        spelt = tuple(name for name in names if name is not None)
        if not any(known.names == spelt and known.arguments.span == arguments.span for known in self.added):
            self.added.append(Argument(spelt, arguments, group, self.legacy))

    def own_name(self) -> str:
        """What `prog=` says."""
        name = self.prog.text() if self.prog is not None else None
        return name if name and "%" not in name and "{" not in name else ""

    def note_default(self, name: str, source: str | None) -> None:
        """Note the default that code gives an argument after parsing; `None` for one that is not known."""
        self.elsewhere.setdefault(name, set()).add(source)

    def command_line(
        self, program: str, summary: Value | None = None, elsewhere: dict[str, set[str | None]] | None = None
    ) -> CommandLine:
        """Everything that the parser takes.

        Args:
            program: What is typed.
            summary: Help of the subcommand, for one that has no description.
            elsewhere: Defaults that code gives after parsing, where the parser above parses.
        """
        elsewhere = self.elsewhere if elsewhere is None else elsewhere
        description = (self.description.text() if self.description is not None else None) or (
            summary.text() if summary is not None else None
        )
        substitute = {"prog": program}
        options: dict[tuple[str, ...], Option] = {}
        for argument in self.added:
            option = ArgumentRendering(argument, self.defaults, elsewhere, program).option()
            if option is None:
                continue
            known = options.get(option.names)
            if known is not None and known.default != option.default:
                option = replace(option, default=None)
            options[option.names] = option
        subcommands: dict[str, CommandLine] = {}
        for name, child, text in self.children:
            if (text is not None and is_suppressed(text)) or program.count(" ") >= DEEPEST_COMMAND:
                continue
            made = child.command_line(f"{program} {name}".strip(), text, elsewhere)
            known = subcommands.get(name)
            if known is None or len(made.options) > len(known.options):
                subcommands[name] = made
        return CommandLine(
            program=program,
            span=self.span,
            framework="optparse" if self.legacy else "argparse",
            summary=markdown(substituted(first_paragraph(description or ""), substitute)),
            options=tuple(options.values()),
            subcommands=tuple(subcommands.values()),
            module=self.module,
            symbol=self.symbol,
        )


class Child(NamedTuple):
    """A subcommand of a parser."""

    name: str
    parser: Parser
    help: Value | None


@dataclass(frozen=True)
class Group(Value):
    """An argument group; what is added to it belongs to the parser, under the group's title."""

    parser: Parser
    title: str

    def attribute(self, name: str, machine: Machine) -> Value:
        """The same methods as a parser has."""
        del machine
        return ParserMethod(self.parser, name, self.title)

    def truth(self) -> bool | None:
        """Groups are true."""
        return True


@dataclass(frozen=True)
class Subparsers(Value):
    """What `add_subparsers` returns."""

    parser: Parser
    maker: Value | None

    def attribute(self, name: str, machine: Machine) -> Value:
        """`add_parser` makes a subcommand."""
        del machine
        return AddParser(self) if name == "add_parser" else NOTHING

    def truth(self) -> bool | None:
        """They are true."""
        return True


@dataclass(frozen=True)
class AddParser(Value):
    """The method `add_parser`."""

    of: Subparsers

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Make the subcommand's parser, of the class that the subparsers were told to use."""
        owner = self.of.parser
        name = arguments.text("name", 0)
        given = replace(arguments, positional=[], keywords={k: v for k, v in arguments.keywords.items() if k != "name"})
        maker = self.of.maker or owner.cls
        child: Value = maker.call(given, machine) if isinstance(maker, Class) else NOTHING
        if not isinstance(child, Parser):
            child = Parser(arguments.span, arguments.symbol, arguments.module)
            child.configure(given)
        child.is_child = True
        if name and not any(known == name and other.span == child.span for known, other, _ in owner.children):
            owner.children.append(Child(name, child, arguments.get("help")))
        return child


@dataclass(frozen=True)
class ParserMethod(Value):
    """A method of a parser, or of a group in it."""

    parser: Parser
    name: str
    title: str

    def call(  # noqa: C901, PLR0911, PLR0912 (one case a method)
        self, arguments: Arguments, machine: Machine
    ) -> Value:
        """Follow what the method does to the parser."""
        parser = self.parser
        if self.name in _PARSING:
            machine.invoke(parser)
            parsed = ParsedArguments(parser, machine)
            return Collection("tuple", [parsed, NOTHING]) if "known" in self.name or parser.legacy else parsed
        match self.name:
            case "add_argument" | "add_option" | "add" | "add_arg":
                parser.add(arguments, self.title)
            case "add_options":
                for option in (arguments.positional[0].elements() if arguments.positional else None) or []:
                    if isinstance(option, LegacyOption):
                        parser.add(option.arguments, self.title)
            case "add_argument_group":
                return Group(parser, title_of(arguments, 0) or self.title)
            case "add_option_group":
                return self._legacy_group(arguments)
            case "add_mutually_exclusive_group":
                return Group(parser, self.title)
            case "add_subparsers":
                return Subparsers(parser, arguments.get("parser_class"))
            case "set_defaults":
                parser.defaults |= arguments.keywords
            case "set_usage":
                parser.usage = arguments.get("usage", 0)
            case "__init__":
                parser.configure(arguments)
            case _:
                return NOTHING
        return NOTHING

    def _legacy_group(self, arguments: Arguments) -> Value:
        group = arguments.get("group", 0)
        if isinstance(group, LegacyGroup):
            for added in group.added:
                self.parser.add(added, group.title)
            group.parser = self.parser
            return group
        return Group(self.parser, title_of(arguments, 1) or title_of(arguments, 0))
