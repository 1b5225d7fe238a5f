"""The strict reading of resolution, for what is to be published: only what holds may stand.

Comes in: a codebase, what is installed beside it, evidence, and references one at a time.
Goes out: yes or no; the nearest name that holds.
Must never: hold a reference for true because nothing speaks against it. What resolution cannot know holds only where
the words of the code, or of the evidence, bear it out.
"""

from __future__ import annotations

import re
from encodings.aliases import aliases
from functools import cached_property
from http import HTTPMethod
from mimetypes import types_map
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from fieldguide.domain.documents import Document, Form, Mention, State
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.checking import Resolution
from fieldguide.verify.page_links import PageLinks
from fieldguide.verify.reading.python_blocks import read_expression
from fieldguide.verify.reading.python_names import PythonNames
from fieldguide.verify.reading.shapes import is_path, shapes_of_code
from fieldguide.verify.recognition import names_in_prose
from fieldguide.verify.resolution.commands_index import CommandIndex, typed
from fieldguide.verify.resolution.names import NameResolver
from fieldguide.verify.resolution.names_words import options_of
from fieldguide.verify.resolution.places import PlaceResolver
from fieldguide.verify.resolution.places_index import PlaceIndex
from fieldguide.verify.resolution.surroundings import Surroundings
from fieldguide.verify.typed import SHELL_WORDS, Commands
from fieldguide.verify.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Verdict
    from fieldguide.domain.namespaces import InstalledCode, Namespace
    from fieldguide.domain.page import Evidence
    from fieldguide.domain.symbols import Symbol

