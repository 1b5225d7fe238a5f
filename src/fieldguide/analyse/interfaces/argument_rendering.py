"""Renders one call of `add_argument` or `add_option` as an `Option`.

Comes in: the call's interpreted arguments. Goes out: an `Option`, or nothing where it is hidden.
Must never: show a default that is not known.

Source of the rules: the documentation and source of `argparse` in Python 3.13 (metavar, `dest`, `nargs`, defaults).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from fieldguide.analyse.interfaces.definitions import Class, External, Function
from fieldguide.analyse.interfaces.help_text import markdown, stated_default
from fieldguide.analyse.interfaces.literals import Collection, Literal
from fieldguide.analyse.interfaces.option_values import choices_of, default_source, plain_text, type_name
from fieldguide.analyse.interfaces.values import Arguments, Value
from fieldguide.domain.project import Option, OptionKind

_FLAG_ACTIONS: Final = frozenset(
    {"store_true", "store_false", "store_const", "append_const", "count", "help", "version"}
)
_FLAG_CLASSES: Final = (
    "_StoreTrueAction",
    "_StoreFalseAction",
    "_StoreConstAction",
    "_HelpAction",
    "_CountAction",
    "_VersionAction",
)
"""Classes of argparse behind the actions that take no value, which projects derive from."""
_REPEATED: Final = frozenset({"append", "extend", "count", "append_const"})
_DEFAULT_TITLES: Final = frozenset({"options", "optional arguments", "positional arguments", "arguments", "optional"})
_PLACEHOLDER: Final = re.compile(r"%(?:\((?P<name>\w+)\)[sdrif]|(?P<percent>%))")
_DEFAULT_NOTE: Final = re.compile(
    r"\s*[(\[](?:the )?default(?:s to|\s+is|\s+value)?\s*[:=]?\s*['\"`]*%\(default\)[sdrif]['\"`]*\s*[.]?[)\]]",
    re.IGNORECASE,
)


@dataclass
class Argument:
    """One call of `add_argument` or `add_option`, not yet rendered."""

    names: tuple[str, ...]
    arguments: Arguments
    group: str
    legacy: bool
    """It is optparse's."""


class ArgumentRendering:
    """Turns one `Argument` into an `Option`."""

    def __init__(
        self, argument: Argument, defaults: dict[str, Value], elsewhere: dict[str, set[str | None]], program: str
    ) -> None:
        self._argument = argument
        self._given = argument.arguments
        self._defaults = defaults
        self._elsewhere = elsewhere
        self._program = program
        action = self._given.get("action")
        self._action = action.text() if action is not None and action.text() else ""
        self._custom = action if action is not None and not self._action else None
        self._flag = argument.names[0].startswith("-")

    def option(self) -> Option | None:
        """The option; `None` where it is hidden."""
        text = self._given.get("help")
        if text is not None and (is_suppressed(text) or (text.source() or "").endswith("SUPPRESS_HELP")):
            return None
        names = self._argument.names
        if set(names) <= {"-h", "--help"}:
            return None
        boolean = isinstance(self._custom, External) and self._custom.name.endswith("BooleanOptionalAction")
        if boolean:
            names = tuple(
                n for name in names for n in ((name, f"--no-{name[2:]}") if name.startswith("--") else (name,))
            )
        takes_value = not self._flag or not (boolean or self._action in _FLAG_ACTIONS or self._takes_nothing())
        default = self._default() if takes_value or boolean else None
        help_ = self._help(default)
        if default is None and takes_value:
            default = stated_default(help_) or self._default_elsewhere()
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
        if any(base.endswith(_FLAG_CLASSES) for base in self._custom.outside_bases()):
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
            return substituted(text, {}).strip()
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

    def _default_elsewhere(self) -> str | None:
        """Default that code gives after parsing, where it gives one alone and the parser gives none."""
        own = self._defaults.get(self._destination(), self._given.get("default"))
        sources = self._elsewhere.get(self._destination(), set())
        is_none = own is None or (isinstance(own, Literal) and own.value is None)
        return next(iter(sources)) if is_none and len(sources) == 1 else None

    def _help(self, default: str | None) -> str:
        value = self._given.get("help")
        text = (value.text() if value is not None else None) or ""
        if not text and self._action == "version":
            text = "show program's version number and exit"
        if self._argument.legacy:
            text = text.replace("%default", "%(default)s").replace("%prog", "%(prog)s")
        given = self._defaults.get(self._destination(), self._given.get("default"))
        known = plain_text(given) or default
        if known is None or known == "":
            text = _DEFAULT_NOTE.sub("", text)
        substitutes = {"prog": self._program, "dest": self._destination(), "metavar": self._metavar()}
        substitutes |= {
            "choices": ", ".join(choices_of(self._given.get("choices"))),
            "type": type_name(self._given.get("type")),
        }
        substitutes |= {"const": plain_text(self._given.get("const"))} if plain_text(self._given.get("const")) else {}
        if known is not None:
            substitutes["default"] = f"`{known}`" if known.strip() and "`" not in known else known
        return markdown(substituted(text, substitutes))


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
    return any(
        p.name == "nargs" and p.default is not None and p.default.text == "0" for p in constructor.definition.parameters
    )


def _usage(metavar: str, nargs: str) -> str:  # noqa: PLR0911 (one a case)
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


def substituted(text: str, values: dict[str, str]) -> str:
    """Fill `%(name)s`; what is not known goes, with the sentence's brackets round it where it stands in such."""

    def replaced(match: re.Match[str]) -> str:
        if match["percent"]:
            return "%"
        return values.get(match["name"], "") or f"<{match['name']}>"

    return _PLACEHOLDER.sub(replaced, text)


def is_suppressed(value: Value) -> bool:
    """It is `argparse.SUPPRESS`."""
    return (isinstance(value, External) and value.name.endswith("SUPPRESS")) or value.text() == "==SUPPRESS=="
