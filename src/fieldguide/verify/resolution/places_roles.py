"""Whether roles of reStructuredText and MyST that point at documents and labels lead anywhere.

Comes in: the target of a role such as `:doc:` or `:ref:`. Goes out: a `Verdict`.
Must never: call a label broken that another project's inventory may hold.

Source: Sphinx, "Cross-referencing syntax": labels are compared in lower case with single spaces; what this project
has not is looked up in the inventories of others (`sphinx.ext.intersphinx`).
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from posixpath import basename, splitext
from typing import TYPE_CHECKING, Final

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from fieldguide.domain.documents import Form
from fieldguide.verify.resolution.names_changes import is_likely
from fieldguide.verify.resolution.places_likeness import nearest
from fieldguide.verify.resolution.places_verdicts import holds, unknown, unseen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.domain.documents import Document, Mention, Verdict
    from fieldguide.verify.resolution.places_index import PlaceIndex
    from fieldguide.verify.resolution.places_links import Links

_DOCUMENTS: Final = frozenset({"doc", "toctree"})
_LABELS: Final = frozenset({"ref", "numref", "std-ref", "eq"})
_SLIP: Final = 2
"""Letters by which a label that was written wrongly differs."""
_OF_SPHINX: Final = frozenset({"genindex", "modindex", "py-modindex", "search"})


class Roles:
    """Roles of the documents of one tree."""

    def __init__(self, documents: Mapping[str, Document], index: PlaceIndex, links: Links) -> None:
        """Keep what targets are looked up in."""
        self._documents = documents
        self._index = index
        self._links = links

    @staticmethod
    def takes(mention: Mention) -> bool:
        """Tell whether a mention is a role that points at a document or a label."""
        name = mention.domain.rpartition(":")[2]
        return mention.form is Form.ROLE and name in _DOCUMENTS | _LABELS

    def resolve(self, mention: Mention, document: Document) -> Verdict:
        """Tell whether the target of a role is there."""
        target = mention.text.strip()
        if not target or any(mark in target for mark in "|{*<") or target == "self":
            return unknown("it is filled in elsewhere")
        inventory, _, name = mention.domain.rpartition(":")
        if ":" in target or inventory not in {"", "std"}:
            return unknown("it may be of another project")
        return self._document(target, document) if name in _DOCUMENTS else self._label(target, document)

    def _document(self, target: str, document: Document) -> Verdict:
        found = self._links.page(target, document)
        if found:
            return holds(found)
        if target in _OF_SPHINX:
            return unknown("Sphinx makes it")
        near = self._links.pages_near(target, document)
        slip = near and (Levenshtein.distance(near[0], target) <= _SLIP or basename(near[0]) == basename(target))
        if (slip and basename(target) != "index") or self._links.is_closed(document):
            return unseen("there is no such document", (target, basename(target)), near)
        return unknown("it may be generated, or of another project")

    def _label(self, target: str, document: Document) -> Verdict:
        label = " ".join(target.lower().split())
        if label in _OF_SPHINX:
            return unknown("Sphinx makes it")
        where = self._labels.get(label) or self._labels.get(label.replace("_", "-").replace(" ", "-"))
        if where:
            return holds(where)
        slips = process.extract(label, list(self._labels), scorer=Levenshtein.distance, score_cutoff=_SLIP, limit=3)
        if len(label) <= 2 * _SLIP or label.isdecimal():  # with two letters of few it is another: `721`, `2021`
            slips = []
        if slips:
            near = [found[0] for found in slips]
            return unseen("there is no such label", (target,), near, fix=near[0] if len(near) == 1 else "")
        if self._links.is_closed(document):
            return unseen("there is no such label", (target,), nearest(target, (*document.anchors, *self._labels)))
        known = (*self._labels, *self._often)
        likely = [one for one in known if self._said[label] == 1 and _is_likely(label, one)]
        if likely:
            return unseen("there is no such label", (target,), nearest(label, likely))
        return unknown("another project may have such a label")

    @cached_property
    def _said(self) -> Counter[str]:
        """How often each label is referred to, those included that another project or an extension has."""
        mentions = (one for document in self._documents.values() for one in document.mentions if self.takes(one))
        return Counter(" ".join(one.text.lower().split()) for one in mentions)

    @cached_property
    def _often(self) -> frozenset[str]:
        return frozenset(label for label, count in self._said.items() if count > 1)

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        """Path of a document by each of its anchors, in lower case."""
        return {
            anchor.lower(): path
            for path, one in sorted(self._documents.items())
            if splitext(path)[1] in {".rst", ".md", ".txt"}
            for anchor in one.anchors
        }


def _is_likely(label: str, other: str) -> bool:
    """A word more after a label makes another label, which another project may have."""
    return is_likely(_as_name(label), _as_name(other)) and not _as_name(label).startswith(f"{_as_name(other)}_")


def _as_name(label: str) -> str:
    """A label as a name in code would be written: its words can be compared then."""
    return label.replace("-", "_").replace(" ", "_")
