"""What documents say themselves of names: what their directives describe, and what their examples use.

Comes in: the documents of a tree.
Goes out: why a name that the code does not have is no fault where it stands, or nothing.
Must never: excuse a name because another document uses it: only because one describes it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fieldguide.domain.documents import Document, Mention

DESCRIBING: Final = frozenset(
    {"function", "class", "method", "attribute", "data", "exception", "decorator", "property", "classmethod"}
    | {"staticmethod", "decoratormethod", "type", "module", "currentmodule"}
)
"""Directives that describe a thing of Python where a person wants it described, not always where it is defined."""


class Told:
    """What the documents of one tree say of names."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        """Keep the documents by path."""
        self._documents = documents
        self._path = ""
        self._used = frozenset[str]()

    @cached_property
    def _described(self) -> frozenset[str]:
        return frozenset(
            mention.text.removesuffix("()")
            for document in self._documents.values()
            for mention in document.mentions
            if is_description(mention)
        )

    def of(self, mention: Mention, document: Document, parts: Sequence[str], *, owned: bool) -> str:
        """Why a name that the code does not have is no fault here; empty where nothing is said of it.

        Args:
            mention: Of the name.
            document: That it stands in.
            parts: The name.
            owned: What stands before its last part is known to the code.
        """
        name = ".".join(parts)
        if mention.form is Form.ROLE and not is_description(mention):
            full = f"{mention.subject}.{name}" if mention.subject else name
            owner = "" if owned else name.rpartition(".")[0]
            if self._described & {name, full} or owner in self._described:
                return "a document describes it"
        if len(parts) == 1 and mention.form is Form.CODE and name in self._examples(document):
            return "an example of the document uses it without saying where it comes from"
        return ""

    def _examples(self, document: Document) -> frozenset[str]:
        if self._path != document.path:
            self._path = document.path
            self._used = frozenset(
                part
                for mention in document.mentions
                if mention.form is Form.PYTHON and mention.domain == "unbound"
                for part in mention.text.split(".")
            )
        return self._used


def is_description(mention: Mention) -> bool:
    """Tell whether a mention is the thing that a directive describes."""
    return mention.form is Form.ROLE and mention.domain in DESCRIBING and bool(mention.written or mention.subject == "")
