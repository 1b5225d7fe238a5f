"""Every value that was found anywhere, looked for everywhere.

Comes in: the values of all secrets of a run. Goes out: where they, or other spellings of them, stand in any text.
Must never: show a value in a `repr` or write it anywhere. It travels to worker processes over their pipes, no further.

What is looked for where is decided by `distinctiveness`. A key of several lines is known by each of its long lines.
All spellings are searched at once (Aho and Corasick, "Efficient string matching", 1975), by their last characters, so
that neither many values nor long ones make the search slow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick

from fieldguide.domain.redacted import PLACEHOLDER
from fieldguide.redact.distinctiveness import Grade, grade
from fieldguide.redact.offsets import characters_at
from fieldguide.redact.secret import Secret, spanning
from fieldguide.redact.spellings import SHORTEST, encoded_forms, plain_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NOT_SECRET: Final = frozenset({"email-address", "telephone-number", "ip-address", "setting"})
"""Personal data that its own shape betrays everywhere, and that some files publish on purpose; and plain settings."""
_LINE: Final = 40
"""Characters of a line that is known by itself."""
_ANCHOR: Final = 16
"""Last characters by which a spelling is searched; tokens differ most at their end."""
_COMPARED: Final = 256
"""Last characters of a spelling that must stand there."""
_RUN: Final = re.compile(rb"[A-Za-z0-9+_=-]{0,2000}+")
_RUN_REACH: Final = 2000
_GENERAL: Final = ("secret", "password", "token", "secret-key", "api-key", "authorization", "url-password")
"""Kinds that say less than others of the same value."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A known value where it stands, however it is spelt there."""

    secret: Secret
    value: str = field(repr=False)
    """The value as it was first found."""


@dataclass(frozen=True, slots=True)
class KnownValues:
    """Values by which other places are searched. Picklable; its `repr` shows none of them."""

    values: tuple[tuple[str, str, tuple[str, ...]], ...] = field(default=(), repr=False)
    """Kind, value, and those of its lines that are known by themselves; in order."""

    @classmethod
    def of(cls, found: Iterable[tuple[str, tuple[str, ...]]]) -> KnownValues:
        """Gather values.

        Args:
            found: The kind of each secret and its pieces.
        """
        kinds: dict[str, str] = {}
        lines: dict[str, tuple[str, ...]] = {}
        for kind, pieces in found:
            value = "".join(pieces)
            kinds[value] = min(kind, kinds.get(value, kind), key=lambda one: (one in _GENERAL, one))
            lines.setdefault(value, tuple(piece for piece in pieces if len(pieces) > 1 and len(piece) >= _LINE))
        return cls(tuple((kinds[value], value, lines[value]) for value in sorted(kinds)))

    def __bool__(self) -> bool:
        return bool(self.values)

    def digest(self, key: bytes) -> str:
        """Keyed digest of all values: tells two sets apart, betrays neither."""
        made = blake2b(key=key, digest_size=16)
        for kind, value, _ in self.values:
            content = value.encode("utf-8", "surrogatepass")
            made.update(f"{kind}\0{len(content)}\0".encode() + content)
        return made.hexdigest()

    def kind_of(self, value: str) -> str | None:
        """The one kind that a value has throughout a run; `None` for a value that is not known."""
        return _search(self).kinds.get(value)

    def find(self, text: str) -> list[Sighting]:
        """Find the distinctive values in a text, in any of their spellings; placeholders of ours are no place."""
        return list(_search(self).find(text)) if self.values else []


