"""What looks for secrets, as it travels between processes: options, and nothing that takes time to load.

Comes in: options, then a path and a text. Goes out: where the secrets stand, in order, none overlapping another.
Must never: load what finds secrets before something is to be searched: a run that finds all in the cache needs none.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.redact.detection import Detection
    from fieldguide.redact.secret import Secret

STANDARD: Final = "standard"
STRICT: Final = "strict"


@dataclass(frozen=True, slots=True)
class Detector:
    """Which secrets are looked for. Small, and the same in every process that it is sent to."""

    level: str = STANDARD
    """`standard`, or `strict`: also what only looks random."""
    hide: frozenset[str] = frozenset()
    """Kinds of personal data that are hidden on demand alone."""
    patterns: tuple[tuple[str, str], ...] = ()
    """The user's own: a kind and a regular expression, whose group `secret` narrows it."""
    engine_cache: Path | None = None
    """Where the engine keeps its compiled rules."""

    def detect(self, path: str, text: str) -> tuple[Secret, ...]:
        r"""Find the secrets of a text, which has `\n` line ends.

        Args:
            path: Of the file, relative; empty for Markdown that we wrote.
            text: As read.
        """
        return self._detection().detect(path, text)

    def detect_shapes(self, text: str) -> tuple[Secret, ...]:
        """Find what its own shape gives away, whatever it stands in: in names of files, or in finished text."""
        return self._detection().detect_shapes(text)

    def united(self, path: str, text: str, found: Iterable[Secret], further: Iterable[Secret]) -> tuple[Secret, ...]:
        """What was found in a text and what more is to be hidden in it, as exact as what was found alone."""
        return self._detection().united(path, text, found, further)

    def load(self) -> None:
        """Load the engine, if its rules were compiled before: while it does, other threads of this process go on."""
        if self._compiled():
            from fieldguide.redact.engine import load_engine  # noqa: PLC0415  (see above)

            load_engine(self.engine_cache)

    def is_prepared(self) -> bool:
        """Tell whether the engine's rules are compiled where every process finds them, or cannot be kept anywhere."""
        return self.engine_cache is None or self._compiled()

    def prepare(self) -> None:
        """Compile the engine's rules, which takes seconds, and memory that a process hardly gets rid of."""
        from fieldguide.redact.engine import warm  # noqa: PLC0415  (see above)

        warm(self.engine_cache)

    def _compiled(self) -> bool:
        place = self.engine_cache
        return place is not None and place.is_dir() and any(place.iterdir())

    def _detection(self) -> Detection:
        from fieldguide.redact.detection import Detection  # noqa: PLC0415  (see above: a third of a second)

        return Detection(self)
