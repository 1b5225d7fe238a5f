"""Finds what is secret in a tree, and decides what is hidden in each of its files.

Comes in: files, and a redactor. Goes out: what is hidden where, and a redactor that knows every value of the tree.
Must never: hold more than a chunk of text at a time; keep a value anywhere but in memory.

First every file is searched by the detectors. The values that they found anywhere are then looked for everywhere: in
all files, and in the names of files and directories. What was searched before comes from the cache.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.domain.redacted import RedactedText, Redaction
from fieldguide.domain.report import Observer, Progress
from fieldguide.domain.source import Skipped, SkipReason, SourceFile
from fieldguide.redact import FindingsCache, Hidden, LastLook, Redactor, Secret, pieces_of
from fieldguide.scan import read_text

if TYPE_CHECKING:
    from fieldguide.redact import Detector
    from fieldguide.workers import Workers

SEARCHING = "searching for secrets"
COMPARING = "searching for known values"
PREPARING = "preparing the rules of redaction, once"
KEPT_AT_ONCE = 480
"""Findings written to the cache in one go."""
CRASHED = "it ended the process that searched it"

Own = tuple[SourceFile, tuple[Secret, ...]]
"""A file and what the detectors found in it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What a worker needs to search files: picklable, the same in every process."""

    root: Path
    redactor: Redactor

    def detect(self, sources: Sequence[SourceFile]) -> list[tuple[Secret, ...] | Skipped]:
        """What the detectors find in several files, in their order."""
        found: list[tuple[Secret, ...] | Skipped] = []
        for source in sources:
            text = read_text(self.root, source)
            found.append(text if isinstance(text, Skipped) else self.redactor.detector.detect(source.path, text))
        return found

    def locate(self, tasks: Sequence[Own]) -> list[tuple[Hidden, ...] | Skipped]:
        """What is to be hidden in several files, in their order."""
        located: list[tuple[Hidden, ...] | Skipped] = []
        for source, own in tasks:
            text = read_text(self.root, source)
            located.append(text if isinstance(text, Skipped) else self.redactor.locate(source.path, text, own))
        return located

    def read(
        self, source: SourceFile, hidden: Sequence[Hidden]
    ) -> tuple[RedactedText, tuple[Redaction, ...]] | Skipped:
        """Text of a file with what was located in it hidden, or why it cannot be had."""
        text = read_text(self.root, source)
        return text if isinstance(text, Skipped) else self.redactor.rewrite(source.path, text, hidden)


@dataclass(slots=True)
class Searched:
    """What is secret in a tree."""

    reader: Reader
    """Its redactor knows every value."""
    hidden: dict[str, tuple[Hidden, ...]] = field(default_factory=dict[str, tuple[Hidden, ...]])
    """By path; files in which nothing is hidden are left out."""
    skipped: dict[str, Skipped] = field(default_factory=dict[str, Skipped])
    """Files that could not be searched, by path: they must not be read."""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    """Names that hold a secret, and how they may be shown."""
    redactions: tuple[Redaction, ...] = ()
    """Of names."""


def search(
    reader: Reader,
    files: Sequence[SourceFile],
    names: Sequence[str],
    *,
    cache: FindingsCache,
    workers: Workers,
    observer: Observer,
) -> Searched:
    r"""Search files and names for secrets.

    Args:
        reader: Whose redactor knows nothing yet, or what is secret whatever the tree says.
        files: To be searched.
        names: Paths of files, and other short texts that may be shown; `\n` in one counts as a space.
        cache: What was found before.
        workers: Who searches.
        observer: Is told how far the search is.
    """
    searched = Searched(reader)
    own = _own(searched, files, cache, workers, observer)
    listing = "\n".join(name.replace("\n", " ") for name in names)
    in_names = LastLook(reader.redactor, cache).shapes(listing)
    values = [(secret.kind, pieces_of(listing, secret)) for secret in in_names]
    for source, secrets in own:
        text = read_text(reader.root, source) if secrets else ""
        if isinstance(text, str):
            values += [(secret.kind, pieces_of(text, secret)) for secret in secrets]
    redactor = reader.redactor.knowing(values)
    searched.reader = replace(reader, redactor=redactor)
    _locate(searched, own, cache, workers, observer)
    shown, redactions = redactor.rewrite("", listing, redactor.locate("", listing, in_names))
    lines = shown.text.split("\n")
    searched.names = {name: line for name, line in zip(names, lines, strict=False) if line != name.replace("\n", " ")}
    searched.redactions = tuple(replace(one, path=lines[one.first - 1], first=1, last=1) for one in redactions)
    return searched


def _prepared(detectors: Sequence[Detector]) -> list[bool]:
    """Have the rules compiled, for every process to find them; true for each."""
    for detector in detectors:
        detector.prepare()
    return [True for _ in detectors]


def _own(
    searched: Searched, files: Sequence[SourceFile], cache: FindingsCache, workers: Workers, observer: Observer
) -> list[Own]:
    """What the detectors find in each file."""
    found = {path: secrets for (path, _), secrets in cache.found((one.path, one.digest) for one in files).items()}
    missing = [source for source in files if source.path not in found]
    detector = searched.reader.redactor.detector
    if missing and not detector.is_prepared():
        observer(Progress(PREPARING))
        for _ in workers.each(_prepared, [detector], apart=workers.are_many_for(missing)):
            pass
    unkept: dict[tuple[str, str], tuple[Secret, ...]] = {}
    done = len(found)
    for batch in workers.each(searched.reader.detect, missing):
        for source, secrets in batch:
            if isinstance(secrets, tuple):
                found[source.path] = unkept[source.path, source.digest] = secrets
            else:
                searched.skipped[source.path] = secrets or Skipped(source.path, SkipReason.UNPARSED, CRASHED)
        if len(unkept) >= KEPT_AT_ONCE:
            cache.keep_found(unkept)
            unkept = {}
        done += len(batch)
        observer(Progress(SEARCHING, done, len(files)))
    cache.keep_found(unkept)
    return [(source, found[source.path]) for source in files if source.path in found]


def _locate(searched: Searched, own: Sequence[Own], cache: FindingsCache, workers: Workers, observer: Observer) -> None:
    """Fill in what is hidden in each file, now that all values are known."""
    redactor = searched.reader.redactor
    known = redactor.known.digest(redactor.key)
    tasks = [(source, secrets) for source, secrets in own if secrets or redactor.known]
    found = {path: one for (path, _), one in cache.hidden(((one.path, one.digest) for one, _ in tasks), known).items()}
    unkept: dict[tuple[str, str], tuple[Hidden, ...]] = {}
    done = len(found)
    for batch in workers.each(searched.reader.locate, [task for task in tasks if task[0].path not in found]):
        for (source, _), hidden in batch:
            if isinstance(hidden, tuple):
                found[source.path] = unkept[source.path, source.digest] = hidden
            else:
                searched.skipped[source.path] = hidden or Skipped(source.path, SkipReason.UNPARSED, CRASHED)
        if len(unkept) >= KEPT_AT_ONCE:
            cache.keep_hidden(unkept, known)
            unkept = {}
        done += len(batch)
        observer(Progress(COMPARING, done, len(tasks)))
    cache.keep_hidden(unkept, known)
    searched.hidden = {path: hidden for path, hidden in found.items() if hidden}
