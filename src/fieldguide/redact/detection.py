"""All detectors as one: what is secret in a text, whoever finds it.

Comes in: a path and its text. Goes out: where the secrets stand, in order, none overlapping another.
Must never: keep or return a value; report a placeholder of ours; let what one detector found hide a secret from
another.

To register a detector, put its function into `_DETECTORS` (always), `_STRICT` (only with `--redact strict`) or
`_NESTED` (it looks at a text that it joined or decoded, with the detectors that it is handed).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from fieldguide.domain.redacted import PLACEHOLDER
from fieldguide.redact.credential_files import find_credential_values
from fieldguide.redact.detector import STRICT, Detector
from fieldguide.redact.engine import load_engine
from fieldguide.redact.engine_near import find_near_names
from fieldguide.redact.exactness import clip
from fieldguide.redact.forms import find_forms, find_nested, find_private_keys
from fieldguide.redact.personal import find_personal
from fieldguide.redact.positions import find_positions, find_random
from fieldguide.redact.rules import Rules, load_rules
from fieldguide.redact.secret import Secret, placeholder, spanning, without_overlaps
from fieldguide.redact.subject import Subject
from fieldguide.redact.tokens import find_tokens
from fieldguide.redact.values import is_hidden

Find = Callable[[Subject, Rules], Iterable[Secret]]
Search = Callable[[Subject], Iterable[Secret]]
"""The detectors together, as a nested detector gets them."""
Nested = Callable[[Subject, Rules, Search], Iterable[Secret]]


def _find_tokens(subject: Subject, rules: Rules) -> Iterator[Secret]:
    return find_tokens(subject.text, subject.lowered, rules)


_DETECTORS: Final[tuple[Find, ...]] = (
    _find_tokens,
    find_private_keys,
    find_forms,
    find_positions,
    find_near_names,
    find_credential_values,
)
_STRICT: Final[tuple[Find, ...]] = (find_random,)
_NESTED: Final[tuple[Nested, ...]] = (find_nested,)
_PASSES: Final = 4
"""How often a text is looked at again with what was found taken out; hardly any needs more than one."""
_LONGEST: Final = 80
"""Characters of a placeholder."""


@dataclass(frozen=True, slots=True)
class Detection:
    """The detectors of this process, with the options of a `Detector`."""

    options: Detector

    def detect(self, path: str, text: str) -> tuple[Secret, ...]:
        """Find the secrets of a text.

        One in which something was found is looked at again with that taken out, until nothing more is found: hence a
        second pass over redacted text finds nothing new.
        """
        found = self._once(Subject(path, text))
        for _ in range(_PASSES if found else 0):
            reduced = _Reduced.of(text, found)
            further = self._once(Subject(path, reduced.text))
            if not further:
                break
            found = self._exact(Subject(path, text), [*found, *map(reduced.restored, further)])
        return tuple(found)

    def detect_shapes(self, listing: str) -> tuple[Secret, ...]:
        """Find what its own shape gives away in a list of short texts, a line each, that stand in no position."""
        subject = Subject("", listing)
        found = [*_find_tokens(subject, load_rules()), *load_engine(self.options.engine_cache).find(subject)]
        return tuple(self._exact(subject, found))

    def united(self, path: str, text: str, found: Iterable[Secret], further: Iterable[Secret]) -> tuple[Secret, ...]:
        """What was found in a text and what more is to be hidden in it, as exact as what was found alone."""
        return tuple(self._exact(Subject(path, text), [*found, *further]))

    def _once(self, subject: Subject) -> list[Secret]:
        found = [
            *self._plain(subject),
            *(secret for find in _NESTED for secret in find(subject, load_rules(), self._plain)),
        ]
        return self._exact(subject, found)

    def _exact(self, subject: Subject, found: Iterable[Secret]) -> list[Secret]:
        united = [one for one in without_overlaps(found) if not _is_hidden(one, subject.text)]
        exact = clip(subject, united) if united else ()
        return [one for one in exact if not _is_hidden(one, subject.text)]

    def _plain(self, subject: Subject) -> Iterator[Secret]:
        rules = load_rules()
        for find in (*_DETECTORS, *(_STRICT if self.options.level == STRICT else ())):
            yield from find(subject, rules)
        yield from load_engine(self.options.engine_cache).find(subject)
        yield from find_personal(subject, rules, self.options.hide)
        for kind, pattern in self.options.patterns:
            yield from _find_own(subject, kind, _compiled(pattern))


@dataclass(frozen=True, slots=True)
class _Reduced:
    """A text without its secrets, and the way back from its offsets."""

    text: str
    starts: list[int]
    """Where each placeholder begins, or the nothing that stands for a further piece."""
    stretches: list[tuple[int, int, int]]
    """Of each: where it ends, and where the piece that it stands for began and ended."""

    @classmethod
    def of(cls, text: str, secrets: Iterable[Secret]) -> _Reduced:
        """Put a placeholder in the place of each secret."""
        parts: list[str] = []
        starts: list[int] = []
        stretches: list[tuple[int, int, int]] = []
        position = written = 0
        for secret in secrets:
            for number, (start, end) in enumerate(secret.pieces):
                instead = "" if number else placeholder(secret.kind, "0" * 8)
                parts += (text[position:start], instead)
                starts.append(written + start - position)
                written, position = starts[-1] + len(instead), end
                stretches.append((written, start, end))
        return cls("".join((*parts, text[position:])), starts, stretches)

    def restored(self, secret: Secret) -> Secret:
        """The same pieces of the original. One that reaches into a placeholder takes in all that it stands for."""
        return Secret(secret.kind, tuple((self._begin(start), self._end(end)) for start, end in secret.pieces))

    def _begin(self, offset: int) -> int:
        """Offset in the original of where a piece begins."""
        at = bisect_right(self.starts, offset) - 1
        if at < 0:
            return offset
        closed, start, end = self.stretches[at]
        return start if offset < closed else offset - closed + end

    def _end(self, offset: int) -> int:
        """Offset in the original of where a piece ends."""
        at = bisect_left(self.starts, offset) - 1
        if at < 0:
            return offset
        closed, _, end = self.stretches[at]
        return end if offset <= closed else offset - closed + end


def _is_hidden(secret: Secret, text: str) -> bool:
    """Whether nothing but placeholders of ours is left of it, or it lies inside of one."""
    value = "".join(text[start:end] for start, end in secret.pieces)
    if is_hidden(value):
        return True
    if len(secret.pieces) > 1 and any(PLACEHOLDER.fullmatch(text, *piece) for piece in secret.pieces):
        return True  # one of the pieces was hidden by itself, so the others are none of its value
    around = PLACEHOLDER.finditer(text, max(0, secret.start - _LONGEST), secret.end + _LONGEST)
    return any(one.start() <= secret.start and secret.end <= one.end() for one in around)


@lru_cache(maxsize=64)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _find_own(subject: Subject, kind: str, pattern: re.Pattern[str]) -> Iterator[Secret]:
    group = "secret" if "secret" in pattern.groupindex else 0
    for match in pattern.finditer(subject.text):
        secret = spanning(kind, subject.text, *match.span(group)) if match[group] else None
        if secret is not None:
            yield secret
