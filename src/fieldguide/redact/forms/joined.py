r"""Literals and lines that are one value in pieces, put together.

Comes in: a prepared text. Goes out: the neighbourhoods of what is split, without what splits it.
Must never: follow a value through variables, except from one line to the next that appends to the same name.

Splits: adjacent literals and those that an operator joins, lists that are joined, a name that is appended to, a line
continued with a backslash, a block scalar, a token broken at a line's end, fields of a template that hold a literal, an
empty literal or an invisible character inside a word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.forms.rewriting import Rewriting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.subject import Subject

    Joint = tuple[int, int, str]
    """From where to where nothing of the value stands, and what stands there instead."""

_OPERATOR: Final = r"(?:\+\+?|\.\.?|&|~|\|\||<>|<<)"
_REMARK: Final = r"(?:(?:\#|//)[^\n]{0,120})?"
_LITERALS: Final = re.compile(
    rf"""["'`](?:(?<=[^\s"'`,(\[{{\\].)|(?<=(?:earer|basic|Basic|token|Token)\ .))
    (?:[ \t]{{0,40}}{_OPERATOR}?[ \t]{{0,40}}(?:{_REMARK}\\?\n[ \t]{{0,200}}){{1,4}}{_OPERATOR}?[ \t]{{0,40}}
    |[ \t]{{0,40}}{_OPERATOR}[ \t]{{0,40}}|[ \t]{{1,40}})
    [fFbBrRuULN@$]{{0,2}}["'`](?=[^\s"'`,)\]}};:+.])""",
    re.VERBOSE,
)
_APPENDED: Final = re.compile(
    r"""["'`](?<=[^\s"'`].)[ \t]{0,8};?\n[ \t]{0,80}(?:export[ ]|local[ ]|\$)?(?:
    [\w.$>-]{1,60}[ ]?(?:\+|\.|\|\|)=[ ]?
    |(?P<name>[\w.]{1,60})[ ]?=[ ]?["']?\$?\{?(?P=name)\}?["']?(?:[ ]?[+.][ ]?)?
    )["'`]?(?=[^\s"'`])""",
    re.VERBOSE,
)
_CONTINUED: Final = re.compile(r"\\\n[ \t]{0,200}(?=\S)")
_BLOCK: Final = re.compile(r":[ \t]{0,8}[>|][+-]?\d?[ \t]{0,8}\n[ \t]{1,80}(?=\S)")
_WRAPPED: Final = re.compile(
    # The line that ends a key block begins with dashes and is no part of the key.
    r"\n(?<=[A-Za-z0-9+/_=.-]{12}\n)(?!.{0,82}-----)[ \t]{0,80}(?:\#|//|\*|>|;|--|\+|\|)?[ \t]{0,80}"
    r"(?=[A-Za-z0-9+/_.-]{3,}+={0,2}(?![A-Za-z0-9]|[ \t]?[:=(\[]))"
)
_TAIL: Final = re.compile(r"[A-Za-z0-9+/_=.-]{12,200}\Z")
_GOES_ON: Final = re.compile(r"[A-Za-z0-9+/_.-]{3,200}+={0,2}(?![A-Za-z0-9+/_=-])")
_DRAWN: Final = re.compile(r"[0-9=]|[a-z][A-Z]")
"""What the rest of a token has and a word has not: another line begins with a word."""
_WIDE: Final = 40
"""Characters at which somebody broke a line; behind so many even a word may belong to it."""
_FIELD: Final = re.compile(r"""\{["']([^"'{}\s]{1,200})["']\}""")
_NOTHING: Final = re.compile(r"""(?:""|'')(?<=\w..)(?=\w)""")
_MARKUP: Final = re.compile(
    # Each begins with a character of its own, and looks behind it only where that stands: five times as fast.
    r"(?:<(?<=[A-Za-z0-9_]{8}<)(?:!--[^\n<>]{0,80}-->|/?\w{1,8}[ ]?/?>)|\*(?<=[A-Za-z0-9_]{8}\*)\*{0,2}"
    r"|~(?<=[A-Za-z0-9_]{8}~)~|`(?<=[A-Za-z0-9_]{8}`)`)(?=[A-Za-z0-9_]{8})"
)
"""What Markdown shows nothing of, inside of a long word."""
_INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0100-\U000e01ef]{1,80}"
)
"""Characters without a look of their own (Unicode's Default_Ignorable_Code_Point)."""
_LIST: Final = re.compile(
    r"""(?:""|'')\.join\(\s{0,80}[\[(]|(?<![\w.])(?:concat|CONCAT|paste0|strcat|implode|String\.Join|String\.Concat)\("""
)
_LISTS: Final = ("''.join(", '"".join(', "oncat(", "CONCAT(", "paste0(", "strcat(", "implode(", "String.Join(")
_LISTED: Final = re.compile(
    r"""\s{0,80}[bruf]{0,2}(?:"(?:[^"\\\n]|\\.){0,500}+"|'(?:[^'\\\n]|\\.){0,500}+')\s{0,80}(?P<more>,?)"""
)
_JOINED_LIST: Final = re.compile(r"""\]\s{0,80}\.[jJ]oin\((?:""|'')""")
_LONGEST_LITERALS: Final = 4000
"""Characters of a list of literals, in front of what joins them."""
_LONGEST_LIST: Final = 400
_REACH: Final = 200
"""Characters of a neighbourhood on either side, if its lines are longer."""


