r"""Blocks of private keys: PEM, OpenSSH, PGP, PuTTY, OpenVPN and JSON Web Keys, whole or cut off.

Comes in: a prepared text. Goes out: the bodies of the keys, one piece a line, without the armour and without what a
comment, a diff, a list of literals or a concatenation puts between the lines.
Must never: take a certificate, a public key, or a page that speaks of keys for one.

Formats: RFC 7468 (PEM), RFC 4880 section 6 (PGP), RFC 7517 and 7518 (JWK), PuTTY's manual appendix C (PPK).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.secret import Secret
from fieldguide.redact.values import is_hidden

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.rules import Rules
    from fieldguide.redact.secret import Piece
    from fieldguide.redact.subject import Subject

_KIND: Final = "private-key"
_LABEL: Final = r"(?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V\d"
_BEGIN: Final = re.compile(rf"-{{4,5}} ?BEGIN (?:{_LABEL}) ?-{{4,5}}")
_END: Final = re.compile(rf"-{{4,6}} ?END (?:{_LABEL}) ?-{{4,5}}")
_BREAK: Final = r"\\{1,4}[nrt]|%0[AaDd]|&\#x?0?[0-9aAdD]{1,2};|<br\s?/?>"
"""A line end, written inside of a literal, an address or a page."""
_HEADER: Final = r"""[+-]?(?:(?:Proc-Type|DEK-Info):[ ]?[\w,-]{1,80}
    |(?:Version|Comment|Hash|Subject|Charset|MessageID):[^\n\\"']{0,100})"""
_BODY: Final = re.compile(
    rf"""(?:{_BREAK}|{_HEADER}
    |[A-Za-z0-9+/=]++|[\s"'`,.()\[\]\#*>;|\\~]|-(?!----|---\ ?(?:BEGIN|END)))*+""",
    re.VERBOSE,
)
_RUN: Final = re.compile(
    rf"""{_BREAK}|{_HEADER}|(?P<run>(?:[A-Za-z0-9+/]|\\/){{4,}}+={{0,2}}|(?<=\s)=[A-Za-z0-9+/]{{4}}(?![A-Za-z0-9+/]))""",
    re.VERBOSE,
)
_WORD: Final = re.compile(r"[A-Z]?[a-z]{3,11}")
"""What joins the lines of a key in code: `append`, `echo`."""
_TOLD_BY: Final = 16
"""Letters in one run that tell a key from a page that speaks of keys."""
_CUT_OFF: Final = 40
"""Letters in one run of a key whose end is missing; a line of a key has 64."""
_BETWEEN: Final = 3
"""Words of code that may stand between two lines of a key: `echo`, `StringBuilder.append`."""
_REACH: Final = 16_384
"""Characters in front of an end in which the rest of a key is looked for."""
_PUTTY: Final = re.compile(
    r"Private-Lines:[ ]{0,3}(?P<count>\d{1,4})"
    r"(?P<body>(?:(?:\n|\\n)[^\n:]{0,12}?[A-Za-z0-9+/]{1,128}={0,2}(?=\s|\\|[\"',]|$)[\"',]{0,3})+)"
)
_KEY_TYPE: Final = re.compile(r"""\\{0,3}["']kty\\{0,3}["']\s{0,4}:""")
_MEMBER: Final = re.compile(
    r"""\\{0,3}["'](?:d|p|q|dp|dq|qi|k|t|r)\\{0,3}["']\s{0,4}:\s{0,8}\\{0,3}["'](?P<secret>[A-Za-z0-9_-]{10,1400}+)={0,2}\\{0,3}["']"""
)
_OBJECT: Final = 8000
"""Characters of a JSON Web Key; one of 8192 bits has 6,600."""


def find_private_keys(subject: Subject, _: Rules) -> Iterator[Secret]:
    """Find private keys by their armour or their members."""
    if "PRIVATE KEY" in subject.text or "Static key" in subject.text:
        yield from _armoured(subject.text)
        yield from _beheaded(subject.text)
    if "Private-Lines" in subject.text:
        yield from _putty(subject.text)
    if "kty" in subject.text:
        yield from _members(subject.text)


def _armoured(text: str) -> Iterator[Secret]:
    """Bodies that begin as they should, with or without their end."""
    position = 0
    while (begin := _BEGIN.search(text, position)) is not None:
        body = _BODY.match(text, begin.end())
        position = begin.end() if body is None else max(body.end(), begin.end())
        if body is None:
            continue
        added = text.startswith("+", text.rfind("\n", max(0, begin.start() - 200), begin.start()) + 1)
        runs = [
            _without_sign(text, match.span("run"), added=added)
            for match in _RUN.finditer(text, *body.span())
            if match["run"]
        ]
        runs = [
            (start, end)
            for start, end in runs
            if not _WORD.fullmatch(text, start, end) and not is_hidden(text[start:end])
        ]
        longest = max((end - start for start, end in runs), default=0)
        complete = _END.match(text, body.end()) is not None
        if not complete:
            runs = [(start, end) for start, end in runs if end - start >= _CUT_OFF or _is_last_line(text, start, end)]
        if runs and longest >= (_TOLD_BY if complete else _CUT_OFF):
            yield Secret(_KIND, tuple(runs))


def _without_sign(text: str, piece: Piece, *, added: bool) -> Piece:
    """Leave out the plus sign in front of an added line of a diff, which also is a letter of base64."""
    start, end = piece
    signed = added and text[start] == "+" and (start == 0 or text[start - 1] == "\n")
    return (start + 1, end) if signed else piece


def _is_last_line(text: str, start: int, end: int) -> bool:
    """Whether a short run looks like the rest of a key that was cut in the middle of a line."""
    run = text[start:end]
    mixed = run.lower() != run and run.upper() != run
    return mixed and ((len(run) >= _TOLD_BY and any(map(str.isdigit, run))) or run.endswith("="))


def _beheaded(text: str) -> Iterator[Secret]:
    """Lines in front of an end whose begin is missing."""
    position = 0
    for end in _END.finditer(text):
        opened = max(position, end.start() - _REACH)
        position = end.end()
        if _BEGIN.search(text, opened, end.start()) is not None:
            continue
        runs = [match.span("run") for match in _RUN.finditer(text, opened, end.start()) if match["run"]]
        pieces = _last_lines(text, runs)
        if pieces:
            yield Secret(_KIND, tuple(pieces))


def _last_lines(text: str, runs: list[Piece]) -> list[Piece]:
    """Those of the runs that are lines of a key, going back from the last until something else stands there."""
    pieces: list[Piece] = []
    others = 0
    for start, end in reversed(runs):
        run = text[start:end]
        is_last = not pieces and not _WORD.fullmatch(run) and not is_hidden(run)
        if is_last or (end - start >= _CUT_OFF and not is_hidden(run)):
            pieces.append((start, end))
            others = 0
        else:
            others += 1
        if others > _BETWEEN:
            break
    told = any(end - start >= _CUT_OFF for start, end in pieces)
    return pieces[::-1] if told else []


def _putty(text: str) -> Iterator[Secret]:
    for block in _PUTTY.finditer(text):
        runs = re.finditer(r"\\n|(?P<run>[A-Za-z0-9+/]{8,128}={0,2})", block["body"])
        offset = block.start("body")
        pieces = [(offset + run.start(), offset + run.end()) for run in runs if run["run"]][: int(block["count"])]
        if pieces:
            yield Secret(_KIND, tuple(pieces))


def _members(text: str) -> Iterator[Secret]:
    """Private members of JSON Web Keys; of a symmetric key, the key."""
    position = 0
    for kind in _KEY_TYPE.finditer(text):
        if kind.start() < position:
            continue
        start = text.rfind("{", max(position, kind.start() - _OBJECT), kind.start())
        end = text.find("}", kind.end(), kind.end() + _OBJECT)
        start, end = (
            (max(position, kind.start() - _OBJECT) if start < 0 else start),
            (kind.end() + _OBJECT if end < 0 else end),
        )
        for member in _MEMBER.finditer(text, start, end):
            yield Secret(_KIND, (member.span("secret"),))
        position = end
