"""What is wrong with a block of code in a draft.

Comes in: nothing; this is the noun that passes between those who look at blocks. Goes out: the same.
Must never: hold the text of a block.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldguide.domain.page import ReferenceKind


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing in a block that does not hold."""

    kind: ReferenceKind
    text: str
    row: int
    """In the block, from 0."""
    nearest: str = ""
    why: str = ""
    """Empty where it is that it does not exist."""
