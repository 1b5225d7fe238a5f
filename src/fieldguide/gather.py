"""Scan, redact and analyse a directory: from files to one `Codebase`, over processes, cached by content.

Comes in: a directory and the few settings that these three stages need.
Goes out: the `Codebase`, how much of it came from the cache, and a redactor that knows every secret of the directory.
Must never: hold more than a chunk of text at a time; hand on text that was not redacted; let one file end the run.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from fieldguide.analyse import FactsCache, Installed, analyse_file, assemble, facts_key, module_names, tree_digest
from fieldguide.domain.codebase import Codebase, FileFacts
from fieldguide.domain.namespaces import InstalledCode
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.report import Note, Observer, Progress
from fieldguide.domain.source import Skipped, SkipReason, SourceFile
from fieldguide.found import Found, Selection, find
from fieldguide.hiding import CRASHED, Reader, Searched, search
from fieldguide.redact import FindingsCache, Hidden, LastLook, hidden_digest
from fieldguide.scan import revision
from fieldguide.workers import CHUNK_FILES, Workers

KEPT_AT_ONCE = 10 * CHUNK_FILES
"""Facts written to the cache in one go: each go waits for the disk, and a killed run loses no more than one."""
RENEWED_FROM = 1_000
"""Files from which on new processes analyse: those of the search hold the rules of the engine, half of their memory."""
ANALYSING = "analysing code"

Task = tuple[SourceFile, str, tuple[Hidden, ...]]
"""A file, the name of the module that it is (empty for what is no module), and what is hidden in it."""


@dataclass(frozen=True, slots=True)
class Analyst:
    """What a worker needs to turn files into facts: picklable, the same in every process."""

    reader: Reader

    def chunk(self, tasks: Sequence[Task]) -> list[FileFacts]:
        """Facts of several files, in their order; a file that cannot be read gives facts that say so."""
        return [self._facts(*task) for task in tasks]

    def _facts(self, source: SourceFile, module: str, hidden: tuple[Hidden, ...]) -> FileFacts:
        read = self.reader.read(source, hidden)
        if isinstance(read, Skipped):
            return FileFacts(source=source, skipped=read)
        return replace(analyse_file(source, read[0], module), redactions=read[1])


@dataclass(frozen=True, slots=True)
class Gathered:
    """A codebase, the way to read its files again, and how many files' facts were already known."""

    codebase: Codebase
    read: Callable[[str], RedactedText | None]
    from_cache: int
    last_look: LastLook
    """Knows every secret of the directory."""
    installed: InstalledCode
    """What is installed beside the code."""


def gather(
    reader: Reader,
    selection: Selection | Found,
    *,
    pages: tuple[str, ...],
    cache: FactsCache,
    workers: Workers,
    hides: bool = True,
    observer: Observer,
    meanwhile: Callable[[], None] = lambda: None,
) -> Gathered:
    """Read and analyse everything below the reader's root.

    Args:
        reader: Of the directory.
        selection: Which of its files are read, or what a scan of those found.
        pages: Are ours: a change in them is none of the code.
        cache: Of facts.
        workers: Who works.
        hides: Secrets are searched for and hidden. Without that nothing of the text may leave the machine, and the
            cache has to be one that no other run reads.
        observer: Is told how far it is.
        meanwhile: Begins, in other threads, what is needed after this for a tree of which something has changed.
    """
    found = selection if isinstance(selection, Found) else find(reader.root, selection, observer)
    ours = (*pages, *(one.path for one in found.generated))
    findings = FindingsCache(cache, reader.redactor)
    digest = tree_digest(reader.root.name, found.code, findings.version if hides else "")
    codebase, from_cache = cache.get_codebase(str(reader.root), digest), len(found.files)
    renews = hides and len(found.files) >= RENEWED_FROM
    if codebase is None and not renews:  # of a large tree memory is short, and seconds are not
        meanwhile()
    searched = Searched(reader)
    if hides:
        files = _to_search(found, codebase)
        searched = search(reader, files, found.names, cache=findings, workers=workers, observer=observer)
    found = found.without_secret_names(searched.names)
    if codebase is None:
        codebase, lasting, from_cache = _analysed(searched, found, cache, workers, observer, renews=renews)
        if lasting:
            cache.put_codebase(str(reader.root), digest, codebase)
    if cache.problem:
        observer(Note(f"the cache of facts is not used: {cache.problem}", warning=True))
    skipped = (*found.generated, *codebase.skipped)
    codebase = replace(codebase, skipped=skipped, revision=revision(reader.root, ours))
    look = LastLook(searched.reader.redactor, findings)
    return Gathered(codebase, _reading(searched, codebase), from_cache, look, Installed(reader.root))


