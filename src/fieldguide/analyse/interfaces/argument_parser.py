"""What `argparse` (and its elder cousin `optparse`) make of the calls that build a parser.

Comes in: calls on parsers, groups and subparsers, with interpreted arguments. Goes out: `CommandLine`s.
Must never: list an option whose spelling is not known, or one that `argparse.SUPPRESS` hides.

Source of the rules: the documentation and source of `argparse` in Python 3.13 (metavar, `dest`, `nargs`, defaults).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from fieldguide.analyse.interfaces.help_text import first_paragraph, markdown, stated_default
from fieldguide.analyse.interfaces.standard_library import FromEnvironment
from fieldguide.analyse.interfaces.values import (
    NOTHING,
    Absent,
    Arguments,
    Class,
    Collection,
    External,
    Function,
    Literal,
    Machine,
    Member,
    Program,
    Subscripted,
    Value,
)
from fieldguide.domain.project import CommandLine, Option, OptionKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.source import Span

_FLAG_ACTIONS: Final = frozenset({"store_true", "store_false", "store_const", "append_const", "count", "help", "version"})
_REPEATED: Final = frozenset({"append", "extend", "count", "append_const"})
_PARSING: Final = frozenset({"parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args"})
_DEFAULT_TITLES: Final = frozenset({"options", "optional arguments", "positional arguments", "arguments", "optional"})
_ANONYMOUS: Final = frozenset({"wrapped", "wrapper", "inner", "decorator", "convert", "converter", "func", "_inner", "_wrapper"})
_NO_SOURCE: Final = frozenset({"None", "''", '""', "[]", "()", "{}", "set()", "...", "argparse.SUPPRESS", "optparse.NO_DEFAULT"})
_EMPTY: Final = re.compile(r"[\[(](?:(?:None|'')(?:, )?)*,?[\])]")
_PLACEHOLDER: Final = re.compile(r"%(?:\((?P<name>\w+)\)[sdrif]|(?P<percent>%))")
_DEFAULT_NOTE: Final = re.compile(
    r"\s*[(\[](?:the )?default(?:s to|\s+is|\s+value)?\s*[:=]?\s*['\"`]*%\(default\)[sdrif]['\"`]*\s*[.]?[)\]]", re.IGNORECASE
)


@dataclass
class Argument:
    """One call of `add_argument` or `add_option`, not yet rendered."""

    names: tuple[str, ...]
    arguments: Arguments
    group: str
    legacy: bool
    """It is optparse's."""


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
    children: list[tuple[str, Parser, Value | None]] = field(default_factory=lambda: list[tuple[str, "Parser", Value | None]]())
    """Name, parser and help of each subcommand."""
    defaults: dict[str, Value] = field(default_factory=dict[str, Value])
    attributes: dict[str, Value] = field(default_factory=dict[str, Value])
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

    def command_line(self, program: str, summary: Value | None = None) -> CommandLine:
        """Everything that the parser takes."""
        description = (self.description.text() if self.description is not None else None) or (
            summary.text() if summary is not None else None
        )
        substitute = {"prog": program}
        options: dict[tuple[str, ...], Option] = {}
        for argument in self.added:
            option = _Rendering(argument, self.defaults, program).option()
            if option is None:
                continue
            known = options.get(option.names)
            if known is not None and known.default != option.default:
                option = replace(option, default=None)
            options[option.names] = option
        subcommands: dict[str, CommandLine] = {}
        for name, child, text in self.children:
            if text is not None and _is_suppressed(text):
                continue
            made = child.command_line(f"{program} {name}".strip(), text)
            known = subcommands.get(name)
            if known is None or len(made.options) > len(known.options):
                subcommands[name] = made
        return CommandLine(
            program=program,
            span=self.span,
            framework="optparse" if self.legacy else "argparse",
            summary=markdown(_substituted(first_paragraph(description or ""), substitute)),
            options=tuple(options.values()),
            subcommands=tuple(subcommands.values()),
            module=self.module,
            symbol=self.symbol,
        )


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
            child = Parser(arguments.span, arguments.symbol, module_of(arguments))
            child.configure(given)
        child.is_child = True
        if name and not any(known == name and other.span == child.span for known, other, _ in owner.children):
            owner.children.append((name, child, arguments.get("help")))
        return child


