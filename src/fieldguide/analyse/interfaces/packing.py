"""Packs the statements that a file contributes: most are never read, and as objects they are a third of all facts.

Comes in: `Code`. Goes out: bytes, and `Code` again from those.
Must never: be given bytes that it did not pack.
"""

from __future__ import annotations

import zlib

import msgspec

from fieldguide.domain.interfaces import Code

_LEVEL = 1


def packed(statements: tuple[Code, ...]) -> bytes:
    """Pack statements; of none, no bytes."""
    return zlib.compress(msgspec.msgpack.encode(statements), _LEVEL) if statements else b""


class Unpacked:
    """What was unpacked, kept: definitions that were interpreted are known by identity."""

    def __init__(self) -> None:
        self._decoder = msgspec.msgpack.Decoder(tuple[Code, ...])
        self._kept: dict[tuple[str, bytes], tuple[Code, ...]] = {}

    def of(self, path: str, data: bytes) -> tuple[Code, ...]:
        """The statements that a file at `path` was packed into, the same objects each time.

        Raises:
            msgspec.MsgspecError, zlib.error: The bytes are not what `packed` gave.
        """
        if not data:
            return ()
        if (path, data) not in self._kept:
            self._kept[path, data] = self._decoder.decode(zlib.decompress(data))
        return self._kept[path, data]