NEAR: Final = 60
"""Similarity, out of 100, from which a name is worth proposing."""
_STRING = re.compile(r"""(?<!\w)[rbfuRBFU]{0,2}(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
_IDENTIFIER = re.compile(r"(?<!\w)[^\W\d][\w-]*(?:\.[^\W\d]\w*)*")
_NUMBER_LIKE = re.compile(r"(?<!\w)\d\w*")
_NUMBER = re.compile(r"\d[\d_]*(?:[a-z]{1,2}|[eE]\d+)?|0[xXbBoO][\da-fA-F_]+")
_PLACEHOLDER = re.compile(r"<[\w .-]+>|\{[\w.-]*\}")
_FOR_EXAMPLES = re.compile(
    r"(?:\w+://)?(?:[\w.+-]+@)?(?:(?:[\w-]+\.)*(?:example\.(?:com|org|net)|(?<=\.)(?:example|test))|localhost|127\.0\.0\.1)"
    r"(?::\d+)?(?:/[a-z]+)*/?"
)
"""Hosts that are nobody's (RFC 2606, RFC 6761)."""
_STANDARD_WORDS: Final = frozenset({*HTTPMethod.__members__, *types_map.values(), *SHELL_WORDS})
_PAGE: Final = Document("README.md", "markdown")


class NothingInstalled:
    """What is installed where nobody may look: of other people's code only what the project itself says is known."""

    def namespaces(self, module: str) -> tuple[Namespace, ...] | None:
        """Return nothing."""
        del module

    def own_environment(self, module: str) -> bool:
        """Return that it is not."""
        del module
        return False


class Resolver:
    """Checks references of one page against one codebase."""

    def __init__(
        self,
        codebase: Codebase,
        evidence: Sequence[Evidence] = (),
        directory: str = "",
        installed: InstalledCode | None = None,
    ) -> None:
        """Keep what is asked; indexes are built when they are first asked.

        Args:
            codebase: What the page is about.
            evidence: What a model was given to read.
            directory: As `PageLinks` has it.
            installed: Code that is not the project's; without it none is looked at.
        """
        self.places = PlaceIndex(codebase, Surroundings())
        self.links = PageLinks(codebase, self.places, directory)
        commands = CommandIndex(codebase)
        self.codebase = codebase
        self.options = options_of(codebase)
        self.names = NameResolver(codebase, installed or NothingInstalled())
        self.words = Words(codebase, self.options, evidence)
        self.commands = Commands(codebase, commands, self.places, self._variable_holds, self._is_address)
        self._resolution = Resolution(self.names, PlaceResolver(codebase, {}))
        self._spelt = frozenset(
            word.partition("=")[0] for one in codebase.commands for run in one.runs for word in run.split()
        )
        self._checks = {
            ReferenceKind.NAME: self._expression_holds,
            ReferenceKind.PATH: self._path_holds,
            ReferenceKind.FLAG: self._flags_hold,
            ReferenceKind.VARIABLE: self._variable_holds,
            ReferenceKind.COMMAND: self.commands.holds,
        }
        self._answers: dict[str, bool] = {}

    def kind(self, code: str) -> ReferenceKind:
        """Tell what a code span names."""
        shape = next(shapes_of_code(code), None)
        if shape is None or shape.kind is ReferenceKind.SETTING:
            return ReferenceKind.NAME
        if shape.kind is ReferenceKind.COMMAND and shape.domain:
            return shape.kind if self.commands.programs.intersection(typed(code).words[:1]) else ReferenceKind.NAME
        return shape.kind

    def resolve(self, mention: Mention) -> Verdict:
        """What the code says to a mention, strictly or not."""
        return self._resolution.resolve(mention, _PAGE)

    def settle(self, mention: Mention, verdict: Verdict) -> Verdict:
        """The same verdict with the nearest names."""
        return self._resolution.settle(mention, verdict)

    def holds(self, kind: ReferenceKind, text: str) -> bool:
        """Tell whether the code bears out a reference."""
        key = f"{kind}\0{text}"
        if key not in self._answers:
            self._answers[key] = self._holds(kind, text)
        return self._answers[key]

    def holds_in_prose(self, kind: ReferenceKind, text: str) -> bool:
        """Tell the same of what stands without backticks: of a CamelCase word documents may bear out that it is one."""
        return self.holds(kind, text) or (kind is ReferenceKind.NAME and text.isalnum() and text in self.words.spoken)

    def names_something(self, code: str) -> bool:
        """Tell whether a code span is a name of the codebase. Quicker than `holds`: values and expressions are none."""
        kind = self.kind(code)
        if kind is ReferenceKind.NAME:
            return self.names.is_known(code.removesuffix("()"))
        return kind is not ReferenceKind.LINK and self._checks[kind](code)

    def symbols(self, name: str) -> list[Symbol]:
        """Definitions of the project that a name leads to."""
        found = (self.codebase.symbols.get(one.name) for one in self.names.definitions(name))
        return [one for one in found if one is not None]

    def nearest(self, kind: ReferenceKind, text: str) -> str:
        """Return the name that was probably meant; empty when nothing is near."""
        if kind is ReferenceKind.LINK:
            return ""
        mention = _mention(kind, text)
        verdict = self._resolution.settle(mention, self.resolve(mention))
        if verdict.state is State.BROKEN and verdict.nearest:
            return verdict.nearest[0]
        choices: Iterable[str] = self._candidates
        if kind is ReferenceKind.FLAG:
            choices = {name for one in self.options for name in one.names if name.startswith("-")}
        elif kind is ReferenceKind.PATH:
            choices = self.places.files
        ordered = choices if isinstance(choices, tuple) else sorted(choices)
        found = process.extractOne(text.strip("`@()"), ordered, scorer=fuzz.ratio, score_cutoff=NEAR)
        return found[0] if found else ""

    @cached_property
    def _candidates(self) -> tuple[str, ...]:
        code = self.codebase
        shorts = (symbol.short for symbol in code.symbols.values())
        exports = (one.name for group in code.exports.values() for one in group)
        return tuple(sorted({*shorts, *exports, *self.names.words}))

    def _holds(self, kind: ReferenceKind, text: str) -> bool:
        if "<!--" in text or not text.strip():
            return False
        if text in _STANDARD_WORDS:
            return True
        return (kind in self._checks and self._checks[kind](text)) or self.words.appears(text)

    def _resolves(self, kind: ReferenceKind, text: str) -> bool:
        return self.resolve(_mention(kind, text)).state is State.HOLDS

    def _path_holds(self, text: str) -> bool:
        return self._resolves(ReferenceKind.PATH, text) or ("/" not in text and self.names.is_known(text))

    def _flags_hold(self, text: str) -> bool:
        usual = {"-h", "--help"} if self.codebase.command_lines else set[str]()
        for word in text.replace(",", " ").split():
            flag, _, value = word.partition("=") if word.startswith("-") else ("", "", word)
            known = not flag or flag in usual or flag in self._spelt or self._resolves(ReferenceKind.FLAG, flag)
            if not known or not self.text_holds(value):
                return False
        return True

    def text_holds(self, text: str) -> bool:
        """Tell whether a text names nothing that does not hold: a value that is given, a comment, a string."""
        return self.wrong_in_text(text) is None

    def wrong_in_text(self, text: str, only: ReferenceKind | None = None) -> tuple[ReferenceKind, str] | None:
        """The first thing that a text names and that does not hold. What is set aside for examples may be named.

        With `only`, one of that kind.
        """
        if len(text.split()) == 1 and is_path(text.strip()) and not _FOR_EXAMPLES.fullmatch(text.strip()):
            holds = self.holds(ReferenceKind.PATH, text.strip())
            return None if holds else (ReferenceKind.PATH, text.strip())
        named = (one for one in names_in_prose(text) if not _FOR_EXAMPLES.fullmatch(one[1]))
        return next((one for one in named if only in {None, one[0]} and not self.holds_in_prose(*one)), None)

    def _is_address(self, text: str) -> bool:
        return self.words.appears(text) or self.words.appears(text.removesuffix(".git"))

    def _variable_holds(self, text: str) -> bool:
        name = text.strip("${}").partition("=")[0]
        return self._resolves(ReferenceKind.VARIABLE, name) or self.names.is_known(name)

    def _expression_holds(self, text: str) -> bool:
        """Tell whether every name and every string in a piece of code is known, and every keyword its callee's."""
        bare = text.removeprefix("@").removesuffix("()").lstrip("*")
        if self.names.is_known(bare) or _is_encoding(bare) or self.places.knows(bare):
            return True
        strings = [match["double"] or match["single"] or "" for match in _STRING.finditer(text)]
        if not all(self._value_holds(one) for one in strings):
            return False
        without = _PLACEHOLDER.sub(" ", _STRING.sub(" ", text))
        if any(character in without for character in "\"'`\\"):
            return False
        if not all(self.names.is_known(name) for name in _IDENTIFIER.findall(without)):
            return False
        return self._keywords_hold(text) and all(_NUMBER.fullmatch(one) for one in _NUMBER_LIKE.findall(without))

    def _value_holds(self, value: str) -> bool:
        return (
            not any(character.isalpha() for character in value)
            or self.names.is_known(value)
            or self.words.appears(value)
            or _is_encoding(value)
            or value in types_map
        )

    def _keywords_hold(self, text: str) -> bool:
        """Tell whether every call names only parameters that its callee has, where that is one of the project's."""
        uses = read_expression(text.removeprefix("@"), PythonNames()) or ()
        calls = (one for one in uses if one.kind is ReferenceKind.CALL and one.keywords)
        mentions = (Mention(one.kind, one.text, 1, 1, Form.CODE, keywords=one.keywords) for one in calls)
        return not any(self.wrong_keyword(one, self.resolve(one)) for one in mentions)

    def wrong_keyword(self, call: Mention, verdict: Verdict) -> str:
        """The keyword for which a call does not hold; one that its callee may hand on has to be known, no more."""
        handed_on = any(one.open for one in self.names.signatures(call.text)) and self.names.is_known(verdict.part)
        return "" if handed_on or self.words.appears(f"{verdict.part}=") else verdict.part


def _mention(kind: ReferenceKind, text: str) -> Mention:
    return Mention(kind, text, 1, 1, Form.CODE, sentence=f"`{text}`")


def _is_encoding(text: str) -> bool:
    name = text.lower().replace("-", "_")
    return name in aliases or name in aliases.values()
