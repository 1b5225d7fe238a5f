"""Which of the mentions that do not hold are told: those that are most likely meant to name something of the project.

Comes in: a mention and its settled verdict. Goes out: whether it may as well be the name of something else.
Must never: doubt what is known for certain, or what leads to a place.

A name that nothing has, and that is like nothing that there is, is a fault where the code has changed and the document
has not; as often it is of another program, of the reader's own code, or made up for the sake of an example. What tells
the two apart is not in the tree, so it is told only to those who ask.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz

from fieldguide.domain.page import ReferenceKind

if TYPE_CHECKING:
    from fieldguide.domain.documents import Mention, Verdict

_TOLD: Final = frozenset(
    {
        ReferenceKind.LINK,
        ReferenceKind.ANCHOR,
        ReferenceKind.VALUE,
        ReferenceKind.VERSION,
    }
)
"""Kinds that name nothing of another's."""
_ALIKE: Final = 75
"""Likeness, out of 100, to the nearest that there is."""
_PARTS: Final = re.compile(r"[./:]")


def is_doubtful(mention: Mention, verdict: Verdict) -> bool:
    """Whether a mention that does not hold may well be of something else than the project."""
    if mention.kind in _TOLD or verdict.certain or verdict.likely or verdict.slip:
        return False
    wrong = verdict.part or mention.text
    return not any(_is_like(wrong, one) for one in verdict.nearest[:1])


def _is_like(text: str, near: str) -> bool:
    one, other = text.removesuffix("()"), near.removesuffix("()")
    same_last = _PARTS.split(one)[-1] == _PARTS.split(other)[-1]
    return same_last or fuzz.ratio(one.casefold(), other.casefold()) >= _ALIKE
