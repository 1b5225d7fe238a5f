"""What documents say themselves of names: what their directives describe, and what their examples use.

Comes in: the documents of a tree.
Goes out: why a name that the code does not have is no fault where it stands, or nothing.
Must never: excuse a name because another document uses it: only because one describes it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form
from fieldguide.domain.page import ReferenceKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fieldguide.domain.documents import Document, Mention

DESCRIBING: Final = frozenset(
    {"function", "class", "method", "attribute", "data", "exception", "decorator", "property", "classmethod"}
    | {"staticmethod", "decoratormethod", "type", "module", "currentmodule"}
)
"""Directives that describe a thing of Python where a person wants it described, not always where it is defined."""


_EXPLAINED: Final = re.compile(
    r"\b[Aa]n? `(?P<name>[A-Za-z_]\w+)`(?: object)? is an? (?:\w+ )?(?:object|array|mapping|dictionary|string|number)\b"
)


class Told:
    """What the documents of one tree say of names."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        """Keep the documents by path."""
        self._documents = documents
        self._path = ""
        self._used = frozenset[str]()
        self._of = ""
        self._said = frozenset[str]()

    @cached_property
    def _described(self) -> frozenset[str]:
        return frozenset(
            mention.text.removesuffix("()")
            for document in self._documents.values()
            for mention in document.mentions
            if is_description(mention)
        )

    @cached_property
    def called(self) -> frozenset[str]:
        """Last parts of all that the documents show as called, or name by roles."""
        return frozenset(
            mention.text.removesuffix("()").rpartition(".")[2]
            for document in self._documents.values()
            for mention in document.mentions
            if mention.kind is ReferenceKind.CALL or mention.form is Form.ROLE or mention.text.endswith("()")
        )

    def of_role(self, role: str) -> frozenset[str]:
        """What the documents name by one role."""
        return self._by_role.get(role, frozenset())

    @cached_property
    def _by_role(self) -> Mapping[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for document in self._documents.values():
            for mention in document.mentions:
                if mention.form is Form.ROLE:
                    found[mention.domain].add(mention.text)
        return {role: frozenset(names) for role, names in found.items()}

    @cached_property
    def named(self) -> frozenset[str]:
        """Last parts of all names that the documents mention."""
        return frozenset(
            mention.text.removesuffix("()").rpartition(".")[2]
            for document in self._documents.values()
            for mention in document.mentions
            if mention.kind in {ReferenceKind.CALL, ReferenceKind.NAME}
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
        if len(parts) == 1 and name in self._explained(document):
            return "the document says what it is"
        return ""

    def _explained(self, document: Document) -> frozenset[str]:
        """Names that a sentence of the document says to be a kind of data: "An `Entry` is an object that…"."""
        if self._of != document.path:
            self._of = document.path
            found = (_EXPLAINED.search(mention.sentence) for mention in document.mentions)
            self._said = frozenset(match["name"] for match in found if match)
        return self._said

    def _examples(self, document: Document) -> frozenset[str]:
        if self._path != document.path:
            self._path = document.path
            self._used = (
                frozenset(
                    part
                    for mention in document.mentions
                    if mention.form is Form.PYTHON and mention.domain == "unbound"
                    for part in mention.text.split(".")
                )
                | document.uses
            )
        return self._used


def is_description(mention: Mention) -> bool:
    """Tell whether a mention is the thing that a directive describes."""
    return mention.form is Form.ROLE and mention.domain in DESCRIBING and bool(mention.written or mention.subject == "")
