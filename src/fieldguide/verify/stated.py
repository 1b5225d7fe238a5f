"""What a sentence states of a thing that it names: numbers, defaults and types, which that thing's lines must hold.

Comes in: a sentence in pieces; a codebase, and its files' text.
Goes out: the values that the lines do not hold.
Must never: take a number that is part of a name (`Python 3.11`, `RFC 9110`) for one that is said of the code.

The lines of a thing are those of its definition, of the bases that it inherits from and of the constants that those
lines name. A number may be stated in another unit than the code has: a minute is sixty, a megabyte a product.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fieldguide.domain.symbols import SymbolKind
from fieldguide.verify.amounts import amounts_in, states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from fieldguide.domain.redacted import RedactedText
    from fieldguide.domain.source import Span
    from fieldguide.domain.symbols import Symbol
    from fieldguide.verify.inline import Sentence
    from fieldguide.verify.resolver import Resolver

_CONSTANT: Final = re.compile(r"\b_?[A-Z][A-Z0-9_]{2,}\b")
_DEFAULT: Final = re.compile(r"\bdefault", re.IGNORECASE)
_DEFAULTS_TO: Final = re.compile(r"\bdefault(?:s|ing)?(?: value)?(?: is| to| of|:)?\s*$", re.IGNORECASE)
_RETURNS: Final = re.compile(r"\breturns?(?: an?| the)?\s*$", re.IGNORECASE)
_OF_TYPE: Final = re.compile(r"\b(?:of type|type is)(?: an?)?\s*$", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d]\w*")
_LITERALS: Final = frozenset({"True", "False", "None"})
_FILES: Final = 32
"""Files of which the lines are kept: those of all would be the whole tree in memory."""
_HOPS: Final = 2
"""From a definition to a constant, and from that to another."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that a sentence names, with the source text in which its values stand."""

    name: str
    text: str
    parameter: bool = False
    """It is a parameter or an option: its text is its own default, type and description, and nothing else."""
    annotated: bool = False
    """The code says its type, or what it returns."""


class Stated:
    """Looks values up in the lines of one codebase."""

    def __init__(self, resolver: Resolver, read: Callable[[str], RedactedText | None]) -> None:
        """Keep what is asked. `read` gives a file's text, by its path."""
        self._codebase = resolver.codebase
        self._resolver = resolver
        self._read = read
        self._files: dict[str, list[str]] = {}
        self._texts: dict[str, str] = {}

    def things(self, sentence: Sentence) -> tuple[Thing, ...]:
        """What a sentence names of the project: definitions, parameters, options."""
        codes = [piece.text for piece in sentence if piece.kind == "code"]
        symbols = {one.name: one for code in codes for one in self._resolver.symbols(_bare(code))}
        found = [Thing(one.name, self._text(one), annotated=one.returns is not None) for one in symbols.values()]
        for code in codes:
            found.extend(self._parameters(_bare(code), symbols))
            found.extend(self._options.get(code.partition("=")[0].strip("${}"), ()))
        return tuple(found)

    def wrong(self, sentence: Sentence, things: Iterable[Thing]) -> Iterator[tuple[str, int]]:
        """Values that the things' lines do not hold, as they are stated, each with its line in the paragraph."""
        known = list(things)
        plain = "".join(piece.text for piece in sentence if piece.kind in {"text", "code"})
        if _DEFAULT.search(plain) and any(one.parameter for one in known):
            known = [one for one in known if one.parameter]
        if not known:
            return
        listed = sum(piece.kind == "code" for piece in sentence)
        text = "\n".join(one.text for one in known)
        before = ""
        for piece in sentence:
            if piece.kind == "text":
                for one in amounts_in(piece.text):
                    # The number of what the sentence lists: "2 commands, `create` and `delete`".
                    if not states(text, one) and not (listed > 1 and one.number == listed and not one.unit):
                        yield one.written, piece.line
                before = piece.text
            elif piece.kind == "code":
                if not _code_holds(piece.text, before, text, known):
                    yield piece.text, piece.line
                before = ""

    def _parameters(self, name: str, named: Mapping[str, Symbol]) -> Iterator[Thing]:
        """Parameters of that name: of what the sentence names beside it, else of all that has one."""
        every = self._by_parameter.get(name, ())
        for symbol in [one for one in every if one.name in named] or every:
            told = dict(symbol.docstring.parameters).get(name, "")
            for one in symbol.parameters:
                if one.name == name:
                    text = f"{one.annotation or ''} = {one.default or ''}\n{told}"
                    whole = "\n".join((text, *self._constants(text, symbol, _HOPS)))
                    yield Thing(name, whole, parameter=True, annotated=one.annotation is not None)

    @cached_property
    def _by_parameter(self) -> Mapping[str, list[Symbol]]:
        found: dict[str, list[Symbol]] = {}
        for symbol in self._codebase.symbols.values():
            for one in symbol.parameters:
                found.setdefault(one.name, []).append(symbol)
        return found

    @cached_property
    def _options(self) -> Mapping[str, list[Thing]]:
        found: dict[str, list[Thing]] = {}
        for one in self._resolver.options:
            stated = " ".join((one.default or "", one.type, one.metavar, *one.choices, one.help))
            text = f"{stated}\n{self._lines(one.span)}"
            for name in one.names:
                found.setdefault(name, []).append(Thing(name, text, parameter=True, annotated=bool(one.type)))
        return found

    def _text(self, symbol: Symbol) -> str:
        """The lines of a definition, of its bases and of the constants that they name."""
        if symbol.name not in self._texts:
            is_class = symbol.kind is SymbolKind.CLASS
            owners = self._resolver.names.lineage(symbol.name) if is_class else (symbol.name,)
            known = (self._codebase.symbols.get(one) for one in owners)
            lines = "\n".join(self._lines(one.span) for one in known if one is not None)
            self._texts[symbol.name] = "\n".join((lines, *self._constants(lines, symbol, _HOPS)))
        return self._texts[symbol.name]

    def _constants(self, text: str, named_by: Symbol, hops: int) -> Iterator[str]:
        for name in dict.fromkeys(_CONSTANT.findall(text)) if hops else ():
            for one in self._resolver.symbols(name):
                if one.kind is SymbolKind.ATTRIBUTE and one.name != named_by.name:
                    lines = self._lines(one.span)
                    yield lines
                    yield from self._constants(lines, one, hops - 1)

    def _lines(self, span: Span) -> str:
        if span.path not in self._files:
            while len(self._files) >= _FILES:  # what is asked of a file is mostly asked in a row
                del self._files[next(iter(self._files))]
            read = self._read(span.path)
            self._files[span.path] = read.text.split("\n") if read is not None else []
        return "\n".join(self._files[span.path][span.first - 1 : span.last])


def _code_holds(code: str, before: str, text: str, things: Iterable[Thing]) -> bool:
    """Whether a code span that is a value holds; one that is a name is none of our business."""
    amounts = list(amounts_in(code))
    if amounts and amounts[0].written == code.strip():
        return states(text, amounts[0])
    if code in _LITERALS and _DEFAULTS_TO.search(before):
        return code in _WORD.findall(text)
    said_type = (_RETURNS.search(before) or _OF_TYPE.search(before)) and any(one.annotated for one in things)
    return not said_type or code in _LITERALS or set(_WORD.findall(code)) <= set(_WORD.findall(text))


def _bare(code: str) -> str:
    return code.removeprefix("@").partition("(")[0].strip("* ")
