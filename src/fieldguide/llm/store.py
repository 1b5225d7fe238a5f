"""What was paid for, kept in the user's cache directory so that the same words are not bought twice.

Comes in: replies under a request's digest, notes under a topic's digest. Goes out: exactly those.
Must never: hold a refused or cut-off reply, lie in the documented directory, or end a run: a store that cannot be
used is no store, and `problem` says why.

Two runs at once share one store. Each claims a digest before it pays for it; the other waits for the reply.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self

import msgspec

from fieldguide.domain.request import Reply, StopReason
from fieldguide.llm.store_bounds import MAX_BYTES, MAX_DAYS, age, occupied, reclaim, shrink
from fieldguide.llm.store_claims import Claim, Claims
from fieldguide.llm.store_database import Database
from fieldguide.llm.store_form import sealed, unsealed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

FILE: Final = "replies.sqlite3"
LOCK_FILE: Final = "replies.lock"
REPLY: Final = "reply"
NOTE: Final = "note"
LATEST: Final = "latest"
"""Which note was the last on a topic of a project, whatever shaped it."""
PATIENCE: Final = 900.0
"""Seconds in which no run has kept anything, after which one that holds a claim counts as stopped."""
_FIRST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 0.5
_BATCH: Final = 500
_LOG: Final = logging.getLogger(__name__)


class ReplyStore:
    """Replies and notes by the digest of exactly what shaped them (SQLite; safe with threads, and with other runs)."""

    def __init__(self, directory: Path | None, *, max_bytes: int = MAX_BYTES, max_days: float = MAX_DAYS) -> None:
        """Keep everything in `directory`, which need not exist; `None` keeps nothing.

        Nothing is opened or made before it is needed.
        """
        self._database = Database(directory / FILE if directory else None)
        self._claims = Claims(directory / LOCK_FILE if directory else None)
        self._max_bytes, self._max_days = max_bytes, max_days
        self._began = time.time()
        self._used: set[tuple[str, str]] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def problem(self) -> str:
        """Why something is not kept, or was lost; empty while there is nothing to say. The run goes on all the same."""
        return self._database.problem

    def get(self, digest: str) -> Reply | None:
        """The reply that was kept under `digest`; `None` when there is none or the store cannot be read."""
        content = self._contents(REPLY, [digest]).get(digest)
        try:
            return msgspec.msgpack.decode(content, type=Reply) if content is not None else None
        except msgspec.MsgspecError:
            return None

    def put(self, digest: str, reply: Reply) -> bool:
        """Keep a whole reply, on disk before this returns; whether it is there. Blocks for milliseconds."""
        return self.put_many([(digest, reply)])[0]

    def put_many(self, replies: Sequence[tuple[str, Reply]]) -> list[bool]:
        """The same for several, at the cost of one: whether each is there."""
        whole = [one.stop_reason is StopReason.STOP and bool(one.text.strip()) for _, one in replies]
        # Half a surrogate pair, which JSON can hold and no file: the rest of the reply is worth keeping.
        encoded = {
            digest: msgspec.msgpack.encode(replace(one, text=one.text.encode("utf-8", "replace").decode()))
            for (digest, one), is_whole in zip(replies, whole, strict=True)
            if is_whole
        }
        kept = self._keep((REPLY, encoded))
        return [kept and is_whole for is_whole in whole]

    def get_notes(self, digests: Iterable[str]) -> dict[str, str]:
        """Those notes that are known, by digest."""
        return {digest: content.decode() for digest, content in self._contents(NOTE, list(digests)).items()}

    def put_notes(self, notes: Mapping[str, str], *, topics: Mapping[str, str] | None = None) -> bool:
        """Keep notes, all or none, on disk before this returns; whether they are there. Blocks for milliseconds.

        Args:
            notes: Texts by digest.
            topics: Digest of the note that is now the latest, by a name of its topic that no other project has.
        """
        latest = {topic: digest.encode() for topic, digest in (topics or {}).items()}
        texts = {digest: note.encode("utf-8", "replace") for digest, note in notes.items()}
        return self._keep((NOTE, texts), (LATEST, latest))

    def get_latest(self, topics: Iterable[str]) -> dict[str, str]:
        """The latest notes on those topics of which there are any, by topic."""
        digests = {topic: digest.decode() for topic, digest in self._contents(LATEST, list(topics)).items()}
        notes = self.get_notes(set(digests.values()))
        return {topic: notes[digest] for topic, digest in digests.items() if digest in notes}

    def get_kept(self, kind: str, digests: Iterable[str]) -> dict[str, bytes]:
        """What else was kept of a kind, by digest, as far as there is any."""
        return self._contents(kind, list(digests))

    def put_kept(self, *kept: tuple[str, Mapping[str, bytes]]) -> bool:
        """Keep something else, by kind and digest, all or none, on disk before this returns; whether it is there."""
        return self._keep(*kept)

    def forget(self, digest: str) -> None:
        """Take a reply out that turned out to hold nothing that was asked for."""
        self._database.write(
            lambda database: database.execute("DELETE FROM kept WHERE kind = ? AND digest = ?", (REPLY, digest))
        )

    def claim(self, digest: str) -> Claim | None:
        """Claim a digest before it is paid for; `None` while this run or another has it. Ends with the process."""
        return self._claims.take(digest)

    def release(self, claim: Claim) -> None:
        """Let others have it: after the reply was kept, or when there will be none."""
        self._claims.release(claim)

    async def obtain(self, digest: str, *, patience: float = PATIENCE) -> Reply | Claim:
        """The reply to a request, or the claim to it: then it is the caller's to pay for, to keep and to release.

        Waits while another task or run has the claim, and takes over when that one releases it without a reply, ends
        in any way, or stops: nothing was kept by anybody for `patience` seconds.
        """
        kept = self.get(digest)
        if kept is not None:
            return kept
        claim = self.claim(digest)
        if claim is None:
            _LOG.info("request %s is being asked by another run: waiting for its reply", digest[:12])
            claim = await self._wait(digest, patience)
        # It may have been kept between the look and the claim.
        kept = self.get(digest)
        if kept is None:
            return claim
        self.release(claim)
        return kept

    def prune(self) -> None:
        """At the end of a run: note what it used, and let go what is too old or too much, but nothing that it used."""
        if self._database.path is None or not self._database.path.exists():
            return
        used, self._used = self._used, set()
        oldest = time.time() - self._max_days * 86_400
        self._database.write(lambda database: age(database, used, self._began, oldest=oldest))
        if (self._database.read(occupied) or 0) > self._max_bytes:
            while self._database.write(lambda database: shrink(database, self._began, self._max_bytes)):
                pass
        while self._database.tidy(reclaim):
            pass

    def close(self) -> None:
        """Release all claims and close the file."""
        self._claims.close()
        self._database.close()

    async def _wait(self, digest: str, patience: float) -> Claim:
        pause, version, since = _FIRST_PAUSE, self._version(), time.monotonic()
        while (claim := self.claim(digest)) is None:
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE, 1.5 * pause)
            if version != (version := self._version()):
                since = time.monotonic()
            elif time.monotonic() - since > patience:
                _LOG.warning("the run that asks request %s has stopped: asking it again", digest[:12])
                return Claim(digest)
        return claim

    def _version(self) -> int | None:
        """Changes when anybody keeps something."""
        return self._database.read(lambda database: database.execute("PRAGMA data_version").fetchone()[0])

    def _contents(self, kind: str, digests: list[str]) -> dict[str, bytes]:
        rows = self._database.read(lambda database: list(_rows(database, kind, digests))) or []
        found = {digest: content for digest, value in rows if (content := unsealed(value)) is not None}
        self._used.update((kind, digest) for digest in found)
        return found

    def _keep(self, *kept: tuple[str, Mapping[str, bytes]]) -> bool:
        now = time.time()
        rows = [
            (kind, digest, now, now, sealed(content)) for kind, contents in kept for digest, content in contents.items()
        ]
        add = "INSERT OR REPLACE INTO kept (kind, digest, stored, used, value) VALUES (?, ?, ?, ?, ?)"
        return not rows or self._database.write(lambda database: database.executemany(add, rows)) is not None


def _rows(database: sqlite3.Connection, kind: str, digests: list[str]) -> Iterator[tuple[str, bytes]]:
    for start in range(0, len(digests), _BATCH):
        batch = digests[start : start + _BATCH]
        marks = ",".join("?" * len(batch))
        query = f"SELECT digest, value FROM kept WHERE kind = ? AND digest IN ({marks})"  # noqa: S608  only question marks
        yield from database.execute(query, (kind, *batch))
