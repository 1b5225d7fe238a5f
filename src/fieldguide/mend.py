"""Writes the mended documents of a check back to the disk, each at one instant.

Comes in: a directory, and faults. Goes out: which of them were mended, and the change as a unified diff.
Must never: touch a document that is not UTF-8, or a line end.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from fieldguide.domain.documents import Fault
from fieldguide.publish import write_page
from fieldguide.verify.mending import mended

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mending:
    """What was mended."""

    faults: tuple[Fault, ...] = ()
    changes: str = ""


def mend(root: Path, faults: Sequence[Fault]) -> Mending:
    """Mend what can only be meant in one way.

    Args:
        root: The directory that the faults' paths are relative to.
        faults: In the order of their paths.

    Raises:
        PublishError: A document cannot be written.
    """
    done: list[Fault] = []
    changes: list[str] = []
    for path, members in groupby(faults, key=lambda one: one.path):
        before = (root / path).read_bytes()
        try:
            text = before.decode("utf-8")
        except UnicodeDecodeError:
            continue
        after, settled = mended(text, tuple(members))
        if settled:
            write_page(root / path, after, keep_old=False, root=root)
            done += settled
            changes += difflib.unified_diff(
                text.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}", n=0
            )
    return Mending(tuple(done), "".join(changes))
