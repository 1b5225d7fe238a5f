"""Says what becomes of a directive of reST: prose with a label, code, a doctest, or nothing.

Comes in: a directive's name, argument and body.
Goes out: how to use it, and the lines to use.
Must never: keep what only a documentation tool understands (pictures, indexes, other files).

The directives are those of docutils (https://docutils.sourceforge.io/docs/ref/rst/directives.html) and of Sphinx.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from fieldguide.analyse.python.docstrings.shapes import OPTION


class Use(StrEnum):
    """What a directive's body is."""

    PROSE = "prose"
    CODE = "code"
    DOCTEST = "doctest"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive, understood."""

    use: Use
    lines: Sequence[str] = ()
    label: str = ""
    """Of prose, what introduces it; of code, its language."""


_LABELS = {
    "note": "Note",
    "warning": "Warning",
    "attention": "Attention",
    "caution": "Caution",
    "danger": "Danger",
    "error": "Error",
    "hint": "Hint",
    "important": "Important",
    "tip": "Tip",
    "seealso": "See also",
    "todo": "To do",
}
_VERSIONS = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
    "deprecated-removed": "Deprecated since version",
    "versionremoved": "Removed in version",
}
_CODE = frozenset(
    ["code", "code-block", "sourcecode", "testcode", "ipython", "parsed-literal", "prompt", "console", "jsonschema"]
)
_WRAPPERS = frozenset(
    ["admonition", "container", "epigraph", "compound", "class", "rst-class", "topic", "sidebar", "rubric", "centered"]
)


def admonition_label(kind: str) -> str:
    """How an admonition is introduced: `note` is `Note`."""
    return _LABELS.get(kind.lower(), kind.capitalize())


def dedented(lines: Sequence[str]) -> list[str]:
    """Lines without the indentation that all of them share."""
    return textwrap.dedent("\n".join(lines)).split("\n")


def read_directive(name: str, argument: str, body: Sequence[str]) -> Directive:
    """What to make of `.. name:: argument` and its indented body."""
    name, argument = name.rsplit(":", 1)[-1].lower(), argument.strip()
    content = list(body)
    while content and (OPTION.match(content[0]) or not content[0].strip()):
        content.pop(0)
    if name in _CODE:
        return Directive(Use.CODE, content, argument if name in {"code", "code-block", "sourcecode"} else "python")
    if name in _LABELS:
        return Directive(Use.PROSE, [argument, *dedented(content)], _LABELS[name])
    if name in _VERSIONS:
        version, _, said = argument.partition(" ")
        return Directive(Use.PROSE, [said, *dedented(content)], f"{_VERSIONS[name]} {version.rstrip(':')}")
    if name == "doctest":
        return Directive(Use.DOCTEST, content)
    if name in _WRAPPERS:
        return Directive(Use.PROSE, dedented(content), argument if name in {"admonition", "topic", "rubric"} else "")
    return Directive(Use.NONE)
