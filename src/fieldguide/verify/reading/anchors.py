"""Fragments under which the parts of a document can be reached, by the rules of those who render it.

Comes in: the text of a heading. Goes out: its fragments.
Must never: choose a renderer: which one publishes the document is not known from its text.

Sources: GitHub and GitLab (html-pipeline's `TableOfContentsFilter`, GitLab's documentation of header anchors),
Python-Markdown's `toc.slugify`, pymdownx's `slugs`, docutils' `nodes.make_id`, VitePress's `slugify`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_NOT_IN_GITHUB = re.compile(r"[^\w\- ]")
_NOT_IN_PYTHON_MARKDOWN = re.compile(r"[^\w\s-]")
_DASHES = re.compile(r"[-\s]+")
_HYPHENS = re.compile(r"-{2,}")
_NOT_IN_DOCUTILS = re.compile(r"[^a-z0-9]+")
_DOCUTILS_EDGES = re.compile(r"^[-0-9]+|-+$")
_VITEPRESS = re.compile(r"[\s~`!@#$%^&*()\-_+=[\]{}|\\;:\"'\u201c\u201d\u2018\u2019<>,.?/]+")
_EMOJI_CODE = re.compile(r":([\w+-]+):")


class Anchors:
    """Gathers the fragments of one document; repeated ones are numbered as the renderers do."""

    def __init__(self) -> None:
        self.all: set[str] = set()
        self._seen: Counter[tuple[str, str]] = Counter()

    def explicit(self, name: str) -> None:
        """Add a fragment that the document names itself."""
        if name:
            self.all.add(name)

    def explicit_identifier(self, name: str) -> None:
        """Add the id that docutils makes of a name."""
        self.explicit(identifier(name))

    def heading(self, text: str) -> None:
        """Add the fragments of a heading: `text` is without its markup, code without backticks."""
        plain = " ".join(text.split())
        for rule, slug in _slugs(plain):
            separator = "_" if rule == "python-markdown" else "-"
            count = self._seen[rule, slug]
            self._seen[rule, slug] += 1
            self.all.add(f"{slug}{separator}{count}" if count else slug)


def _slugs(text: str) -> set[tuple[str, str]]:
    github = _NOT_IN_GITHUB.sub("", text.lower()).replace(" ", "-")
    with_emoji = _NOT_IN_GITHUB.sub("", _EMOJI_CODE.sub(r"\1", text).lower()).replace(" ", "-")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return {
        ("github", github),
        ("github", with_emoji),
        ("github", _NOT_IN_GITHUB.sub("", text.strip().lower()).strip().replace(" ", "-")),
        ("gitlab", _HYPHENS.sub("-", github)),
        ("python-markdown", _DASHES.sub("-", _NOT_IN_PYTHON_MARKDOWN.sub("", plain).strip().lower())),
        ("pymdownx", _DASHES.sub("-", _NOT_IN_PYTHON_MARKDOWN.sub("", text).strip().lower())),
        ("pymdownx", _NOT_IN_PYTHON_MARKDOWN.sub("", text).strip().lower().replace(" ", "-")),
        ("docutils", identifier(text)),
        ("vitepress", _VITEPRESS.sub("-", plain).strip("-").lower()),
    } - {(rule, "") for rule in ("github", "gitlab", "python-markdown", "pymdownx", "docutils", "vitepress")}


def identifier(text: str) -> str:
    """The id that docutils makes of a name."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode("ascii")
    return _DOCUTILS_EDGES.sub("", _NOT_IN_DOCUTILS.sub("-", " ".join(plain.split())))
