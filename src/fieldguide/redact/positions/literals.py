"""Where a literal or a bare word begins and ends.

Comes in: a text and an offset. Goes out: offsets of what stands between the quotes, or of the word.
Must never: look further than a bounded distance.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fieldguide.redact.subject import Subject

LONGEST: Final = 4096
"""Characters of a literal beyond which it is no password but a file."""
_OPEN: Final = re.compile(r"""(?P<prefix>(?:u8|[@$rRbBuUfFLlqQNn]{0,2}))(?P<quote>\"{3}|'{3}|\\{0,7}["']|`(?!`))""")
_LONG: Final = {
    '"""': re.compile(rf'(?P<value>(?:[^"\\]|\\[\s\S]|"(?!"")){{0,{LONGEST}}}+)"""'),
    "'''": re.compile(rf"(?P<value>(?:[^'\\]|\\[\s\S]|'(?!'')){{0,{LONGEST}}}+)'''"),
    '"': re.compile(rf'(?P<value>(?:[^"\\\n]|\\[\s\S]){{0,{LONGEST}}}+)"'),
    "'": re.compile(rf"(?P<value>(?:[^'\\\n]|\\[\s\S]|'(?=')'){{0,{LONGEST}}}+)'"),
    "`": re.compile(r"(?P<value>(?:[^`\\\n]|\\.){0,1024}+)`"),
}
_ESCAPED: Final = {
    (quote, count): re.compile(
        rf"(?P<value>(?:[^{quote}\\\n]|\\(?!\\{{{count - 1}}}{quote})[^\n]){{0,{LONGEST}}}+)\\{{{count}}}{quote}"
    )
    for quote in ('"', "'")
    for count in range(1, 8)
}
_FIELD: Final = re.compile(r"\{[^{}]*\}")
_STRING: Final = re.compile(
    r"""[A-Za-z]{1,20}'(?=[a-z])|(?P<long>\"{3}|'{3})|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|\\."""
    r"""|[^"'\\A-Za-z]+|[A-Za-z]+"""
)
"""A string literal on one line, an opened docstring, an escape, a word with an apostrophe, or what lies between."""
_LINE_REACH: Final = 400
"""Characters of a line in front of a name that are looked at for an open string."""

Extent = tuple[int, int]


def literal_at(text: str, position: int) -> tuple[Extent, int] | None:
    """A quoted literal that opens at an offset.

    Returns:
        The extent between the quotes and the offset behind the closing quote; `None` where none opens, where it has
        no end, or
        where fields of an f-string are filled in.
    """
    opening = _OPEN.match(text, position)
    if opening is None:
        return None
    quote = opening["quote"]
    pattern = _LONG.get(quote) or _ESCAPED[quote[-1], len(quote) - 1]
    value = pattern.match(text, opening.end())
    if value is None or ("f" in opening["prefix"].lower() and _FIELD.search(value["value"])):
        return None
    return value.span("value"), value.end()


def closes_a_string(text: str, position: int, quote: int) -> bool:
    """Whether the quote that seems to open a value closes a string instead: `print("Password: " + typed)`.

    Args:
        text: All of it.
        position: Behind the name.
        quote: Of the quote, on the same line or further.
    """
    line = text.rfind("\n", max(0, position - _LINE_REACH - 1), position) + 1
    if (line == 0 and position > _LINE_REACH) or "\n" in text[position:quote]:
        return False
    while line < quote:
        string = _STRING.match(text, line, quote + 1)
        if string is not None and string.end() > quote:
            return string[0][0] in "\"'"
        line = line + 1 if string is None else string.end()
    return False


def line_before(subject: Subject, position: int, reach: int = 200) -> str:
    """What stands on the line in front of an offset, at most `reach` characters."""
    line = subject.text.rfind("\n", max(0, position - reach), position) + 1
    return subject.text[max(line, position - reach) : position]
