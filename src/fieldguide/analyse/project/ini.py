"""Read INI files with the line of each value, as setup.cfg and tox.ini need it.

Comes in: text in the format of the standard library's `configparser`. Goes out: values as numbered lines.
Must never: interpolate, raise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class NumberedLine(NamedTuple):
    """One line of a value, stripped and without a comment of its own line."""

    number: int
    text: str


class IniValue(NamedTuple):
    """A value: the line of its key, and what stands after the key and on the lines below."""

    line: int
    lines: tuple[NumberedLine, ...]

    @property
    def text(self) -> str:
        """The value on one line."""
        return " ".join(line.text for line in self.lines)


_SECTION = re.compile(r"\[([^\]]+)\]")
_SEPARATOR = re.compile(r"[=:]")


def read_ini(text: str, first_line: int = 1) -> Mapping[str, Mapping[str, IniValue]]:
    """Return values by section and key; a repeated section adds to the first.

    Line 1 of `text` is counted as `first_line`, for INI text inside another file.
    """
    sections: dict[str, dict[str, IniValue]] = {}
    section = ""
    key = ""
    for number, raw in enumerate(text.split("\n"), first_line):
        stripped = raw.strip()
        if not stripped or stripped.startswith(("#", ";")):
            continue
        if raw[0].isspace():
            held = sections.get(section, {}).get(key)
            if held is not None:
                line = NumberedLine(number, _without_comment(stripped))
                sections[section][key] = held._replace(lines=(*held.lines, line))
            continue
        header = _SECTION.match(stripped)
        if header:
            section, key = header[1].strip(), ""
            sections.setdefault(section, {})
            continue
        pair = _SEPARATOR.search(stripped)
        if pair and pair.start() and section:
            key = stripped[: pair.start()].rstrip()
            value = _without_comment(stripped[pair.end() :].lstrip())
            sections[section][key] = IniValue(number, (NumberedLine(number, value),) if value else ())
        else:
            key = ""
    return sections


def _without_comment(text: str) -> str:
    return re.split(r"\s#\s", text, maxsplit=1)[0].rstrip() if not text.startswith("#") else ""
