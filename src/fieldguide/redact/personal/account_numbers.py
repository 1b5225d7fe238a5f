"""Numbers of bank accounts and payment cards, each told by its checksum.

Comes in: text. Goes out: where the numbers stand. Must never: report a number whose checksum does not hold.

Formats: IBAN by ISO 13616 (lengths of the registry of SWIFT, check digits by ISO 7064 mod 97-10); cards by ISO/IEC 7812
(issuer ranges, check digit of Luhn). Numbers that are known to be for tests are hidden too: that costs a reader little.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.subject import Subject

_LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FK FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK",
        21: "CH CR HR LI LV", 22: "BG BH DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL",
        24: "AD CZ DZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST", 26: "IS TR", 27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV", 29: "BR EG PS QA UA", 30: "JO KW MU YE", 31: "MT SC", 32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
_IBAN: Final = re.compile(r"([A-Z]{2})[0-9]{2}(?<![A-Za-z0-9_][A-Z]{2}\d\d)(?=[ \u00a0-]?[A-Z0-9]{4})")
_IBAN_REST: Final = re.compile(r"(?:[ \u00a0-]?[A-Z0-9]){11,29}+")
_CARD: Final = re.compile(
    r"[2-6]\d{3}(?<![\w.+*=%/-]\d{4})"  # behind the first digits: a search for a digit is many times as quick
    r"(?:([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{3})?|([ -])\d{6}\2\d{4,5}|\d{10,15})(?![\w%*-]|\.\d)"
)
_CARD_KINDS: Final = re.compile(
    r"4\d{15}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|35(?:2[89]|[3-8]\d)\d{12}|6(?:011|5\d\d|4[4-9]\d)\d{12}|62\d{14,17}"
)
_DISTINCT: Final = 3
"""Different digits that a number of a card has at least; well-known numbers for tests have them too."""


def find_account_numbers(subject: Subject) -> Iterator[Secret]:
    """Find IBANs and numbers of payment cards."""
    text = subject.text
    for match in _IBAN.finditer(text):
        end = _end_of_iban(text, match)
        if end is not None:
            yield Secret("iban", ((match.start(), end),))
    for match in _CARD.finditer(text):
        digits = match[0].replace(" ", "").replace("-", "")
        if _CARD_KINDS.fullmatch(digits) and len(set(digits)) >= _DISTINCT and _luhn(digits):
            yield Secret("card-number", (match.span(),))


def _end_of_iban(text: str, match: re.Match[str]) -> int | None:
    length = _LENGTHS.get(match[1])
    rest = _IBAN_REST.match(text, match.end())
    if length is None or rest is None:
        return None
    plain = match[0]
    for position in range(rest.start(), rest.end()):
        if text[position].isalnum():
            plain += text[position]
        if len(plain) == length:
            ends = not text[position + 1 : position + 2].isalnum()
            return position + 1 if ends and _mod_97(plain) else None
    return None


def _mod_97(plain: str) -> bool:
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


def _luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0
