"""Faults that a person has set aside by a comment in the document.

Comes in: faults of one document, and its `Ignored` lines. Goes out: the faults that are left, and comments that give
no reason.
Must never: take a comment for one fault as one for another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.domain.documents import Document, Ignored, Mention


def is_ignored(mention: Mention, document: Document) -> bool:
    """Whether a comment of the document sets this mention aside."""
    return any(one.first <= mention.line <= one.last and _means(one, mention) for one in document.ignored)


def unexplained(documents: Iterable[Document]) -> tuple[Span, ...]:
    """Where something is ignored without a reason."""
    return tuple(
        Span(document.path, one.first, one.last)
        for document in documents
        for one in document.ignored
        if not one.reason.strip()
    )


def _means(ignored: Ignored, mention: Mention) -> bool:
    return not ignored.text or _bare(ignored.text) in {_bare(mention.text), *map(_bare, mention.keywords)}


def _bare(text: str) -> str:
    return text.strip().strip("`").removesuffix("()")
