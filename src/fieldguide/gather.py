"""Scan, redact and analyse a directory: from files to one `Codebase`, over processes, cached by content.

Comes in: a directory and the few settings that these three stages need.
Goes out: the `Codebase`, and how much of it came from the cache.
Must never: hold more than a chunk of text at a time; hand on text that was not redacted; let one file end the run.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.analyse import FactsCache, analyse_file, assemble, facts_key, module_names, tree_digest
from fieldguide.domain.codebase import Codebase, FileFacts
from fieldguide.domain.environment import withheld
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.report import Note, Observer, Progress
from fieldguide.domain.source import OtherFile, Skipped, SkipReason, SourceFile
from fieldguide.redact import Redactor
from fieldguide.scan import read_text, revision, scan

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

CHUNK_FILES = 48
"""Files a worker gets at once: enough that handing them over costs little, few enough that both cores end together."""
POOL_THRESHOLD = 96
"""Below this many files one process is done before a second one has started (`bench/without_model.py`)."""
KEPT_AT_ONCE = 10 * CHUNK_FILES
"""Facts written to the cache in one go: each go waits for the disk, and a killed run loses no more than one."""
ANALYSING = "analysing code"

Task = tuple[SourceFile, str]
"""A file and the name of the module that it is; empty for what is no module."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a worker needs to turn a path into facts: picklable, the same in every process."""

    root: Path
    redactor: Redactor

    def read(self, source: SourceFile) -> RedactedText | Skipped:
        """Text of a file, redacted, or why it cannot be had."""
        text = read_text(self.root, source)
        return text if isinstance(text, Skipped) else self.redactor.redact(source.path, text)[0]

    def facts(self, task: Task) -> FileFacts:
        """Facts of one file; a file that cannot be read gives facts that say so."""
        source, module = task
        text = read_text(self.root, source)
        if isinstance(text, Skipped):
            return FileFacts(source=source, skipped=text)
        redacted, redactions = self.redactor.redact(source.path, text)
        return replace(analyse_file(source, redacted, module), redactions=redactions)

    def chunk(self, tasks: Sequence[Task]) -> list[FileFacts]:
        """Facts of several files, in their order."""
        return [self.facts(task) for task in tasks]


@dataclass(frozen=True, slots=True)
class Gathered:
    """A codebase, the way to read its files again, and how many files' facts were already known."""

    codebase: Codebase
    read: Callable[[str], RedactedText | None]
    from_cache: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of a directory are read."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    max_bytes: int


def gather(
    workshop: Workshop,
    selection: Selection,
    *,
    pages: tuple[str, ...],
    cache: FactsCache,
    jobs: int | None,
    observer: Observer,
) -> Gathered:
    """Read and analyse everything below the workshop's root. `pages` are ours: a change in them is none of the code."""
    found = _scan(workshop.root, selection, observer)
    digest = tree_digest(workshop.root.name, (*found.files, *found.others, *found.skipped))
    codebase, from_cache = cache.get_codebase(str(workshop.root), digest), len(found.files)
    if codebase is None:
        facts, from_cache = _all_facts(workshop, found.files, cache, jobs, observer)
        codebase = _assembled(workshop.root, found, facts)
        if not any(one.skipped and one.skipped.reason in _PASSING for one in facts):
            cache.put_codebase(str(workshop.root), digest, codebase)
    if cache.problem:
        observer(Note(f"the cache of facts is not used: {cache.problem}", warning=True))
    ours = (*pages, *(one.path for one in found.skipped if one.reason is SkipReason.GENERATED))
    codebase = replace(codebase, revision=revision(workshop.root, ours))
    by_path = {source.path: source for source in found.files}

    def read(path: str) -> RedactedText | None:
        source = by_path.get(path)
        text = workshop.read(source) if source else None
        return text if isinstance(text, RedactedText) else None

    return Gathered(codebase, read, from_cache)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a scan found, in its order."""

    files: tuple[SourceFile, ...]
    others: tuple[OtherFile, ...]
    skipped: tuple[Skipped, ...]


_PASSING = frozenset({SkipReason.VANISHED, SkipReason.UNREADABLE})
"""Reasons that may not hold any more at the next run although no byte of the tree has changed."""


def _scan(root: Path, selection: Selection, observer: Observer) -> _Found:
    files: list[SourceFile] = []
    others: list[OtherFile] = []
    skipped: list[Skipped] = []
    found = scan(root, include=selection.include, exclude=selection.exclude, max_bytes=selection.max_bytes)
    for count, entry in enumerate(found, start=1):
        match entry:
            case SourceFile():
                files.append(entry)
            case OtherFile():
                others.append(entry)
            case Skipped():
                skipped.append(entry)
        if count % 100 == 0:
            observer(Progress("reading files", count))
    observer(Progress("reading files", len(files), len(files)))
    return _Found(tuple(files), tuple(others), tuple(skipped))


def _assembled(root: Path, found: _Found, facts: Sequence[FileFacts]) -> Codebase:
    return assemble(
        name=root.name,
        files=found.files,
        facts=facts,
        others=found.others,
        skipped=[*found.skipped, *(one.skipped for one in facts if one.skipped)],
        revision=None,
    )


def _all_facts(
    workshop: Workshop, files: Sequence[SourceFile], cache: FactsCache, jobs: int | None, observer: Observer
) -> tuple[list[FileFacts], int]:
    """Facts of every file, in the files' order, and how many of them the cache gave."""
    plain = [source for source in files if source.language != "python"]
    first, plain_cached = _cached_or_fresh(workshop, [(source, "") for source in plain], cache, jobs, observer)
    manifests = [one.manifest for one in first if one.manifest]
    python = [source for source in files if source.language == "python"]
    names = module_names([source.path for source in python], manifests, directory=workshop.root.name)
    tasks = [(source, names[source.path]) for source in python]
    second, python_cached = _cached_or_fresh(workshop, tasks, cache, jobs, observer)
    by_path = {one.source.path: one for one in (*first, *second)}
    return [by_path[source.path] for source in files], plain_cached + python_cached


