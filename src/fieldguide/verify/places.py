"""Where things stand: paths, line ranges and headings that a link or a path may point to.

Comes in: a `Codebase` and, for anchors, the headings of the page itself.
Goes out: answers to "is there such a place?".
Must never: look at the disk.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import fields, is_dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from posixpath import normpath, relpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from fieldguide.domain.source import SkipReason, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fieldguide.domain.codebase import Codebase

_LINES = re.compile(r"L([1-9]\d*)(?:-L([1-9]\d*))?")
_POSITION = re.compile(r"(?::\d+(?:[:-]\d+)?|#L\d+(?:-L\d+)?)$")
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")
_THERE_BUT_UNREAD = frozenset(
    {SkipReason.TOO_LARGE, SkipReason.BINARY, SkipReason.GENERATED, SkipReason.UNPARSED, SkipReason.ENCODING}
)


def slugs(headings: Iterable[str]) -> list[str]:
    """Anchors that GitHub gives to headings, in their order: lower case, punctuation dropped, repeats numbered."""
    seen: Counter[str] = Counter()
    found: list[str] = []
    for heading in headings:
        slug = _NOT_IN_SLUG.sub("", heading.strip().lower()).replace(" ", "-")
        found.append(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


class Places:
    """Paths of one codebase, and how far each file goes."""

    def __init__(self, codebase: Codebase, directory: str = "") -> None:
        """Keep the codebase; indexes are built when they are first asked.

        Args:
            codebase: Whose places these are.
            directory: Absolute POSIX path of the documented directory, for links from a page outside it.
        """
        self._codebase = codebase
        self._directory = directory

    @cached_property
    def files(self) -> frozenset[str]:
        """Every file known to be there, read or not."""
        code = self._codebase
        unread = (one.path for one in code.skipped if one.reason in _THERE_BUT_UNREAD)
        return frozenset((*(one.path for one in code.files), *(one.path for one in code.others), *unread))

    @cached_property
    def directories(self) -> frozenset[str]:
        """Every directory that holds a file, at any depth; the root is the empty name."""
        found: set[str] = {""}
        for path in self.files:
            parent = path.rpartition("/")[0]
            while parent not in found:
                found.add(parent)
                parent = parent.rpartition("/")[0]
        return frozenset(found)

    def knows(self, text: str) -> bool:
        """Tell whether a path, its tail from some directory on, or a glob names something that is there."""
        path = _POSITION.sub("", text).removeprefix("./").rstrip("/")
        if any(character in path for character in "*?["):
            return any(fnmatchcase(one, path) or fnmatchcase(one, f"*/{path}") for one in self.files)
        if path.startswith(".") and "/" not in path and path.count(".") == 1:
            return path in self._suffixes or path in self.files or self._ends(path)
        return path in {"", "."} or self._ends(path)

    def link_holds(self, target: str, page: str, anchors: frozenset[str]) -> bool:
        """Tell whether a relative link from `page` leads to a file, directory, line range or heading that is there."""
        path, _, fragment = unquote(target).partition("#")
        if not path:
            return fragment in anchors
        folder = page.rpartition("/")[0]
        place = normpath(f"{folder}/{path}" if folder else path)
        if place.startswith("../") and self._directory:
            place = relpath(normpath(f"{self._directory}/{place}"), self._directory)
        place = "" if place == "." else place
        if place in self.directories:
            return not fragment
        return place in self.files and (not fragment or self._fragment_holds(place, fragment))

    def _fragment_holds(self, path: str, fragment: str) -> bool:
        lines = _LINES.fullmatch(fragment)
        if lines is None:
            return fragment in slugs(text for _, text, _ in self._codebase.headings.get(path, ()))
        first, last = int(lines[1]), int(lines[2] or lines[1])
        return first <= last <= self._last_lines.get(path, 0)

    def _ends(self, path: str) -> bool:
        return any(one == path or one.endswith(f"/{path}") for one in self._by_name.get(path.rpartition("/")[2], ()))

    @cached_property
    def _by_name(self) -> Mapping[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for path in (*self.files, *self.directories):
            index[path.rpartition("/")[2]].append(path)
        return index

    @cached_property
    def _suffixes(self) -> frozenset[str]:
        return frozenset("." + path.rpartition(".")[2] for path in self.files if "." in path)

    @cached_property
    def _last_lines(self) -> Mapping[str, int]:
        """The last line known of each file: of modules all, of others the furthest fact."""
        code = self._codebase
        last: dict[str, int] = defaultdict(int)
        for module in code.modules.values():
            last[module.path] = max(last[module.path], module.lines)
        spans: Iterator[Span] = (one.span for group in (code.symbols.values(), code.imports) for one in group)
        for span in (*spans, *_spans((code.commands, code.command_lines, code.environment, code.settings_classes))):
            last[span.path] = max(last[span.path], span.last)
        for span in _spans((code.examples, code.dependencies, code.manifests)):
            last[span.path] = max(last[span.path], span.last)
        for path, headings in code.headings.items():
            last[path] = max(last[path], *(line for _, _, line in headings), 0)
        return last


def _spans(value: object) -> Iterator[Span]:
    """Every span in a tree of frozen dataclasses and tuples, so that a new field of a fact needs no line here."""
    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for one in value:  # pyright: ignore[reportUnknownVariableType]  # a tuple of anything
            yield from _spans(one)  # pyright: ignore[reportUnknownArgumentType]
    elif is_dataclass(value):
        for one in fields(value):
            yield from _spans(getattr(value, one.name))
