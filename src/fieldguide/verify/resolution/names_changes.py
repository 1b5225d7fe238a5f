"""The ways in which authors change names: by a slip, a word of the same meaning, a word more or fewer, another order.

Comes in: a name that is not there, and one that is. Goes out: whether the one is most likely the other.
Must never: take a name for another's because the two are merely near.
"""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from fieldguide.verify.resolution.names_nearness import alike, style_of, words_of

_KINDS: Final = frozenset(
    {"context", "session", "group", "set", "error", "exception", "field", "handler", "manager", "factory", "config"}
    | {"type", "base", "mixin", "serializer", "view", "model", "form", "test", "case", "response", "request", "client"}
    | {"server", "pool", "adapter", "backend", "transport", "protocol", "state", "event", "task", "job", "worker"}
    | {"stream", "reader", "writer", "parser", "encoder", "decoder", "formatter", "builder", "loader", "resolver"}
    | {"router", "middleware", "plugin", "extension", "provider", "service", "proxy", "wrapper", "decorator", "list"}
    | {"iterator", "generator", "dict", "map", "queue", "cache", "store", "info", "result", "options", "settings"}
    | {"params", "args", "kwargs", "spec", "schema", "table", "column", "query", "node", "tree", "path", "file", "url"}
    | {
        "header",
        "cookie",
        "token",
        "key",
        "id",
        "detail",
        "details",
        "data",
        "list",
        "page",
        "item",
        "records",
        "record",
    }
)
"""Nouns by which one class's name becomes another's: `ClientSession`."""
_SAYING_NOTHING: Final = frozenset(
    {"all", "it", "now", "new", "name", "names", "object", "objects", "value", "values", "thing", "things", "one"}
    | {"func", "function", "method", "impl", "renamed", "really", "again"}
)
"""Words that make no other thing of what a name says."""
_LOCALE: Final = re.compile(r"[a-z]{2}_[A-Z]{2}")
_COUNTED: Final = re.compile(r"[a-z_](?:[A-Z]|\d+)$")
_DUNDER: Final = re.compile(r"__[a-z\d]+(?:_[a-z\d]+)*__")
_DOUBLED: Final = re.compile(r"(.)\1")
_SHORT_WORD: Final = 3
_SHORT: Final = 5
_LONG: Final = 10
_MANY: Final = 2


def is_likely(first: str, second: str) -> bool:
    """Tell whether one name is most likely the other, changed in one way that authors change names.

    That is a slip of a letter or two; or one word that means the same, is in the plural, is added at the end or, of
    many, left out there; or the same words in another order. A word put before another's name makes a name of its own
    (`UserClient`), and so does a letter or number after it (`taskB`).
    """
    spoilt = is_spoilt_dunder(first, second)
    if style_of(first) != style_of(second) or (first.startswith("_") != second.startswith("_") and not spoilt):
        return False
    if spoilt or has_same_words(first, second):
        return True
    if "__" in first.strip("_"):  # Django's way to write a lookup
        return False
    if (_COUNTED.search(first) and not _COUNTED.search(second)) or _LOCALE.fullmatch(first):
        return False
    return is_misspelt(first, second) or _one_edit(words_of(first), words_of(second))


def has_same_words(first: str, second: str) -> bool:
    """Tell whether two names have the same words, two or more, in whatever order."""
    words = words_of(first)
    return len(words) >= _MANY and sorted(words) == sorted(words_of(second))


def is_dunder(name: str) -> bool:
    """Tell whether a name is written as those are that Python asks objects for: `__enter__`."""
    return _DUNDER.fullmatch(name) is not None


def is_spoilt_dunder(first: str, second: str) -> bool:
    """Tell whether a name is that of a special method with something at one of its ends: `__enter_`, `__enter__s`."""
    return (
        "__" in first
        and is_dunder(second)
        and not is_dunder(first)
        and re.match(rf"_*\w?_*{second.strip('_')}(?![a-z])", first) is not None
        and len(words_of(first)) <= len(words_of(second)) + 1
    )


def is_swapped(first: str, second: str) -> bool:
    """Tell whether one short name is the other with two letters swapped, or one written twice or not twice."""
    if min(len(first), len(second)) < _MANY or DamerauLevenshtein.distance(first, second, score_cutoff=1) != 1:
        return False
    return sorted(first) == sorted(second) or _DOUBLED.sub(r"\1", first) == _DOUBLED.sub(r"\1", second)


def is_misspelt(first: str, second: str) -> bool:
    """Tell whether one name is the other but for its capitals, its underscores or a letter or two."""
    one, other = first.strip("_"), second.strip("_")
    if one.lower().replace("_", "") == other.lower().replace("_", ""):
        return True
    slips = 0 if len(one) < _SHORT else 1 if len(one) < _LONG else 2
    if DamerauLevenshtein.distance(one, other, score_cutoff=slips) > slips or one[1:] == other:
        return False  # a letter before a name makes another: `afilter`
    if len(words_of(first)) > len(words_of(second)) and DamerauLevenshtein.distance(one, other) == 1:
        return one[:-1] != other  # a letter that cuts a word in two: `SSLsStream`
    pairs = zip(words_of(first), words_of(second), strict=False)
    return all(_is_slip(*pair) for pair in pairs)


def _is_slip(word: str, other: str) -> bool:
    """Tell whether a word is another but for a slip; of three letters, one in place of another makes another."""
    distance = DamerauLevenshtein.distance(word, other)
    if len(word) == len(other) <= _SHORT_WORD:
        return distance == 0 or sorted(word) == sorted(other)
    return distance <= max(1, len(word) // 4)


def _one_edit(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether the words of two names differ in one way; of a single word only its spelling could be told."""
    if len(other) < _MANY:
        return False
    if len(one) == len(other):
        if sorted(one) == sorted(other):
            return True
        changed = [(word, right) for word, right in zip(one, other, strict=True) if word != right]
        return len(changed) == 1 and alike(*changed[0]) > 0
    return (len(one) == len(other) + 1 and one[:-1] == other) or (len(one) > _MANY and one == other[:-1])


def is_extended(first: str, second: str) -> bool:
    """Tell whether one name is the other with one word more at its end, that makes it no other thing's name."""
    words = words_of(first)
    longer = bool(words) and words[:-1] == words_of(second)
    return longer and style_of(first) == style_of(second) and words[-1] not in _KINDS


def is_changed(first: str, second: str) -> bool:
    """Tell whether one parameter's name is another's, changed: there are few, so that less tells which is meant."""
    return is_likely(first, second) or is_extended(first, second) or is_swapped(first, second)


def is_padded(first: str, second: str) -> bool:
    """Tell whether one name is the other with a word after it that says nothing: `close_all` of `close`."""
    return is_extended(first, second) and words_of(first)[-1] in _SAYING_NOTHING


def is_shortened(first: str, second: str) -> bool:
    """Tell whether one name is the other, a function's of three words or more, without its last word."""
    return first.islower() and second.islower() and is_cut(first, second)


def is_cut(first: str, second: str) -> bool:
    """The same of any name: a class's without its last word is often the name of something else."""
    words = words_of(second)
    return style_of(first) == style_of(second) and len(words) > _MANY and words_of(first) == words[:-1]
