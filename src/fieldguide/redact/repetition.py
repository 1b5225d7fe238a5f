"""Weak values, where they stand again in the file in which they were found.

Comes in: a text and the values that were found in it. Goes out: where one of them is a whole literal, or the whole
value of a setting. Must never: take a word out of a sentence.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from fieldguide.redact.offsets import characters_at
from fieldguide.redact.secret import spanning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fieldguide.redact.secret import Secret

_SHORTEST: Final = 3
_LONGEST: Final = 64
_QUOTES: Final = frozenset({b'"', b"'", b"`"})
_ASSIGNED: Final = re.compile(rb"\S[ \t]{0,8}[:=][ \t]{0,8}$")
_ENDED: Final = re.compile(rb"[ \t]{0,8}(?:$|\n|,\s|[ \t][#;])")
_REACH: Final = 24


def find_repetitions(text: str, kinds: Mapping[str, str]) -> Iterator[Secret]:
    """Find values again.

    Args:
        text: In which they were found.
        kinds: The kind of each value.
    """
    values = [value for value in kinds if _SHORTEST <= len(value) <= _LONGEST and "\n" not in value]
    if not values:
        return
    data = text.encode("utf-8", "surrogatepass")
    patterns = [value.encode("utf-8", "surrogatepass") for value in values]
    automaton = BytesAhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest)
    matches = [one for one in automaton.find_matches_as_indexes(data) if _is_whole(data, one[1], one[2])]
    offsets = characters_at(data, text, (edge for _, start, end in matches for edge in (start, end)))
    for number, start, end in matches:
        secret = spanning(kinds[values[number]], text, offsets[start], offsets[end])
        if secret is not None:
            yield secret


def _is_whole(data: bytes, start: int, end: int) -> bool:
    before = data[max(0, start - 1) : start]
    if before in _QUOTES:
        return data[end : end + 1] == before
    assigned = _ASSIGNED.search(data[max(0, start - _REACH) : start]) is not None
    return assigned and _ENDED.match(data[end : end + _REACH]) is not None
