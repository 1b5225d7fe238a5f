"""A codebase that is written a piece at a time is the one that is read."""

from __future__ import annotations

import zlib
from dataclasses import replace

import msgspec

from fieldguide.analyse.compression import compressed
from fieldguide.domain.codebase import Codebase
from fieldguide.domain.source import Role, SourceFile
from fieldguide.domain.symbols import Module


def _codebase(files: int) -> Codebase:
    sources = tuple(SourceFile(f"a{number}.py", "python", number, "0" * 32, Role.SOURCE) for number in range(files))
    modules = {f"a{number}": Module(f"a{number}", f"a{number}.py", Role.SOURCE, 1) for number in range(files)}
    return Codebase("größe", sources, modules=modules, summaries={"a0.py": "Läuft."}, lines=files)


def test_what_is_written_in_pieces_is_what_msgspec_writes_and_reads() -> None:
    for files in (0, 1, 3_000):
        codebase = _codebase(files)
        raw = zlib.decompress(compressed("digest", codebase))
        assert msgspec.msgpack.decode(raw, type=tuple[str, Codebase]) == ("digest", codebase)
        assert msgspec.msgpack.decode(raw) == msgspec.msgpack.decode(msgspec.msgpack.encode(("digest", codebase)))


def test_another_codebase_is_written_otherwise() -> None:
    codebase = _codebase(3)
    assert compressed("digest", codebase) != compressed("digest", replace(codebase, lines=4))
    assert compressed("digest", codebase) != compressed("other", codebase)
