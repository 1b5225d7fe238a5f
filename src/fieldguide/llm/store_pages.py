"""What the pages of one project were written from, kept beside the replies that they were written of.

Comes in: a `Basis`. Goes out: the one of a page that carries its digest, or the latest one of a page.
Must never: write the name of a project or of a file into the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

import msgspec

from fieldguide.domain.basis import Basis
from fieldguide.llm.store import ReplyStore

KIND: Final = "basis"
LATEST: Final = "latest basis"


@dataclass(frozen=True, slots=True)
class PageShelf:
    """Pages of one project."""

    store: ReplyStore
    project: str
    """What tells it from others: the path of its directory."""

    def get(self, digest: str) -> Basis | None:
        """The basis of a page that carries `digest`, or the half of it that a page carries from which something lacks.

        It is found for whoever has the page: in another directory, on another branch.
        """
        key = _half(digest)
        content = self.store.get_kept(KIND, [key]).get(key)
        try:
            return msgspec.msgpack.decode(content, type=Basis) if content is not None else None
        except msgspec.MsgspecError:
            return None

    def latest(self, page: str) -> Basis | None:
        """The basis of what was last written as a page of this project, though nobody may have it any more."""
        key = self._name(page)
        digest = self.store.get_kept(LATEST, [key]).get(key)
        return self.get(digest.decode()) if digest is not None else None

    def put(self, page: str, basis: Basis) -> bool:
        """Keep it, on disk before this returns; whether it is there."""
        key = _half(basis.digest)
        return self.store.put_kept(
            (KIND, {key: msgspec.msgpack.encode(basis)}), (LATEST, {self._name(page): key.encode()})
        )

    def _name(self, page: str) -> str:
        return blake2b(f"{self.project}\0{page}".encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def _half(digest: str) -> str:
    """As many digits as every page carries; a whole digest has 32."""
    return digest[:16]
