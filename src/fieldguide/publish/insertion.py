"""Puts blocks into a text and takes them out, with the blank lines that Markdown wants around them.

Comes in: a text, a place in it at the begin of a line or at the end. Goes out: the text with the block, or without.
Must never: change a line that is not blank, or let two paragraphs run together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

BYTE_ORDER_MARK: Final = "\ufeff"

_LINE_ENDS: Final = ("\r\n", "\n")


def line_end_of(text: str) -> str:
    r"""Return the line end that most lines of the text have, `\n` or `\r\n`; empty when it has none."""
    every = text.count("\n")
    windows = text.count("\r\n")
    return "" if not every else "\r\n" if 2 * windows > every else "\n"


def inserted(text: str, offset: int, blocks: Sequence[str], line_end: str) -> str:
    """Return the text with blocks put in, a blank line before, between and after them.

    Args:
        text: Any text; `offset` is where one of its lines begins, or its end.
        offset: In characters.
        blocks: Without a line end behind their last line.
        line_end: To put between them.
    """
    if not blocks:
        return text
    head, tail = text[:offset], text[offset:]
    lead = "" if _is_start(head) or _ends_blank(head) else line_end if head.endswith("\n") else 2 * line_end
    trail = line_end if tail and not _starts_blank(tail) else ""
    return head + lead + (2 * line_end).join(blocks) + line_end + trail + tail


def removed(text: str, start: int, end: int) -> str:
    """Return the text without the whole lines from `start` to `end`, and without one of two blank lines around them."""
    head, tail = text[:start], text[end:]
    if _is_start(head) or _ends_blank(head):
        if _starts_blank(tail):
            return head + tail[_blank_at_start(tail) :]
        return head + tail if tail else head[: len(head) - _blank_at_end(head)]
    separate = tail and not _starts_blank(tail)
    return head + (line_end_of(text[start:end]) if separate else "") + tail


def _is_start(head: str) -> bool:
    return head in {"", BYTE_ORDER_MARK}


def _starts_blank(tail: str) -> bool:
    return tail.startswith(_LINE_ENDS)


def _ends_blank(head: str) -> bool:
    return head.endswith(("\n\n", "\n\r\n")) or head.removeprefix(BYTE_ORDER_MARK) in _LINE_ENDS


def _blank_at_start(tail: str) -> int:
    return next((len(one) for one in _LINE_ENDS if tail.startswith(one)), 0)


def _blank_at_end(head: str) -> int:
    return next((len(one) for one in _LINE_ENDS if head.endswith(one)), 0)
