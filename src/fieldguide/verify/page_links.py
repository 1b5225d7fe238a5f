"""Links of a page of ours: each leads to a file, a directory, lines or a heading that is there.

Comes in: a `Codebase` and, for anchors, the headings of the page itself.
Goes out: answers to "is there such a place?".
Must never: look at the disk.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import fields, is_dataclass
from functools import cached_property
from posixpath import normpath, relpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fieldguide.domain.codebase import Codebase
    from fieldguide.verify.resolution.places_index import PlaceIndex

_LINES = re.compile(r"L([1-9]\d*)(?:-L([1-9]\d*))?")
_NOT_IN_SLUG = re.compile(r"[^\w\- ]")


def slugs(headings: Iterable[str]) -> list[str]:
    """Anchors that GitHub gives to headings, in their order: lower case, punctuation dropped, repeats numbered."""
    seen: Counter[str] = Counter()
    found: list[str] = []
    for heading in headings:
        slug = _NOT_IN_SLUG.sub("", heading.strip().lower()).replace(" ", "-")
        found.append(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return found


class PageLinks:
    """Links of one page, each judged strictly: a range of lines that nothing is known of does not hold."""

    def __init__(self, codebase: Codebase, places: PlaceIndex, directory: str = "") -> None:
        """Keep what links are looked up in.

        Args:
            codebase: Whose places these are.
            places: Its paths.
            directory: Absolute POSIX path of the documented directory, for links from a page outside it.
        """
        self._codebase = codebase
        self._places = places
        self._directory = directory

    def hold(self, target: str, page: str, anchors: frozenset[str]) -> bool:
        """Tell whether a relative link from `page` leads to a file, directory, line range or heading that is there."""
        path, _, fragment = unquote(target).partition("#")
        if not path:
            return fragment in anchors
        folder = page.rpartition("/")[0]
        place = normpath(f"{folder}/{path}" if folder else path)
        if place.startswith("../") and self._directory:
            place = relpath(normpath(f"{self._directory}/{place}"), self._directory)
        place = "" if place == "." else place
        if place in self._places.directories:
            return not fragment
        return place in self._places.files and (not fragment or self._fragment_holds(place, fragment))

    def _fragment_holds(self, path: str, fragment: str) -> bool:
        lines = _LINES.fullmatch(fragment)
        if lines is None:
            return fragment in slugs(text for _, text, _ in self._codebase.headings.get(path, ()))
        first, last = int(lines[1]), int(lines[2] or lines[1])
        return first <= last <= self._last_lines.get(path, 0)

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
