"""Text that may leave the machine, and the record of what was taken out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

PLACEHOLDER: Final = re.compile(r"REDACTED_[A-Z][A-Z0-9_]*_[0-9a-f]{8}")
"""What stands for a secret: its kind in capitals, and eight digits of a keyed digest of its value."""


def contains_placeholder(text: str) -> bool:
    """Whether a secret was taken out of this text: it is no default to show and no example to run."""
    return "REDACTED_" in text and PLACEHOLDER.search(text) is not None


@dataclass(frozen=True, slots=True)
class RedactedText:
    """Text whose secrets are placeholders, with the line count of the original.

    Only `fieldguide.redact` constructs it from a string; a test holds every other room to that.
    What is cut out of it or joined from several is redacted too.
    """

    text: str

    def lines(self, first: int, last: int) -> RedactedText:
        r"""Lines `first` to `last`, 1-based and both included, with their line ends.

        Only `\n` ends a line, as for Python's parser: `str.splitlines` would also cut at form feeds and U+2028.
        """
        lines = self.text.split("\n")
        line_end = "\n" if last < len(lines) else ""
        return RedactedText("\n".join(lines[first - 1 : last]) + line_end)

    @staticmethod
    def join(parts: Iterable[RedactedText], separator: str = "\n") -> RedactedText:
        """Join redacted parts; `separator` is ours, never repository text."""
        return RedactedText(separator.join(part.text for part in parts))


@dataclass(frozen=True, slots=True, order=True)
class Redaction:
    """One secret that was hidden. Never the value."""

    path: str
    first: int
    last: int
    kind: str
    """Readable: `private-key`, `aws-access-key`, `password`."""
    placeholder: str
    fingerprint: str
    """Keyed digest: tells two values apart, betrays neither."""
    reviewed: bool = False
    """A person looked at it and found that it is no secret: it stays readable."""
