"""Finds and reads the documentation of a directory: what people wrote about the code, and what we wrote.

Comes in: a codebase, and what its scan left out as ours. Goes out: a `Document` for each, over processes, cached by
content.
Must never: take a test's data or a template for documentation; let one document end the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from posixpath import basename, splitext
from typing import TYPE_CHECKING, Final

import msgspec

from fieldguide.domain.documents import Document
from fieldguide.domain.report import Observer, Progress
from fieldguide.domain.source import Role, Skipped, SkipReason
from fieldguide.scan import read_document as read_text
from fieldguide.verify.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fieldguide.analyse import FactsCache
    from fieldguide.domain.codebase import Codebase
    from fieldguide.workers import Workers

INCLUDED: Final = ("*.rst", "*.markdown", "*.mdx", "docs/**/*.txt", "doc/**/*.txt")
"""Read for a check besides what every run reads."""
READING: Final = "reading documents"
LARGEST: Final = 2_000_000
"""Bytes of a document."""
_SUFFIXES: Final = frozenset({".md", ".rst", ".markdown", ".mdx"})
_TEMPLATE_SIGNS: Final = ("{{", "{%", "%(", "cookiecutter.")
_DATA: Final = frozenset(
    {"fixtures", "data", "testdata", "test_data", "templates", "snapshots", "cassettes", "_vendor"}
)


@dataclass(frozen=True, slots=True)
class Librarian:
    """What a worker needs to read documents: picklable, the same in every process."""

    root: Path

    def read(self, paths: Sequence[str]) -> list[Document | Skipped]:
        """Several documents, in their order."""
        return [self._document(path) for path in paths]

    def _document(self, path: str) -> Document | Skipped:
        text = read_text(self.root, path, max_bytes=LARGEST)
        return text if isinstance(text, Skipped) else read_document(path, text)


def document_paths(codebase: Codebase) -> tuple[str, ...]:
    """Paths of the documentation of a directory, in their order; our own pages are among it."""
    read = [one.path for one in codebase.files if _is_document(one.path, one.role)]
    ours = [one.path for one in codebase.skipped if one.reason is SkipReason.GENERATED and _has_suffix(one.path)]
    return tuple(sorted({*read, *ours}))


def read_documents(
    root: Path, paths: Sequence[str], *, codebase: Codebase, cache: FactsCache, workers: Workers, observer: Observer
) -> dict[str, Document]:
    """Read documents, those that are known from the cache; what cannot be read is left out."""
    digests = {one.path: one.digest for one in codebase.files}
    keys = {path: _key(path, digests[path]) for path in paths if path in digests}
    known = {key: _decoded(value) for key, value in cache.rows(keys.values())}
    found = {path: document for path, key in keys.items() if (document := known.get(key)) is not None}
    fresh: dict[str, Document] = {}
    missing = [path for path in paths if path not in found]
    for batch in workers.each(Librarian(root).read, missing):
        fresh |= {path: document for path, document in batch if isinstance(document, Document)}
        observer(Progress(READING, len(found) + len(fresh), len(paths)))
    cache.keep({keys[path]: msgspec.msgpack.encode(one) for path, one in fresh.items() if path in keys})
    found |= fresh
    return {path: found[path] for path in paths if path in found}


def _is_document(path: str, role: Role) -> bool:
    if any(sign in path for sign in _TEMPLATE_SIGNS):
        return False
    if basename(path).lower().startswith("readme") and _has_suffix(path):
        return role is not Role.TEST or _DATA.isdisjoint(path.split("/")[:-1])
    return role is Role.DOCUMENTATION and (_has_suffix(path) or path.endswith(".txt"))


def _has_suffix(path: str) -> bool:
    return splitext(path)[1].lower() in _SUFFIXES


def _decoded(value: bytes) -> Document | None:
    try:
        return msgspec.msgpack.decode(value, type=Document)
    except msgspec.MsgspecError:
        return None


def _key(path: str, digest: str) -> str:
    parts = f"{path}\0{digest}\0{_reader_version()}"
    return f"document {blake2b(parts.encode('utf-8', 'surrogateescape'), digest_size=20).hexdigest()}"


@cache
def _reader_version() -> str:
    """Digest of the code that reads documents: other code, other documents."""
    digest = blake2b(digest_size=16)
    package = Path(__file__).parent
    for path in _sources(package / "verify" / "reading", package / "domain"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(*folders: Path) -> Iterable[Path]:
    return (path for folder in folders for path in sorted(folder.rglob("*.py")))
