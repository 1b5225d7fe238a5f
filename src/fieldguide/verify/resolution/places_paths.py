"""Whether paths in code spans, prose and code blocks are of this tree, and there.

Comes in: a path as written, the sentence around it, and the document.
Goes out: a `Verdict`. A path that plainly means this tree and is not in it does not hold; most others may be anywhere.
Must never: take a file that a reader is told to make, or that a tool makes, for one that should be there.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from posixpath import basename, dirname, join, normpath, splitext
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import OSA

from fieldguide.domain.documents import Form
from fieldguide.domain.source import Role, Span
from fieldguide.verify.resolution.places_likeness import MISSPELT, likeness
from fieldguide.verify.resolution.places_verdicts import absent, holds, unknown, unseen

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase
    from fieldguide.domain.documents import Document, Mention, Verdict
    from fieldguide.verify.resolution.places_index import PlaceIndex

_ELSEWHERE: Final = re.compile(r"""[~/\\%@]|\$|[A-Za-z]:[\\/]|[A-Za-z][A-Za-z0-9+.-]*://|\.\.\.|…""")
_FILLED_IN: Final = re.compile(
    r"[<>{}$%@|\\;,=()'\"`!?:\[\]]|\.\.\.|…|\b(?:your|my|some|foo|bar|example|path/to|xxx+)\b", re.IGNORECASE
)
_POSITION: Final = re.compile(r"(?::\d+(?:[:-]\d+)?|#L\d+(?:-L\d+)?|::[\w.:\[\]-]+)$")
_MAKES: Final = re.compile(
    r"\b(?:creat\w*|sav(?:e[ds]?|ing)|writ(?:e[sn]?|ing|ten)|generat\w*|produc\w*|output\w*|mak(?:e|es|ing) an?\b"
    r"|new|following|add(?:ed|s)?|your|download\w*"
    r"|install(?:s|ed)? (?:in)?to|touch|mkdir|upload\w*|store[sd]?|puts?|place"
    r"|copy|copies|rename[sd]?|move[sd]?|named?|called|suppose|imagine|let's say|e\.g\.|for example|example|such as"
    r"|if you have|will be|would be|scaffold\w*|bootstrap\w*|startproject|startapp|instead of|renamed|removed|deleted"
    r"|no longer|used to|legacy|was|were|server|container|deploy\w*|cache[sd]?|dumps?|exports?|logs?)\b",
    re.IGNORECASE,
)
"""Words of sentences about files that are not there yet, or not any more, or of the reader's own."""
_SHOWS: Final = re.compile(
    r"\b(?:see|look(?:ing)? (?:at|in(?:to)?)|defined in|lives? in|found in|located (?:in|at)|edit|implemented in|read"
    r"|refer to|check out|declared in|listed in|described in|documented in|source|repository|module|test file)\b",
    re.IGNORECASE,
)
_NOT_A_PATH: Final = re.compile(
    r"(?:repos?(?:itory)?|package|image|organi[sz]ation|endpoint|route|url|branch|tag)\b", re.IGNORECASE
)


_OF_ANY_PROJECT: Final = frozenset(
    {
        *(
            "app",
            "apps",
            "templates",
            "static",
            "config",
            "conf",
            "settings",
            "models",
            "views",
            "api",
            "tests",
            "test",
        ),
        *("scripts", "examples", "example", "data", "bin", "lib", "src", "docs", "doc", "assets", "media", "locale"),
        *("migrations", "project", "server", "client", "web", "backend", "frontend", "tools", "images", "plugins"),
    }
)
"""Folders that the reader's own project is likely to have too."""
_LIKE: Final = 75