def _cached_or_fresh(
    workshop: Workshop, tasks: Sequence[Task], cache: FactsCache, jobs: int | None, observer: Observer
) -> tuple[list[FileFacts], int]:
    keys = {facts_key(source, module): (source, module) for source, module in tasks}
    known = cache.get_many(list(keys))
    fresh: list[FileFacts] = []
    unkept: dict[str, FileFacts] = {}
    for batch in _fresh(workshop, [task for key, task in keys.items() if key not in known], jobs):
        fresh.extend(facts for _, facts in batch)
        unkept |= {facts_key(*task): facts for task, facts in batch}
        if len(unkept) >= KEPT_AT_ONCE:
            cache.put_many(unkept)
            unkept = {}
        observer(Progress(ANALYSING, len(known) + len(fresh), len(tasks)))
    cache.put_many(unkept)
    return [*known.values(), *fresh], len(known)


Batch = list[tuple[Task, FileFacts]]


def _fresh(workshop: Workshop, tasks: Sequence[Task], jobs: int | None) -> Iterator[Batch]:
    """Batches of facts as they come. One process for a few files; for many, as many as there are processors."""
    workers = min(jobs or os.cpu_count() or 1, len(tasks) // CHUNK_FILES + 1)
    chunks = [tasks[start : start + CHUNK_FILES] for start in range(0, len(tasks), CHUNK_FILES)]
    if workers == 1 or len(tasks) < POOL_THRESHOLD:
        for chunk in chunks:
            yield list(zip(chunk, workshop.chunk(chunk), strict=True))
        return
    broken: list[Task] = []
    with _pool(workers) as pool:
        waiting: dict[Future[list[FileFacts]], Sequence[Task]] = {}
        try:
            for chunk in chunks:
                try:
                    waiting[pool.submit(workshop.chunk, chunk)] = chunk
                except BrokenProcessPool:  # an early chunk may end its worker before the last one is handed over
                    broken.extend(chunk)
            for future in as_completed(waiting):
                try:
                    yield list(zip(waiting[future], future.result(), strict=True))
                except BrokenProcessPool:
                    broken.extend(waiting[future])
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    yield from _after_crash(workshop, broken)


def _after_crash(workshop: Workshop, tasks: Sequence[Task]) -> Iterator[Batch]:
    """Facts of the files that a dying worker left undone: halved until the one that ends its process stands alone."""
    if not tasks:
        return
    with _pool(1) as pool:
        try:
            yield list(zip(tasks, pool.submit(workshop.chunk, tasks).result(), strict=True))
        except BrokenProcessPool:
            crashed = True
        else:
            crashed = False
    if not crashed:
        return
    if len(tasks) == 1:
        source = tasks[0][0]
        reason = Skipped(source.path, SkipReason.UNPARSED, "it ended the process that parsed it")
        yield [(tasks[0], FileFacts(source=source, skipped=reason))]
        return
    middle = len(tasks) // 2
    yield from _after_crash(workshop, tasks[:middle])
    yield from _after_crash(workshop, tasks[middle:])


def _pool(workers: int) -> ProcessPoolExecutor:
    """Worker processes that leave Ctrl-C to their parent. Never forked: the terminal may have a thread running."""
    context = multiprocessing.get_context("forkserver" if os.name == "posix" else "spawn")
    if os.name == "posix":
        from multiprocessing import forkserver  # noqa: PLC0415  # it exists on POSIX alone

        # Workers are forked from this server and have its environment: what is not in it when it starts, none has.
        with withheld():
            forkserver.ensure_running()
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_depend_on_parent)


def _depend_on_parent() -> None:
    """Leave Ctrl-C to the parent, and end with it: a killed parent would leave its workers waiting for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()


def _end_with(parent: BaseProcess | None) -> None:
    if parent is not None:
        parent.join()
        os._exit(1)  # nobody is left to tell
