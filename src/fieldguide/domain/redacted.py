"""Text that may leave the machine, and the record of what was taken out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class RedactedText:
    """Text whose secrets are placeholders, with the line count of the original.

    Only `fieldguide.redact` constructs it from a string; a test holds every other room to that.
    What is cut out of it or joined from several is redacted too.
    """

    text: str

    def lines(self, first: int, last: int) -> RedactedText:
        """Lines `first` to `last`, 1-based and both included, with their line ends."""
        return RedactedText("".join(self.text.splitlines(keepends=True)[first - 1 : last]))

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
