"""English for facts: lists, numbers, versions of Python.

Comes in: words and numbers. Goes out: phrases that stand in a sentence. Must never: look at a codebase.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def listing(words: Sequence[str], *, last: str = "and", limit: int | None = None) -> str:
    """Return `a, b and c`; with a limit, `a, b and 7 more`."""
    shown = list(words)
    if limit is not None and len(shown) > limit:
        shown = [*shown[: limit - 1], f"{len(shown) - limit + 1} more"]
    if len(shown) < 2:  # noqa: PLR2004
        return "".join(shown)
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}"


def number(count: int) -> str:
    """Return a number as prose has it: in words below ten."""
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
    first = text.split(" ", 1)[0].rstrip(".,:;!?")
    return text[:1].upper() + text[1:] if first.islower() and first.isalpha() else text


def python_versions(requirement: str, *, joint: str = "or") -> str:
    """Return `Python 3.10 or later` for `>=3.10`; what is more intricate is quoted as it stands.

    Args:
        requirement: A PEP 440 specifier, as `requires-python` has it.
        joint: `and` where the phrase stands after "for".
    """
    if not requirement.strip():
        return ""
    return f"Python {_range(requirement, joint) or f'`{requirement}`'}"


def _range(requirement: str, joint: str) -> str:
    """Return what stands after "Python"; empty for what does not fit into a short phrase."""
    try:
        specifiers = list(SpecifierSet(requirement))
        versions = {one.operator: Version(one.version.removesuffix(".*")) for one in specifiers}
    except (InvalidSpecifier, InvalidVersion):
        return ""
    if len(versions) < len(specifiers):
        return ""
    if list(versions) == ["=="]:
        return _short(versions["=="])
    floor = versions.get(">=") or versions.get("~=")
    if floor is None or not versions.keys() <= {">=", "~=", "<"} or {">=", "~="} <= versions.keys():
        return ""
    return _from(floor, versions.get("<"), joint)


def _from(floor: Version, below: Version | None, joint: str) -> str:
    """Return `3.9 or later`; `3.9 to 3.13` where there is an upper bound that matters."""
    if below is None or below.major > 3:  # noqa: PLR2004 - there is no Python 4 to be shut out
        return f"{_short(floor)} {joint} later"
    if len(below.release) != 2 or below.minor == 0:  # noqa: PLR2004 - 3.14, not 3.13.2
        return ""
    newest = f"3.{below.minor - 1}"
    return newest if newest == _short(floor) else f"{_short(floor)} to {newest}"


def _short(version: Version) -> str:
    """Return `3.10` for 3.10 and 3.10.0."""
    release = version.release
    while len(release) > 2 and release[-1] == 0:  # noqa: PLR2004
        release = release[:-1]
    return ".".join(str(part) for part in release)
