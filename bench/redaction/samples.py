"""A generated sample: a text, and where in it a secret stands.

Comes in: fragments, plain text and parts of a secret in order. Goes out: samples with the offsets of the parts.
Must never: hold a secret that was not made at run time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
HEX = "0123456789abcdef"


class Shape(StrEnum):
    """What tells that a value is secret."""

    TOKEN = "token"  # noqa: S105  (its own form, whatever stands around it)
    NAMED = "named"  # the name that it is given
    PASSWORD = "password"  # noqa: S105  (a credential's name or position)
    CONNECTION = "connection"  # where it stands in a longer value
    BLOCK = "block"  # lines with a heading


@dataclass(frozen=True, slots=True)
class Part:
    """Characters that must not leave."""

    text: str


Fragments = tuple[str | Part, ...]


@dataclass(frozen=True, slots=True)
class SecretType:
    """How to make a value of one type."""

    name: str
    shape: Shape
    variables: tuple[str, ...]
    """Names that it is commonly given, in snake case."""
    make: Callable[[Random], Fragments]


@dataclass(frozen=True, slots=True)
class Placement:
    """A context that a value can stand in."""

    name: str
    path: str
    shapes: frozenset[Shape]
    place: Callable[[Random, str, Fragments], Fragments]
    """From a variable's name in snake case and a value to the whole text."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with one secret of a type in a context."""

    type: str
    shape: Shape
    context: str
    path: str
    text: str
    spans: tuple[tuple[int, int], ...]


def sample(secret: SecretType, placement: Placement, fragments: Fragments) -> Sample:
    """Join fragments, and keep the offsets of the parts."""
    spans: list[tuple[int, int]] = []
    position = 0
    for fragment in fragments:
        text = fragment if isinstance(fragment, str) else fragment.text
        if isinstance(fragment, Part):
            spans.append((position, position + len(text)))
        position += len(text)
    return Sample(secret.name, secret.shape, placement.name, placement.path, plain(fragments), tuple(spans))


def plain(fragments: Fragments) -> str:
    """The text of fragments."""
    return "".join(fragment if isinstance(fragment, str) else fragment.text for fragment in fragments)


def mapped(fragments: Fragments, change: Callable[[str], str]) -> Fragments:
    """Change every text, say to escape it; a part stays a part."""
    return tuple(change(one) if isinstance(one, str) else Part(change(one.text)) for one in fragments)


def halved(fragments: Fragments, between: str) -> Fragments:
    """Put text into the middle of the longest part."""
    longest = max((one for one in fragments if isinstance(one, Part)), key=lambda one: len(one.text))
    half = len(longest.text) // 2
    result: list[str | Part] = []
    for one in fragments:
        if one is longest:
            result += (Part(longest.text[:half]), between, Part(longest.text[half:]))
        else:
            result.append(one)
    return tuple(result)


def drawn(random: Random, alphabet: str, count: int) -> str:
    """Draw characters."""
    return "".join(random.choices(alphabet, k=count))
