"""The notes of one project, on the shelf of a store that holds those of all.

Comes in: notes by digest, each with the key of its topic. Goes out: notes by digest, and the latest one on a topic;
which notes there can be none of.
Must never: write the name of a project or of a file into the store.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from fieldguide.llm.store import ReplyStore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class NoteShelf:
    """Notes of one project."""

    store: ReplyStore
    project: str
    """What tells it from others: the path of its directory."""

    def get_notes(self, digests: Sequence[str]) -> Mapping[str, str]:
        """Notes by the digest of what shaped them, as far as there are any."""
        return self.store.get_notes(digests)

    def put_notes(self, notes: Mapping[str, tuple[str, str]]) -> None:
        """Keep notes by digest, each with its topic's key, on disk before this returns."""
        texts = {digest: text for digest, (_, text) in notes.items()}
        self.store.put_notes(texts, topics={self._topic(key): digest for digest, (key, _) in notes.items()})

    def earlier_notes(self, keys: Sequence[str]) -> Mapping[str, str]:
        """The latest note on each topic of this project, whatever shaped it."""
        topics = {self._topic(key): key for key in keys}
        return {topics[topic]: note for topic, note in self.store.get_latest(topics).items()}

    def refused(self, digests: Sequence[str]) -> frozenset[str]:
        """Those notes, by the digest of what would shape them, that the content filter has refused before."""
        return frozenset(self.store.get_kept(REFUSED, list(digests)))

    def put_refused(self, digests: Sequence[str]) -> None:
        """Remember what the content filter refused, on disk before this returns."""
        self.store.put_kept((REFUSED, dict.fromkeys(digests, b"")))

    def _topic(self, key: str) -> str:
        return blake2b(f"{self.project}\0{key}".encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
