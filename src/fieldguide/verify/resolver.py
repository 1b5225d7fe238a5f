"""The one answer to "does this reference hold?", and to "what was probably meant?".

Comes in: a codebase, evidence, and references one at a time.
Goes out: yes or no; the nearest name that holds.
Must never: hold a reference for true because it looks plausible.
"""

from __future__ import annotations

import ast
import re
from encodings.aliases import aliases
from functools import cached_property
from http import HTTPMethod
from mimetypes import types_map
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

from fieldguide.domain.page import ReferenceKind
from fieldguide.domain.symbols import ParameterKind
from fieldguide.verify.catalogue import Catalogue
from fieldguide.verify.commands import SHELL_WORDS, Commands
from fieldguide.verify.places import Places
from fieldguide.verify.recognition import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.page import Evidence
    from fieldguide.domain.symbols import Parameter

NEAR: Final = 60
"""Similarity, out of 100, from which a name is worth proposing."""
_STRING = re.compile(r"""(?<!\w)[rbfuRBFU]{0,2}(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
_IDENTIFIER = re.compile(r"(?<!\w)[^\W\d][\w-]*(?:\.[^\W\d]\w*)*")
_NUMBER_LIKE = re.compile(r"(?<!\w)\d\w*")
_NUMBER = re.compile(r"\d[\d_]*(?:[a-z]{1,2}|[eE]\d+)?|0[xXbBoO][\da-fA-F_]+")
_PLACEHOLDER = re.compile(r"<[\w .-]+>|\{[\w.-]*\}")
_STANDARD_WORDS: Final = frozenset({*HTTPMethod.__members__, *types_map.values(), *SHELL_WORDS})


class Resolver:
    """Checks references of one page against one codebase."""

    def __init__(self, codebase: Codebase, evidence: Sequence[Evidence] = (), directory: str = "") -> None:
        """Index the codebase; `evidence` is what a model was given to read, `directory` as `Places` has it."""
        self.catalogue = Catalogue(codebase, evidence)
        self.places = Places(codebase, directory)
        self.commands = Commands(codebase, self.catalogue, self.places)
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
        return kind_of(code, self.commands.programs)

    def holds(self, kind: ReferenceKind, text: str) -> bool:
        """Tell whether the code bears out a reference."""
        key = f"{kind}\0{text}"
        if key not in self._answers:
            self._answers[key] = self._holds(kind, text)
        return self._answers[key]

    def holds_in_prose(self, kind: ReferenceKind, text: str) -> bool:
        """Tell the same of what stands without backticks: of a CamelCase word documents may bear out that it is one."""
        return self.holds(kind, text) or (
            kind is ReferenceKind.NAME and text.isalnum() and text in self.catalogue.spoken
        )

    def names_something(self, code: str) -> bool:
        """Tell whether a code span is a name of the codebase. Quicker than `holds`: values and expressions are none."""
        kind = self.kind(code)
        if kind is ReferenceKind.NAME:
            return self.catalogue.knows(code.removesuffix("()"))
        return kind is not ReferenceKind.LINK and self._checks[kind](code)

    def nearest(self, kind: ReferenceKind, text: str) -> str:
        """Return the name that was probably meant; empty when nothing is near."""
        choices: Iterable[str] = self._names
        if kind is ReferenceKind.FLAG:
            choices = self.catalogue.flags
        elif kind is ReferenceKind.VARIABLE:
            choices = {*self.catalogue.variables, *self._names}
        elif kind is ReferenceKind.PATH:
            choices = self.places.files
        elif kind is ReferenceKind.LINK:
            return ""
        ordered = choices if isinstance(choices, tuple) else sorted(choices)
        found = process.extractOne(text.strip("`@()"), ordered, scorer=fuzz.ratio, score_cutoff=NEAR)
        return found[0] if found else ""

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(sorted(self.catalogue.candidates()))

    def _holds(self, kind: ReferenceKind, text: str) -> bool:
        if "<!--" in text or not text.strip():
            return False
        if text in _STANDARD_WORDS:
            return True
        return (kind in self._checks and self._checks[kind](text)) or self.catalogue.appears(text)

    def _path_holds(self, text: str) -> bool:
        return self.places.knows(text) or ("/" not in text and self.catalogue.knows(text))

    def _flags_hold(self, text: str) -> bool:
        asked = (word.partition("=")[0] for word in text.split() if word.startswith("-"))
        return all(flag in self.catalogue.flags for flag in asked)

    def _variable_holds(self, text: str) -> bool:
        name = text.strip("${}").partition("=")[0]
        return name in self.catalogue.variables or self.catalogue.knows(name)

    def _expression_holds(self, text: str) -> bool:
        """Tell whether every name and every string in a piece of code is known, and every keyword its callee's."""
        bare = text.removeprefix("@").removesuffix("()").lstrip("*")
        if self.catalogue.knows(bare) or self._is_encoding(bare) or self.places.knows(bare):
            return True
        strings = [match["double"] or match["single"] or "" for match in _STRING.finditer(text)]
        if not all(self._value_holds(one) for one in strings):
            return False
        without = _PLACEHOLDER.sub(" ", _STRING.sub(" ", text))
        if any(character in without for character in "\"'`\\"):
            return False
        names = _IDENTIFIER.findall(without)
        if not all(self.catalogue.knows(name) for name in names):
            return False
        return self._keywords_hold(text) and all(_NUMBER.fullmatch(one) for one in _NUMBER_LIKE.findall(without))

    def _value_holds(self, value: str) -> bool:
        return (
            not any(character.isalpha() for character in value)
            or self.catalogue.knows(value)
            or self.catalogue.appears(value)
            or self._is_encoding(value)
            or value in types_map
        )

    def _keywords_hold(self, text: str) -> bool:
        """Tell whether a call names only parameters that its callee has, where the callee is one of the project's."""
        try:
            call = ast.parse(text.removeprefix("@"), mode="eval").body
        except (SyntaxError, ValueError):
            return True
        if not isinstance(call, ast.Call):
            return True
        named = {one.arg for one in call.keywords if one.arg}
        callees = self.catalogue.symbols(ast.unparse(call.func))
        known = [one for one in callees if one.parameters]
        return not named or not known or any(_accepts(one.parameters, named) for one in known)

    @staticmethod
    def _is_encoding(text: str) -> bool:
        name = text.lower().replace("-", "_")
        return name in aliases or name in aliases.values()


def _accepts(parameters: Iterable[Parameter], named: set[str]) -> bool:
    kinds = {one.name: one.kind for one in parameters}
    return ParameterKind.VARIADIC_KEYWORD in kinds.values() or named <= set(kinds)
