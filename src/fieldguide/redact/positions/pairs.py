r"""Names and values that stand side by side: XML elements and attributes, `name`/`value` pairs of manifests.

Comes in: a text and a name that stands in it. Goes out: extents of values, and how much their look must say.
Must never: parse; look further than a bounded distance.

Shapes: `<password>…</password>`, `<entry key="password">…</entry>`, `<add key="password" value="…"/>`,
`<key>password</key><string>…</string>`, `name: PASSWORD` with `value: …` on the next line,
`{"name": "PASSWORD", "value": "…"}`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.positions.literals import literal_at
from fieldguide.redact.positions.names import Name, Sureness
from fieldguide.redact.values import Need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.positions.literals import Extent
    from fieldguide.redact.subject import Subject

_NEED: Final = {Sureness.CERTAIN: Need.ANY, Sureness.LIKELY: Need.RANDOM, Sureness.VAGUE: Need.STRONG}
_ELEMENT: Final = re.compile(
    r"""(?:[ \t][^<>\n]{0,200})?>\s{0,80}(?:<!\[CDATA\[)?(?P<value>[^<>\n]{1,400}?)\s{0,80}(?:\]\]>)?</"""
)
_ENTRY: Final = re.compile(
    r"""["'](?:[ \t][^<>\n]{0,200})?>\s{0,80}(?:<value>\s{0,80})?(?:<!\[CDATA\[)?"""
    r"""(?P<value>[^<>\n]{1,400}?)\s{0,80}(?:\]\]>)?</"""
)
_PROPERTY_LIST: Final = re.compile(r"</(?:key|name)>\s{0,80}<(?:string|value|data)>(?P<value>[^<>\n]{1,400})</")
_ATTRIBUTE: Final = re.compile(
    r"""\\{0,3}["'](?:[ \t]+[\w:-]{1,40}=(?:"[^"\n]{0,80}"|'[^'\n]{0,80}')){0,3}\s{1,80}(?:value|Value|content"""
    r"""|defaultValue|default)=(?=["'])"""
)
_MANIFEST: Final = re.compile(
    r"""["']?[ \t]{0,8},?(?:[ \t]{0,8}(?:\#[^\n]{0,80})?\n[ \t]{0,80}|[ \t]{0,8})(?:-[ \t])?\\{0,3}["']?(?:value"""
    r"""|Value|default|defaultValue|secretValue|string_value)"""
    r"""\\{0,3}["']?[ \t]{0,8}[:=][ \t]{0,8}(?:(?=\\{0,3}["'])"""
    r"""|(?P<value>[^\s"'{}\[\],#&*!|>][^\n"'{}\[\],]{0,400}?)(?=[ \t]*(?:$|,|\}|[ \t]\#)))""",
    re.MULTILINE,
)
_VARIABLE: Final = re.compile(r"""["'][ \t]{0,4}\{[^{}]{0,300}?\bdefault[ \t]{0,20}=[ \t]{0,4}(?=")""")
_NAMED: Final = re.compile(
    r"""(?:name|key|id|variable|field|parameter)\\{0,3}["']?>?[ \t]{0,8}[:=]?[ \t]{0,8}\\{0,3}["']?[\w.$-]{0,60}\Z""",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"<(?:[\w-]{1,30}:)?\Z")
_NEAR: Final = 80
"""Characters in front of a name that tell what it is."""


def find_in_pairs(subject: Subject, name: Name) -> Iterator[tuple[Extent, Need]]:
    """Find the value that stands beside a name."""
    text = subject.text
    following = text[name.end : name.end + 1]
    if not following or following not in "\"'\\ \t<>\n,:":
        return
    if following in " \t<>":
        match = _in_element(text, name)
        if match is not None:
            yield match.span("value"), _NEED[name.sureness]
        if match is not None or following in "<>":
            return
    if _NAMED.search(text, max(0, name.start - _NEAR), name.start) is not None:
        yield from _beside(text, name)


def _in_element(text: str, name: Name) -> re.Match[str] | None:
    if text.startswith("<", name.end):
        return _PROPERTY_LIST.match(text, name.end)
    return _ELEMENT.match(text, name.end) if _TAG.search(text, max(0, name.start - _NEAR), name.start) else None


def _beside(text: str, name: Name) -> Iterator[tuple[Extent, Need]]:
    for pattern in (_ATTRIBUTE, _MANIFEST, _ENTRY, _VARIABLE):
        match = pattern.match(text, name.end)
        if match is None:
            continue
        if pattern.groups and match["value"]:
            yield match.span("value"), _NEED[name.sureness]
        elif (value := literal_at(text, match.end())) is not None:
            yield value[0], _NEED[name.sureness]
        return
