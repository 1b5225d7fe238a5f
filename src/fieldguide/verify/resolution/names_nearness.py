"""How near one name is to another, by spelling and by meaning, and the nearest of many.

Comes in: a name that is not there, and names that are.
Goes out: those that may have been meant, nearest first.
Must never: look through all names closely: most are told from their words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

if TYPE_CHECKING:
    from collections.abc import Iterable

NEAR: Final = 62.0
"""Nearness, out of 100, from which a name is worth proposing."""
LIKELY: Final = 80.0
"""Nearness from which it is more likely that the one was meant than that the other is something else."""
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")
_MEANINGS: Final[tuple[frozenset[str], ...]] = tuple(
    frozenset(one.split())
    for one in (
        "get fetch load read retrieve find lookup locate obtain",
        "set assign put update",
        "remove delete drop erase clear discard purge del",
        "add append insert push register attach create",
        "make create build new construct generate init",
        "write store save dump put",
        "run execute exec start launch begin invoke call",
        "stop halt end finish shutdown terminate close shut",
        "open start begin",
        "parse decode read load",
        "send post emit publish dispatch",
        "check verify validate test assert is has",
        "is has can",
        "from of",
        "to into as",
        "name label title id key",
        "path location file dir directory folder filename",
        "file document",
        "value amount val data content",
        "error failure exception exc err",
        "list array sequence items",
        "format style fmt",
        "default standard base",
        "max maximum limit",
        "min minimum",
        "timeout limit deadline time",
        "config configuration settings options conf",
        "param parameter params parameters argument arguments args arg",
        "count number num total size length len",
        "message msg text",
        "func function callback handler hook",
        "request req",
        "response resp reply result",
        "conn connection",
        "async asynchronous aio",
    )
)
_ENDINGS: Final = frozenset({"s", "es", "d", "ed", "r", "er", "or", "ing"})
_SAME: Final = 0.85
"""What a word of the same meaning counts for, against 1 for the same word."""


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in snake or camel case, in lower case."""
    return _split(name.rpartition(".")[2])


@lru_cache(maxsize=65_536)
def _split(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORDS.findall(name))


def nearness(first: str, second: str) -> float:
    """How near two names (last parts of dotted ones) are, out of 100."""
    one, other = first.strip("_").lower(), second.strip("_").lower()
    if one.replace("_", "") == other.replace("_", ""):
        return 99.0
    spelling = DamerauLevenshtein.normalized_similarity(one, other) * 100
    letters = fuzz.ratio(one, other)
    return max(spelling, letters * 0.95, _by_words(words_of(first), words_of(second)))


def spelling(first: str, second: str) -> float:
    """How near two names are by their letters alone, out of 100."""
    return DamerauLevenshtein.normalized_similarity(first.lower(), second.lower()) * 100


def style_of(name: str) -> tuple[bool, bool]:
    """How a name is written: its first letter, and whether it is all capitals."""
    bare = name.strip("_")
    return bare[:1].isupper(), bare.isupper()


def _by_words(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Share of words that both have, whatever their order; words of like meaning or form count for a little less."""
    if not one or not other:
        return 0.0
    left = list(other)
    total = 0.0
    for word in one:
        best, match = max(((alike(word, each), each) for each in left), default=(0.0, ""))
        if best > 0:
            total += best
            left.remove(match)
    whole = 2 * total / (len(one) + len(other))
    return 97.0 * whole


@lru_cache(maxsize=65_536)
def alike(first: str, second: str) -> float:
    """How much alike two words are in form or meaning: 1 where they are the same, 0 where they are not alike."""
    if first == second:
        return 1.0
    shorter, longer = sorted((first, second), key=len)
    if longer.startswith(shorter) and longer[len(shorter) :] in _ENDINGS:
        return 0.97 if longer.endswith("s") else 0.93
    if any(first in group and second in group for group in _MEANINGS):
        return _SAME
    if len(shorter) > 3 and DamerauLevenshtein.distance(first, second) <= 1:  # noqa: PLR2004  a word misspelt
        return 0.9
    return 0.0


class Vocabulary:
    """Many names, searched by their words and by their letters."""

    def __init__(self, names: Iterable[str]) -> None:
        """Index the names by every word in them and by every word of like meaning."""
        self._names = sorted(set(names))
        self._lower = [name.lower() for name in self._names]
        self._found: dict[tuple[str, float, int], list[tuple[float, str]]] = {}
        self._by_word: defaultdict[str, list[str]] = defaultdict(list)
        for name in self._names:
            for word in set(words_of(name)):
                self._by_word[word].append(name)

    def nearest(self, name: str, *, least: float = NEAR, most: int = 12) -> list[tuple[float, str]]:
        """Names with their nearness, nearest first."""
        key = (name, least, most)
        if key not in self._found:
            self._found[key] = nearest_of(name, self._candidates(name), least=least, most=most)
        return self._found[key]

    def _candidates(self, name: str) -> Iterable[str]:
        found: dict[str, None] = {}
        for word in words_of(name):
            like = {word, word.rstrip("s"), f"{word}s"}
            like.update(other for group in _MEANINGS if word in group for other in group)
            for each in like:
                named = self._by_word.get(each, ())
                found.update(dict.fromkeys(named if len(named) <= _COMMON else named[:_COMMON]))
        by_letters = process.extract(name.lower(), self._lower, scorer=fuzz.ratio, limit=12, score_cutoff=NEAR)
        found.update(dict.fromkeys(self._names[index] for _, _, index in by_letters))
        return found


_COMMON: Final = 400
"""Names looked at for one word that many have: letters find the rest."""


def nearest_of(name: str, candidates: Iterable[str], *, least: float = NEAR, most: int = 12) -> list[tuple[float, str]]:
    """Candidates with their nearness to a name, nearest first; of equally near ones the shorter."""
    style = style_of(name)
    scored: list[tuple[float, int, str]] = []
    for one in candidates:
        if one == name:
            continue
        score = nearness(name, one)
        score -= 6 * (style_of(one) != style) + 2 * (one.startswith("_") and not name.startswith("_"))
        if score >= least:
            scored.append((-score, abs(len(one) - len(name)), one))
    return [(-score, one) for score, _, one in sorted(scored)[:most]]
