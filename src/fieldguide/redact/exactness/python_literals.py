r"""The literals and comments of Python source, found without parsing it.

Comes in: source with `\n` line ends, of any version of Python and also with faults in it.
Goes out: the parts inside of which text may be hidden. Must never: fail; take longer than linear time.

The lexical rules are those of the Python reference, "Lexical analysis", with the f-strings of PEP 701, which hold every
f-string that an earlier Python accepts. The `tokenize` of a Python knows only its own f-strings, and stops at a fault.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from fieldguide.redact.exactness.part import Part, Spelling

_STRING: Final = r"""(?P<prefix>(?<!\w)(?:[bBfFtT][rR]?|[rR][bBfFtT]?|[uU]))?(?P<quote>\"{3}|'{3}|["'])"""
_OPENING: Final = re.compile(rf"(?P<comment>\#[^\n]*)|{_STRING}")
_FIELD: Final = re.compile(rf"(?P<comment>\#[^\n]*)|{_STRING}|(?P<bracket>[()\[\]{{}}:])")
_LINE: Final = re.compile(r"[^\n]*")
_BODIES: Final = {
    quote: re.compile(rf"(?:[^{quote[0]}\\{newline}]++|\\[\s\S]{also})*+")
    for quote, newline, also in (
        ('"', r"\n", ""),
        ("'", r"\n", ""),
        ('"""', "", '|"(?!"")'),
        ("'''", "", "|'(?!'')"),
    )
}
_FORMATTED: Final = {
    (quote, raw): re.compile(
        rf"(?:[^{quote[0]}\\{newline}{{}}]++|\{{\{{|\}}\}}|{named}\\(?![{{}}])[\s\S]|\\(?=[{{}}]){also})*+"
    )
    for quote, newline, also in (
        ('"', r"\n", ""),
        ("'", r"\n", ""),
        ('"""', "", '|"(?!"")'),
        ("'''", "", "|'(?!'')"),
    )
    for raw, named in ((True, ""), (False, r"\\N\{[^{}\n]{1,90}\}|"))
}
_SPECIFICATION: Final = {
    quote: re.compile(rf"(?:[^{quote[0]}\\{newline}{{}}]++|\\(?![{{}}])[\s\S]|\\)*+")
    for quote, newline in (('"', r"\n"), ("'", r"\n"), ('"""', ""), ("'''", ""))
}


@dataclass(slots=True)
class _Frame:
    """Where the reading of an f-string stands: in its text, in a field, or in a field's format specification."""

    quote: str
    raw: bool
    field: bool = False
    specification: bool = False
    depth: int = 0
    """Brackets that are open in a field."""


def python_parts(text: str) -> list[Part]:
    """Insides of string and bytes literals, texts of f-strings between their fields, and comments, in order.

    A literal that its line does not close reaches to the end of the line, and one with three quotes that nothing
    closes to the end of the text.
    """
    parts: list[Part] = []
    position = 0
    fields = True
    while (opening := _OPENING.search(text, position)) is not None:
        if opening["comment"]:
            parts.append(Part(opening.start() + 1, opening.end()))
            position = opening.end()
            continue
        if fields and _is_formatted(opening):
            count = len(parts)
            end = _formatted(text, opening, parts)
            if end is not None:
                position = end
                continue
            # A field that nothing closes was read to the end of the text. Once is enough: all others are read as
            # ordinary strings, or a million of them would take a million readings.
            fields = False
            del parts[count:]
        position = _plain(text, opening, parts)
    return parts


def _is_formatted(opening: re.Match[str]) -> bool:
    return any(letter in "fFtT" for letter in opening["prefix"] or "")


def _plain(text: str, opening: re.Match[str], parts: list[Part]) -> int:
    """Take a literal without fields; return where it ends."""
    quote = opening["quote"]
    body = _BODIES[quote].match(text, opening.end())
    end = len(text) if body is None else body.end()
    closed = text.startswith(quote, end)
    if not closed and len(quote) == 1:  # an apostrophe, or a fault: the line may be anything
        line = _LINE.match(text, opening.end())
        end = len(text) if line is None else line.end()
    elif not closed:
        end = len(text)
    if end > opening.end():
        spelling = Spelling.ESCAPED if closed else Spelling.PLAIN
        parts.append(Part(opening.end(), end, spelling, quote))
    return end + len(quote) if closed else end


def _formatted(text: str, opening: re.Match[str], parts: list[Part]) -> int | None:
    """Take an f-string with all that is nested in it; return where it ends, `None` when it does not."""
    frames = [_frame(opening)]
    position = opening.end()
    while frames:
        frame = frames[-1]
        step = _in_field if frame.field and not frame.specification else _in_text
        after = step(text, position, frames, parts)
        if after is None:
            return None
        position = after
    return position


def _frame(opening: re.Match[str]) -> _Frame:
    return _Frame(opening["quote"], raw="r" in (opening["prefix"] or "").lower())


def _in_text(text: str, position: int, frames: list[_Frame], parts: list[Part]) -> int | None:
    """Take the text of an f-string, or of a format specification, up to the next field or its end."""
    frame = frames[-1]
    pattern = _SPECIFICATION[frame.quote] if frame.specification else _FORMATTED[frame.quote, frame.raw]
    match = pattern.match(text, position)
    end = position if match is None else match.end()
    if end > position:
        parts.append(Part(position, end, Spelling.FORMATTED, frame.quote))
    if text.startswith("{", end):
        frames.append(_Frame(frame.quote, frame.raw, field=True))
        return end + 1
    if frame.specification:
        frames.pop()
        return end + 1 if text.startswith("}", end) else None
    if text.startswith(frame.quote, end):
        frames.pop()
        return end + len(frame.quote)
    return None


def _in_field(text: str, position: int, frames: list[_Frame], parts: list[Part]) -> int | None:
    """Take code in a field up to the next bracket, string or comment."""
    frame = frames[-1]
    match = _FIELD.search(text, position)
    if match is None:
        return None
    if match["comment"]:
        parts.append(Part(match.start() + 1, match.end()))
    elif match["quote"]:
        if not _is_formatted(match):
            return _plain(text, match, parts)
        frames.append(_frame(match))
    elif match[0] in "([{":
        frame.depth += 1
    elif frame.depth and match[0] in ")]}":
        frame.depth -= 1
    elif match[0] == "}":
        frames.pop()
    elif match[0] == ":" and not frame.depth:
        frame.specification = True
    return match.end()
