"""Reads a document in reStructuredText.

Comes in: its text. Goes out: what it mentions, in a `Gatherer`.
Must never: fail on a role or directive that it does not know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fieldguide.verify.reading.gathering import Gatherer


def read_restructured(text: str, into: Gatherer) -> None:
    """Read a whole document."""
