"""Random-looking values beside a word that names a credential or the service that issues it.

Comes in: text. Goes out: where such values stand. Must never: take a checksum, a commit or a word for one; look further
back from a value than a bounded number of characters.

Most services give keys without a shape of their own, `[a-z0-9]{32}`; what tells them is that the service's name or a
word like `key` stands before them. Other tools keep a rule for each service; one rule with a list of names
(`services.txt`) finds those too whose rule nobody has written.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ahocorasick_rs import AhoCorasick

from fieldguide.domain.redacted import PLACEHOLDER
from fieldguide.redact.secret import Secret, spanning
from fieldguide.redact.values import is_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.rules import Rules
    from fieldguide.redact.subject import Subject

_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+/.~-"
"""Of which values are made."""
_MASK: Final = bytes(ord("a") if letter in _LETTERS else ord(" ") for letter in range(256))
_SHORTEST: Final = 16
_TELLING: Final = re.compile(r"[0-9]|[A-Za-z]{20}")
"""Names of plain words have neither."""
_LONGEST: Final = 2048
"""A longer one is a file that somebody encoded."""
_WINDOW: Final = 80
"""Characters in front of a value in which a word may tell what it is."""
_LONGEST_HIDDEN: Final = 80
_HIDDEN: Final = re.compile(r"redacted_[a-z][a-z0-9_]{0,60}_[0-9a-f]{8}")
"""A placeholder of ours in small letters."""
_WORD: Final = re.compile(
    r"api|key|token|secret|passw|passphrase|pwd|credential|auth|bearer|licen[cs]e|webhook|cookie|session|private|signature"
)
_STRONG: Final = re.compile(r"key|token|secret|passw|credential")
"""What makes a UUID one: nearly all others name a thing."""
_IDENTIFIER: Final = re.compile(
    r"""(?:(?<!secret[_-])id|arn|(?:continuation|page|next|change|request|action|public_?key)_?token)\\?["']?\]?\s?[:=]{1,2}\s?["']?$|\barn:|::\w{1,60}["']\s?:\s?["']$"""
)
"""A name in front of a value that opens nothing: an identifier, a place in a list, a type with its namespaces."""
_DIGESTED: Final = re.compile(r"(?:\bsha-?\d{1,3}|\bmd5|\bblake2[bs]?|diff)[=:-][\"']?$|://[^\s\"']{1,80}#$")
"""Directly in front: what follows is a checksum, or a place on a page."""
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PUBLIC_ARMOUR: Final = re.compile(r"-----begin (?!.{0,20}private)")
_CLEAR_WORD: Final = re.compile(r"/(?:key|token|secret|webhook)s?/$")
"""Directly in front: addresses of interfaces have `api` and `auth` in them whatever follows."""
_HASH: Final = re.compile(
    r"sha-?\d|md5|digest|hash|checksum|integrity|commit|\brev\b|revision|etag|fingerprint|uuid|guid|blob"
)
_HEX: Final = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_ALONE: Final = re.compile(r"""[\s"'`(\[{<>=:+,\\|-]*""")
"""What stands before a value on a line of its own, which the line above may tell."""
_GIVEN: Final = re.compile(r"""\w{0,20}["']?\s?[:=]{1,2}\s?["']?""")
"""What stands between a service's name and a value given to it."""
_OPENING: Final = (*"=:([{,\"'`>\\-",)
"""Ends of a line that goes on in the next; a line of base64 does not say what the next one is."""
_COMMITS: Final = frozenset({40, 64})
"""Letters of identifiers that version control gives."""
_NUMBER: Final = re.compile(
    r"0[xX][0-9a-fA-F_]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|v\d+\.\d+\.\d+-(?:[\w.]+\.)?\d{14}-[0-9a-f]{12}"
    r"|AAAA(?:B3NzaC1|C3NzaC1|E2VjZHNh)[A-Za-z0-9+/]+"
)
"""A number, a version that Go makes of a commit, or a public key of SSH."""
_PIECE: Final = re.compile(r"[A-Za-z0-9]{6,}")
_CAPITALISED: Final = re.compile(r"[A-Z](?![a-z]{0,40}[b-df-hj-np-tv-xz]{5})[a-z]{3,40}")
"""A word that can be said: drawn letters soon have five consonants in a row."""
_RUN: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_SWITCHES: Final = 0.27
"""Changes between small letters, capitals and digits, for each character: random letters have 0.4, names 0.2."""
_GROUPS: Final = 3
"""Groups of digits among letters of one case; names have one or two."""
_VOWEL: Final = re.compile(r"[AEIOUaeiou]")
_VOWELS: Final = 0.2
"""Of drawn letters and digits one in seven is a vowel, of words one in three."""
_PLAIN_WORD: Final = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z][a-z]{3,}|[A-Z]{4,})(?![A-Za-z0-9])")
_SEPARATOR: Final = re.compile(r"[^A-Za-z0-9]")
_PART: Final = re.compile(r"[^/]+")
_PLAIN: Final = re.compile(r"[a-z_.~-]*[0-9]{0,2}[a-z_.~-]*|[A-Z][a-z_]*|[A-Z_]+")
_RANDOM_AMONG_WORDS: Final = 24
_RANDOM: Final = 12
"""Random characters in a value."""


