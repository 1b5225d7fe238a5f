"""Whether letters make words, told from which letter follows which.

Comes in: a value. Goes out: yes or no. Must never: know any word.

The table holds, for each letter and the blank around a word, how often each of them follows: nine for always, one
less for each
halving. It was counted in the documentation of CPython and Django, each word weighted by the logarithm of its
frequency. Of random
words of eight lower-case letters 90 % score below the bound, and of real ones 0.5 %.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz "
_TABLE: Final = (
    "045502404026560406573322304", "624362105407325305535000416", "603161064055217104364100205",
    "532372106103224103424100107",
    "425633301014462326650324107", "513365107005226205445000305", "412171345003244105424100008",
    "601270006003336104343000306",
    "435444400005476304560402043", "702070004031006322516010206", "422372306004243302633040207",
    "612472006015026200444200506",
    "641371006012415600424000305", "505553614022134201563300106", "335513303135574506545341004",
    "602362235016116506454010405",
    "100201001105030103409000006", "613472306023435203553210406", "304161245023214411564010307",
    "513272056003215205544010406",
    "454353404006562506660000003", "700081106000215101201000005", "622363156013155115520121006",
    "425363036003303602370003227",
    "223242104003443501551120018", "620182026002215001121000346", "546555445224544515654341110",
)  # fmt: skip
_SCORES: Final = {
    first + second: int(digit)
    for first, row in zip(_LETTERS, _TABLE, strict=True)
    for second, digit in zip(_LETTERS, row, strict=True)
}
_BOUNDS: Final = {4: 1.7, 5: 2.4, 6: 3.0, 7: 3.4, 8: 3.7, 9: 3.8, 10: 3.9, 11: 4.0, 12: 4.1}
"""Mean score below which letters, so many of them, are no word."""
_LONGEST: Final = max(_BOUNDS)
_READ: Final = 200
"""Letters of a run that are looked at."""
_SHORTEST: Final = min(_BOUNDS)
_SHORTEST_WORD: Final = 2
_CAMEL: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_RUN: Final = re.compile(r"[A-Za-z]{4,}")


def is_gibberish(letters: str) -> bool:
    """Whether ASCII letters, at least four, are no word nor several without blanks."""
    lowered = letters[:_READ].lower()
    scores = [_SCORES[first + second] for first, second in pairwise(lowered)]
    return sum(scores) / len(scores) < _BOUNDS[min(len(lowered), _LONGEST)]


def gibberish(value: str) -> list[str]:
    """The runs of at least four letters of a value that are no words, nor words in camel case."""
    return [run for run in _RUN.findall(value) if _is_senseless(run)]


def _is_senseless(run: str) -> bool:
    words: list[str] = _CAMEL.findall(run)
    if len(words) == 1 or min(map(len, words)) < _SHORTEST_WORD:
        return is_gibberish(run)
    return any(len(word) >= _SHORTEST and is_gibberish(word) for word in words)


def runs(value: str) -> list[str]:
    """All runs of at least four letters of a value."""
    return _RUN.findall(value)