def _to_search(found: Found, codebase: Codebase | None) -> Sequence[SourceFile]:
    """Files that have to be searched for secrets: all, or those in which there are any, of a tree that is known."""
    if codebase is None:
        return found.files
    holding = {one.path for one in codebase.redactions}
    shown = {one.path for one in codebase.files}
    return [source for source in found.files if source.path in holding or source.path not in shown]


def _reading(searched: Searched, codebase: Codebase) -> Callable[[str], RedactedText | None]:
    """The way to the redacted text of a path, `None` where it cannot be had any more."""
    unsearched = {one.path for one in codebase.skipped if one.detail == CRASHED} | searched.skipped.keys()
    by_path = {source.path: source for source in codebase.files if source.path not in unsearched}

    def read(path: str) -> RedactedText | None:
        source = by_path.get(path)
        if source is None:
            return None
        text = searched.reader.read(source, searched.hidden.get(path, ()))
        return None if isinstance(text, Skipped) else text[0]

    return read


_PASSING = frozenset({SkipReason.VANISHED, SkipReason.UNREADABLE})
"""Reasons that may not hold any more at the next run although no byte of the tree has changed."""


def _assembled(searched: Searched, found: Found, facts: Sequence[FileFacts]) -> Codebase:
    codebase = assemble(
        name=found.name,
        files=found.files,
        facts=facts,
        others=found.others,
        skipped=[
            *(one for one in found.code if isinstance(one, Skipped)),
            *(one.skipped for one in facts if one.skipped),
        ],
        revision=None,
    )
    return replace(codebase, redactions=(*codebase.redactions, *searched.redactions))


def _analysed(
    searched: Searched, found: Found, cache: FactsCache, workers: Workers, observer: Observer, *, renews: bool
) -> tuple[Codebase, bool, int]:
    """The codebase, whether it is the same as long as no file changes, and how many files' facts the cache gave."""
    if renews:
        workers.renew()
    facts, from_cache = _all_facts(searched, found, cache, workers, observer)
    if renews:  # they give their memory back before the codebase takes its own
        workers.renew()
    lasting = not any(one.skipped and one.skipped.reason in _PASSING for one in facts)
    codebase = _assembled(searched, found, facts)
    facts.clear()
    if renews:  # what joined the facts refers to itself, and holds them: nobody else looks for that in time
        gc.collect()
    return codebase, lasting, from_cache


def _all_facts(
    searched: Searched, found: Found, cache: FactsCache, workers: Workers, observer: Observer
) -> tuple[list[FileFacts], int]:
    """Facts of every file, in the files' order, and how many of them the cache gave."""
    files = [source for source in found.files if source.path not in searched.skipped]
    hidden = searched.hidden
    plain = [(source, "", hidden.get(source.path, ())) for source in files if source.language != "python"]
    first, plain_cached = _cached_or_fresh(searched.reader, plain, cache, workers, observer)
    manifests = [one.manifest for one in first if one.manifest]
    python = [source for source in files if source.language == "python"]
    names = module_names([source.path for source in python], manifests, directory=found.name)
    tasks = [(source, names[source.path], hidden.get(source.path, ())) for source in python]
    second, python_cached = _cached_or_fresh(searched.reader, tasks, cache, workers, observer)
    by_path = {one.source.path: one for one in (*first, *second)}
    by_path |= {
        source.path: FileFacts(source=source, skipped=searched.skipped[source.path])
        for source in found.files
        if source.path in searched.skipped
    }
    return [by_path[source.path] for source in found.files], plain_cached + python_cached


def _cached_or_fresh(
    reader: Reader, tasks: Sequence[Task], cache: FactsCache, workers: Workers, observer: Observer
) -> tuple[list[FileFacts], int]:
    reviewed = reader.redactor.reviewed
    keys = {(task[0].path, task[1]): facts_key(task[0], task[1], hidden_digest(task[2], reviewed)) for task in tasks}
    known = cache.get_many(list(keys.values()))
    fresh: list[FileFacts] = []
    unkept: dict[str, FileFacts] = {}
    missing = [task for task in tasks if keys[task[0].path, task[1]] not in known]
    for batch in workers.each(Analyst(reader).chunk, missing):
        for (source, module, _), facts in batch:
            if facts is None:
                reason = Skipped(source.path, SkipReason.UNPARSED, "it ended the process that parsed it")
                fresh.append(FileFacts(source=source, skipped=reason))
            else:
                fresh.append(facts)
            unkept[keys[source.path, module]] = fresh[-1]
        if len(unkept) >= KEPT_AT_ONCE:
            cache.put_many(unkept)
            unkept = {}
        observer(Progress(ANALYSING, len(known) + len(fresh), len(tasks)))
    cache.put_many(unkept)
    return [*known.values(), *fresh], len(known)
