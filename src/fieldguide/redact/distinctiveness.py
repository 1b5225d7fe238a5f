"""How far a value can be told from an ordinary word.

Comes in: a value that was found to be a secret. Goes out: where else it may be hidden on sight.
Must never: depend on how often a word stands in a project: one file more would change what is hidden in another.

The rule, which `SECURITY.md` states too:

- *strong*: eight characters or more of which no ordinary text consists: letters with digits among them, other signs
  than those that join words, or more than nineteen characters in a row that are no joined words. Hidden wherever it
  stands, whatever stands around it, and in other encodings.
- *word*: six characters or more that a person would not write by chance, such as a word with a number behind it, or
  words joined to twenty characters or more. Hidden wherever it stands by itself, and in other encodings.
- *weak*: the rest: `admin`, `test1`, `postgres`, `my-app`, `1234`. Hidden where a detector finds it, and in the same
  file wherever it is a whole literal or the whole value of a setting; not in prose, and not in other files.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

_SHORTEST: Final = 6
_STRONG: Final = 8
_LONG: Final = 20
_JOINED: Final = re.compile(r"[A-Za-z]+(?:[_\-. /:]+[A-Za-z]+)*")
"""Letters alone, or words that are joined as in names, paths and sentences."""
_CAMEL: Final = re.compile(r"[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,}|[A-Z]{2,5}(?![a-z]))*|[A-Z]+|[a-z]+")
_NUMBERED: Final = re.compile(r"(?P<word>[A-Za-z]+)[_-]?\d{1,4}")
_NUMBER: Final = re.compile(r"[\d .()+/:-]+")
_VERSION: Final = re.compile(r"[vV]?\d{1,4}(?:[.-]\d{1,6}){1,4}")
_ORDINARY: Final = re.compile(
    r"(?:aes|amd|api|app|arm|auth|base|build|case|cp|crc|db|demo|dev|ed|es|example|file|foo|bar|baz|hash|host|hs|http|iso"
    r"|key|latin|level|line|linux|mp|md|model|name|node|oauth|pass|password|prod|ps|python|release|root|rs|salt|secret"
    r"|server|sha|sqlite|stage|step|task|test|tests|tls|token|tutorial|users?|usernames?|utf|uuid|value|version|win|x)",
    re.IGNORECASE,
)
"""Words that have a number behind them in ordinary text: `sha256`, `python3`, `user1`, `test123`."""


class Grade(IntEnum):
    """The more, the wider it is hidden."""

    WEAK = 0
    WORD = 1
    STRONG = 2


def grade(value: str) -> Grade:
    """Tell how distinctive a value is."""
    if len(value) < _SHORTEST or len(set(value)) < 4:  # noqa: PLR2004 (`xxxxxx`, `121212`)
        return Grade.WEAK
    if _NUMBER.fullmatch(value):
        digits = sum(map(str.isdigit, value))
        return Grade.WORD if digits > _STRONG and not _VERSION.fullmatch(value) else Grade.WEAK
    numbered = _NUMBERED.fullmatch(value)
    if numbered is not None:
        return Grade.WEAK if _ORDINARY.fullmatch(numbered["word"]) else Grade.WORD
    if _JOINED.fullmatch(value):
        return _of_letters(value)
    return Grade.STRONG if len(value) >= _STRONG else Grade.WORD


def _of_letters(value: str) -> Grade:
    words = re.findall(r"[A-Za-z]+", value)
    if all(_CAMEL.fullmatch(word) for word in words):
        passphrase = len(value) >= _LONG and not re.search(r"[./:]", value)
        return Grade.WORD if passphrase else Grade.WEAK
    return Grade.STRONG if len(value) >= _STRONG else Grade.WEAK
