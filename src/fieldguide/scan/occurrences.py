"""Which of some words stand anywhere in some files of a directory, as whole words.

Comes in: a directory, paths below it, words. Goes out: those of the words that were found, and nothing of the files.
Must never: follow a link, hold more than one file at a time, give out a text.

All words are searched in one pass (Aho and Corasick, "Efficient string matching", 1975), over bytes: what surrounds a
word decides whether it stands there as a whole one, and every byte of a character beyond ASCII counts as a letter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ahocorasick_rs import BytesAhoCorasick

from fieldguide.scan.tree import open_tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from fieldguide.scan.tree import Tree

LARGEST: Final = 8_000_000
"""Bytes of a file that is looked through; a larger one is data."""
_BINARY_WINDOW: Final = 8000
"""Bytes in which git looks for a zero byte to tell a binary file."""
_LETTERS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") | frozenset(
    range(128, 256)
)


def occurring(root: Path, paths: Iterable[str], words: Collection[str]) -> dict[str, list[str]]:
    """Return, by word, the files that it stands in, in their order; a word that stands in none is left out.

    A word that begins or ends with a letter, a digit or an underscore stands there as a whole one only where no
    further one follows, and a hyphen counts as such beside a word that has hyphens itself: `--all` does not stand in
    `--all-features`.

    Args:
        root: The directory.
        paths: Of files, POSIX, relative to it; one that cannot be read holds nothing.
        words: What is looked for.

    Raises:
        OSError: The directory is not there any more.
    """
    wanted = sorted({word for word in words if word})
    patterns = [word.encode("utf-8", "surrogateescape") for word in wanted]
    if not patterns:
        return {}
    search = BytesAhoCorasick(patterns)
    found: dict[str, list[str]] = {}
    with open_tree(root) as tree:
        for path in paths:
            content = _content(tree, path)
            for index in _whole(search, patterns, content):
                found.setdefault(wanted[index], []).append(path)
    return found


def _content(tree: Tree, path: str) -> bytes:
    try:
        content = b"".join(tree.content(path.encode("utf-8", "surrogateescape"), LARGEST))
    except OSError:
        return b""
    return b"" if len(content) > LARGEST or b"\0" in content[:_BINARY_WINDOW] else content


def _whole(search: BytesAhoCorasick, patterns: list[bytes], content: bytes) -> set[int]:
    """Indexes of the patterns that stand in `content` as whole words."""
    found: set[int] = set()
    for index, start, end in search.find_matches_as_indexes(content, overlapping=True):
        if index not in found and _stands_alone(content, start, end, hyphened=b"-" in patterns[index]):
            found.add(index)
    return found


def _stands_alone(content: bytes, start: int, end: int, *, hyphened: bool) -> bool:
    return not (
        (start > 0 and _joins(content[start], content[start - 1], hyphened=hyphened))
        or (end < len(content) and _joins(content[end - 1], content[end], hyphened=hyphened))
    )


def _joins(inner: int, outer: int, *, hyphened: bool) -> bool:
    """Whether the byte beside a word makes it part of a longer one."""
    if hyphened and outer == ord("-"):
        return True
    return inner in _LETTERS and outer in _LETTERS
