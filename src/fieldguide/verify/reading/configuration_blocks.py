"""Keys of configuration that a document shows.

Comes in: the text of a TOML, INI, YAML, JSON or environment block.
Goes out: settings by their dotted path, and environment variables, with their places.
Must never: need the block to be whole: an excerpt is read line by line.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading.shapes import Shape, flags

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LANGUAGES: Final = {
    "toml": "toml", "ini": "ini", "cfg": "ini", "conf": "ini", "yaml": "yaml", "yml": "yaml", "env": "env",
    "dotenv": "env",
    "properties": "env", ".env": "env",
}  # fmt: skip
_HEADER = re.compile(r"\s*\[{1,2}(?P<name>[^\[\]#;=]{1,200})\]{1,2}\s*(?:[#;].*)?")
_KEY = re.compile(r"\s*(?P<key>[\w.\"'-]{1,200})\s*=(?!=)")
_COLON_KEY = re.compile(
    r"(?P<indent> *)(?P<item>(?:- +)?)(?P<key>[\w./-]{1,200}|\"[^\"]{1,200}\"|'[^']{1,200}')\s*:(?=\s|$)"
)
_VARIABLE = re.compile(r"\s*(?:export\s+)?(?P<key>[A-Za-z_]\w*)=")
_SCREAMING = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_OF_OTHERS: Final = frozenset(
    {"jobs", "services", "repos", "apiVersion", "steps", "runs-on", "uses", "image", "stages", "script"}
)
"""Keys by which workflows, containers, hooks and manifests of clusters are told: nobody's settings here."""
_VALUE = re.compile(r"\s*(?:- )?\s*(?:[\w./\"'-]+\s*[:=]\s*)?(?P<value>[^#\s].*)")
_MARKS = re.compile(r"[\"',\[\]]")
_QUOTES = re.compile(r"[\"']")


def read_configuration(text: str, syntax: str) -> Iterator[tuple[int, int, Shape, str]]:
    """Yield row and column from 0, the setting or variable, and the key as written."""
    lines = text.split("\n")
    if syntax == "yaml":
        yield from _yaml(lines)
        return
    if syntax == "env":
        for row, line in enumerate(lines):
            match = _VARIABLE.match(line)
            if match:
                yield row, match.start("key"), Shape(ReferenceKind.VARIABLE, match["key"]), match["key"]
        return
    table = ""
    for row, line in enumerate(lines):
        header = _HEADER.fullmatch(line)
        if header:
            table = _QUOTES.sub("", header["name"]).strip()
            yield row, header.start("name"), Shape(ReferenceKind.SETTING, table, domain=syntax), header["name"].strip()
            continue
        match = None if line[:1] in {" ", "\t"} and syntax == "ini" else _KEY.match(line)
        if match:
            path = f"{table}.{_QUOTES.sub('', match['key'])}" if table else _QUOTES.sub("", match["key"])
            yield row, match.start("key"), Shape(ReferenceKind.SETTING, path, domain=syntax), match["key"]


def flags_of_values(lines: Sequence[str]) -> Iterator[tuple[int, int, Shape]]:
    """Yield flags in the values of keys, with the command before them: `command = app --jobs 4`."""
    for row, line in enumerate(lines):
        match = _VALUE.match(line) if "--" in line else None
        for shape in flags(line[match.start("value") :]) if match else ():
            if match and shape.text.startswith("--"):
                before = _MARKS.sub(" ", match["value"][: shape.start])
                command = " ".join(before.split())
                subject = command if re.match(r"[a-z][\w./-]*(?: |$)", command) else ""
                yield row, match.start("value") + shape.start, replace(shape, subject=subject)


def _yaml(lines: list[str]) -> Iterator[tuple[int, int, Shape, str]]:
    foreign = any(line.partition(":")[0].strip(" -") in _OF_OTHERS for line in lines)
    above: list[tuple[int, str]] = []
    for row, line in enumerate(lines):
        match = _COLON_KEY.match(line)
        if not match:
            continue
        indent = len(match["indent"]) + len(match["item"])
        while above and above[-1][0] >= indent:
            above.pop()
        key = match["key"].strip("\"'")
        if len(above) < 30:  # noqa: PLR2004 - deeper than any configuration
            above.append((indent, key))
        path = ".".join(name for _, name in above)
        if _SCREAMING.fullmatch(key):
            yield row, match.start("key"), Shape(ReferenceKind.VARIABLE, key, domain="yaml"), key
        elif not foreign:
            yield row, match.start("key"), Shape(ReferenceKind.SETTING, path, domain="yaml"), match["key"]