@dataclass(frozen=True)
class ParserMethod(Value):
    """A method of a parser, or of a group in it."""

    parser: Parser
    name: str
    title: str

    def call(self, arguments: Arguments, machine: Machine) -> Value:
        """Follow what the method does to the parser."""
        parser = self.parser
        if self.name in _PARSING:
            machine.invoke(parser)
            return Collection("tuple", [NOTHING, NOTHING]) if "known" in self.name or parser.legacy else NOTHING
        match self.name:
            case "add_argument" | "add_option" | "add" | "add_arg":
                parser.add(arguments, self.title)
            case "add_options":
                for option in (arguments.positional[0].elements() if arguments.positional else None) or []:
                    if isinstance(option, LegacyOption):
                        parser.add(option.arguments, self.title)
            case "add_argument_group":
                return Group(parser, _title(arguments, 0) or self.title)
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
        return Group(self.parser, _title(arguments, 1) or _title(arguments, 0))


@dataclass(frozen=True)
class LegacyOption(Value):
    """`optparse.Option(…)`."""

    arguments: Arguments


@dataclass(eq=False)
class LegacyGroup(Value):
    """`optparse.OptionGroup(parser, title)`, which may be filled before or after it joins a parser."""

    title: str
    added: list[Arguments] = field(default_factory=list[Arguments])
    parser: Parser | None = None

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


class _Rendering:
    """Turns one `Argument` into an `Option`."""

    def __init__(self, argument: Argument, defaults: dict[str, Value], program: str) -> None:
        self._argument = argument
        self._given = argument.arguments
        self._defaults = defaults
        self._program = program
        action = self._given.get("action")
        self._action = action.text() if action is not None and action.text() else ""
        self._custom = action if action is not None and not self._action else None
        self._flag = argument.names[0].startswith("-")

    def option(self) -> Option | None:
        """The option; `None` where it is hidden."""
        text = self._given.get("help")
        if text is not None and (_is_suppressed(text) or (text.source() or "").endswith("SUPPRESS_HELP")):
            return None
        names = self._argument.names
        if set(names) <= {"-h", "--help"}:
            return None
        boolean = isinstance(self._custom, External) and self._custom.name.endswith("BooleanOptionalAction")
        if boolean:
            names = tuple(n for name in names for n in ((name, f"--no-{name[2:]}") if name.startswith("--") else (name,)))
        takes_value = not self._flag or not (boolean or self._action in _FLAG_ACTIONS or self._takes_nothing())
        default = self._default() if takes_value or boolean else None
        help_ = self._help(default)
        if default is None and takes_value:
            default = stated_default(help_)
        nargs = self._nargs()
        metavar = self._metavar() if takes_value else ""
        if not self._flag:
            names = (metavar or names[0],)
        required = self._given.true("required") if self._flag else nargs not in {"?", "*"} and default is None
        return Option(
            names=names,
            kind=OptionKind.FLAG if self._flag else OptionKind.ARGUMENT,
            span=self._given.span,
            default=default,
            required=required,
            repeatable=self._action in _REPEATED or (not self._flag and nargs in {"*", "+", "REMAINDER"}),
            takes_value=takes_value,
            metavar=_usage(metavar, nargs) if self._flag else metavar,
            choices=choices_of(self._given.get("choices")),
            type=type_name(self._given.get("type")),
            help=help_,
            group=self._argument.group if self._argument.group.lower().rstrip(":") not in _DEFAULT_TITLES else "",
        )

    def _takes_nothing(self) -> bool:
        nargs = self._given.get("nargs")
        if isinstance(nargs, Literal) and nargs.value == 0:
            return True
        if self._argument.legacy and self._action == "callback":
            return self._given.get("type") is None
        if not isinstance(self._custom, Class):
            return False
        if any(base.endswith(("_StoreTrueAction", "_StoreFalseAction", "_StoreConstAction", "_HelpAction", "_CountAction",
                              "_VersionAction")) for base in self._custom.outside_bases()):  # fmt: skip
            return True
        constructor = self._custom.find("__init__")
        return isinstance(constructor, Function) and _passes_no_arguments(constructor)

    def _nargs(self) -> str:
        nargs = self._given.get("nargs")
        if isinstance(nargs, Literal):
            return str(nargs.value)
        if isinstance(nargs, External):
            constants = {"REMAINDER": "REMAINDER", "OPTIONAL": "?", "ZERO_OR_MORE": "*", "ONE_OR_MORE": "+"}
            return constants.get(nargs.name.rpartition(".")[2], "")
        return ""

    def _destination(self) -> str:
        given = self._given.text("dest")
        if given:
            return given
        long = next((name for name in self._argument.names if name.startswith("--")), self._argument.names[0])
        return long.lstrip("-").replace("-", "_") if self._flag else long

    def _metavar(self) -> str:
        metavar = self._given.get("metavar")
        if isinstance(metavar, Collection):
            return " ".join(element.text() or "" for element in metavar.items).strip()
        text = metavar.text() if metavar is not None else None
        if text is not None:
            return _substituted(text, {}).strip()
        choices = choices_of(self._given.get("choices"))
        if choices and self._flag and not self._argument.legacy:
            return "{" + ",".join(choices) + "}"
        destination = self._destination()
        return destination.upper() if self._flag else destination

    def _default(self) -> str | None:
        value = self._given.get("default")
        value = self._defaults.get(self._destination(), value)
        nargs = self._nargs()
        if nargs and isinstance(value, Collection) and len(value.items) == 1:
            # `nargs=1, default=["x"]`: what holds is one value, however the code wraps it.
            value = value.items[0]
        source = default_source(value)
        return None if source is None or (self._argument.legacy and source.startswith("(")) else source

    def _help(self, default: str | None) -> str:
        value = self._given.get("help")
        text = (value.text() if value is not None else None) or ""
        if not text and self._action == "version":
            text = "show program's version number and exit"
        if self._argument.legacy:
            text = text.replace("%default", "%(default)s").replace("%prog", "%(prog)s")
        given = self._defaults.get(self._destination(), self._given.get("default"))
        known = _plain(given) or default
        if known is None or known == "":
            text = _DEFAULT_NOTE.sub("", text)
        substitutes = {"prog": self._program, "dest": self._destination(), "metavar": self._metavar()}
        substitutes |= {"choices": ", ".join(choices_of(self._given.get("choices"))), "type": type_name(self._given.get("type"))}
        substitutes |= {"const": _plain(self._given.get("const"))} if _plain(self._given.get("const")) else {}
        if known is not None:
            substitutes["default"] = f"`{known}`" if known.strip() and "`" not in known else known
        return markdown(_substituted(text, substitutes))


