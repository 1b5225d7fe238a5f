"""Which documents are translations of others of the same tree.

Comes in: the paths of documents. Goes out: for each translation the path of what it translates.
Must never: look into a document.

A translation says what its original says. What both say is told of the original alone, once for a dozen languages; what
only the translation says is its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from fieldguide.domain.documents import Document, Mention

    _Said = tuple[str, str, str, tuple[str, ...]]

_LANGUAGES: Final = (
    "ar|az|be|bg|bn|ca|cs|da|de|el|es|et|fa|fi|fr|he|hi|hr|hu|hy|id|it|ja|ka|kk|ko|lt|lv|ml|mr|ms|nb|ne|nl|nn|no|pl|ps"
    "|pt|ro|ru|sk|sl|sq|sr|sv|ta|te|th|tr|uk|ur|uz|vi|yo|zh"
)
"""Codes of ISO 639-1 that no other word of a path is likely to be; of English others are the translations."""
_FOLDER: Final = re.compile(rf"(?:{_LANGUAGES})(?:[-_][A-Za-z]{{2,4}})?", re.IGNORECASE)
_SUFFIX: Final = re.compile(rf"[._-](?:{_LANGUAGES})(?:[-_][A-Za-z]{{2,4}})?(?=\.\w+$)", re.IGNORECASE)
_ORIGINALS: Final = ("en/", "en-US/", "en_US/", "english/", "")


def translated(paths: Collection[str]) -> dict[str, str]:
    """Paths of originals by those of their translations: `docs/de/a.md` of `docs/en/a.md`, `a.de.md` of `a.md`."""
    known = frozenset(paths)
    found = ((path, next((one for one in _may_translate(path) if one in known), "")) for path in known)
    return {path: original for path, original in found if original}


def _may_translate(path: str) -> Iterator[str]:
    parts = path.split("/")
    for index, part in enumerate(parts[:-1]):
        if _FOLDER.fullmatch(part):
            head, tail = "".join(f"{one}/" for one in parts[:index]), "/".join(parts[index + 1 :])
            yield from (f"{head}{one}{tail}" for one in _ORIGINALS)
    if _SUFFIX.search(path):
        yield from (_SUFFIX.sub(one, path) for one in ("", ".en", "_en", "-en"))


class Repetitions:
    """What translations say after their originals."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        """Keep the documents by path."""
        self._documents = documents
        self._originals = translated(documents)
        self._said: dict[str, frozenset[_Said]] = {}

    def has(self, path: str, mention: Mention) -> bool:
        """Tell whether the original of a document mentions the same."""
        original = self._originals.get(path)
        if original is None:
            return False
        if original not in self._said:
            said = self._documents[original].mentions
            self._said[original] = frozenset(map(_said, said))
        return _said(mention) in self._said[original]


def _said(mention: Mention) -> _Said:
    """All that resolution looks at: a translation may have keywords of its own, or say a number of something else."""
    return mention.kind.value, mention.text, mention.subject, mention.keywords
