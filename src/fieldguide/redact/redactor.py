"""Taking secrets out of a text.

Comes in: a path and its text. Goes out: `RedactedText` with placeholders, and a record of each secret.
Must never: change the number of lines, break the syntax around a value, keep or print a value.

A value is hidden where a rule finds it. That the same value is also hidden where no rule finds it, in this file or in
another one, is not done here yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from fieldguide.domain.redacted import RedactedText, Redaction
from fieldguide.redact.detection import Detector, placeholder

if TYPE_CHECKING:
    from fieldguide.redact.secret import Secret

_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Redactor:
    """Hides secrets behind placeholders made with a key: the same value is the same placeholder under one key."""

    key: bytes = field(repr=False)
    detector: Detector = field(default_factory=Detector)

    def redact(self, path: str, text: str) -> tuple[RedactedText, tuple[Redaction, ...]]:
        r"""Hide the secrets of a file's text, which has `\n` line ends.

        Args:
            path: Of the file, relative; its suffix tells whether values stand without quotes. Empty for Markdown.
            text: As read.
        """
        secrets = self.detector.detect(path, text)
        if not secrets:
            return RedactedText(text), ()
        parts: list[str] = []
        redactions: list[Redaction] = []
        position = line = 0
        for secret in secrets:
            redaction, line = self._record(path, text, secret, line, position)
            redactions.append(redaction)
            for number, (start, end) in enumerate(secret.pieces):
                parts.append(text[position:start])
                parts.append("" if number else redaction.placeholder)
                position = end
        parts.append(text[position:])
        return RedactedText("".join(parts)), tuple(redactions)

    def _record(self, path: str, text: str, secret: Secret, line: int, position: int) -> tuple[Redaction, int]:
        """Record of a secret, and the 0-based line on which it ends, given the line at `position`."""
        value = "".join(text[start:end] for start, end in secret.pieces)
        fingerprint = blake2b(value.encode("utf-8", "surrogatepass"), key=self.key, digest_size=16).hexdigest()
        instead = placeholder(secret.kind, fingerprint[:_DIGITS])
        first = line + text.count("\n", position, secret.start)
        last = first + text.count("\n", secret.start, secret.end)
        return Redaction(path, first + 1, last + 1, secret.kind, instead, fingerprint), last


def seal(text: str, redactor: Redactor) -> RedactedText:
    """Make redacted text of what we wrote ourselves or put together from redacted facts, after one more look at it."""
    return redactor.redact("", text)[0]
