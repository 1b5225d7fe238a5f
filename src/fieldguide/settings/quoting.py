"""Text from outside, made safe to show.

Comes in: any text: a value from a configuration, a name of a file. Goes out: the same text with everything
visible that would otherwise drive a terminal, reorder a line or end it.
Must never: change a printable character.
"""

from __future__ import annotations

import unicodedata

_LONGEST = 120

# Control, format (bidirectional marks among them), surrogate, unassigned and private characters, separators of
# lines and paragraphs: what a hostile file name is made of.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})


def printable(text: str, *, keep: str = "") -> str:
    r"""Return `text` with unsafe characters as `\x1b`-like escapes; characters of `keep` stay as they are."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character
        if character in keep or unicodedata.category(character) not in _UNSAFE
        else character.encode("unicode_escape", "surrogatepass").decode("ascii")
        for character in text
    )


def quoted(value: object) -> str:
    """Return `value` in backticks on one line, shortened when it is long."""
    text = printable(str(value))
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "…"
    return f"`{text}`"
