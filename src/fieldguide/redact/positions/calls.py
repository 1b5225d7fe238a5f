r"""Literals in calls that take a user and a password by position.

Comes in: a text and a name that may be called. Goes out: extents of literals, and how much their look must say.
Must never: read more than a bounded number of arguments.

Shapes: `login("user", "…")`, `auth=("user", "…")`, `HTTPBasicAuth("user", "…")`, `new NetworkCredential(user, "…")`,
`Fernet("…")`, `hmac.new("…", …)`, `jwt.encode(claims, "…")`, `compare_digest(given, "…")`,
`DriverManager.getConnection(url, "user", "…")`, `create_user("user", "mail", "…")`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.positions.literals import literal_at
from fieldguide.redact.values import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.positions.anchors import Anchor
    from fieldguide.redact.positions.literals import Extent
    from fieldguide.redact.subject import Subject

_OPEN: Final = re.compile(r"[ \t]?(?:=[ \t]?)?\(")
_SURE: Final = re.compile(
    r"(?:basic_?auth\w{0,16}|digest_?auth|credentials?|passwordauthentication|authentication(?:_?token)?|userpass"
    r"|password_auth\w{0,12})$|(?:^|[_.])auth$"
)
_LOGIN: Final = re.compile(
    r"(?:^|[_.a])(?:log_?in|log_?on|sign_?in(?!g)|authenticate)\w{0,12}$|(?:create|add|register"
    r"|insert)_?(?:super)?user$|(?:with|set|plain|http)_?auth$"
)
_CONNECT: Final = re.compile(
    r"get_?connection$|connect$|(?:^|\.)connect\w{1,8}$|(?:^|[_.])(?:mysqli|pdo)$|(?:open|create)_?connection$"
    r"|datasource$"
)
_KEYED: Final = re.compile(
    r"(?:^|\.)(?:fernet|hmac\.(?:new|digest)|compare_digest|jwt\.(?:en|de)code|createhmac|secretkeyspec"
    r"|symmetricsecuritykey)$"
)
"""Functions that take a key or a secret by position."""
_ONE_TIME: Final = re.compile(r"(?:^|[_.])(?:[th]?otp|authenticator)(?:[a-z_]{0,20})(?:\.\w{1,20})?$")
"""Functions of one-time passwords, which take a seed in base32."""
_SEED: Final = re.compile(r"[A-Z2-7]{16,128}={0,6}|[a-z2-7]{16,128}")
_OTHER: Final = re.compile(r"""\s{0,80}[^"'`,()\n]{0,80}(?:\([^"'()\n]{0,60}\))?(?=[,)])""")
_COMMA: Final = re.compile(r"(?:\.\w{1,16}\(\))?\s{0,80},\s{0,80}")
_BEFORE: Final = re.compile(r"\s{0,80}(?:new[ ]String\(|SecureString\(|\[\]byte\(|b|u)?(?=[\"'`@])")
_ARGUMENTS: Final = 6
_PLACE: Final = 2
"""Of the password among the arguments of a connection: address, user, password."""
_MOST: Final = 4
_PAIR: Final = 2


def find_in_call(subject: Subject, anchor: Anchor) -> Iterator[tuple[Extent, Need]]:
    """Find the password of a call; nothing where the anchor is no such call."""
    opening = _OPEN.match(subject.text, anchor.end)
    if opening is None:
        return
    name = anchor.identifier.lower()
    sure, login = _SURE.search(name), _LOGIN.search(name)
    if _KEYED.search(name):
        literals, _ = _arguments(subject.text, opening.end())
        yield from ((one, Need.RANDOM) for number, one in literals if number < _PAIR)
    elif _ONE_TIME.search(name):
        literals, _ = _arguments(subject.text, opening.end())
        yield from ((one, Need.ANY) for _, one in literals if _SEED.fullmatch(subject.text, *one))
    elif _CONNECT.search(name):
        literals, count = _arguments(subject.text, opening.end())
        need = Need.ANY if len(literals) > 1 else Need.MIXED
        numbers = {number for number, _ in literals}
        place = _PLACE + (count > _PLACE + 1 and numbers >= {_PLACE, _PLACE + 1} and 1 not in numbers)  # after a port
        yield from ((one, need) for number, one in literals if number == place < count)
    elif sure or login:
        literals, count = _arguments(subject.text, opening.end())
        chosen = [one for number, one in literals if number]
        if chosen and count <= _MOST:
            yield chosen[-1] if login else chosen[0], Need.ANY if sure and count == _PAIR else Need.MIXED


def _arguments(text: str, position: int) -> tuple[list[tuple[int, Extent]], int]:
    """The literals among the first arguments with their 0-based places, and how many arguments there are."""
    literals: list[tuple[int, Extent]] = []
    for number in range(_ARGUMENTS):
        opening = _BEFORE.match(text, position)
        value = None if opening is None else literal_at(text, opening.end())
        if value is not None:
            literals.append((number, value[0]))
            position = value[1]
        elif (other := _OTHER.match(text, position)) is not None:
            position = other.end()
        else:
            return literals, number
        comma = _COMMA.match(text, position)
        if comma is None:
            return literals, number + 1
        position = comma.end()
    return literals, _ARGUMENTS
