"""The lines of a ledger: records as JSON, each chained to the one before by a digest.

Comes in: records and the bytes of a ledger. Goes out: bytes of a line, and records out of lines.
Must never: touch a file; decide what a broken chain means.

A line is one JSON object whose last member is `digest`: over everything before it, `previous` included, which is the
digest of the line before. The digest is SHA-256, or HMAC-SHA-256 (RFC 2104) where the user has a key.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import msgspec

from fieldguide.domain.ledger import Arrival, Departure  # noqa: TC001  (msgspec reads the fields' types)

FIRST: Final = "0" * 64
"""What the first record has for the digest of the one before."""
PLAIN: Final = "sha256"
KEYED: Final = "hmac-sha256"
_ENDING: Final = b',"digest":"'
_PURPOSE: Final = b"fieldguide ledger"


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line. `sent` stands in that of a departure; `ended` and `of`, the departure's number, in that of its end."""

    number: int
    time: str
    chain: str
    previous: str
    sent: Departure | None = None
    ended: Arrival | None = None
    of: int = 0
    after: str = ""
    """SHA-256 of what lies between the record before and this one: a record that was not written whole."""


class Line(msgspec.Struct, frozen=True):
    """A record as it was read, with the digest that it carries and the bytes that the digest is over."""

    record: Record
    digest: str
    content: bytes


_DECODER: Final = msgspec.json.Decoder(Record)


def ledger_key(text: str) -> bytes:
    """A key of the ledger's own out of the user's, which serves other purposes too."""
    return hmac.digest(text.encode(), _PURPOSE, "sha256")


def encode(record: Record, key: bytes | None) -> bytes:
    """Make the line of a record, its line end included."""
    content = msgspec.json.encode(record).removesuffix(b"}")
    return content + _ENDING + digest_of(content, key).encode() + b'"}\n'


def decode(line: bytes) -> Line | None:
    """Read a line without its line end; `None` when it is no record."""
    content, found, rest = line.rpartition(_ENDING)
    if not found or not rest.endswith(b'"}') or len(rest) != len(FIRST) + 2:
        return None
    try:
        return Line(_DECODER.decode(content + b"}"), rest[:-2].decode("ascii"), content)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def digest_of(content: bytes, key: bytes | None) -> str:
    """The digest that a line with this content has to carry."""
    return hmac.digest(key, content, "sha256").hex() if key else hashlib.sha256(content).hexdigest()
