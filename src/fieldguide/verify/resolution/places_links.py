"""Whether links hold: files, directories, lines and headings of this tree.

Comes in: the target of a link as written, and the document that it stands in.
Goes out: a `Verdict`. Addresses elsewhere are never fetched, so of them nothing is known, save those that lead into
this very repository.
Must never: look at the network; call a page broken that a site's builder may make.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import cached_property
from posixpath import basename, dirname, normpath, relpath, splitext
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from fieldguide.domain.source import Span
from fieldguide.verify.resolution.places_anchors import INCLUDES, Anchors
from fieldguide.verify.resolution.places_likeness import MISSPELT, likeness, nearest
from fieldguide.verify.resolution.places_repository import Repository
from fieldguide.verify.resolution.places_sites import PAGES, Sites, sources
from fieldguide.verify.resolution.places_verdicts import absent, holds, unknown, unseen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Document, Mention, Verdict
    from fieldguide.verify.resolution.places_index import PlaceIndex
    from fieldguide.verify.resolution.places_sites import Site
    from fieldguide.verify.resolution.surroundings import Surroundings

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|www\.|@|[^/\s]+@[\w-]+\.[\w.-]+$")
_HOST: Final = re.compile(r"(?:[a-z\d-]+\.){1,3}(?:com|org|io|net|dev)/[\w-]")
_TEMPLATE: Final = re.compile(r"\{\{|\{%|\$\{|<[\w -]+>|\{[\w.-]+\}|%[({]|\|\w+\|")
_ROUTE: Final = re.compile(r"/?[\w-]+(?:/[\w-]+)*/?")
"""A path without any suffix: of a site's page, or of an application's own addresses."""
_ROUTED: Final = re.compile(r"(?:\.\./|/)*[\w-]+(?:/[\w-]+)*/?")
_POST: Final = re.compile(r"\d{4}-\d\d-\d\d-(?P<name>[\w-]+)\.\w+")
"""Files of Jekyll's and Pelican's posts, whose pages have no date in their names."""
_OF_PROJECTS: Final = ("LICENSE", "package.json", "pyproject.toml", "setup.py", "Cargo.toml", "go.mod")
"""What stands at the root of a project, be it put into the tree of another."""
_EVERYWHERE: Final = frozenset({"index.md", "index.rst", "readme.md", "readme.rst", "__init__.py", "conf.py"})
"""Names that many folders have, so that one that is elsewhere is no sign of a move."""


_OF_THE_HOST: Final = re.compile(
    r"(?:^|/)(?:blob|tree|raw|edit|wiki|issues?|pulls?|releases?|discussions|compare|commits?|actions|labels|milestones"
    r"|security|graphs|stargazers|network|new|merge_requests)(?:/|$)"
)
"""Parts of addresses on GitHub and its like, which documents shown there reach by relative links."""
_FRAGMENT_FOLDERS: Final = frozenset(
    {
        *("_includes", "includes", "snippets", "_snippets", "partials", "_partials", "fragments", "newsfragments"),
        *("changelog.d", ".changelog", "news", "_templates", "templates", "issue_template", "pull_request_template"),
    }
)
_TEMPLATE_FILE: Final = re.compile(
    r"(?:ISSUE|PULL_REQUEST|MERGE_REQUEST)_TEMPLATE|\.(?:jinja2?|j2|tmpl)\.", re.IGNORECASE
)


class Links:
    """Links of the documents of one tree."""

    def __init__(
        self, codebase: Codebase, documents: Mapping[str, Document], index: PlaceIndex, surroundings: Surroundings
    ) -> None:
        """Keep what links are looked up in."""
        self._index = index
        self._documents = documents
        self._sites = Sites(index, surroundings)
        self._repository = Repository(codebase.manifests)
        self._anchors = Anchors(codebase, documents)

    def resolve(self, mention: Mention, document: Document) -> Verdict:  # noqa: PLR0911 - one question after another
        """Tell whether the target of a link is there."""
        target = mention.text.strip().strip("<>")
        if not target:
            return unknown("it is empty")
        own = self._repository.path_of(target)
        if own is not None:
            return self._in_repository(target, *own)
        if _ADDRESS.match(target):
            return unknown("addresses are not looked up")
        if _HOST.match(target) and not self._index.named(target.partition("/")[0]):
            return absent("it is an address without its scheme", [f"https://{target}"], fix=f"https://{target}")
        if _TEMPLATE.search(target):
            return unknown("it is filled in elsewhere")
        path, _, fragment = target.partition("#")
        path = unquote(path.partition("?")[0])
        if not path:
            return self._anchors.resolve(unquote(fragment), document)
        if path.endswith(".*"):  # Sphinx takes the one of these files that its output can show
            return self._of_any_suffix(path.removesuffix(".*"), document)
        return self._relative(path, unquote(fragment), document)

    def anchor(self, mention: Mention, document: Document) -> Verdict:
        """Tell whether a fragment is one of the document's own."""
        path, _, fragment = mention.text.strip().rpartition("#")
        return self.resolve(mention, document) if path else self._anchors.resolve(unquote(fragment), document)

    def page(self, target: str, document: Document) -> str:
        """The file of a page that a role names without its suffix; empty where there is none."""
        pages = (document.path, *self._includers.get(document.path, ()))
        for place in (one for page in pages for one in self._sites.destinations(target, page, self._sites.of(page))):
            for path in (place, *(f"{place}{suffix}" for suffix in PAGES)):
                if self._index.is_file(path):
                    return path
        return ""

    def is_closed(self, document: Document) -> bool:
        """Tell whether a document is of a site that takes nothing from elsewhere, and all of whose pages were read."""
        site = self._sites.of(document.path)
        return site is not None and site.closed and not self._index.unread_pages

    def pages_near(self, target: str, document: Document) -> tuple[str, ...]:
        """Pages nearest to one that is not there, named as a role names them."""
        site = self._sites.of(document.path)
        root = site.directory if site else ""
        folder = root if target.startswith("/") else dirname(document.path)
        place = normpath(f"{folder}/{target.lstrip('/')}") if folder else target.lstrip("/")
        pages = [one for one in self._documents if not root or one.startswith(f"{root}/")]
        named = nearest(place, (splitext(one)[0] for one in pages))
        same = [splitext(one)[0] for one in pages if splitext(basename(one))[0] == basename(target)]
        found = dict.fromkeys((*(same if len(same) == 1 else ()), *named))
        start = root if target.startswith("/") else folder
        return tuple(("/" if target.startswith("/") else "") + relpath(one, start or ".") for one in found)

    def _relative(self, path: str, fragment: str, document: Document) -> Verdict:
        site = self._sites.of(document.path)
        pages = (document.path, *self._includers.get(document.path, ()))
        for place in (one for page in pages for one in self._sites.destinations(path, page, self._sites.of(page))):
            inside = "" if place == "." else place
            if self._index.exists(inside):
                return self._fragment(inside, fragment, path) if fragment else holds(inside or None)
        return self._absent(path, fragment, document, site)

    def _of_any_suffix(self, path: str, document: Document) -> Verdict:
        folder = "" if path.startswith("/") else dirname(document.path)
        place = normpath(f"{folder}/{path.lstrip('/')}" if folder else path.lstrip("/"))
        found = next((one for one in self._index.files if one.startswith(f"{place}.")), "")
        return holds(found) if found else unknown("its suffix is left open")

    def _fragment(self, place: str, fragment: str, path: str) -> Verdict:
        if place in self._index.directories:
            return unknown("what a directory shows is decided elsewhere")
        verdict = self._anchors.of(place, fragment)
        written = tuple(f"{path}#{one.removeprefix('#')}" for one in verdict.nearest)
        return replace(verdict, nearest=written, fix=f"{path}{verdict.fix}" if verdict.fix else "")

    def _absent(self, path: str, fragment: str, document: Document, site: Site | None) -> Verdict:
        folder = dirname(document.path)
        base = folder if not path.startswith("/") else ""
        place = normpath(f"{base}/{path.lstrip('/')}" if base else path.lstrip("/"))
        elsewhere = self._elsewhere(path, place, document)
        if elsewhere:
            return unknown(elsewhere)
        if path.startswith("/") and self._from_part(path, folder):
            return unknown("it may be meant from the root of a part of the tree")
        if site is None and (_ROUTED.fullmatch(path) and self._is_dated(basename(path.rstrip("/")))):
            return unknown("it may be an address of a site")
        if site is not None and (path.startswith("/") or _ROUTE.fullmatch(path) or path.endswith((".html", "/"))):
            return unknown(f"{site.builder} may make it")
        routed = path.startswith("/") and not splitext(path)[1]
        routed = routed or (site is None and _ROUTE.fullmatch(path) is not None and not self._plainly_here(place))
        if routed or (site is None and any(self._index.is_file(one) for one in sources(place))):
            return unknown("it may be an address of a site")
        return self._broken(path, place, fragment, folder, site)

    def _elsewhere(self, path: str, place: str, document: Document) -> str:
        """Why a path may lead to what is not of this tree; empty where it cannot."""
        if place.startswith("../") or place == "..":
            return "it leads out of the directory"
        if _OF_THE_HOST.search(path):
            return "it may be an address of the repository's host"
        if _FRAGMENT_FOLDERS & set(document.path.lower().split("/")) or _TEMPLATE_FILE.search(document.path):
            return "the document is shown in another place than its own"
        return self._index.hidden(place)

    @cached_property
    def _includers(self) -> Mapping[str, list[str]]:
        """Documents by the path of each file that they take into their own text."""
        found: dict[str, list[str]] = defaultdict(list)
        for document in self._documents.values():
            for mention in document.mentions:
                if mention.domain in INCLUDES:
                    path = mention.text.lstrip("/")
                    for place in (normpath(f"{dirname(document.path) or '.'}/{path}"), normpath(path)):
                        if place in self._documents and place != document.path:
                            found[place].append(document.path)
        return found

    def _from_part(self, path: str, folder: str) -> bool:
        """Tell whether a path from the root leads on from a directory above that is a project of its own."""
        while folder:
            if any(self._index.is_file(f"{folder}/{one}") for one in _OF_PROJECTS):
                return self._index.exists(f"{folder}{path}")
            folder = dirname(folder)
        return False

    def _is_dated(self, name: str) -> bool:
        """Tell whether a post of this name is there, with the date of its file before it."""
        return name in self._posts

    @cached_property
    def _posts(self) -> frozenset[str]:
        found = (_POST.fullmatch(basename(one)) for one in self._documents)
        return frozenset(match["name"] for match in found if match)

    def _plainly_here(self, place: str) -> bool:
        return "/" not in place or dirname(place) in self._index.directories

    def _broken(self, path: str, place: str, fragment: str, folder: str, site: Site | None) -> Verdict:
        tail = f"#{fragment}" if fragment else ""
        case = self._index.other_case(place)
        if case:
            written = self._written(case, path, folder) + tail
            return absent("the letters of the path differ in case", [written], fix=written)
        moved = self._index.moved(place) if basename(place).lower() not in _EVERYWHERE else ""
        fix = self._written(moved, path, folder) + tail if moved else ""
        near = [self._written(one, path, folder) + tail for one in self._index.nearest(place)]
        why = "there is no such file" if splitext(path)[1] else "there is no such path"
        if site is None or (not site.makes_pages and splitext(path)[1] in PAGES):
            # A part of a page, as names with an underscore are, may be made when pages are: then something names it.
            part = basename(place).startswith("_")
            return unseen(why, (basename(place),), near, fix=fix) if part else absent(why, near, fix=fix)
        there = dirname(place) in self._index.directories or self._index.named(basename(place))
        if site.makes_pages and (not there or basename(place).lower() in _EVERYWHERE):
            return unknown(f"{site.builder} may make it")
        verdict = unseen(why, (place, place.removeprefix(f"{site.directory}/")), near, fix=fix)
        beside = [one for one in self._index.nearest(place) if dirname(one) == dirname(place)]
        plain = bool(moved) or any(likeness(basename(place), basename(one)) >= MISSPELT for one in beside)
        return replace(verdict, certain=plain and splitext(path)[1] not in PAGES)

    @staticmethod
    def _written(place: str, path: str, folder: str) -> str:
        """A root-relative path as the document would write it."""
        if path.startswith("/"):
            return f"/{place}"
        relative = relpath(place, folder or ".")
        return f"./{relative}" if path.startswith("./") and not relative.startswith("../") else relative

    def _in_repository(self, address: str, path: str, fragment: str) -> Verdict:
        """A whole address that leads into this repository, at its main branch."""
        place = normpath(unquote(path)) if path else ""
        place = "" if place == "." else place
        if self._index.exists(place):
            lines = self._anchors.lines(place, fragment) if fragment else None
            return lines or holds(Span(place, 1, 1) if place else None)
        hidden = self._index.hidden(place)
        if hidden:
            return unknown(hidden)
        if place.partition("/")[0] not in self._index.directories and not self._index.nearest(place):
            return unknown("the directory may be a part of that repository only")
        case = self._index.other_case(place)
        near = (case,) if case else self._index.nearest(place)
        return absent("this repository has no such path", [address.replace(path, one, 1) for one in near])
