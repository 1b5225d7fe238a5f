"""What a scan finds: files to read, files that are only listed, and what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a file is for, told from its path alone."""

    SOURCE = "source"
    TEST = "test"
    EXAMPLE = "example"
    DOCUMENTATION = "documentation"
    MANIFEST = "manifest"
    """Says how the project is built, installed, run or licensed: pyproject.toml, Makefile, LICENSE, noxfile.py."""


class SkipReason(StrEnum):
    """Why a path is not read. The value is the phrase that a report prints."""

    IGNORED = "ignored by git"
    LISTED = "listed in .fieldguideignore"
    DENIED = "never documented"
    REPOSITORY = "a git repository of its own"
    CREDENTIALS = "may hold secrets"
    NAMED = "its name holds a secret"
    LINK_OUTSIDE = "link that leaves the directory"
    LINK_INSIDE = "link to another path of the directory"
    LINK_LOOP = "link that was already followed"
    SPECIAL = "not a regular file"
    TOO_LARGE = "too large"
    BINARY = "binary"
    ENCODING = "not text in a known encoding"
    UNREADABLE = "cannot be read"
    VANISHED = "vanished while it was read"
    GENERATED = "generated"
    UNPARSED = "does not parse"
    EXCLUDED = "excluded by an option"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Lines of one file: 1-based, both ends included. A definition's span starts at its first decorator."""

    path: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, order=True)
class SourceFile:
    """A file whose text is read. `path` is POSIX, relative to the documented directory."""

    path: str
    language: str
    """Lower-case name: `python`, `markdown`, `toml`, `makefile`, `ini`, `yaml`, `text`, …"""
    size: int
    """Bytes."""
    digest: str
    """Hexadecimal BLAKE2b-128 of the bytes."""
    role: Role


@dataclass(frozen=True, slots=True, order=True)
class OtherFile:
    """A file that is counted and may be named, but not read."""

    path: str
    size: int


@dataclass(frozen=True, slots=True, order=True)
class Skipped:
    """A path that was left out. `detail` is for people and names no file's content."""

    path: str
    reason: SkipReason
    detail: str = ""
