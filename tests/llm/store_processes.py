"""What processes of their own do with a store, in the tests of it. Each is started by `multiprocessing`."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.domain.request import Reply, StopReason, Usage
from fieldguide.llm.store import ReplyStore

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext

NOBODY = 65534


def processes() -> ForkServerContext:
    """Processes that start in milliseconds, since what they import was imported before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["fieldguide.llm.store"])
    return context


def reply(text: str) -> Reply:
    return Reply(text, StopReason.STOP, Usage(1200, 340), "model-2024-08-06")


def digest(number: int) -> str:
    return f"{number:032x}"


def text_of(name: str) -> str:
    return f"The reply to {name}. " * 60


def put_for_ever(directory: str, journal: str, first: int) -> None:
    """Keep replies and notes, and note each that the store acknowledged."""
    with ReplyStore(Path(directory)) as store, Path(journal).open("ab", buffering=0) as acknowledged:
        acknowledged.write(b"begun\n")
        for number in count(first):
            name = digest(number)
            text = text_of(name)
            if store.put_notes({name: text}) if number % 3 == 0 else store.put(name, reply(text)):
                acknowledged.write(f"{number}\n".encode())


def pay_for_all(directory: str, journal: str, numbers: int, *, seconds: float = 0.01, odd_seconds: float = 0) -> None:
    """Be a run that wants the replies to all these requests; note each that it pays for.

    A reply takes so many seconds; one to a request with an odd number takes `odd_seconds` more.
    """
    asyncio.run(_pay_for_all(Path(directory), Path(journal), numbers, (seconds, seconds + odd_seconds)))


async def _pay_for_all(directory: Path, journal: Path, numbers: int, seconds: tuple[float, float]) -> None:
    paid = os.open(journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with ReplyStore(directory) as store:

        async def one(number: int) -> None:
            had = await store.obtain(digest(number))
            if isinstance(had, Reply):
                assert had.text == text_of(digest(number))
                return
            os.write(paid, f"{os.getpid()} {number}\n".encode())
            await asyncio.sleep(seconds[number % 2])
            store.put(had.digest, reply(text_of(had.digest)))
            store.release(had)

        await asyncio.gather(*(one(number) for number in range(numbers)))
    os.close(paid)


def fill_a_small_disk(directory: str, journal: str) -> None:
    """Go on after no file can grow any more, and note what the store says."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    with ReplyStore(Path(directory)) as store:
        kept = [number for number in range(300) if store.put(digest(number), reply(text_of(digest(number))))]
        readable = [number for number in kept if store.get(digest(number)) == reply(text_of(digest(number)))]
        store.prune()
        Path(journal).write_text(f"{len(kept)} {len(readable)}\n{store.problem}\n", "utf-8")


def read_as_nobody(directory: str, report: str) -> None:
    """Read a store in a place that may not be written, as a user for whom that is so."""
    said = os.open(report, os.O_WRONLY | os.O_CREAT, 0o600)
    if os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    with ReplyStore(Path(directory)) as store:
        found = store.get(digest(1))
        claim = store.claim(digest(2))
        kept = store.put(digest(2), reply("new"))
        store.prune()
        os.write(said, f"{found is not None} {claim is not None} {kept}\n{store.problem}".encode())
    os.close(said)
