"""The glob language of git (`wildmatch.c` of 2.39, with `WM_PATHNAME`), as regular expressions over bytes.

Comes in: a pattern. Goes out: the source of a regular expression for `fullmatch`.
Must never: give an expression whose matching takes longer than the path's length times the pattern's.

Bytes, as git compares bytes: `?` is half of an `é`.
"""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLASSES: Final = {
    b"alnum": string.ascii_letters + string.digits,
    b"alpha": string.ascii_letters,
    b"blank": " \t",
    b"cntrl": "".join(map(chr, [*range(32), 127])),
    b"digit": string.digits,
    b"graph": "".join(map(chr, range(33, 127))),
    b"lower": string.ascii_lowercase,
    b"print": "".join(map(chr, range(32, 127))),
    b"punct": string.punctuation,
    b"space": string.whitespace,
    b"upper": string.ascii_uppercase,
    b"xdigit": string.hexdigits,
}
_SPECIAL: Final = b"*?[\\"
_ANY: Final = b"[^/]"
_STAR: Final = b"*"
_STARS: Final = b"**"
_SLASH: Final = b"/"
_NAMED_CLASS: Final = re.compile(rb"\[:(?P<name>[^\]]*):\]")


def translate(pattern: bytes) -> bytes | None:
    """Regular expression of a pattern; `None` for one that can match nothing.

    Git compares the part before the first special character literally and starts afresh behind it.
    """
    literal_end = next((i for i, byte in enumerate(pattern) if byte in _SPECIAL), len(pattern))
    tokens = _tokens(pattern[literal_end:])
    if tokens is None or not pattern:
        return None
    return re.escape(pattern[:literal_end]) + _join(tokens)


def _tokens(pattern: bytes) -> list[bytes] | None:
    """Take a pattern apart: `*`, `**` where it spans directories, `/`, and regular expressions for one byte each."""
    tokens: list[bytes] = []
    position = 0
    while position < len(pattern):
        byte = pattern[position : position + 1]
        if byte == b"*":
            end = position
            while pattern[end : end + 1] == b"*":
                end += 1
            opens = position == 0 or pattern[position - 1 : position] == _SLASH
            closes = end == len(pattern) or pattern[end : end + 1] == _SLASH or pattern[end : end + 2] == b"\\/"
            tokens.append(_STARS if end - position > 1 and opens and closes else _STAR)
            position = end
        elif byte == b"[":
            token, position = _character_class(pattern, position + 1)
            if not token:
                return None
            tokens.append(token)
        elif byte == b"\\":
            if position + 1 == len(pattern):
                return None
            escaped = pattern[position + 1 : position + 2]
            if escaped == _SLASH and tokens and tokens[-1] == _STARS:
                tokens.append(_STAR)  # only an unescaped slash lets `**` stand for no directory at all
            tokens.append(b"[/]" if escaped == _SLASH else re.escape(escaped))
            position += 2
        else:
            tokens.append(_ANY if byte == b"?" else byte if byte == _SLASH else re.escape(byte))
            position += 1
    return tokens


def _join(tokens: Sequence[bytes]) -> bytes:
    """Put tokens together so that no hostile pattern makes the matcher try anything twice.

    Between two `**` the number of components is fixed, so the first place that fits leaves the most to what follows:
    each such stretch is an atomic group. The same holds within a component for what stands between two `*`.
    """
    stretches: list[list[bytes]] = [[]]
    for index, token in enumerate(tokens):
        if token == _STARS:
            stretches.append([])
        elif not (token == _SLASH and index and tokens[index - 1] == _STARS):
            stretches[-1].append(token)
    parts = [_components(stretches[0])]
    for number, stretch in enumerate(stretches[1:], start=1):
        is_last = number == len(stretches) - 1
        if is_last and tokens[-1] == _STARS:
            parts.append(b".*")
        elif is_last:
            parts.append(b"(?:[^/]*/)*?" + _components(stretch))
        else:
            parts.append(b"(?>(?:[^/]*/)*?" + _components(stretch) + b")")
    return b"".join(parts)


def _components(tokens: Sequence[bytes]) -> bytes:
    """Translate components between slashes, in which `*` may stand."""
    parts: list[bytes] = []
    fixed: list[list[bytes]] = [[]]
    for token in [*tokens, b""]:
        if token == _STAR:
            fixed.append([])
        elif token in {_SLASH, b""}:
            parts.append(_component([b"".join(piece) for piece in fixed]) + token)
            fixed = [[]]
        else:
            fixed[-1].append(token)
    return b"".join(parts)


def _component(fixed: Sequence[bytes]) -> bytes:
    """Translate one component, given what stands before, between and behind its stars."""
    first, *others = fixed
    if not others:
        return first
    middle = b"".join(b"(?>[^/]*?" + piece + b")" for piece in others[:-1])
    return first + middle + b"[^/]*" + others[-1]


def _character_class(pattern: bytes, position: int) -> tuple[bytes, int]:
    """Translate a bracket expression that begins before `position`; give its regular expression and where it ends.

    An expression without an end, or with an unknown class, makes the whole pattern match nothing: empty then.
    """
    negated = pattern[position : position + 1] in {b"!", b"^"}
    position += negated
    members: set[int] = set()
    previous = 0
    first = True
    while first or pattern[position : position + 1] != b"]":
        first = False
        if position >= len(pattern):
            return b"", position
        byte = pattern[position]
        following = pattern[position + 1 : position + 2]
        if byte == ord("\\"):
            if not following:
                return b"", position
            previous = following[0]
            members.add(previous)
            position += 2
        elif byte == ord("-") and previous and following and following != b"]":
            position += 2 if following == b"\\" else 1
            if position >= len(pattern):
                return b"", position
            members.update(range(previous, pattern[position] + 1))
            previous = 0
            position += 1
        elif byte == ord("[") and (named := _NAMED_CLASS.match(pattern, position)) is not None:
            if named["name"] not in _CLASSES:
                return b"", position
            members.update(_CLASSES[named["name"]].encode())
            previous = 0
            position = named.end()
        else:
            members.add(byte)
            previous = byte
            position += 1
    chosen = (set(range(1, 256)) - members if negated else members) - {ord("/")}
    source = b"".join(b"\\x%02x" % byte for byte in sorted(chosen))
    return (b"[" + source + b"]" if source else b"(?!)"), position + 1
