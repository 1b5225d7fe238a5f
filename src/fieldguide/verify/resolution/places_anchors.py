"""Whether the fragment of a link leads to a heading, a label or lines that are there.

Comes in: a fragment, and the anchors of the documents as they were read.
Goes out: a `Verdict`, its nearest names written with `#`.
Must never: call a fragment broken in a document to which its builder may add parts.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import Form, State, Verdict
from fieldguide.verify.resolution.places_likeness import ONE_WORD_MORE, likeness, nearest
from fieldguide.verify.resolution.places_verdicts import absent, holds, unknown, unseen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Document

_LINES: Final = re.compile(r"L(\d+)(?:C\d+)?(?:-L?(\d+)(?:C\d+)?)?")
_BY_BROWSERS: Final = re.compile(
    r"(?:top|:~:text=.*|readme|start-of-content|.*\.\..*|/.*|!.*|__.*|fn:?.*|cite.*)", re.IGNORECASE
)
_API: Final = re.compile(r"[\w-]*[A-Za-z_]\w*(?:\.\w+)+|module-.*|confval-.*|cmdoption-.*|term-.*|envvar-.*|py:.*")
"""Fragments that builders give to definitions and options that they render."""


INCLUDES: Final = frozenset({"include", "mdinclude", "literalinclude"})
"""What a mention's domain is where the document takes another file's text into its own."""
_MYST: Final = frozenset({"toctree", "ref", "doc", "func", "class", "meth", "mod", "term"})
"""Domains that only documents of Sphinx have."""


class Anchors:
    """Fragments of the documents of one tree."""

    def __init__(self, codebase: Codebase, documents: Mapping[str, Document]) -> None:
        """Keep what fragments are looked up in."""
        self._codebase = codebase
        self._documents = documents

    def of(self, path: str, fragment: str) -> Verdict:
        """Tell whether a file has a fragment."""
        document = self._documents.get(path)
        if document is not None and not _LINES.fullmatch(fragment):
            return self.resolve(fragment, document)
        return self.lines(path, fragment) or unknown("the fragments of such a file are not known")

    def resolve(self, fragment: str, document: Document) -> Verdict:  # noqa: PLR0911 - one question after another
        """Tell whether a document has a fragment."""
        if not fragment or _BY_BROWSERS.fullmatch(fragment):
            return unknown("every page has it, or none by name")
        if fragment in document.anchors or fragment.lower() in self._lower(document):
            return holds(document.path)
        if _API.fullmatch(fragment):
            return unknown("it is of a definition that the builder renders")
        near = nearest(fragment, document.anchors)
        written = tuple(f"#{one}" for one in near)
        why = "there is no such heading" if document.language == "markdown" else "there is no such label or heading"
        grows = self._grows(document)
        if (grows or not document.anchors) and (fragment in self._everywhere or not self._plain(fragment, near)):
            return unknown("other text is put into the document")
        if fragment in self._labels:
            return unknown("another document has it as a label")
        if grows or not document.anchors:
            return unseen(why, (), written)
        return absent(why, written, fix=written[0] if len(near) == 1 and self._plain(fragment, near) else "")

    @staticmethod
    def _plain(fragment: str, near: tuple[str, ...]) -> bool:
        """It is very like one that is there."""
        return bool(near) and likeness(fragment, near[0]) >= ONE_WORD_MORE

    @cached_property
    def _everywhere(self) -> frozenset[str]:
        return frozenset(one for document in self._documents.values() for one in document.anchors)

    @cached_property
    def _labels(self) -> frozenset[str]:
        """Anchors of documents of Sphinx, where MyST lets `#label` lead into any of them."""
        of_sphinx = (one for one in self._documents.values() if _MYST & {each.domain for each in one.mentions})
        return frozenset(one for document in of_sphinx for one in document.anchors)

    def lines(self, path: str, fragment: str) -> Verdict | None:
        """Tell whether a file has these lines; `None` where none are named, or its length is not known."""
        match = _LINES.fullmatch(fragment)
        last = self._last_lines.get(path)
        if match is None or last is None:
            return None
        first, until = int(match[1]), int(match[2] or match[1])
        if first <= until <= last or until <= first <= last:
            return holds(path)
        return absent(f"the file has {last:,} lines")

    @staticmethod
    def _lower(document: Document) -> frozenset[str]:
        return frozenset(one.lower() for one in document.anchors)

    @staticmethod
    def _grows(document: Document) -> bool:
        """Its builder may put text of other files into it, headings included."""
        return any(
            one.domain in INCLUDES or (one.form is Form.ROLE and one.domain.startswith(("auto", "mkdocstrings")))
            for one in document.mentions
        )

    @cached_property
    def _last_lines(self) -> Mapping[str, int]:
        modules = {one.path: one.lines for one in self._codebase.modules.values()}
        return modules | {path: one.lines for path, one in self._documents.items()}


def broken(verdict: Verdict) -> bool:
    """Tell whether a verdict says that something is not there."""
    return verdict.state is State.BROKEN
