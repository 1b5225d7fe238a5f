"""Telephone numbers in international form.

Comes in: text. Goes out: where numbers stand that begin with `+` and a country's code (ITU-T E.164).
Must never: take a sum, a version, a time zone or a coordinate for a number.

Numbers without a country's code look like any other number and are not found. Those that exist for stories and examples
(area code 555, runs such as 1234567) stay readable.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.subject import Subject

_NUMBER: Final = re.compile(
    r"\+(?P<first>[1-9](?<![\w+*=<>^!~.)\]-]\+[1-9])\d{0,14})"
    r"(?P<rest>(?:[ \u00a0./-]{0,2}(?:\(\d{1,5}\)|\d{1,14})){0,8}+)(?![\w+*=%])"
)
_CODES: Final = re.compile(
    r"1|7|2(?:0|7|[1-69]\d|8[0-9])|3(?:[0-469]|[578]\d)|4(?:[013-9]|2\d)|5(?:[1-8]|[09]\d)|6(?:[0-6]|[789]\d)"
    r"|8(?:[1246]|[0578]\d)|9(?:[0-58]|[679]\d)"
)
_NORTH_AMERICAN: Final = re.compile(r"1[2-9]\d\d[2-9]\d{6}")
_FICTION: Final = re.compile(r"1555\d+|1\d{3}555\d{4}|447700900\d{3}|\d*(?:123456|987654|012345)\d*|\d*(\d)\1{5}\d*")
_SHORTEST: Final = 9
_SHORTEST_UNBROKEN: Final = 11
_LONGEST: Final = 15
_LONGEST_UNBROKEN: Final = 13
"""Digits without a gap: nobody writes a longer number so, while code does."""
_SHORT_GROUP: Final = 2
_PLACE: Final = re.compile(r"\d+\.\d+(?:-\d+\.\d+)?\Z|\d{4}(?:\d\d)?-\d{5}(?:\d\d)?\Z")
"""`+1.5`, `+40.6894-074.0447`, and degrees with minutes (ISO 6709)."""


def find_telephone_numbers(subject: Subject) -> Iterator[Secret]:
    """Find numbers with a country's code."""
    for match in _NUMBER.finditer(subject.text):
        shown = match[0]
        digits = "".join(filter(str.isdigit, shown))
        shortest = _SHORTEST if match["rest"] else _SHORTEST_UNBROKEN
        longest = _LONGEST if match["rest"] else _LONGEST_UNBROKEN
        if not shortest <= len(digits) <= longest or not _is_number(digits, shown):
            continue
        yield Secret("telephone-number", ((match.start(), match.start() + len(shown.rstrip(" ./-\u00a0("))),))


def _is_number(digits: str, shown: str) -> bool:
    code = _CODES.match(digits)
    if code is None or _FICTION.fullmatch(digits) or (digits[0] == "1" and not _NORTH_AMERICAN.fullmatch(digits)):
        return False
    groups = [group for group in re.split(r"\D+", shown) if group]
    if len(groups) == 1:
        return True
    return not _PLACE.match(shown, 1) and all(len(group) >= _SHORT_GROUP for group in groups[2:])