def find_near_names(subject: Subject, rules: Rules) -> Iterator[Secret]:
    """Find random-looking values behind a word that names a credential or a service."""
    for start, end in _runs(subject.text):
        value = subject.text[start:end]
        shape = rules.shapes.fullmatch(value)
        if shape is not None:
            yield Secret(rules.shape_kinds[shape.lastgroup or ""], ((start, end),))
            continue
        part = _random_part(value)
        if part is None or not (_is_told(subject.lowered, start, value) or (part[0] and _is_path_to(value[: part[0]]))):
            continue
        if is_secret(value[slice(*part)], rules, certain=True):
            secret = spanning("credential", subject.text, start + part[0], start + part[1])
            if secret is not None:
                yield secret


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Long runs of letters, with the padding of base64. Ten times as fast as a regular expression."""
    mask = text.encode("ascii", "replace").translate(_MASK)  # a byte for each character
    shortest = b"a" * _SHORTEST
    end = 0
    while (start := mask.find(shortest, end)) >= 0:
        end = mask.find(b" ", start)
        end = len(mask) if end < 0 else end
        begin = start + (text[start - 1 : start] == "\\" and text[start] in "nrt")  # an escape is no letter
        if end - begin <= _LONGEST and _TELLING.search(text, begin, end):
            yield begin, end + len(text[end : end + 2]) - len(text[end : end + 2].lstrip("="))


def _random_part(value: str) -> tuple[int, int] | None:
    """Where the random letters of a value stand: in one part of a path, or everywhere."""
    if len(value) > _LONGEST or _NUMBER.fullmatch(value):
        return None
    if "/" in value:
        parts = [match.span() for match in _PART.finditer(value)]
        random = [span for span in parts if is_random(value[slice(*span)])]
        if len(random) == 1 and all(span in random or _PLAIN.fullmatch(value[slice(*span)]) for span in parts):
            start, end = random[0]
            return None if len(parts) > 1 and _HEX.fullmatch(value[start:end]) else random[0]
    return (0, len(value)) if is_random(value) else None


def is_random(value: str) -> bool:
    """Whether enough of a value looks like drawn letters, and not like the names and numbers of code."""
    bare = PLACEHOLDER.sub("", value) if "REDACTED_" in value else value
    if not _PLAIN_WORD.search(bare):
        bare = _SEPARATOR.sub("", bare)  # of base64, which are letters too
    least = _RANDOM_AMONG_WORDS if len(_PLAIN_WORD.findall(bare)) > 1 else _RANDOM
    return sum(map(_randomness, _PIECE.findall(bare))) >= least


def _randomness(piece: str) -> int:
    """Letters of a piece without separators that look drawn."""
    rest = _CAPITALISED.sub("", piece)
    if 2 * len(rest) < len(piece):
        return 0
    runs = _RUN.findall(rest)
    mixed = rest.lower() != rest and rest.upper() != rest
    groups = sum(run[0].isdigit() for run in runs)
    if len(runs) - 1 >= _SWITCHES * len(rest):
        return len(rest) if mixed or groups else 0
    enough = groups >= _GROUPS or (groups == _GROUPS - 1 and len(_VOWEL.findall(rest)) <= _VOWELS * len(rest))
    return len(rest) if enough and not mixed else 0


def _is_told(lowered: str, start: int, value: str) -> bool:
    """Whether the words in front of a value tell that it is a credential."""
    before = lowered[max(0, start - _WINDOW - _LONGEST_HIDDEN) : start]
    if "redacted_" in before:  # what was hidden speaks of credentials, and tells nothing of what stands beside it
        before = _HIDDEN.sub(_blanks, before)
    before = before[-_WINDOW:]
    line = before[before.rfind("\n") + 1 :]
    if not (_ALONE.fullmatch(line) and before[: len(before) - len(line)].rstrip().endswith(_OPENING)):
        before = line
    if _PUBLIC_ARMOUR.search(before) or _IDENTIFIER.search(line) or _DIGESTED.search(line):
        return False
    if _UUID.fullmatch(value):
        return _STRONG.search(line) is not None
    if _HEX.fullmatch(value) and (_HASH.search(before) or len(value) in _COMMITS):
        if _HASH.search(line):
            return False
        return _WORD.search(line) is not None or any(_GIVEN.fullmatch(line, end) for end in _services(line))
    return _WORD.search(before) is not None or next(_services(before), None) is not None


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _is_path_to(path: str) -> bool:
    """Whether the path of an address in front of a value tells that it is a credential."""
    return _CLEAR_WORD.search(path.lower()) is not None


def _services(lowered: str) -> Iterator[int]:
    """Where names of services end that begin a word."""
    for _, start, end in _names().find_matches_as_indexes(lowered, overlapping=True):
        if not start or not lowered[start - 1].isalnum():
            yield end


@cache
def _names() -> AhoCorasick:
    return AhoCorasick(Path(__file__).with_name("services.txt").read_text(encoding="utf-8").split())
