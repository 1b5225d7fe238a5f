"""What a code span names: by its shape, or as an expression of Python.

Comes in: the content of a span, what the document's Python blocks have bound, and the sentence around it.
Goes out: shapes, and for names that were resolved through an import what stands there.
Must never: take a literal, an operator or a keyword for a name.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.python_blocks import read_expression
from fieldguide.verify.reading.shapes import DOTTED, Shape, shapes_of_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.verify.reading.python_names import PythonNames

_LONGEST: Final = 500
_EXTRA = re.compile(
    r"['\"]?(?P<name>(?!list|dict|set|tuple|type)[a-z][\w.-]*\[(?!str|int|float|bool|bytes)[a-z][\w-]*(?:,\s*[\w-]+)*\])['\"]?"
)
_SAYS_EXTRA = re.compile(r"\b(?:install|extras?|optional|dependenc|requirement)", re.IGNORECASE)
_CALL = re.compile(
    r"(?:async |await )?(?:def )?@?(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)\(.*\)(?:\s*(?:->.*|:))?",
    re.DOTALL,
)
_MANUAL = re.compile(r"[a-z][a-z0-9_.+-]*\([1-8]\)")
"""A page of the system's manual: `footprint(1)`."""
_HOST = re.compile(r"(?:[a-z0-9]+\.)+(?:com|org|net|dev|edu)")
_KEYWORD = re.compile(r"(?P<name>[^\W\d]\w*)\s*=(?!=)\s*\S.*|(?P<bare>[^\W\d]\w*)=", re.DOTALL)
_DEFINITION = re.compile(r"(?:async )?(?:class|def) (?P<name>[^\W\d]\w*)")
_LITERALS: Final = frozenset({"True", "False", "None", "true", "false", "null", "self", "cls", "args", "kwargs"})


def shapes_of_span(code: str, names: PythonNames, sentence: str = "") -> Iterator[tuple[Shape, str]]:
    """Yield each shape with what is written where that is not its text."""
    if not code.strip() or len(code) > _LONGEST or "{{" in code or "{%" in code:  # of a template's language
        return
    extra = _EXTRA.fullmatch(code)
    if extra and _SAYS_EXTRA.search(sentence):
        yield Shape(ReferenceKind.EXTRA, extra["name"], extra.start("name")), ""
        return
    found = list(shapes_of_code(code))
    yield from ((shape, "") for shape in found)
    if not found:
        yield from _python(code, names)


def _python(code: str, names: PythonNames) -> Iterator[tuple[Shape, str]]:
    if code.startswith(".") and code[1:2].isidentifier():  # a member of what the sentence is about
        for shape, written in _python(code[1:], names):
            if shape.start == 0:
                yield replace(shape, start=1, domain=shape.domain or "member"), written
        return
    if _MANUAL.fullmatch(code) or not code.strip("_"):
        return
    bare = code.strip().removeprefix("@")
    definition = _DEFINITION.match(code)
    if DOTTED.fullmatch(bare):
        if not keyword.iskeyword(bare) and bare not in _LITERALS and not _HOST.fullmatch(bare):
            yield Shape(ReferenceKind.NAME, bare, code.index(bare)), ""
    elif definition:
        yield Shape(ReferenceKind.NAME, definition["name"], definition.start("name")), ""
    else:
        keyword_argument = _KEYWORD.fullmatch(code)
        if keyword_argument:
            argument = keyword_argument["name"] or keyword_argument["bare"]
            yield Shape(ReferenceKind.NAME, argument, 0, "keyword"), ""
        yield from _expression(code, names)


def _expression(code: str, names: PythonNames) -> Iterator[tuple[Shape, str]]:
    decorates = code.startswith("@")
    uses = read_expression(code.removeprefix("@"), names)
    call = _CALL.fullmatch(code) if uses is None else None
    if call and not keyword.iskeyword(call["name"]):
        yield Shape(ReferenceKind.CALL, call["name"], call.start("name"), "signature"), ""
    for use in uses or ():
        if use.kind is not ReferenceKind.NAME or "." in use.text:
            yield Shape(use.kind, use.text, use.column + decorates, "", use.owner, use.keywords), use.written