class _Pattern(NamedTuple):
    """The end of one spelling of a value."""

    compared: bytes
    length: int
    """Bytes of the whole spelling."""
    alone: bool
    """Counts only where no letter or digit stands beside it."""
    in_run: bool
    """The whole run of base64 around it belongs to it."""
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class _Search:
    """Spellings, made ready to be searched for."""

    automaton: BytesAhoCorasick | None
    by_anchor: tuple[dict[int, dict[bytes, _Pattern]], ...]
    """For each anchor, in the automaton's order, its spellings by the length that is compared."""
    kinds: dict[str, str]

    def find(self, text: str) -> Iterator[Sighting]:
        data = text.encode("utf-8", "surrogatepass")
        if self.automaton is None:
            return
        found: list[tuple[int, int, _Pattern]] = []
        done = [0] * len(self.by_anchor)
        """Where the last sighting by each anchor ended: one that overlaps it has lost its beginning."""
        for anchor, start, end in self.automaton.find_matches_as_indexes(data, overlapping=True):
            if start < done[anchor]:
                continue
            for length, patterns in self.by_anchor[anchor].items():
                pattern = patterns.get(data[max(0, end - length) : end])
                if pattern is not None and not (pattern.alone and _joined(data, end - pattern.length, end)):
                    found.append((*_extent(data, pattern, end), pattern))
                    done[anchor] = end
        found = _apart(found)
        taken = [one.span() for one in PLACEHOLDER.finditer(text)] if found and "REDACTED_" in text else []
        offsets = characters_at(data, text, (edge for start, end, _ in found for edge in (start, end)))
        for start, end, pattern in found:
            first, last = offsets[start], offsets[end]
            if not any(begun <= first and last <= ended for begun, ended in taken):
                secret = spanning(pattern.kind, text, first, last)
                if secret is not None:
                    yield Sighting(secret, pattern.value)


@lru_cache(maxsize=2)
def _search(known: KnownValues) -> _Search:
    """Make a set of values ready, once in a process for as long as it is the set that is searched for."""
    anchors: dict[bytes, dict[int, dict[bytes, _Pattern]]] = {}
    for kind, value, lines in known.values:
        if kind in NOT_SECRET:
            continue
        for pattern in _patterns(kind, value, lines):
            lengths = anchors.setdefault(pattern.compared[-_ANCHOR:], {})
            kept = lengths.setdefault(len(pattern.compared), {}).setdefault(pattern.compared, pattern)
            if kept.alone and not pattern.alone:
                lengths[len(pattern.compared)][pattern.compared] = pattern
    automaton = BytesAhoCorasick(list(anchors)) if anchors else None
    return _Search(automaton, tuple(anchors.values()), {value: kind for kind, value, _ in known.values})


def _patterns(kind: str, value: str, lines: tuple[str, ...]) -> Iterator[_Pattern]:
    for plain in dict.fromkeys(form for one in (value, *lines) for form in plain_forms(one)):
        graded = Grade.STRONG if plain in lines else grade(plain)
        if graded is Grade.WEAK:
            continue
        spellings = [(plain, False, graded is Grade.WORD), *((text, run, False) for text, run in encoded_forms(plain))]
        for text, in_run, alone in spellings:
            content = text.encode("utf-8", "surrogatepass")
            if len(content) >= SHORTEST:
                yield _Pattern(content[-_COMPARED:], len(content), alone, in_run, kind, value)


def _joined(data: bytes, start: int, end: int) -> bool:
    return data[max(0, start - 1) : start].isalnum() or data[end : end + 1].isalnum()


def _extent(data: bytes, pattern: _Pattern, end: int) -> tuple[int, int]:
    """Bytes that a sighting takes: of a run of base64 all, for its first and last digits tell of the value too."""
    start = end - len(pattern.compared)
    if pattern.length > len(pattern.compared):  # the end of a long spelling: back to where its line or literal begins
        longest = max(0, end - pattern.length)
        start -= _length_of_run(data[longest:start], rb"[^\s\"'`]*+")
    if pattern.in_run:
        start -= _length_of_run(data[max(0, start - _RUN_REACH) : start], _RUN.pattern)
        run = _RUN.match(data, end)
        end = end if run is None else run.end()
    return start, end


def _apart(found: list[tuple[int, int, _Pattern]]) -> list[tuple[int, int, _Pattern]]:
    """Sightings that do not overlap: of those that do, one that takes all that they take, named by the longest."""
    apart: list[tuple[int, int, _Pattern]] = []
    for start, end, pattern in sorted(found, key=lambda one: (one[0], -one[1])):
        if apart and start < apart[-1][1]:
            first, last, kept = apart[-1]
            apart[-1] = (first, max(last, end), max(kept, pattern, key=lambda one: one.length))
        else:
            apart.append((start, end, pattern))
    return apart


def _length_of_run(before: bytes, pattern: bytes) -> int:
    """How far a run reaches back from the end of some bytes."""
    run = re.match(pattern, before[::-1])
    return 0 if run is None else run.end()
