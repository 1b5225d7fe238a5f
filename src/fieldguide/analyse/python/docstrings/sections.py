"""Takes a docstring apart into prose and the sections of Google's, NumPy's, Sphinx's and epytext's conventions.

Comes in: a docstring, dedented.
Goes out: lines of prose, and descriptions of parameters, results and exceptions as written (markup not yet converted).
Must never: raise on any text; log what it did not understand.

The style is told per docstring from the marks that only one convention has; griffe's parsers do the reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Sections:
    """A docstring, taken apart."""

    prose: list[str] = field(default_factory=list[str])
    """Lines before the first section: the summary is among them."""
    more: list[str] = field(default_factory=list[str])
    """Lines of notes and other prose between and after sections."""
    parameters: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    returns: str = ""
    raises: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    examples: list[str] = field(default_factory=list[str])


_GOOGLE = re.compile(
    r"^(?:args|arguments|params|parameters|keyword arg(?:ument)?s|other (?:arg(?:ument)?s|param(?:eter)?s)|raises"
    r"|exceptions|returns|yields|receives|examples?|attributes|methods|warns|notes?|warnings?|todo)[ ]?:[ \t]*\n"
    r"(?:[ \t]*\n)?[ \t]+\S",
    re.IGNORECASE | re.MULTILINE,
)
_NUMPY = re.compile(
    r"^(?:parameters|other parameters|returns|yields|receives|raises|warns|warnings|see also|notes|references|examples?"
    r"|attributes|methods)[ \t]*\n-{3,}[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_FIELD = re.compile(
    r"^[ \t]*[:@](?:param|parameter|arg|argument|key|keyword|type|raises?|except|exception|returns?|rtype"
    r"|var|ivar|cvar|vartype)\b[^:\n]*:",
    re.MULTILINE,
)
_EPYTEXT = re.compile(r"^([ \t]*)@((?:param|type|keyword|raises?|returns?|rtype|[ic]?var)\b[^:\n]*:)", re.MULTILINE)
_INDENTED_FIELD = re.compile(
    r"^[ \t]+(?=:(?:param|type|keyword|raises?|returns?|rtype)\b[^:\n]*:(?:\s|$))", re.MULTILINE
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_C_SIGNATURE = re.compile(r"\A[\w.]+\((?:[^()]|\([^()]*\))*\)(?: -> .*)?\n--\n\s*")
_GOOGLE_OPTIONS = {"returns_multiple_items": False, "returns_named_value": False, "warnings": False}
_DROPPED_TITLES = frozenset({"see also", "references", "todo", "index"})


def read_sections(text: str) -> Sections:
    """Sections of `text`."""
    text = _C_SIGNATURE.sub("", text)
    if _FIELD.search(text):
        text = _INDENTED_FIELD.sub("", _EPYTEXT.sub(r"\1:\2", text))
        return _parsed(text, "sphinx")
    if _NUMPY.search(text):
        return _parsed(text, "numpy")
    if _GOOGLE.search(text):
        # The parser wants a blank line above a section, and none below its title.
        return _parsed(_GOOGLE.sub(lambda match: "\n" + _BLANK_LINE.sub("\n", match[0]), text), "google")
    return Sections(prose=text.split("\n"))


def _parsed(text: str, style: str) -> Sections:  # noqa: C901  one case for each kind of section
    from griffe import Docstring, DocstringSectionKind, parse_google, parse_numpy, parse_sphinx  # noqa: PLC0415  heavy

    docstring = Docstring(text)
    docstring.value = f"\n{text}"  # a section on the first line has a blank line above it too
    try:
        if style == "google":
            parsed = parse_google(docstring, **_GOOGLE_OPTIONS)
        elif style == "numpy":
            parsed = parse_numpy(docstring, warnings=False)
        else:
            parsed = parse_sphinx(docstring, warnings=False)
    except (IndexError, ValueError, SyntaxError, AttributeError, TypeError, KeyError, RecursionError, MemoryError):
        # The parsers slice lines and compile what stands for a type: text of strangers can upset both.
        return Sections(prose=text.split("\n"))
    sections = Sections()
    kinds = DocstringSectionKind
    for position, section in enumerate(parsed):
        match section.kind:
            case kinds.text:
                _add_prose(sections, str(section.value).split("\n"), first=position == 0)
            case kinds.admonition:
                _add_admonition(sections, section.title or "", str(section.value.contents))
            case kinds.parameters | kinds.other_parameters:
                sections.parameters += [(item.name, item.description or "") for item in section.value]
            case kinds.returns | kinds.yields:
                described = " ".join(item.description for item in section.value if item.description)
                sections.returns = sections.returns or described
            case kinds.raises:
                sections.raises += [(str(item.annotation), item.description or "") for item in section.value]
            case kinds.examples:
                _add_examples(sections, section.value)
            case _:
                pass  # attributes, methods, warnings: their own definitions say it
    return sections


def _add_prose(sections: Sections, lines: list[str], *, first: bool) -> None:
    (sections.prose if first else sections.more).extend(["", *lines])


def _add_admonition(sections: Sections, title: str, contents: str) -> None:
    if title.lower() in _DROPPED_TITLES:
        return
    lines = contents.split("\n")
    if title.lower() in {"example", "examples"}:
        sections.examples += _doctests(lines)
        sections.more.extend(["", "Example:", "", *lines])
    else:
        sections.more.extend(["", f".. admonition:: {title}", "", *(f"   {line}" for line in lines), ""])


def _add_examples(sections: Sections, items: Sequence[tuple[object, str]]) -> None:
    for kind, text in items:
        if str(getattr(kind, "value", kind)) == "examples":
            sections.examples.append(text.rstrip())
        else:
            sections.more.extend(["", *text.split("\n")])


def _doctests(lines: Sequence[str]) -> list[str]:
    text = "\n".join(lines)
    return [block.strip() for block in re.split(r"\n\s*\n", text) if block.lstrip().startswith(">>>")]