def join_pieces(subject: Subject) -> Rewriting | None:
    """Write every neighbourhood of split values anew, without the splits; `None` when nothing is split."""
    joints = sorted({(start, end): (start, end, instead) for start, end, instead in _joints(subject.text)}.values())
    if not joints:
        return None
    rewriting = Rewriting(subject.text)
    position = reach = 0
    quotes = _Quotes(subject.text)
    for start, end, instead in joints:
        if start < position:
            continue
        opened = _line_before(subject.text, start)
        if opened >= reach:
            rewriting.keep(position, reach)
            rewriting.put("\n\n", position, position)
            position = opened
        quotes.write(rewriting, position, start)
        rewriting.put(instead, start, start)
        if _INVISIBLE.fullmatch(subject.text, start, end):
            rewriting.leave_out(start, end)
        quotes.note(start, end)
        position, reach = end, _line_end(subject.text, end)
    quotes.write(rewriting, position, reach)
    return rewriting


class _Quotes:
    """Closes a joined literal with the quote that opened it, where its pieces have different ones."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._opened = self._closing = ""

    def note(self, start: int, end: int) -> None:
        """A joint: what closed the piece in front of it, and what opened the one behind."""
        before, behind = self._text[start], self._text[end - 1]
        if before in "\"'`" and behind in "\"'`":
            self._opened, self._closing = self._opened or before, behind
        else:
            self._opened = self._closing = ""

    def write(self, rewriting: Rewriting, start: int, end: int) -> None:
        """Keep a stretch behind a joint, but for a closing quote that is not the one that opened."""
        if self._opened and self._opened != self._closing:
            close = self._text.find(self._closing, start, end)
            if close >= 0:
                rewriting.keep(start, close)
                rewriting.put(self._opened, close, close + 1)
                rewriting.keep(close + 1, end)
                self._opened = self._closing = ""
                return
        if self._closing and self._closing in self._text[start:end]:
            self._opened = self._closing = ""
        rewriting.keep(start, end)


def _joints(text: str) -> Iterator[Joint]:
    for pattern in (_LITERALS, _APPENDED, _NOTHING, _MARKUP):
        yield from ((*match.span(), "") for match in pattern.finditer(text))
    yield from _broken_lines(text)
    for match in _FIELD.finditer(text):
        start = match.start() - (text[match.start() - 1 : match.start()] == "$")
        if _is_inside_word(text[start - 1 : start] if start else "") or _is_inside_word(
            text[match.end() : match.end() + 1]
        ):
            yield start, match.start(1), ""
            yield match.end(1), match.end(), ""
    if not text.isascii():
        yield from ((*match.span(), "") for match in _INVISIBLE.finditer(text))
    if any(opening in text for opening in _LISTS):
        for opened in _LIST.finditer(text):
            yield from _commas(text, opened.end())
    if ".join(" in text or ".Join(" in text:
        position = 0
        for joined in _JOINED_LIST.finditer(text):
            opened_at = text.rfind("[", max(position, joined.start() - _LONGEST_LITERALS), joined.start())
            position = joined.end()
            if opened_at >= 0:
                yield from _commas(text, opened_at + 1)


def _is_inside_word(character: str) -> bool:
    return character.isalnum() or character in {"_", "-"}


def _broken_lines(text: str) -> Iterator[Joint]:
    """Line ends inside of a value, and those that are continued."""
    if "\\\n" in text:
        for match in _CONTINUED.finditer(text):
            yield (*match.span(), "")  # a blank in front stays
    yield from ((match.start() + 1, match.end(), " ") for match in _BLOCK.finditer(text))
    for match in _WRAPPED.finditer(text):
        tail = _TAIL.search(text, max(0, match.start() - _REACH), match.start())
        if tail is not None and any(map(str.isdigit, tail[0])) and any(map(str.isalpha, tail[0])):
            further = _GOES_ON.match(text, match.end())
            if further is not None and (len(tail[0]) >= _WIDE or _DRAWN.search(further[0])):
                yield (*match.span(), "")


def _commas(text: str, position: int) -> Iterator[Joint]:
    """What stands between the literals of a list that begins at `position`."""
    closed = -1
    for _ in range(_LONGEST_LIST):
        literal = _LISTED.match(text, position)
        if literal is None:
            return
        if closed >= 0:
            opened = next(at for at in range(position, literal.end()) if text[at] in "\"'")
            yield closed, opened + 1, ""
        if not literal["more"]:
            return
        closed, position = _closing(text, literal.start("more")), literal.end()


def _closing(text: str, comma: int) -> int:
    """Offset of the quote in front of a comma."""
    while text[comma - 1].isspace():
        comma -= 1
    return comma - 1


def _line_before(text: str, position: int) -> int:
    """Start of the line in front of the one at `position`, since a name may stand there."""
    line = text.rfind("\n", max(0, position - _REACH), position)
    if line < 0:
        return max(0, position - _REACH)
    return max(text.rfind("\n", max(0, line - _REACH), line) + 1, line - _REACH, 0)


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position, position + 2 * _REACH)
    return min(len(text), position + 2 * _REACH) if end < 0 else end
