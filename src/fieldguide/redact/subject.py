"""A text to be searched, prepared once for all detectors.

Comes in: a path and its text. Goes out: both, with what several detectors ask of them.
Must never: read the file; change a character's offset.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import Final

_ASCII_LOWER: Final = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Subject:
    r"""A text in which detectors look for secrets. Line ends are `\n`; offsets are characters."""

    path: str
    """Relative, POSIX; empty for Markdown that we wrote."""
    text: str
    lowered: str = field(init=False)
    """The text in lower case, of the same length."""

    def __post_init__(self) -> None:
        """Lower the text."""
        lowered = self.text.lower()
        if len(lowered) != len(self.text):  # İ becomes two characters, and every offset behind it would be wrong
            lowered = self.text.translate(_ASCII_LOWER)
        object.__setattr__(self, "lowered", lowered)

    @property
    def name(self) -> str:
        """Last part of the path, in lower case."""
        return posixpath.basename(self.path).lower()

    @property
    def suffix(self) -> str:
        """Ending of the name with its dot, in lower case; empty for none."""
        return posixpath.splitext(self.path)[1].lower()