def choices_of(value: Value | None) -> tuple[str, ...]:
    """What may be given, as it is typed; empty where it is not known."""
    elements = value.elements() if value is not None else None
    if not elements:
        return ()
    texts = [_plain(element.value if isinstance(element, Member) else element) for element in elements]
    return tuple(texts) if all(texts) else ()


def default_source(value: Value | None) -> str | None:
    """Source text of a default; `None` where it says nothing or is not known."""
    source = value.source() if value is not None and not isinstance(value, Function | Class | Absent) else None
    if source is None or source in _NO_SOURCE or source.endswith("SUPPRESS") or _EMPTY.fullmatch(source) or "__file__" in source:
        return None
    return " ".join(source.split()) if len(source) <= 200 else None  # noqa: PLR2004 (a table's cell)


def type_name(value: Value | None) -> str:
    """Name of the type, or of the function that checks the value."""
    if isinstance(value, External | Absent):
        return value.name.rpartition(".")[2]
    if isinstance(value, Class | Function):
        # A checker that another function made says nothing by its own name.
        nested = isinstance(value, Function) and value.definition.name in _ANONYMOUS
        return "" if nested else value.definition.name
    if isinstance(value, Subscripted):
        return value.source() or ""
    return value.text() or "" if isinstance(value, Literal) else ""


