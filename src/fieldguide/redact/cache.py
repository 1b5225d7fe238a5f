"""Keeps where secrets stand between runs, so that an unchanged file is not searched twice.

Comes in: positions, kinds and keyed digests, under a keyed digest of the content and of all that shapes them.
Goes out: the same positions, or nothing.
Must never: keep a value, or anything from which one could be had without the key.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import msgspec

from fieldguide.redact.redactor import Hidden, Redactor
from fieldguide.redact.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


Content = tuple[str, str]
"""Path and digest of a file's content: detectors ask for both."""

_Pieces = tuple[tuple[int, int], ...]
_Row = TypeVar("_Row")


class Rows(Protocol):
    """Where values lie under keys."""

    def rows(self, keys: Iterable[str]) -> list[tuple[str, bytes]]:
        """Values of those keys that are known."""
        ...

    def keep(self, values: Mapping[str, bytes]) -> None:
        """Keep values."""
        ...


@cache
def detection_version() -> str:
    """Digest of all code and rules by which secrets are found. Computed when it is first asked for."""
    digest = blake2b(version("kingfisher-secret-scanner").encode(), digest_size=16)
    room = Path(__file__).parent
    for path in sorted(room.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(room).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def redaction_version(redactor: Redactor) -> str:
    """Digest of all that decides what of a text is hidden and how, but for the values known from other texts."""
    detector = redactor.detector
    shaping = (detector.level, sorted(detector.hide), detector.patterns, sorted(redactor.reviewed), detection_version())
    return blake2b(repr(shaping).encode("utf-8", "surrogatepass"), key=redactor.key, digest_size=16).hexdigest()


def hidden_digest(hidden: Iterable[Hidden], reviewed: Collection[str]) -> str:
    """Digest of what is hidden in a file, and of what stays readable; empty for nothing. `Redaction` tells as much."""
    content = "".join(
        f"{one.secret.kind}{one.secret.pieces}{one.fingerprint}{one.fingerprint in reviewed}\n" for one in hidden
    )
    return blake2b(content.encode(), digest_size=16).hexdigest() if content else ""


@dataclass(frozen=True, slots=True)
class FindingsCache:
    """Findings of one redactor, in rows that others use too."""

    store: Rows
    redactor: Redactor
    version: str = field(init=False)

    def __post_init__(self) -> None:
        """Compute what every key depends on."""
        object.__setattr__(self, "version", redaction_version(self.redactor))

    def found(self, contents: Iterable[Content]) -> dict[Content, tuple[Secret, ...]]:
        """What detectors found in those contents that were searched before."""
        keys = {self._key("found", content): content for content in contents}
        return {
            keys[key]: tuple(Secret(kind, pieces) for kind, pieces in rows)
            for key, rows in _decoded(self.store.rows(keys), list[tuple[str, _Pieces]])
        }

    def keep_found(self, found: Mapping[Content, Iterable[Secret]]) -> None:
        """Keep what detectors found."""
        self.store.keep(
            {
                self._key("found", content): msgspec.msgpack.encode([(one.kind, one.pieces) for one in secrets])
                for content, secrets in found.items()
            }
        )

    def hidden(self, contents: Iterable[Content], known: str) -> dict[Content, tuple[Hidden, ...]]:
        """What is hidden in those contents that were searched for the values whose digest is `known`."""
        keys = {self._key(f"hidden {known}", content): content for content in contents}
        return {
            keys[key]: tuple(Hidden(Secret(kind, pieces), fingerprint) for kind, pieces, fingerprint in rows)
            for key, rows in _decoded(self.store.rows(keys), list[tuple[str, _Pieces, str]])
        }

    def keep_hidden(self, hidden: Mapping[Content, Iterable[Hidden]], known: str) -> None:
        """Keep what is hidden."""
        self.store.keep(
            {
                self._key(f"hidden {known}", content): msgspec.msgpack.encode(
                    [(one.secret.kind, one.secret.pieces, one.fingerprint) for one in every]
                )
                for content, every in hidden.items()
            }
        )

    def _key(self, what: str, content: Content) -> str:
        parts = "\0".join((what, *content, self.version)).encode("utf-8", "surrogateescape")
        return blake2b(parts, key=self.redactor.key, digest_size=20).hexdigest()


def _decoded(rows: Iterable[tuple[str, bytes]], form: type[_Row]) -> list[tuple[str, _Row]]:
    decoder = msgspec.msgpack.Decoder(form)
    found: list[tuple[str, _Row]] = []
    for key, value in rows:
        with suppress(msgspec.MsgspecError):
            found.append((key, decoder.decode(value)))
    return found
