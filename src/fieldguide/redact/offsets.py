"""Characters for the bytes at which a search in UTF-8 found something.

Comes in: a text, its UTF-8, and offsets in bytes. Goes out: the same offsets in characters.
Must never: look at the text more than once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_INSIDE: Final = bytes(range(0x80, 0xC0))
"""Bytes that begin no character."""


def characters_at(data: bytes, text: str, edges: Iterable[int]) -> dict[int, int]:
    """Characters in front of each offset; an offset inside a character counts it."""
    if len(data) == len(text):
        return {edge: edge for edge in edges}
    offsets: dict[int, int] = {}
    at = characters = 0
    for edge in sorted(set(edges)):
        characters += len(data[at:edge].translate(None, _INSIDE))
        offsets[edge], at = characters, edge
    return offsets
