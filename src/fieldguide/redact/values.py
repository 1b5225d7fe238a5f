"""Whether a literal that stands where a secret would stand is one.

Comes in: the literal's text. Goes out: yes or no. Must never: say yes to a placeholder of ours (the second pass finds
nothing), or no because a value is long.

What says itself that it is none stays: `<your password>`, `${PASSWORD}`, `changeme`, a field's name, a label, a
message, a path. A value
that people do use (`letmein`, `postgres`) goes, however weak it is.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from fieldguide.domain.redacted import PLACEHOLDER
from fieldguide.redact.likeness import gibberish, runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldguide.redact.rules import Rules


class Need(IntEnum):
    """How much the look of a value must say, given what its place says."""

    ANY = 0
    """Anything but a stand-in or a label."""
    MIXED = 1
    """Not made of plain words alone: a digit, a sign, a capital inside."""
    RANDOM = 2
    """Letters with digits among them, or high entropy."""
    STRONG = 3
    """Long, and like nothing that a person would write."""


_SHORTEST: Final = 3
_SHORTEST_RANDOM: Final = 8
_SHORTEST_STRONG: Final = 16
_SHORTEST_GIBBERISH: Final = 12
_LONG: Final = 20
_BITS: Final = 3.5
"""Entropy of a letter above which twenty letters are no word."""
_OPAQUE_BITS: Final = 2.9
_TEMPLATE: Final = re.compile(
    r"\$\{|\$\(|\{\{|\{[\w.!:]*\}|#\{|%\(\w*\)[sdrv]|%[sdrv](?![A-Za-z0-9])|(?<![A-Za-z0-9])<[^<>]*>|<[^<>]*>(?![A-Za-z0-9])|&lt;|\.\.\.|…|([xX*0.])\1{7}"
    r"|^\[[\w -]+\]$"
    r"|^\$\w+$|^%\w+%$|^@\w+@$|^__\w+__$"
)
_PATTERN: Final = re.compile(r"\(\?[:=!P<]|\[\^.*\]|\][+*{]")
"""A regular expression."""
_REPEATED: Final = re.compile(r"\W?(.)\1*|[xX*.#_-]{3,}.{0,4}|(?:xx+[-_ ]?)+|[*•]{2,}.*", re.DOTALL)
_CONSTANT: Final = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_DOTTED: Final = re.compile(r"[A-Za-z_]+\d?(?:[.:][A-Za-z_]+\d?)+")
_PATH: Final = re.compile(
    r"(?:~|\.{1,2})?(?:/(?:[a-z0-9_.-]*|[A-Z][a-z_.-]*))+|[a-z_.-]+(?:/[a-z_.-]+)+|[A-Za-z]:\\.*|https?://\S*"
)
"""Of plain words: random letters may hold slashes too."""
_MESSAGE: Final = re.compile(r"\S+\s.*[.:?!…]|(?:\S+\s+){4,}\S+", re.DOTALL)
_TITLE: Final = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:\s[^\W\d_]+){1,3}")
"""A label in any language: words without digits, the first with a capital."""
_VALIDATION: Final = re.compile(r"(?:[a-z_]+(?::[\w,]+)?\|)+[a-z_]+(?::[\w,]+)?")
_CALL: Final = re.compile(r"""[A-Za-z_$][\w.$]*\((?:[\w\s.,'"=\[\]/-]*\))?;?|[A-Za-z_][\w.]*\[[\w'".-]*\]?""")
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PLAIN: Final = re.compile(
    r"[^\W\d_]?+[^\W\d_A-Z]*+(?:[ _.-][^\W\d_]?+[^\W\d_A-Z]*+)*+[.!?,:;]*+|[^\W\d_a-z]+(?:[ _-][^\W\d_a-z]+)*"
    r"|[A-Z]?[a-z]+(?:[A-Z][a-z]+)+"
)
"""Words in lower case, capitals or camel case."""
_WORDY: Final = re.compile(
    r"(?:[A-Z]?[a-z]{2,}+[_. :/-]?)++(?:v?\d{1,4})?(?:[_. :/-][a-z]++)*+|(?:[A-Z]{3,}+[_. -]?)++\d{0,4}"
)
"""Words, and at most one short number."""
_OPAQUE: Final = re.compile(r"[A-Za-z0-9+/_=~-]+")
_PASSPHRASE: Final = re.compile(r"[a-z]{3,12}(?:-[a-z]{3,12}){3,7}")
"""Four words and more, joined."""
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[A-Za-z][\w-]*)+")
_PARTS: Final = re.compile(r"[^A-Za-z0-9]+")
_WORD_PART: Final = re.compile(
    r"(?:[A-Z]?[a-z]{3,}|[A-Z]{3,}|(?:[A-Z][a-z]+)+)\d{0,2}|\d{1,2}[a-z]{3,}|\d{0,5}|[A-Za-z]{1,3}\d{0,2}"
)
"""A part of a name: a word with a number, a number, an abbreviation."""
_VERSION: Final = re.compile(r"[<>=~^!v]*\d{1,4}(?:[.-]\d{0,4}){1,4}(?:[a-z]{1,3}\d{0,3})?")
_MANY_DIGITS: Final = 12
_HALF: Final = 2
_FEW_DIGITS: Final = 2
_PUBLIC: Final = re.compile(
    r"(?:MFkwEwYHKoZIzj0CAQ|MIIBIjANBgkqhkiG9w0B|MIGfMA0GCSqGSIb3DQEB|MCowBQYDK2V|MIICIjANBgkqhkiG9w0B"
    r"|MHYwEAYHKoZIzj0CAQ|ssh-|ecdsa-sha2-|-----BEGIN (?:[A-Z]+ )*(?:PUBLIC|CERT))"
)
"""Beginnings of public keys and certificates."""
_ASKED: Final = re.compile(r"[^\W\d_]+(?:\s[^\W\d_]+){0,3}\s?[:?…]")
_ALGORITHMS: Final = re.compile(
    r"(?:sha|md|rs|hs|es|ps|aes|utf|base|oauth|x|v|p|h|http|rc|pbkdf|aws|curve|kem)_?-?\d{1,4}|(?:ed|x"
    r"|secp)-?(?:25519|448|\d{3}[kr]1)",
    re.IGNORECASE,
)


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
    return is_value(value, rules, Need.ANY if certain else Need.RANDOM)


def is_value(value: str, rules: Rules, need: Need) -> bool:
    """Whether a value is to be hidden, given how much its look must say.

    Args:
        value: Between the quotes.
        rules: For the words that are harmless.
        need: What is asked of its look.
    """
    bare = value.strip()
    if len(bare) < _SHORTEST or is_hidden(bare):
        return False
    if not _LOOKS[need](bare):
        return False
    return not (_is_stand_in(bare, rules) or _is_label(bare, rules, strict=need is not Need.ANY))


def looks_mixed(value: str) -> bool:
    """Whether a value is not made of plain words alone."""
    if re.search(r"\s", value) or _MAIL.fullmatch(value):
        return False
    if (value.isdigit() and len(value) <= _SHORTEST) or _VERSION.fullmatch(value):
        return False
    return not _PLAIN.fullmatch(value) or _PASSPHRASE.fullmatch(value) is not None or bool(gibberish(value))


def looks_random(value: str) -> bool:
    """Whether a value is like nothing that a person would write: letters with digits among them, or high entropy."""
    if len(value) < _SHORTEST_RANDOM or re.search(r"\s", value) or _is_named(value):
        return False
    if value.isdigit():
        return len(value) >= _MANY_DIGITS
    if sum(map(len, gibberish(value))) * _HALF > len(value):
        return len(value) >= _SHORTEST_GIBBERISH or any(character.isdigit() for character in value)
    if all(map(_WORD_PART.fullmatch, _PARTS.split(value))):
        return False
    has_digit = any(character.isdigit() for character in value)
    has_letter = any(character.isalpha() for character in value)
    if has_digit and has_letter:
        return True
    return len(value) >= _LONG and value.lower() != value and value.upper() != value and entropy(value) > _BITS


def looks_strong(value: str) -> bool:
    """Whether a value is long and opaque: hexadecimal digits, or letters of both cases with digits among them."""
    if len(value) < _SHORTEST_STRONG or not _OPAQUE.fullmatch(value) or _WORDY.fullmatch(value):
        return False
    if not looks_random(value):
        return False
    digits = sum(character.isdigit() for character in value)
    return (digits >= _FEW_DIGITS or bool(gibberish(value))) and entropy(value) > _OPAQUE_BITS


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
    return bool(
        _PUBLIC.match(value)
        or _VERSION.fullmatch(value)
        or _is_template(value)
        or _REPEATED.fullmatch(value)
        or _CONSTANT.fullmatch(value)
    )


def _is_template(value: str) -> bool:
    """Whether something is filled in; not where long random letters only hold such a sign."""
    if _PATTERN.search(value) is not None:
        return True
    if _TEMPLATE.search(value) is None:
        return False
    rest = _TEMPLATE.sub("", value)
    digits = sum(character.isdigit() for character in rest)
    return len(rest) < _LONG or digits < _SHORTEST or re.search(r"\s", rest) is not None


def _is_label(value: str, rules: Rules, *, strict: bool) -> bool:
    """Whether it names or asks for a secret: `access_token`, `X-Api-Key`, `Enter your password:`, a path, a message."""
    if _is_named(value) or any(pattern.fullmatch(value) for pattern in (_VALIDATION, _CALL, _ASKED)):
        return True
    if _is_text(value):
        return True
    digits = sum(character.isdigit() for character in _ALGORITHMS.sub("", value))
    if digits > (_FEW_DIGITS if strict else 0) or gibberish(value):
        return False
    words = [word.lower() for word in _WORDS.findall(value)]
    return any(word in rules.naming for word in words)


def _is_named(value: str) -> bool:
    """Whether it is a path or a dotted name of words."""
    return (_PATH.fullmatch(value) or _DOTTED.fullmatch(value)) is not None and not gibberish(value)


def _is_text(value: str) -> bool:
    """Whether it is a message or a label in any language, and not words without sense."""
    if value.isascii():
        words = value.split()
        if sum(any(map(str.isdigit, word)) and not word.isdigit() for word in words) * _HALF >= len(words):
            return False
        if not (_MESSAGE.fullmatch(value) or _TITLE.fullmatch(value)):
            return False
        return len(gibberish(value)) * _HALF < max(1, len(runs(value)))
    foreign = sum(not character.isascii() for character in value)
    has_digit = any(character.isdigit() for character in value)
    return bool(_MESSAGE.fullmatch(value) or _TITLE.fullmatch(value)) or (
        foreign * _HALF > len(value) and not has_digit
    )


def entropy(value: str) -> float:
    """Shannon entropy in bits a character."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)


_LOOKS: Final[dict[Need, Callable[[str], bool]]] = {
    Need.ANY: bool,
    Need.MIXED: looks_mixed,
    Need.RANDOM: looks_random,
    Need.STRONG: looks_strong,
}
