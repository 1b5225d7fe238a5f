"""A directory read for a check: its code, all its documents, and those that are to be checked.

Comes in: `Settings`, and what reads. Goes out: a `Documented`, with what resolves its mentions.
Must never: hide anything; it is not for texts that leave the machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fieldguide.analyse.installed import Installed
from fieldguide.documents import INCLUDED, LARGEST, document_paths, read_documents
from fieldguide.domain.codebase import Codebase
from fieldguide.domain.documents import Document
from fieldguide.domain.source import Skipped
from fieldguide.errors import UsageError
from fieldguide.found import Selection
from fieldguide.gather import gather
from fieldguide.protection import own_files
from fieldguide.scan import IgnoredPaths, occurring, read_document
from fieldguide.verify.checking import Resolution
from fieldguide.verify.coverage import coverage
from fieldguide.verify.drift import CitedCode
from fieldguide.verify.resolution.names import NameResolver
from fieldguide.verify.resolution.places import PlaceResolver
from fieldguide.verify.resolution.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Collection

    from fieldguide.analyse import FactsCache
    from fieldguide.domain.checks import Coverage, Stale
    from fieldguide.domain.report import Observer
    from fieldguide.found import Found
    from fieldguide.hiding import Reader
    from fieldguide.settings import Settings
    from fieldguide.workers import Workers


@dataclass(frozen=True, slots=True)
class Documented:
    """A directory that was read: its code, all its documents, and those that are to be checked."""

    root: Path
    codebase: Codebase
    documents: dict[str, Document]
    chosen: tuple[Document, ...]

    @classmethod
    def read(
        cls, settings: Settings, found: Found, reader: Reader, cache: FactsCache, workers: Workers, observer: Observer
    ) -> Documented:
        """Analyse the code, and read the documents, of what a scan found."""
        gathered = gather(reader, found, pages=(), cache=cache, workers=workers, hides=False, observer=observer)
        codebase = gathered.codebase
        root = settings.directory
        named = _named(settings.check.files, root, codebase)
        paths = sorted({*document_paths(codebase), *named})
        documents = read_documents(root, paths, codebase=codebase, cache=cache, workers=workers, observer=observer)
        wanted = [path for path in paths if not settings.check.files or path in named]
        return cls(root, codebase, documents, tuple(documents[path] for path in wanted if path in documents))

    def resolver(self) -> Resolution:
        """What says whether a mention holds."""
        places = Surroundings(ignored=IgnoredPaths(self.root), read=self._text)
        return Resolution(
            NameResolver(self.codebase, Installed(self.root), self.documents),
            PlaceResolver(self.codebase, self.documents, places),
        )

    def occurring(self, words: Collection[str]) -> frozenset[str]:
        """Which of some words stand anywhere in what is no documentation."""
        paths = (one.path for one in (*self.codebase.files, *self.codebase.others))
        return frozenset(occurring(self.root, (path for path in paths if path not in self.documents), words))

    def stale(self) -> tuple[Stale, ...]:
        """Sections that fieldguide wrote and whose evidence has changed since, of the documents that are checked."""
        code = CitedCode(self.codebase, self._text)
        return tuple(found for one in self.chosen for found in code.drifted(one.path, self._text(one.path)))

    def coverage(self) -> Coverage:
        """How much of what is public is named in any document."""
        return coverage(self.codebase, self.documents.values())

    def _text(self, path: str) -> str:
        text = read_document(self.root, path, max_bytes=LARGEST)
        return "" if isinstance(text, Skipped) else text


def selection(settings: Settings) -> Selection:
    """Which files are read for a check: what every run reads, and all documents."""
    chosen = settings.scan
    exclude = (*chosen.exclude, *own_files(settings))
    return Selection((*chosen.include, *INCLUDED), exclude, chosen.max_file_size, chosen.trusted)


def _named(files: Collection[Path], root: Path, codebase: Codebase) -> frozenset[str]:
    """Paths of the documents that are named, by themselves or by a directory that they lie in.

    Raises:
        UsageError: A file is named that the scan left out, or that is no text for people.
    """
    documents = document_paths(codebase)
    texts = {one.path for one in codebase.files if one.language in {"markdown", "restructuredtext", "text"}}
    found: set[str] = set()
    for file in files:
        path = file.relative_to(root).as_posix()
        below = {one for one in documents if path == "." or one.startswith(f"{path}/")}
        if path in texts or path in documents:
            found.add(path)
        elif below or file.is_dir():
            found |= below
        else:
            fact = f"`{path}` is no document that is read"
            raise UsageError(fact, hint="name Markdown or reStructuredText that git does not ignore, or `--include` it")
    return frozenset(found)
