"""What a role of reStructuredText or MyST names: its own name says so.

Comes in: `func`, `py:class`, `doc`, … and the text between the backticks.
Goes out: a shape, or nothing for roles that name no thing of the project.
Must never: guess from the text what the role does not say.
"""

from __future__ import annotations

import re
from typing import Final

from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.shapes import FLAG, Shape

_KINDS: Final = {
    **dict.fromkeys(
        ("func", "meth", "class", "mod", "attr", "exc", "data", "const", "obj", "type", "deco", "module", "function",
         "method", "attribute", "exception", "decorator", "property", "autolink", "any"),
        ReferenceKind.NAME,
    ),
    **dict.fromkeys(("doc", "download"), ReferenceKind.LINK),
    **dict.fromkeys(("ref", "numref", "std-ref"), ReferenceKind.ANCHOR),
    **dict.fromkeys(("file", "source", "src", "gh-file", "ghfile", "gh_file"), ReferenceKind.PATH),
    **dict.fromkeys(("option",), ReferenceKind.FLAG),
    **dict.fromkeys(("envvar",), ReferenceKind.VARIABLE),
    **dict.fromkeys(("setting", "confval"), ReferenceKind.SETTING),
    **dict.fromkeys(("djadmin", "command"), ReferenceKind.COMMAND),
}  # fmt: skip
_FOREIGN: Final = ("c:", "cpp:", "js:", "rst:", "math:", "http:", "rust:")
OWN_ROLE: Final = "own:"
"""What the name of a role begins with in a mention's domain that the project has made."""
_PLAIN: Final = frozenset((
    "abbr", "code", "command", "dfn", "envvar", "guilabel", "kbd", "keyword", "literal", "mailheader", "makevar",
    "manpage", "menuselection", "mimetype", "newsgroup", "program", "pypi", "regexp", "samp", "strong", "sub", "sup",
    "term", "title", "token", "user", "gh", "github", "issue", "pr", "pull", "commit", "math", "emphasis", "raw",
))  # fmt: skip
"""Roles that name no thing of the project, whatever their text."""
_TITLED = re.compile(r"(?P<title>.*?)\s*<(?P<target>[^<>]*)>\s*", re.DOTALL)
_DOTTED = re.compile(r"\.?[^\W\d]\w*(?:\.[^\W\d]\w*)*")


def shape_of_role(role: str, content: str) -> Shape | None:
    """The shape of a role's content; its `start` is the offset of its target in the content."""
    kind = None if role.startswith(_FOREIGN) else _KINDS.get(role.rpartition(":")[2].lower())
    if kind is None:  # of an extension: what it names is told by its shape
        name = content.lstrip("~!")
        if role.startswith(_FOREIGN) or not _DOTTED.fullmatch(name):
            return None
        own = role.rpartition(":")[2] not in _PLAIN and "_" in name.strip("_")
        if "." not in name and not own:
            return None
        domain = role if "." in name else f"{OWN_ROLE}{role}"
        return Shape(ReferenceKind.NAME, name, len(content) - len(name), domain)
    titled = _TITLED.fullmatch(content)
    target, start = (titled["target"], titled.start("target")) if titled else (content, 0)
    stripped = target.lstrip("~!+")
    start += len(target) - len(stripped)
    text = stripped.strip()
    if kind is ReferenceKind.NAME:
        text = re.sub(r"\(.*\)$", "", text, flags=re.DOTALL)
        if not _DOTTED.fullmatch(text):
            return None
    elif kind is ReferenceKind.FLAG:
        flag = FLAG.search(text)
        return Shape(kind, flag[0], start + flag.start(), role, text[: flag.start()].strip()) if flag else None
    nameless = not text or (kind is ReferenceKind.PATH and "{" in text)
    return None if nameless else Shape(kind, text, start, role)