class Paths:
    """Paths that documents name without linking them."""

    def __init__(self, codebase: Codebase, index: PlaceIndex) -> None:
        """Keep what paths are looked up in."""
        self._codebase = codebase
        self._index = index

    def resolve(self, mention: Mention, document: Document) -> Verdict:  # noqa: PLR0911 - one question after another
        """Tell whether a path is there."""
        text = _POSITION.sub("", mention.text.strip().strip("`'\""))
        path = text.removeprefix("./").rstrip("/")
        if _ELSEWHERE.match(text) or text.startswith("-") or not path:
            return unknown("it is not relative to this directory")
        if self._index.knows(text) or path in self._beside(document):
            return holds(self._where(path))
        found = self._relative(path, document)
        if found:
            return holds(Span(found, 1, 1))
        if any(one in text for one in "*?[") or _FILLED_IN.search(path) or ".." in path.split("/"):
            return unknown("it stands for other paths")
        if path in document.defines or basename(path) in document.defines:
            return unknown("the document tells to make it")
        if self._first_absent(path) in document.uses:
            return unknown("the document's own example has it")
        return self._absent(path, mention, document)

    def _first_absent(self, path: str) -> str:
        """The first part of a path that nothing in the tree is called as."""
        return next((one for one in path.split("/") if one and not self._index.named(one)), "")

    def _where(self, path: str) -> Span | None:
        if path in self._index.files:
            return Span(path, 1, 1)
        found = self._index.ending(path)
        return Span(found[0], 1, 1) if found else None

    def _beside(self, document: Document) -> frozenset[str]:
        """Paths relative to the folder of the document."""
        del document
        return frozenset()

    def _relative(self, path: str, document: Document) -> str:
        """The path as the document's folder, or one above it, has it."""
        folder = dirname(document.path)
        while True:
            place = normpath(join(folder, path))
            if not place.startswith("..") and self._index.exists(place):
                return place
            if not folder:
                return ""
            folder = dirname(folder)

    def _absent(self, path: str, mention: Mention, document: Document) -> Verdict:  # noqa: PLR0911 - one question after another
        hidden = self._index.hidden(path)
        if hidden:
            return unknown(hidden)
        case = self._index.other_case(path)
        if case:
            return absent("the letters of the path differ in case", [case], fix=case)
        if "/" not in path:
            return self._bare(path, mention)
        place = self._root_of(path, document)
        if place is None:
            return unknown("its first folder is not one of this directory")
        near = tuple(self._as_written(one, path, place) for one in self._index.nearest(place))
        moved = self._index.moved(place)
        if not self._looks_like_one(path, place, mention):
            return unknown("it may be anything but a path")
        like = bool(moved) or any(self._is_like(place, one) for one in self._index.nearest(place))
        if not like and (path.partition("/")[0] in _OF_ANY_PROJECT or not splitext(path)[1]):
            return unknown("every project may have such a path")
        if mention.subject.startswith("git ") or (_MAKES.search(mention.sentence) and not self._strong(place, moved)):
            return unknown("it may be a file that a reader or a tool makes")
        if mention.form in {Form.SHELL, Form.PYTHON, Form.CONFIGURATION} and not moved:
            return unknown("a command or a program may make it")
        verdict = unseen(
            "there is no such path", (path,), near, fix=self._as_written(moved, path, place) if moved else ""
        )
        return replace(verdict, certain=self._is_plain(place, moved))

    def _is_plain(self, place: str, moved: str) -> bool:
        """Tell whether the file is there but for one folder, or another name written almost so beside it."""
        if moved and OSA.distance(dirname(place).split("/"), dirname(moved).split("/")) == 1:
            return True
        name = basename(place)
        beside = [one for one in self._index.nearest(place) if dirname(one) == dirname(place)]
        return any(
            likeness(name, basename(one)) >= MISSPELT and splitext(one)[1] == splitext(name)[1] for one in beside
        )

    def _looks_like_one(self, path: str, place: str, mention: Mention) -> bool:
        """Tell a path from `owner/repository`, `this/that` and the like: its suffix, or its folder, is one of here."""
        after = mention.sentence.partition(mention.text)[2].lstrip("`'\"* ")
        if _NOT_A_PATH.match(after):
            return False
        suffix = splitext(path)[1]
        return suffix in self._suffixes if suffix else dirname(place) in self._index.directories and "/" in place

    @cached_property
    def _suffixes(self) -> frozenset[str]:
        return frozenset(splitext(one)[1] for one in self._index.files)

    @staticmethod
    def _is_like(place: str, other: str) -> bool:
        """Tell whether a path that is there is of the same name, or of one like it in the same folder."""
        beside = dirname(place) == dirname(other) and likeness(basename(place), basename(other)) >= _LIKE
        return basename(place) == basename(other) or beside

    def _strong(self, place: str, moved: str) -> bool:
        """The same file is there but for one folder, or its name is there with one word more or less."""
        if moved and (dirname(moved).startswith(dirname(dirname(place))) or dirname(place).startswith(dirname(moved))):
            return True
        stem, suffix = splitext(basename(place))
        beside = [one for one in self._index.nearest(place) if dirname(one) == dirname(place)]
        return any(splitext(one)[1] == suffix and splitext(basename(one))[0] in stem for one in beside)

    def _root_of(self, path: str, document: Document) -> str | None:
        """The path from the root, where its first folder is there: at the root, beside the document, a package."""
        first = path.partition("/")[0]
        if first in self._tops or first in self._index.directories:
            return path
        folder = dirname(document.path)
        if folder and join(folder, first) in self._index.directories:
            return join(folder, path)
        package = self._packages.get(first)
        return join(dirname(package), path) if package else None

    @staticmethod
    def _as_written(found: str, path: str, place: str) -> str:
        """A root-relative path, cut as the one that was written."""
        prefix = place.removesuffix(path)
        return found.removeprefix(prefix) if prefix and found.startswith(prefix) else found

    def _bare(self, path: str, mention: Mention) -> Verdict:
        """A file name alone is mostly one of the reader's own."""
        if not _SHOWS.search(mention.sentence) or _MAKES.search(mention.sentence):
            return unknown("a file of that name may be anywhere")
        near = self._index.nearest(path)
        same = [one for one in near if splitext(one)[1] == splitext(path)[1] and basename(path) != basename(one)]
        stem = splitext(path)[0]
        alike = [one for one in same if "/" not in one and splitext(one)[0] in stem and len(splitext(one)[0]) > 3]  # noqa: PLR2004
        if alike:
            return unseen("there is no such file", (path,), alike)
        return unknown("a file of that name may be anywhere")

    @cached_property
    def _tops(self) -> frozenset[str]:
        """Folders of the root that say something of this project: neither dot folders nor those of every project."""
        return frozenset(one for one in self._index.directories if one and "/" not in one)

    @cached_property
    def _packages(self) -> dict[str, str]:
        """Directory by the name of a top package."""
        found: dict[str, str] = {}
        for module in self._codebase.modules.values():
            if module.is_package and "." not in module.name and module.role is Role.SOURCE:
                found.setdefault(module.name, dirname(module.path))
        return found
