"""What documents declare themselves, by the directives of Sphinx's domains: `.. class:: Client`.

Comes in: documents. Goes out: the names that they declare.
Must never: take a declaration for proof that the code has the name.

A declared object may lie elsewhere than where it is declared (`Client` of `package._client` declared in `package`), be
made at run time, or be none of Python's at all (`django.jQuery`). So where its last name stands in the code as a word,
neither the declaration nor what refers to it is a fault.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.domain.documents import Document, Mention, Verdict

_DIRECTIVES: Final = frozenset(
    {
        *("module", "currentmodule", "class", "exception", "function", "method", "classmethod", "staticmethod"),
        *("attribute", "property", "data", "decorator", "decoratormethod", "coroutinefunction", "type"),
    }
)


def declared_names(documents: Iterable[Document]) -> frozenset[str]:
    """Every declared name, whole and by its last two parts or more."""
    return frozenset(
        suffix
        for document in documents
        for mention in document.mentions
        if is_declaration(mention)
        for suffix in _suffixes(mention.text)
    )


def is_declaration(mention: Mention) -> bool:
    """Whether a mention is the argument of a directive that declares it."""
    if mention.form is not Form.ROLE or mention.domain.removeprefix("py:") not in _DIRECTIVES:
        return False
    return "`" not in mention.sentence and mention.sentence.startswith(mention.written or mention.text)


def doubted(mention: Mention, verdict: Verdict, declared: frozenset[str]) -> Verdict:
    """A verdict that the name as a word in the code would make `UNKNOWN`, where documents declare what is meant."""
    text = mention.text.removesuffix("()")
    if mention.domain == "earlier":
        word = verdict.part or text.rpartition(".")[2]
        return replace(verdict, certain=False, words=(*verdict.words, word), fix="")
    if verdict.part in mention.keywords or not (is_declaration(mention) or text in declared):
        return verdict
    return replace(verdict, certain=False, words=(*verdict.words, text.rpartition(".")[2]), fix="")


def _suffixes(text: str) -> Iterable[str]:
    parts = text.removesuffix("()").split(".")
    return (".".join(parts[first:]) for first in range(max(1, len(parts) - 1)))
