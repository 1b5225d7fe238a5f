r"""The ways in which one value is written down.

Comes in: a value as it stands in a source. Goes out: how it looks plainly, escaped, quoted for addresses and markup, in
hexadecimal, in base64 at any of three alignments, and with the zero bytes of UTF-16.
Must never: give a spelling so short that ordinary text holds it by chance.
"""

from __future__ import annotations

import binascii
import html
import json
import re
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus, unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST: Final = 6
_SHORTEST_ENCODED: Final = 8
_LONGEST: Final = 4096
"""Characters of a value that is spelt in other ways; a longer one is looked for as it stands."""
_ESCAPE: Final = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))", re.DOTALL)
_LETTERS: Final = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "f": "\f"}
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_UNICODE_END: Final = 0x110000


def plain_forms(value: str) -> tuple[str, ...]:
    """The value as it stands, and what it stands for where it is escaped or wrapped in base64 itself."""
    forms = dict.fromkeys([value, _unescaped(value), unquote(value), html.unescape(value)])
    wrapped = _unwrapped(value)
    if wrapped:
        forms |= dict.fromkeys([wrapped, wrapped.partition(":")[2]])  # `user:password` of basic authentication
    return tuple(form for form in forms if len(form) >= SHORTEST)


def encoded_forms(plain: str) -> Iterator[tuple[str, bool]]:
    """Other spellings of a plain form, each with whether it lies in a run of base64 that belongs to it as a whole."""
    if len(plain) > _LONGEST:
        return
    for spelling in dict.fromkeys(_text_spellings(plain)):
        if spelling != plain:
            yield spelling, False
    for encoding in ("utf-8", "utf-16-le"):
        content = plain.encode(encoding, "surrogatepass")
        for alignment in range(3):
            fragment = base64_fragment(content, alignment)
            if len(fragment) >= _SHORTEST_ENCODED:
                yield fragment, True
                if "+" in fragment or "/" in fragment:
                    yield fragment.replace("+", "-").replace("/", "_"), True


def base64_fragment(content: bytes, alignment: int) -> str:
    """The digits of base64 that a content alone decides when `alignment` bytes of a group stand before it."""
    digits = b64encode(b"\0" * alignment + content).decode("ascii").rstrip("=")
    bits = 8 * (alignment + len(content))
    return digits[-(-8 * alignment // 6) : bits // 6]


def _text_spellings(plain: str) -> Iterator[str]:
    in_json = json.dumps(plain)[1:-1]
    yield from (in_json, json.dumps(plain, ensure_ascii=False)[1:-1], json.dumps(in_json)[1:-1])
    yield from (repr(plain)[1:-1], plain.encode("unicode_escape").decode("ascii"))
    yield from (html.escape(plain), html.escape(plain, quote=False))
    percent = quote(plain, safe="", errors="surrogatepass")
    yield from (percent, percent.lower() if percent.lower() == plain.lower() else _lower_escapes(percent))
    yield from (quote(plain, errors="surrogatepass"), quote_plus(plain, errors="surrogatepass"))
    content = plain.encode("utf-8", "surrogatepass")
    digits = content.hex()
    yield from (digits, digits.upper(), content.hex(" "), content.hex(":"), content.hex("-"))
    pairs = re.findall("..", digits)
    yield from ("".join(f"{before}{pair}" for pair in pairs) for before in ("\\x", "%", "\\u00"))
    yield "".join(f"%{pair}" for pair in pairs).upper()
    yield "".join(f"&#x{pair};" for pair in pairs)
    yield "".join(f"&#{ord(character)};" for character in plain)
    yield "\0".join(plain)


def _lower_escapes(percent: str) -> str:
    return re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), percent)


def _unescaped(value: str) -> str:
    return _ESCAPE.sub(_character, value) if "\\" in value else value


def _character(found: re.Match[str]) -> str:
    digits = found[1] or found[2] or found[3]
    if digits or found[4]:
        code = int(digits, 16) if digits else int(found[4], 8)
        return chr(code) if code < _UNICODE_END else found[0]
    return _LETTERS.get(found[5], found[5])


def _unwrapped(value: str) -> str:
    """What a value is the base64 of, where that is text that a person can read."""
    if not _BASE64.fullmatch(value) or len(value) > _LONGEST:
        return ""
    digits = value.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        text = b64decode(digits + "=" * (-len(digits) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return text.strip("\r\n") if text.strip("\r\n").isprintable() else ""
