"""In what a place of a text lies: settings, code, a comment, a string, prose.

Comes in: a subject. Goes out: for an offset, one of `Place`. Must never: parse; look at a line further than a
bounded distance.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Final

from fieldguide.redact.subject import Subject

_SETTINGS: Final = frozenset(
    {
        ".yml",
        ".yaml",
        ".ini",
        ".cfg",
        ".conf",
        ".cnf",
        ".properties",
        ".service",
        ".env",
        ".toml",
        ".editorconfig",
        ".netrc",
        ".pgpass",
        ".ovpn",
        ".desktop",
        ".prefs",
        ".cred",
    }
)
_SETTINGS_NAMES: Final = frozenset(
    {".pypirc", ".npmrc", ".yarnrc", "pip.conf", ".s3cfg", ".boto", "credentials", "config"}
)
_SHELL: Final = frozenset({".sh", ".bash", ".zsh", ".mk", ".fish", ".ksh", ".bat", ".cmd", ".ps1"})
_SHELL_NAMES: Final = (
    "makefile",
    "gnumakefile",
    "justfile",
    "dockerfile",
    "containerfile",
    ".env",
    "env.",
    "vagrantfile",
    "jenkinsfile",
    "procfile",
)
_CODE: Final = frozenset(
    {
        *(".py", ".pyi", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".tsx", ".java", ".kt", ".kts", ".scala", ".groovy",
        ".gradle", ".go", ".rs", ".c", ".h", ".cc", ".cpp", ".cxx"),
        *(".hpp", ".m", ".mm", ".cs", ".vb", ".fs", ".rb", ".erb", ".php", ".pl", ".pm", ".lua", ".r", ".dart",
        ".swift", ".vue", ".svelte", ".ex", ".exs", ".erl", ".clj", ".hs"),
        *(".sql", ".tf", ".tfvars", ".hcl", ".json", ".json5", ".jsonc", ".ipynb", ".css", ".scss", ".less",
        ".proto", ".pyx", ".jsp", ".aspx", ".cshtml", ".tcl", ".ml", ".nix"),
        *(".feature", ".graphql", ".bzl", ".bazel", ".cmake", ".sol", ".har", ".jl", ".zig", ".ino", ".asm", ".s",
        ".po", ".pot", ".as", ".pas", ".f90", ".coffee"),
    }
)  # fmt: skip
_OPENING: Final = re.compile(r"^[ \t]*(?:#|//|/\*|\*(?![/\w])|--[ \t]|;|%|<!--|REM |rem |\"\"\"|''')")
_STRING: Final = re.compile(
    r"""(?P<string>"(?:[^"\\\n]|\\.)*+(?P<closed>")?|'(?:[^'\\\n]|\\.)*+(?P<also>')?|`(?:[^`\\\n]"""
    r"""|\\.)*+(?P<back>`)?)|(?P<comment>(?<![:\w])//|(?<![\w&])\#(?![\w{])|/\*|<!--)|[^"'`/\#<]+|."""
)
_GO: Final = re.compile(
    r"""//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+|"(?:[^"\\\n]|\\.)*+|'(?:\\.|[^'\\\n])'|(?P<raw>`[^`\n]*+\n[^`]*+`)|`[^`]*+`"""
)
_LINE_REACH: Final = 400


_TRIPLE_QUOTES: Final = (re.compile('"""'), re.compile("'''"))
"""Two searches for letters as they stand are many times as quick as one for either."""


class Place(Enum):
    """What a place is part of."""

    SETTINGS = "settings"
    """A file in which values stand without quotes, up to the end of a line."""
    SHELL = "shell"
    """The same, up to a blank."""
    CODE = "code"
    COMMENT = "comment"
    STRING = "string"
    PROSE = "prose"


@dataclass(frozen=True)
class Surroundings:
    """What lies around the places of one text."""

    subject: Subject

    @cached_property
    def file(self) -> Place:
        """What the file is as a whole."""
        name, suffix = self.subject.name, self.subject.suffix
        if name in _SETTINGS_NAMES:
            return Place.SETTINGS
        if name.startswith(_SHELL_NAMES) or suffix in _SHELL:
            return Place.SHELL
        if suffix in _SETTINGS:
            return Place.SETTINGS
        return Place.CODE if suffix in _CODE else Place.PROSE

    @cached_property
    def docstring_marks(self) -> list[int]:
        """Offsets of the triple quotes of a Python file."""
        if self.subject.suffix not in {".py", ".pyi", ".pyx"}:
            return []
        text = self.subject.text
        return sorted(mark.start() for pattern in _TRIPLE_QUOTES for mark in pattern.finditer(text))

    @cached_property
    def raw_literals(self) -> list[int]:
        """Offsets of where literals of several lines begin and end in a Go file."""
        if self.subject.suffix != ".go" or "`" not in self.subject.text:
            return []
        return [edge for match in _GO.finditer(self.subject.text) if match["raw"] for edge in match.span()]

    def at(self, position: int) -> Place:
        """What the place at an offset is part of, as its line tells."""
        if self.file is Place.PROSE:
            return Place.PROSE
        for edges, place in ((self.docstring_marks, Place.COMMENT), (self.raw_literals, Place.SETTINGS)):
            if bisect_left(edges, position) % 2:
                return place
        text = self.subject.text
        line = text.rfind("\n", max(0, position - _LINE_REACH), position) + 1
        at = max(line, position - _LINE_REACH)
        if _OPENING.match(text[at:position]):
            return Place.COMMENT
        while at < position:
            part = _STRING.match(text, at, position)
            if part is None:
                break
            if part["comment"] is not None:
                return Place.COMMENT
            if part["string"] is not None and part.end() >= position:
                return Place.STRING if self.file is Place.CODE else self.file
            at = part.end()
        return self.file
