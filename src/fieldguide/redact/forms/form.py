"""A spelling that gives a secret away by what stands around it, and the search for all of them at once.

Comes in: a prepared text and a table of forms. Goes out: where the secrets stand, without quotes and prefixes.
Must never: match from a place that no keyword names; read a place of the text more than a bounded number of times.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from ahocorasick_rs import AhoCorasick, Implementation

from fieldguide.redact.secret import Secret, spanning
from fieldguide.redact.values import is_hidden, is_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fieldguide.redact.rules import Rules
    from fieldguide.redact.subject import Subject

QUOTE: Final = r"""(?:\\{0,3}["'`]|&(?:quot|apos|\#0?3[49]);)"""
"""A quote, also one inside of another string or of HTML."""
_NEAR: Final = 300
"""Characters on either side in which a form's companion must stand."""
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_FILLED_IN: Final = re.compile(
    r"""\$?\{[^{}]*\}|\$\(?\w+\)?|<[^<>]*>|%\(?\w*\)?[sdrv]|%\w+%|\[[\w -]+\]|@\w+@|:\w+|[*x•.]{3,}"""
    r"""|\#\{[^{}]*\}|\{\{.*\}\}"""
    r"""|["'`+\s.]*[+.]?\s*[A-Za-z_][\w.]*\(\)?|["'`]\s?[+.&].*"""
)
"""What something else is put in the place of."""


class Judgement(Enum):
    """How a value is judged that stands where a secret would."""

    SHAPE = auto()
    """The form is proof enough."""
    CERTAIN = auto()
    """It is one unless it says itself that it stands for one."""
    LIKELY = auto()
    """It is one when it looks random as well."""


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling. `pattern` is matched at each place of a keyword; its group `secret` is hidden."""

    kind: str
    keywords: tuple[str, ...]
    """In lower case, found in any case."""
    pattern: re.Pattern[str]
    judgement: Judgement = Judgement.CERTAIN
    near: re.Pattern[str] | None = None
    """Must stand on the same line, not far away."""
    each: re.Pattern[str] | None = None
    """Finds the secrets, in its group `secret`, inside of what the group `secret` of the form matches."""


@dataclass(frozen=True, slots=True)
class FormSearch:
    """Forms with the automaton that finds the keywords of all of them in one reading."""

    automaton: AhoCorasick
    forms: tuple[tuple[Form, ...], ...]
    """By the number of the keyword."""

    @classmethod
    def of(cls, forms: Sequence[Form]) -> FormSearch:
        """Build the automaton."""
        by_keyword: defaultdict[str, list[Form]] = defaultdict(list)
        for form in forms:
            for keyword in form.keywords:
                by_keyword[keyword].append(form)
        automaton = AhoCorasick(list(by_keyword), implementation=Implementation.DFA)
        return cls(automaton, tuple(tuple(by_keyword[keyword]) for keyword in by_keyword))

    def find(self, subject: Subject, rules: Rules) -> Iterator[Secret]:
        """Find the secrets of a text, in no particular order."""
        closed: dict[Form, int] = {}
        for number, start, _ in places(self.automaton, subject.lowered):
            for form in self.forms[number]:
                if start < closed.get(form, 0):
                    continue
                match = form.pattern.match(subject.text, start)
                if match is None or (form.near is not None and not _is_near(form.near, subject.lowered, match)):
                    continue
                closed[form] = match.end("secret")
                yield from _secrets(form, match, rules)


def places(automaton: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    """Number, start and end of each keyword; half a surrogate pair, which is no UTF-8, belongs to none."""
    try:
        return automaton.find_matches_as_indexes(text, overlapping=True)
    except UnicodeEncodeError:
        return automaton.find_matches_as_indexes(_SURROGATE.sub("?", text), overlapping=True)


def judged(value: str, judgement: Judgement, rules: Rules) -> bool:
    """Whether a value that a form found is to be hidden."""
    if is_hidden(value):
        return False
    if judgement is Judgement.SHAPE:
        return True
    return not _FILLED_IN.fullmatch(value) and is_secret(value, rules, certain=judgement is Judgement.CERTAIN)


def _secrets(form: Form, match: re.Match[str], rules: Rules) -> Iterator[Secret]:
    matches = (match,) if form.each is None else form.each.finditer(match.string, *match.span("secret"))
    for one in matches:
        if judged(one["secret"], form.judgement, rules):
            secret = spanning(form.kind, one.string, *one.span("secret"))
            if secret is not None:
                yield secret


def _is_near(pattern: re.Pattern[str], lowered: str, match: re.Match[str]) -> bool:
    start, end = max(0, match.start() - _NEAR), min(len(lowered), match.end() + _NEAR)
    start = max(start, lowered.rfind("\n", start, match.start()) + 1)
    line_end = lowered.find("\n", match.end(), end)
    end = end if line_end < 0 else line_end
    return bool(pattern.search(lowered, start, match.start()) or pattern.search(lowered, match.end(), end))
