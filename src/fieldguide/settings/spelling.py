"""The nearest right name for a misspelt one.

Comes in: a name and the names that exist. Goes out: the nearest, or nothing when none is near.
Must never: guess; a far-fetched suggestion sends a reader the wrong way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NEAR_ENOUGH = 72.0
"""Of 100: `ouput` for `output` passes, `colour` for `output` does not."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the member of `known` that `name` most likely stands for; empty when none is near enough.

    Letters' case and the difference between `-` and `_` do not count.
    """
    # Imported here: only a run that has already failed needs it.
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    match = process.extractOne(
        name, list(known), scorer=fuzz.ratio, processor=_plain, score_cutoff=_NEAR_ENOUGH
    )  # one pass in C, ties go to the first
    return match[0] if match else ""


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").strip("-")
