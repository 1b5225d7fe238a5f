"""What a passage says of a named thing's default, and which versions it asks for.

Comes in: a passage, and the thing that it is about where its sentences do not say.
Goes out: values with their subject, versions; each with its offset in the passage's plain text.
Must never: guess a subject: a value without one is no mention.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.shapes import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.verify.reading.passages import Passage

_UNIT = (
    r"(?:\s?(?:seconds?|secs?|minutes?|mins?|hours?|days?|weeks?|months?|years?|milliseconds?|ms|s|bytes?|[KMG]i?B|%"
    r"|percent))?"
)
_VALUE = (
    rf"(?P<value>`[^`]*`|-?\d[\d_,]*(?:\.\d+)?{_UNIT}(?![\w.]*\w)|True\b|False\b|None\b"
    r"|\"[^\"]{0,60}\"|'[^']{0,60}')"
)
_BE = r"(?:is|are|=|to|of|being|set to|:)"
_DEFAULTS = (
    re.compile(rf"\b(?:which |and |it |this |that )?defaults? (?:to|is|=)(?: be)?:? {_VALUE}", re.IGNORECASE),
    re.compile(rf"\bdefaults?(?: value)?:? {_BE}? ?{_VALUE}", re.IGNORECASE),
    re.compile(rf"\bdefaulting to {_VALUE}", re.IGNORECASE),
    re.compile(rf"\b(?:is|are) {_VALUE} by default", re.IGNORECASE),
    re.compile(rf"(?<=\(){_VALUE},? by default\b", re.IGNORECASE),
    re.compile(rf"\bby default,?(?: (?:it|this|that))? (?:is|are|uses|will be) {_VALUE}", re.IGNORECASE),
)
_OF = re.compile(
    rf"\bdefault(?: value)?(?: (?:for|of))?(?: the)? (?P<subject>`[^`]+`)(?: \w+)? (?:is|are) {_VALUE}", re.IGNORECASE
)
_TERM = re.compile(r"`[^`]+`\s*[*+/\u00d7]\s*`[^`]+`[^`]*$")
"""What a value is said of is worked out from two names: it is neither's."""
_SPAN = re.compile(r"`([^`]+)`")
_LITERAL = re.compile(r"-?\d[\d_.]*|True|False|None|true|false|null|['\"].*['\"]|[(\[{].*")
"""A span that is a value and names nothing."""
_VERSION = re.compile(
    r"\b(?P<all>(?P<name>C?Python|PyPy)\s*(?:versions?\s*)?(?P<sign>>=|\u2265|>|~=|==)?\s*v?(?P<number>\d\.\d+(?:\.\d+)?)(?P<after>\+|\s*(?:or|and|\()?\s*"
    r"(?:newer|later|above|higher|up|greater|upwards?)\b)?)",
    re.IGNORECASE,
)
_NEEDS = re.compile(r"\b(?:requir|need|minimum|at least|must have|depends on)\w*", re.IGNORECASE)
_LONGEST_SENTENCE: Final = 2000
_SUBJECT_REACH: Final = 200
"""Characters before the word `default` in which its subject is looked for."""


def values_of(passage: Passage, subject: str = "", heading: str = "") -> Iterator[tuple[int, Shape]]:
    """Yield defaults: `timeout` defaults to 30.

    Args:
        passage: What is read.
        subject: What it is about, empty where nothing is.
        heading: The name without markup that heads the section: what it is about where it names nothing before.
    """
    if "default" not in passage.masked.lower():
        return
    for start, sentence in passage.sentences:
        if len(sentence) > _LONGEST_SENTENCE:
            continue
        start += len(passage.text[start:]) - len(passage.text[start:].lstrip())  # noqa: PLW2901
        seen: set[int] = set()
        for match in _OF.finditer(sentence):
            seen.add(match.start("value"))
            yield _value(start, match, match["subject"].strip("`"))
        for match in (found for pattern in _DEFAULTS for found in pattern.finditer(sentence)):
            if match.start("value") in seen:
                continue
            seen.add(match.start("value"))
            if _TERM.search(sentence, 0, match.start()):
                continue
            named = heading and any(not _LITERAL.fullmatch(one) for one in _SPAN.findall(passage.text[:start]))
            about = _subject(sentence, match.start(), subject or ("" if named else heading), first=start == 0)
            if about:
                yield _value(start, match, about)