def _passes_no_arguments(constructor: Function) -> bool:
    """A constructor that tells its base `nargs=0`."""
    pending = list(constructor.definition.body)
    while pending:
        code = pending.pop()
        if code.kind == "call":
            for name, part in zip(code.names, code.parts[1:], strict=True):
                if name == "nargs" and part.text == "0":
                    return True
        pending += code.parts
    return any(p.name == "nargs" and p.default is not None and p.default.text == "0" for p in constructor.definition.parameters)


def _usage(metavar: str, nargs: str) -> str:
    """How argparse's own usage line writes the values of a flag."""
    if not metavar:
        return ""
    match nargs:
        case "?":
            return f"[{metavar}]"
        case "*":
            return f"[{metavar} ...]"
        case "+":
            return f"{metavar} [{metavar} ...]"
        case "REMAINDER" | "...":
            return "..."
        case _ if nargs.isdigit() and 1 < int(nargs) <= 4 and " " not in metavar:  # noqa: PLR2004 (a readable line)
            return " ".join([metavar] * int(nargs))
        case _:
            return metavar


def _substituted(text: str, values: dict[str, str]) -> str:
    """Fill `%(name)s`; what is not known goes, with the sentence's brackets round it where it stands in such."""

    def replaced(match: re.Match[str]) -> str:
        if match["percent"]:
            return "%"
        return values.get(match["name"], "") or f"<{match['name']}>"

    return _PLACEHOLDER.sub(replaced, text)


def _title(arguments: Arguments, position: int) -> str:
    return " ".join((arguments.text("title", position) or "").split())


def _plain(value: Value | None) -> str:
    """A literal as a user types it."""
    while isinstance(value, Member | FromEnvironment):
        value = value.value if isinstance(value, Member) else value.default
    return str(value.value) if isinstance(value, Literal) and value.value is not None else ""


def _is_suppressed(value: Value) -> bool:
    return isinstance(value, External) and value.name.endswith("SUPPRESS") or value.text() == "==SUPPRESS=="


def module_of(arguments: Arguments) -> str:
    """Module that makes the call."""
    return arguments.scope.module if arguments.scope is not None else ""


def make_parser(arguments: Arguments, machine: Machine) -> Value:
    """`argparse.ArgumentParser(…)`."""
    return _made(Parser(arguments.span, arguments.symbol, module_of(arguments)), arguments, machine)


def make_legacy_parser(arguments: Arguments, machine: Machine) -> Value:
    """`optparse.OptionParser(…)`."""
    return _made(Parser(arguments.span, arguments.symbol, module_of(arguments), legacy=True), arguments, machine)


def make_subclass(cls: Class, arguments: Arguments, machine: Machine) -> Value:
    """A parser of a class that the project derives from argparse's or optparse's."""
    legacy = any("OptionParser" in base for base in cls.outside_bases())
    parser = Parser(arguments.span, arguments.symbol, module_of(arguments), legacy=legacy, cls=cls)
    constructor = cls.find("__init__")
    if isinstance(constructor, Function):
        machine.create(parser)
        machine.call(constructor.bind(parser), arguments)
        return parser
    return _made(parser, arguments, machine)


def _made(parser: Parser, arguments: Arguments, machine: Machine) -> Parser:
    parser.configure(arguments)
    machine.create(parser)
    return parser


def make_legacy_group(arguments: Arguments, machine: Machine) -> Value:
    """`optparse.OptionGroup(parser, title)`."""
    del machine
    return LegacyGroup(_title(arguments, 1))


def make_legacy_option(arguments: Arguments, machine: Machine) -> Value:
    """`optparse.Option(…)`."""
    del machine
    return LegacyOption(arguments)


MODELS: Final = {
    "argparse.ArgumentParser": make_parser,
    "configargparse.ArgParser": make_parser,
    "configargparse.ArgumentParser": make_parser,
    "optparse.OptionParser": make_legacy_parser,
    "optparse.OptionGroup": make_legacy_group,
    "optparse.Option": make_legacy_option,
    "optparse.make_option": make_legacy_option,
}
SUBCLASSES: Final = {
    "argparse.ArgumentParser": make_subclass,
    "configargparse.ArgParser": make_subclass,
    "configargparse.ArgumentParser": make_subclass,
    "optparse.OptionParser": make_subclass,
    "django.core.management.base.CommandParser": make_subclass,
}
