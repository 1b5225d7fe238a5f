"""Whether a literal that stands where a secret would stand is one.

Comes in: the literal's text. Goes out: yes or no. Must never: say yes to a placeholder of ours (the second pass finds
nothing), or no because a value is long.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from fieldguide.domain.redacted import PLACEHOLDER

if TYPE_CHECKING:
    from fieldguide.redact.rules import Rules

_SHORTEST: Final = 3
_SHORTEST_RANDOM: Final = 8
_LONG: Final = 20
_BITS: Final = 3.5
"""Entropy of a letter above which twenty letters are no word."""
_TEMPLATE: Final = re.compile(
    r"\$\{|\$\(|\{\{|\{[\w.!:]*\}|%\(?\w*\)?[sdr]|<[^<>]*>|\.\.\.|…|([xX*0.])\1{7}|^\[[\w -]+\]$"
    r"|\(\?|\[\^|\][+*{]|^\$\w+$|^%\w+%$|^@\w+@$"
)
_REPEATED: Final = re.compile(r"\W?(.)\1*|[xX*.#_-]{3,}.{0,4}|(?:xx+[-_ ]?)+|[*•]{2,}.*", re.DOTALL)
_CONSTANT: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_DOTTED: Final = re.compile(r"[A-Za-z_]+\d?(?:[.:][A-Za-z_]+\d?)+")
_PATH: Final = re.compile(
    r"(?:~|\.{1,2})?(?:/(?:[a-z0-9_.-]*|[A-Z][a-z_.-]*))+|[a-z_.-]+(?:/[a-z_.-]+)+|[A-Za-z]:\\.*|https?://\S*"
)
"""Of plain words: random letters may hold slashes too."""
_MESSAGE: Final = re.compile(r"\S+\s.*[.:?!…]|(?:\S+\s+){4,}\S+", re.DOTALL)
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def is_hidden(value: str) -> bool:
    """Whether nothing is left of a value but placeholders of ours and what joins them."""
    return not PLACEHOLDER.sub("", value).strip(" ;,&/:=.")


def is_secret(value: str, rules: Rules, *, certain: bool) -> bool:
    """Whether a value is to be hidden.

    Args:
        value: Between the quotes.
        rules: For the words that are harmless.
        certain: The name that it is assigned to says that it is a secret; else it must also look random.
    """
    bare = value.strip()
    if len(bare) < _SHORTEST or is_hidden(bare):
        return False
    if _is_stand_in(bare, rules) or _is_label(bare, rules):
        return False
    return certain or looks_random(bare)


def looks_random(value: str) -> bool:
    """Whether a value is like nothing that a person would write: letters with digits among them, or high entropy."""
    if len(value) < _SHORTEST_RANDOM or re.search(r"\s", value) or _PATH.fullmatch(value) or _DOTTED.fullmatch(value):
        return False
    has_digit = any(character.isdigit() for character in value)
    has_letter = any(character.isalpha() for character in value)
    if has_digit and has_letter:
        return True
    return len(value) >= _LONG and value.lower() != value and value.upper() != value and _entropy(value) > _BITS


def _is_stand_in(value: str, rules: Rules) -> bool:
    """Whether something else is to be put in its place, or it says itself that it is no secret."""
    lowered = value.lower()
    plain = lowered.strip("\"'<>[](){}-_*.,:; ")
    if (
        plain in rules.words
        or "".join(filter(str.isalnum, lowered)) in rules.words
        or plain.startswith(rules.beginnings)
    ):
        return True
    if "example" in lowered or "placeholder" in lowered or "changeme" in lowered:
        return True
    return bool(_TEMPLATE.search(value) or _REPEATED.fullmatch(value) or _CONSTANT.fullmatch(value))


def _is_label(value: str, rules: Rules) -> bool:
    """Whether it names or asks for a secret: `access_token`, `X-Api-Key`, `Enter your password:`, a path, a message."""
    if _PATH.fullmatch(value) or _DOTTED.fullmatch(value) or _MESSAGE.fullmatch(value):
        return True
    if any(character.isdigit() for character in value):
        return False
    words = [word.lower() for word in _WORDS.findall(value)]
    return any(word in rules.naming for word in words)


def _entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