def _subject(sentence: str, at: int, subject: str, *, first: bool) -> str:
    """What a default that is said at an offset is the default of.

    A name right before it; else, where it stands in brackets or begins its sentence, what the passage is about; else
    the last name before it. Values between, as in "if `limit` is `0`", are no names.
    """
    spans = [one for one in _SPAN.finditer(sentence, 0, at) if not _LITERAL.fullmatch(one[1])]
    last = spans[-1] if spans else None
    apart = sentence[:at].rstrip().endswith("(") or not sentence[:at].strip(" *:")
    if last is not None and not sentence[last.end() : at].strip(" (,:*\u2013\u2014-"):
        return last[1]
    if last is None or (apart and subject):
        return subject
    if at - last.end() <= _SUBJECT_REACH:
        return last[1]
    return subject if first else ""


def _value(start: int, match: re.Match[str], subject: str) -> tuple[int, Shape]:
    value = match["value"]
    quoted = value.startswith("`")
    text = value.strip("`") if quoted else value
    return start + match.start("value") + quoted, Shape(ReferenceKind.VALUE, text, 0, "default", subject)


def defaults_of(arguments: str) -> Iterator[tuple[int, Shape]]:
    """Yield the literal defaults of a signature that is written by hand, with where each stands in `arguments`.

    Brackets around what may be left out, and whatever else is no Python, say nothing.
    """
    if "=" not in arguments:
        return
    head = "def _("
    try:
        tree = ast.parse(f"{head}{arguments}): ...")
    except (SyntaxError, ValueError):
        return
    for args in (one.args for one in tree.body if isinstance(one, ast.FunctionDef)):
        positional = [*args.posonlyargs, *args.args]
        pairs = [*zip(reversed(positional), reversed(args.defaults), strict=False)]
        for name, value in (*pairs, *zip(args.kwonlyargs, args.kw_defaults, strict=True)):
            if isinstance(value, ast.Constant) and value.value is not ...:
                text = ast.unparse(value)
                yield value.col_offset - len(head), Shape(ReferenceKind.VALUE, text, 0, "default", name.arg)


def versions_of(passage: Passage) -> Iterator[tuple[int, Shape]]:
    """Yield versions of Python that the passage asks for."""
    for match in _VERSION.finditer(passage.text):
        least = match["after"] or (match["sign"] or "").startswith((">", "\u2265"))
        sentence = passage.sentence(match.start())
        domain = "minimum" if least or _NEEDS.search(sentence) else "mentioned"
        yield match.start(), Shape(ReferenceKind.VERSION, match["all"].strip(), 0, domain, match["name"])


_DEFAULT_HEAD = re.compile(r"default(?:s| value)?", re.IGNORECASE)
_TYPE_HEAD = re.compile(r"types?", re.IGNORECASE)


def column_domain(head: str) -> str:
    """What the cells of a table's column say of the first cell's thing: `default`, `type`, or nothing known."""
    word = head.strip(" `*")
    if _DEFAULT_HEAD.fullmatch(word):
        return "default"
    return "type" if _TYPE_HEAD.fullmatch(word) else ""


def cell_value(cell: Passage, subject: str, domain: str) -> tuple[int, Shape] | None:
    """The value that a table's cell says of its row's thing."""
    text = cell.text.strip()
    match = re.fullmatch(_VALUE if domain == "default" else r"(?P<value>`[^`]+`|\w+)", text)
    if not match or not subject or text.strip("`\"' -").lower() in {"", "none", "required", "n/a"}:
        return None
    return _value(cell.text.index(text), match, subject)[0], Shape(
        ReferenceKind.VALUE, match["value"].strip("`"), 0, domain, subject
    )
