"""English for facts: lists, numbers, versions of Python.

Comes in: words and numbers. Goes out: phrases that stand in a sentence. Must never: look at a codebase.
"""

from __future__ import annotations

from collections.abc import Sequence

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def listing(words: Sequence[str], *, last: str = "and", limit: int | None = None) -> str:
    """Return `a, b and c`; with a limit, `a, b and 7 more`."""
    shown = list(words)
    if limit is not None and len(shown) > limit:
        shown = [*shown[: limit - 1], f"{len(shown) - limit + 1} more"]
    if len(shown) < 2:  # noqa: PLR2004
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def number(count: int) -> str:
    """Return a number as prose has it: in words up to twelve."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return `one command`, `two commands`, `14 classes`."""
    return f"{number(count)} {noun if count == 1 else plural or plural_of(noun)}"


def plural_of(noun: str) -> str:
    """Return the plural of a regular English noun."""
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + "s"


def article(word: str) -> str:
    """Return the indefinite article that goes before `word`, judged by its first letter."""
    return "an" if word.lstrip("`*_[").lower().startswith(("a", "e", "i", "o")) else "a"


def capital(text: str) -> str:
    """Return `text` with its first letter upper case, unless it begins with code or a name of mixed case."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.islower() and first.isalpha() else text


def python_versions(requirement: str, *, joint: str = "or") -> str:
    """Return `Python 3.10 or later` for `>=3.10`; what is more intricate is quoted as it stands.

    Args:
        requirement: A PEP 440 specifier, as `requires-python` has it.
        joint: `and` where the phrase stands after "for".
    """
    if not requirement.strip():
        return ""
    try:
        specifiers = SpecifierSet(requirement)
        lowest = [Version(one.version.removesuffix(".*")) for one in specifiers if one.operator in {">=", "~=", ">"}]
        below = [Version(one.version.removesuffix(".*")) for one in specifiers if one.operator == "<"]
        exact = [one.version for one in specifiers if one.operator in {"==", "<="}]
    except (InvalidSpecifier, InvalidVersion):
        return f"Python `{requirement}`"
    skipped = any(one.operator == "!=" for one in specifiers)
    if len(specifiers) == 1 and exact and next(iter(specifiers)).operator == "==":
        return f"Python {exact[0].removesuffix('.*')}"
    if len(lowest) != 1 or exact or skipped or len(below) > 1 or any(one.operator == ">" for one in specifiers):
        return f"Python `{requirement}`"
    floor = _short(lowest[0])
    if not below or below[0].release[:1] > (3,) or below[0].release == (4,):
        return f"Python {floor} {joint} later"
    top = below[0].release
    if len(top) == 2 and top[0] == 3 and top[1] > 0:  # noqa: PLR2004
        newest = f"3.{top[1] - 1}"
        return f"Python {floor}" if newest == floor else f"Python {floor} to {newest}"
    return f"Python `{requirement}`"


def _short(version: Version) -> str:
    """Return `3.10` for 3.10 and 3.10.0."""
    release = version.release
    while len(release) > 2 and release[-1] == 0:  # noqa: PLR2004
        release = release[:-1]
    return ".".join(str(part) for part in release)
