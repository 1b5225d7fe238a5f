"""Text behind base64, hexadecimal, and the calls that decode them.

Comes in: a prepared text. Goes out: what runs of such digits decode to, if that is text; and private keys among them.
Must never: give back what decodes to anything else, as digests, images and identifiers do.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import zlib
from typing import TYPE_CHECKING, Final

from fieldguide.redact.forms.rewriting import Rewriting
from fieldguide.redact.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fieldguide.redact.secret import Piece
    from fieldguide.redact.subject import Subject

Run = tuple[int, int, str]
"""Start, end, and the digits without what parts their lines."""
_BREAK: Final = r"""(?:\\n|\\r|["',+\\.;)\t ]){0,10}\n[ \t]{0,80}(?:#|//|\*|>|\+|\.|\|)?[ \t]{0,80}[bru]?["']?"""
_RUNS: Final = re.compile(
    rf"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{{16,}}+={{0,2}}(?:(?<=[A-Za-z0-9+/=]{{40}})(?:{_BREAK}[A-Za-z0-9+/]{{1,}}+={{0,2}}){{1,4000}}+)?"
)
_MASK: Final = bytes(ord("a") if chr(one).isalnum() or one in b"+/_-" else ord(" ") for one in range(128)) + b" " * 128
_SHORTEST_RUN: Final = b"a" * 16
_RUN: Final = re.compile(r"\\[nr]|(?P<run>[A-Za-z0-9+/_-]{1,}+={0,2})")
_WIDEST: Final = 1_400_000
"""Digits that are decoded; a longer run is an image or an archive."""
_HEX: Final = re.compile(r"(?:0x)?((?:[0-9a-fA-F]{2}){8,})")
_PAIRS: Final = re.compile(
    r"[0-9a-fA-F](?<![0-9A-Za-z].)[0-9a-fA-F](?:([ :-])[0-9a-fA-F]{2})(?:\1[0-9a-fA-F]{2}){10,4096}+(?![0-9A-Za-z])"
)
_CALL: Final = re.compile(
    r"""(?P<call>b64decode|b32decode|b85decode|a85decode|unhexlify|fromhex|atob|base64_decode|FromBase64String|decodeBase64
    |Base64\.decode\w{0,12}|getDecoder\(\)\.decode|Buffer\.from|codecs\.decode|strrev|reversed|StdEncoding\.DecodeString)
    \(\s{0,20}b?(?P<quote>["'`])(?P<value>[^"'`\n]{4,4096})(?P=quote)(?P<rest>[^()\n]{0,40}\)|)""",
    re.VERBOSE,
)
_CALLED: Final = re.compile("decode|unhexlify|fromhex|atob|frombase64|buffer.from|strrev|reversed")
_BACKWARDS: Final = re.compile(
    r"""(?P<quote>["'])(?P<value>[^"'\n]{4,2048})(?P=quote)(?:\s?\[::-1\]|\.split\(["']{2}\)\.reverse\(\)|\.reverse\b)"""
)
_CALLER: Final = re.compile(r"[\w.]{0,40}\Z")
_KEY: Final = re.compile(
    rb"\x30(?:[\x00-\x7f]|\x81.|\x82..)(?:\x02\x01[\x00\x01\x03][\x02\x04\x30]|\x30[\x00-\x7f]\x06[\x08-\x0a]\x2a\x86\x48\x86\xf7\x0d\x01[\x05\x0c])|openssh-key-v1\0",
    re.DOTALL,
)
"""DER of a private key (PKCS #1, #8, #12, SEC 1), or OpenSSH's container."""
_KEY_LINE: Final = 64
_KEY_LINES: Final = 3
_KEY_WORDS: Final = re.compile(r"private|secret|ssh[ _-]?key|rsa[ _-]?key|\bpem\b|id_rsa")
_PUBLIC_WORDS: Final = re.compile(
    r"certificate|public|ssh-rsa|cert\b|signature|digest|integrity|image|png|font|icon|woff|data:"
)
_NEAR: Final = 200
_LARGEST: Final = 1_000_000
"""Characters that a compressed text may grow to."""
_BINARY: Final = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_ENOUGH: Final = 6
"""Characters of text that could be a secret."""


def read_calls(subject: Subject) -> Rewriting | None:
    """Read the literals that the code itself decodes or turns around; `None` when there is none."""
    text = subject.text
    matches = [*_CALL.finditer(text)] if _CALLED.search(subject.lowered) else []
    if "[::-1]" in text or ".reverse" in text:
        matches = sorted([*matches, *_BACKWARDS.finditer(text)], key=lambda match: match.start())
    rewriting: Rewriting | None = None
    position = 0
    for match in matches:
        decoded = _called(match)
        if decoded is None or match.start() < position:
            continue
        rewriting = rewriting or Rewriting(text)
        line = max(position, text.rfind("\n", max(0, match.start() - _NEAR), match.start()) + 1, match.start() - _NEAR)
        caller = _CALLER.search(text, line, match.start())
        rewriting.put("\n", line, line)
        rewriting.keep(
            line, match.start() if caller is None or match["quote"] == text[match.start()] else caller.start()
        )
        rewriting.put('"', match.start(), match.start())
        rewriting.put(decoded, *match.span("value"))
        rewriting.put('"\n', match.end(), match.end())
        position = match.end()
    return rewriting


def _called(match: re.Match[str]) -> str | None:
    """What the value of a call is once it is decoded."""
    groups = match.groupdict()
    call = f"{groups.get('call', 'reversed')} {groups.get('rest', '')}".lower()
    if "strrev" in call or "reversed" in call:
        return match["value"][::-1]
    if "rot" in call:
        return codecs.decode(match["value"], "rot13")
    return _text(_undone_by(call, match["value"]))


def _undone_by(call: str, value: str) -> bytes | None:
    if "hex" in call:
        return _unhexed(value)
    try:
        if "b32" in call:
            return base64.b32decode(value)
        if "85" in call:
            return base64.a85decode(value) if "a85" in call else base64.b85decode(value)
    except ValueError:
        return None
    return _undone(value)


def read_runs(subject: Subject, runs: Iterable[Run]) -> Rewriting | None:
    """Read every run of digits that decodes to text; `None` when there is none."""
    rewriting: Rewriting | None = None
    for start, end, digits in runs:
        decoded = _text(_unhexed(digits)) or _text(_undone(digits))
        if decoded is not None:
            rewriting = rewriting or Rewriting(subject.text)
            rewriting.put(decoded, start, end)
            rewriting.put("\n\n", end, end)
    for match in _PAIRS.finditer(subject.text):
        decoded = _text(_unhexed(match[0].replace(match[1], "")))
        if decoded is not None:
            rewriting = rewriting or Rewriting(subject.text)
            rewriting.put(decoded, *match.span())
            rewriting.put("\n\n", match.end(), match.end())
    return rewriting


def find_bare_keys(subject: Subject, runs: Iterable[Run]) -> Iterator[Secret]:
    """Find private keys that stand in base64 without an armour, and lines out of the middle of one."""
    for start, end, digits in runs:
        if len(digits) < _KEY_LINE // 2:
            continue
        head = _undone(digits[:96])
        pieces = _pieces(subject.text, start, end)
        if (head is not None and _KEY.match(head)) or _is_middle(subject, pieces):
            yield Secret("private-key", pieces)


def _is_middle(subject: Subject, pieces: tuple[Piece, ...]) -> bool:
    """Whether several lines as wide as those of a key stand where private keys are spoken of."""
    full = [end - start == _KEY_LINE for start, end in pieces]
    if sum(full) < _KEY_LINES or len(full) - sum(full) > 1:
        return False
    before = subject.lowered[max(0, pieces[0][0] - _NEAR) : pieces[0][0]]
    return _KEY_WORDS.search(before) is not None and _PUBLIC_WORDS.search(before) is None


def _pieces(text: str, start: int, end: int) -> tuple[Piece, ...]:
    return tuple(match.span("run") for match in _RUN.finditer(text, start, end) if match["run"])


def digit_runs(text: str) -> Iterator[Run]:
    """Start, end and digits of runs that are no words; lines of one width are one run."""
    for match in _long_runs(text):
        if match.end() - match.start() > _WIDEST:
            continue
        pieces = _pieces(text, *match.span()) if "\n" in match[0] else (match.span(),)
        width = pieces[0][1] - pieces[0][0]
        if (
            len(pieces) > 1
            and all(end - start == width for start, end in pieces[:-1])
            and pieces[-1][1] - pieces[-1][0] <= width
        ):
            yield pieces[0][0], pieces[-1][1], "".join(text[start:end] for start, end in pieces)
            continue
        for start, end in pieces:
            run = text[start:end]
            if (any(map(str.isdigit, run)) or run.endswith("=")) and (
                _HEX.fullmatch(run) or run.lower() != run != run.upper()
            ):
                yield start, end, run


def _long_runs(text: str) -> Iterator[re.Match[str]]:
    """Matches of `_RUNS`; where one may begin is looked up in a mask, which is many times as quick."""
    mask = text.encode("ascii", "replace").translate(_MASK)  # a byte for each character
    position = 0
    while (start := mask.find(_SHORTEST_RUN, position)) >= 0:
        match = _RUNS.match(text, start)
        if match is None:  # the rest of a run that another match took in
            position = mask.find(b" ", start)
            if position < 0:
                return
            continue
        yield match
        position = match.end()


def _undone(digits: str) -> bytes | None:
    """Decode base64, standard or for addresses, padded or not."""
    plain = digits.strip().rstrip("=").translate({45: 43, 95: 47})
    plain = plain[:-1] if len(plain) % 4 == 1 else plain
    try:
        return binascii.a2b_base64(plain + "=" * (-len(plain) % 4), strict_mode=True)
    except (binascii.Error, ValueError):
        return None


def _unhexed(digits: str) -> bytes | None:
    match = _HEX.fullmatch(digits)
    return None if match is None else bytes.fromhex(match[1])


def _text(content: bytes | None) -> str | None:
    """Text of some bytes: UTF-8, UTF-16 of Latin letters, or compressed."""
    if content is None or len(content) < _ENOUGH:
        return None
    if content[:2] == b"\x1f\x8b" or content[:2] in {b"\x78\x9c", b"\x78\xda", b"\x78\x01"}:
        try:
            content = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(content, _LARGEST)
        except zlib.error:
            return None
    content = _narrowed(content)
    if _BINARY.search(content):
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _narrowed(content: bytes) -> bytes:
    """Latin letters of UTF-16 and UTF-32, whichever byte comes first, as one byte each."""
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        content = content[4:] if content[2:4] == b"\0\0" else content[2:]
    for width in (4, 2):
        for offset in (0, width - 1):
            kept = content[offset::width]
            if len(content) % width == 0 and len(content) - len(kept) == content.count(0) and 0 not in kept:
                return kept
    return content
