"""Writes a codebase compressed, a piece at a time: in one piece it would take as much memory again as it is of.

Comes in: a digest and a `Codebase`. Goes out: zlib's compression of the msgpack of both, as `msgspec` reads it.
Must never: hold more of the uncompressed form than some hundred items.

Format: https://github.com/msgpack/msgpack/blob/master/spec.md (an array or a map is its length, then its items).
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Final, cast

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.domain.codebase import Codebase

_AT_ONCE: Final = 500
"""Items; the compressor is asked once for all of them."""
_LEVEL: Final = 1
_PAIR: Final = b"\x92"
_MAP: Final = b"\xdf"
_ARRAY: Final = b"\xdd"


def compressed(digest: str, codebase: Codebase) -> bytes:
    """The compressed msgpack of `(digest, codebase)`."""
    squeezer = zlib.compressobj(_LEVEL)
    written = bytearray()
    waiting: list[bytes] = []
    for piece in _pieces(digest, codebase):
        waiting.append(piece)
        if len(waiting) == _AT_ONCE:
            written += squeezer.compress(b"".join(waiting))
            waiting.clear()
    return bytes(written + squeezer.compress(b"".join(waiting)) + squeezer.flush())


def _pieces(digest: str, codebase: Codebase) -> Iterator[bytes]:
    pack = msgspec.msgpack.Encoder().encode
    members = fields(codebase)
    yield _PAIR + pack(digest) + _MAP + _length(len(members))
    for member in members:
        yield pack(member.name)
        value: object = getattr(codebase, member.name)
        if isinstance(value, Mapping):
            items = cast("Mapping[str, object]", value)
            yield _MAP + _length(len(items))
            yield from (pack(key) + pack(one) for key, one in items.items())
        elif isinstance(value, tuple):
            several = cast("tuple[object, ...]", value)
            yield _ARRAY + _length(len(several))
            yield from map(pack, several)
        else:
            yield pack(value)


def _length(count: int) -> bytes:
    return count.to_bytes(4, "big")
