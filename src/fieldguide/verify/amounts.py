"""Numbers, as people state them and as code has them.

Comes in: plain text of a sentence; source text. Goes out: amounts; whether the source has one of them.
Must never: take the digits of a name for a number.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS: Final = {
    word: number
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {"once": 1, "twice": 2, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_SCALES: Final = {
    "ms": (0.001, 1), "millisecond": (0.001, 1), "s": (1, 1000), "sec": (1, 1000), "second": (1, 1000),
    "min": (1, _MINUTE), "minute": (1, _MINUTE), "hour": (1, _HOUR, _HOUR // 60), "day": (1, _DAY, 24),
    "week": (1, 7, 7 * _DAY), "year": (1, 365, 365 * _DAY), "kb": (1, 1000, 1024), "kib": (1, 1024),
    "mb": (1, 10**6, 2**20), "mib": (1, 2**20), "gb": (1, 10**9, 2**30), "gib": (1, 2**30),
    "kilobyte": (1, 1000, 1024), "megabyte": (1, 10**6, 2**20), "gigabyte": (1, 10**9, 2**30),
    "%": (1, 0.01), "percent": (1, 0.01), "byte": (1,), "character": (1,), "time": (1,), "attempt": (1,),
    "retry": (1,), "retrie": (1,), "trie": (1,),
}  # fmt: skip
"""By unit, without the `s` of a plural: what one of it may be in the code."""
_TRIES: Final = frozenset({"time", "attempt", "retry", "retrie", "trie"})
_UNITS: Final = "|".join(
    sorted((f"{re.escape(one)}{'' if one in {'ms', '%', 's'} else 's?'}" for one in _SCALES), key=len, reverse=True)
)
_UNIT: Final = rf"(?:[\s-]?(?P<unit>{_UNITS})(?!\w))"
_DIGITS: Final = re.compile(
    rf"(?<![\w.#/$-])(?P<number>\d[\d_,]*(?:\.\d+)?)(?:{_UNIT}|(?![\w.]*\w|-\w))", re.IGNORECASE
)
_SPELT: Final = re.compile(rf"\b(?P<number>{'|'.join(_WORDS)}){_UNIT}", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"(?:\b(?:C?Python|PyPy|Django|versions?|RFC|PEP|ISO|IEEE|HTTPS?|TLS|SSL|OAuth|Unicode|UTF|SHA|IPv|BSD|Apache|GPL"
    r"|layer|level|section|chapter|step|figure|table|Windows|Ubuntu|Debian|CUDA|Node|Postgres|PostgreSQL)|[<>=~v])[\s-]*$",
    re.IGNORECASE,
)
"""What a number after it belongs to."""
_IN_CODE: Final = re.compile(r"(?<![\w.])(?:0[xX][\da-fA-F_]+|\d[\d_,]*(?:\.\d+)?(?:[eE][+-]?\d+)?)")
_PRODUCT: Final = re.compile(r"\d[\d_.]*(?:[ \t]*(?:\*\*|<<|[*])[ \t]*\d[\d_.]*)+")
_FACTOR: Final = re.compile(r"(\*\*|<<|[*])?\s*(\d[\d_.]*)")
_MOST: Final = 64
"""Of an exponent or a shift."""
_LARGEST_BASE: Final = 1e4


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit."""

    written: str
    number: float
    unit: str
    """In lower case, without the `s` of a plural; empty for none."""


def amounts_in(text: str) -> Iterator[Amount]:
    """Numbers that a text states: in digits, and in words where a unit follows."""
    for match in (*_DIGITS.finditer(text), *_SPELT.finditer(text)):
        if _NAMED.search(text[: match.start()]):
            continue
        said = match["number"].lower()
        if said == "one" and match["unit"].lower().rstrip("s") in _TRIES:
            continue  # `one attempt`, `one time`: no number is meant
        number = _WORDS[said] if said in _WORDS else float(said.rstrip(",").replace(",", "").replace("_", ""))
        unit = (match["unit"] or "").lower()
        yield Amount(match[0].rstrip(",. "), number, unit if unit in _SCALES else unit.removesuffix("s"))


def states(source: str, amount: Amount) -> bool:
    """Tell whether source text has a number, in the same unit or another."""
    has = set(_numbers(source))
    scales = _SCALES.get(amount.unit, (1,))
    return any(math.isclose(amount.number * scale, one, rel_tol=1e-6) for scale in scales for one in has)


def _numbers(source: str) -> Iterator[float]:
    # What is multiplied is no number by itself: in `2 * 60` there is neither a 2 nor a 60.
    for match in _IN_CODE.finditer(_PRODUCT.sub(" ", source)):
        digits = match[0].rstrip(",").replace("_", "")
        if digits[:2] in {"0x", "0X"}:
            yield float(int(digits, 16))
        else:
            yield from (float(one) for one in {digits.replace(",", ""), *digits.split(",")} if one)
    for match in _PRODUCT.finditer(source):
        yield _product(match[0])
    for word in re.findall(r"[a-z]+", source.lower()):
        if word in _WORDS:
            yield float(_WORDS[word])


def _product(written: str) -> float:
    """The value of numbers that are multiplied, raised or shifted, from left to right."""
    value = 1.0
    for sign, digits in _FACTOR.findall(written):
        number = float(digits.strip("._").replace("_", "") if digits.count(".") <= 1 else "0")
        if sign == "**":
            value = value ** min(number, _MOST) if value < _LARGEST_BASE else math.inf
        elif sign == "<<":
            value *= 2 ** min(number, _MOST)
        else:
            value *= number
    return value
