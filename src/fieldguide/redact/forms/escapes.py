r"""Text behind escapes: `\"`, `\x41`, `\u0041`, `\N{DIGIT ONE}`, `\101`, `%41`, `&quot;`, and lists of character codes.

Comes in: a prepared text. Goes out: the lines that hold such escapes, read as what they stand for.
Must never: read a line that holds none.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from fieldguide.redact.forms.rewriting import Rewriting

if TYPE_CHECKING:
    from fieldguide.redact.subject import Subject

_TOLD_BY: Final = re.compile(
    r"""\\["'/]|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\U000[0-9a-fA-F]{5}|\\N\{[A-Z]|\\[01][0-7]{2}|%(?:[2-6][0-9A-Fa-f]|7[0-9A-Ea-e])|&(?:quot|apos|amp|lt|gt|lowbar|period|sol|plus|equals|\#x?\w{1,6});""",
    re.VERBOSE,
)
_TOKEN: Final = re.compile(
    r"""\\x(?P<x>[0-9a-fA-F]{2})|\\u(?P<u>[0-9a-fA-F]{4})|\\u\{(?P<b>[0-9a-fA-F]{1,6})\}
    |\\U(?P<U>000[0-9a-fA-F]{5})|\\N\{(?P<n>[A-Z][A-Z0-9 -]{1,80})\}
    |\\(?P<o>[01][0-7]{2})|\\(?P<c>[nrtbf"'/\\`])
    |%(?P<p>[0-9A-Fa-f]{2})|(?P<e>&(?:[a-z]{2,6}|\#x?\w{1,6});)|(?P<q>["'])""",
    re.VERBOSE,
)
_CONTROLS: Final = {"n": "\n", "r": "", "t": "\t", "b": " ", "f": " "}
_LINES: Final = frozenset({".ipynb", ".json", ".jsonl", ".har", ".ndjson"})
"""Files that write lines of other files as literals."""
_LINE_BREAK: Final = re.compile(r"\\n")
_NEAR: Final = 1000
"""Characters of a line in front of an escape, and behind it, if the line is longer."""
_END: Final = 0x110000
_SURROGATES: Final = range(0xD800, 0xE000)
"""Halves of a pair, which are no characters."""
_CODE: Final = r"(?:0x[0-9a-fA-F]{2}|\d{2,3})"
_CODES: Final = re.compile(
    rf"[0-9](?<![\w.].)(?:x[0-9a-fA-F]{{2}}|\d{{1,2}})(?:\s{{0,20}},\s{{0,20}}{_CODE}){{9,4096}}+(?![\w.])"
)
_CALLS: Final = re.compile(
    rf"[Cc]har?\$?\(\s?{_CODE}\s?\)(?:\s{{0,20}}[+.&,|]{{1,2}}\s{{0,20}}[Cc]har?\$?\(\s?{_CODE}\s?\)){{7,4096}}+"
    rf"|[Cc]hr\(\s?{_CODE}\s?\)(?:\s{{0,20}}[+.&,|]{{1,2}}\s{{0,20}}[Cc]hr\(\s?{_CODE}\s?\)){{7,4096}}+"
)
_NUMBER: Final = re.compile(r"0x[0-9a-fA-F]{2}|\d{2,3}")
_PRINTABLE: Final = frozenset({9, 10, 13, *range(32, 127)})


def read_escapes(subject: Subject) -> Rewriting | None:
    """Read the lines that hold escapes; `None` when no line does."""
    text = subject.text
    told_by = _LINE_BREAK if subject.suffix in _LINES and "\\n" in text and '\\"' not in text else _TOLD_BY
    rewriting: Rewriting | None = None
    position = 0
    while (found := told_by.search(text, position)) is not None:
        line = max(position, text.rfind("\n", max(0, found.start() - _NEAR), found.start()) + 1, found.start() - _NEAR)
        end = text.find("\n", found.end(), found.end() + _NEAR)
        end = min(len(text), found.end() + _NEAR) if end < 0 else end
        rewriting = rewriting or Rewriting(text)
        _read(rewriting, text, line, end)
        rewriting.put("\n", end, end)
        position = end
    return rewriting


def _read(rewriting: Rewriting, text: str, start: int, end: int) -> None:
    nested = text.find('\\"', start, end) >= 0 or text.find("\\'", start, end) >= 0
    position = start
    for token in _TOKEN.finditer(text, start, end):
        instead = _character(token, nested=nested)
        if instead is not None:
            rewriting.keep(position, token.start())
            rewriting.put(instead, *token.span())
            position = token.end()
    rewriting.keep(position, end)


def _character(token: re.Match[str], *, nested: bool) -> str | None:
    """What an escape stands for; a bare quote around escaped ones parts two texts."""
    kind = token.lastgroup
    if kind == "q":
        return "\n" if nested else None
    if kind == "c":
        return _CONTROLS.get(token["c"], token["c"])
    if kind == "n":
        try:
            return unicodedata.lookup(token["n"])
        except KeyError:
            return None
    if kind == "e":
        return html.unescape(token["e"])
    code = int(token[kind or 0], 8 if kind == "o" else 16)
    return chr(code) if code < _END and code not in _SURROGATES else None


def read_codes(subject: Subject) -> Rewriting | None:
    """Read lists of character codes that make printable text; `None` when there is none."""
    rewriting: Rewriting | None = None
    position = 0
    matches = [*_CODES.finditer(subject.text)]
    if "chr(" in subject.lowered or "char(" in subject.lowered:
        matches = sorted([*matches, *_CALLS.finditer(subject.text)], key=lambda match: match.start())
    for match in matches:
        codes = [int(number, 16 if "x" in number else 10) for number in _NUMBER.findall(match[0])]
        if not _PRINTABLE.issuperset(codes):
            continue
        rewriting = rewriting or Rewriting(subject.text)
        line = max(position, subject.text.rfind("\n", max(0, match.start() - _NEAR), match.start()) + 1)
        line = max(line, match.start() - _NEAR)
        rewriting.put("\n", line, line)
        rewriting.keep(line, match.start())
        rewriting.put('"' + "".join(map(chr, codes)) + '"', *match.span())
        rewriting.put("\n", match.end(), match.end())
        position = match.end()
    return rewriting
