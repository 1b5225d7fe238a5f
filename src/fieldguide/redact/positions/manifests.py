"""Kubernetes manifests of kind `Secret`: every value of theirs is one.

Comes in: a text. Goes out: extents of values, and how much their look must say.
Must never: read other documents of a file than those of that kind.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.positions.literals import literal_at
from fieldguide.redact.values import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.positions.literals import Extent
    from fieldguide.redact.subject import Subject

_KIND: Final = re.compile(r"""["']?kind["']?[ \t]{0,4}:[ \t]{0,4}["']?secret["']?[ \t]*(?:$|[,}])""", re.MULTILINE)
_DATA: Final = re.compile(r"""^(?P<indent>[ \t+>-]*)["']?(?:data|stringData)["']?:[ \t]*\{?[ \t]*$""", re.MULTILINE)
_ENTRY: Final = re.compile(
    r"""\n(?P<indent>[ \t+>-]*)["']?(?P<key>[\w.-]{1,120})["']?:[ \t]*(?:(?P<block>[|>][-+]?)[ \t]*|(?=["'])"""
    r"""|(?P<value>[^\s"'|>{}\[\]#][^\n"'{}\[\]#]{0,8000}?))?(?=[ \t]*(?:\n|$|[ ]\#)|["'])"""
)
_LINES: Final = re.compile(r"\n(?P<indent>[ \t+>-]*)(?P<value>\S[^\n]{0,4000})")
_ENTRIES: Final = 400


def find_in_manifests(subject: Subject) -> Iterator[tuple[Extent, Need]]:
    """Find the values of `data` and `stringData` in documents of kind `Secret`."""
    if "stringdata" not in subject.lowered and "data" not in subject.lowered:
        return
    reached = 0
    for kind in _KIND.finditer(subject.lowered):
        if kind.start() < reached:
            continue
        text = subject.text
        start = text.rfind("\n---", max(0, kind.start() - 20_000), kind.start()) + 1
        end = text.find("\n---", kind.end(), kind.end() + 200_000)
        reached = len(text) if end < 0 else end
        for data in _DATA.finditer(text, start, reached):
            yield from _entries(text, data)


def _entries(text: str, data: re.Match[str]) -> Iterator[tuple[Extent, Need]]:
    indent, position = len(data["indent"]), data.end()
    for _ in range(_ENTRIES):
        entry = _ENTRY.match(text, position)
        if entry is None or len(entry["indent"]) <= indent:
            return
        position = entry.end()
        if entry["block"] is not None:
            line = _LINES.match(text, position)
            while line is not None and len(line["indent"]) > len(entry["indent"]):
                yield line.span("value"), Need.ANY
                position = line.end()
                line = _LINES.match(text, position)
        elif entry["value"] is not None:
            yield entry.span("value"), Need.ANY
        else:
            value = literal_at(text, position)
            if value is None:
                return
            yield value[0], Need.ANY
            position = value[1]
        rest = re.compile(r"[ \t]*(?:,[ \t]*)?(?:\#[^\n]{0,200})?").match(text, position)
        position = position if rest is None else rest.end()
