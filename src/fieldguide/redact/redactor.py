"""Taking secrets out of a text.

Comes in: a path and its text. Goes out: `RedactedText` with placeholders, and a record of each secret.
Must never: change the number of lines, break the syntax around a value, keep or print a value.

What a detector finds in a text is hidden, what is known from other texts, and weak values of the same text where they
stand whole. A value has one kind and one placeholder throughout a run, however it is spelt. What a person reviewed and
found to be no secret stays, and is on record.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from fieldguide.domain.redacted import RedactedText, Redaction
from fieldguide.redact.detector import Detector
from fieldguide.redact.distinctiveness import Grade, grade
from fieldguide.redact.known import NOT_SECRET, KnownValues, Sighting
from fieldguide.redact.repetition import find_repetitions
from fieldguide.redact.secret import Piece, Secret, placeholder
from fieldguide.redact.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Hidden:
    """A secret of a text, and the keyed digest of the value that it is."""

    secret: Secret
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Redactor:
    """Hides secrets behind placeholders made with a key: the same value is the same placeholder under one key."""

    key: bytes = field(repr=False)
    detector: Detector = field(default_factory=Detector)
    known: KnownValues = field(default_factory=KnownValues)
    """What was found anywhere in the run, to be hidden everywhere."""
    reviewed: frozenset[str] = frozenset()
    """Fingerprints of what stays readable."""

    def redact(self, path: str, text: str) -> tuple[RedactedText, tuple[Redaction, ...]]:
        r"""Hide the secrets of a file's text, which has `\n` line ends.

        Args:
            path: Of the file, relative; its suffix tells whether values stand without quotes. Empty for Markdown.
            text: As read.
        """
        return self.rewrite(path, text, self.locate(path, text, self.detector.detect(path, text)))

    def fingerprint(self, value: str) -> str:
        """Keyed digest of a value: tells two apart, betrays neither."""
        return blake2b(value.encode("utf-8", "surrogatepass"), key=self.key, digest_size=16).hexdigest()

    def knowing(self, found: Iterable[tuple[str, tuple[str, ...]]]) -> Redactor:
        """The same with values to be hidden wherever they stand.

        Args:
            found: The kind of each secret and its pieces. Personal data that betrays itself everywhere, and what a
                person reviewed, are left out.
        """
        further = [
            (kind, pieces)
            for kind, pieces in found
            if kind not in NOT_SECRET and self.fingerprint("".join(pieces)) not in self.reviewed
        ]
        before = [(kind, (value,)) for kind, value, _ in self.known.values]
        return replace(self, known=KnownValues.of([*before, *further])) if further else self

    def locate(self, path: str, text: str, own: Sequence[Secret]) -> tuple[Hidden, ...]:
        """All that is to be hidden in a text.

        Args:
            path: Of the file.
            text: As read.
            own: What the detector found in it.
        """
        sightings = self.known.find(text)
        repeated = list(find_repetitions(text, _weak(text, own))) if own else []
        if not own and not sightings:
            return ()
        further = [*repeated, *(sighting.secret for sighting in sightings)]
        secrets = self.detector.united(path, text, own, further) if further else own
        named = _Names.of(sightings)
        found: list[Hidden] = []
        for secret in secrets:
            value = named.of_secret(secret) or value_of(text, secret)
            kind = self.known.kind_of(value) or secret.kind
            found.append(Hidden(Secret(kind, secret.pieces), self.fingerprint(value)))
        return tuple(found)

    def rewrite(self, path: str, text: str, hidden: Sequence[Hidden]) -> tuple[RedactedText, tuple[Redaction, ...]]:
        """Put placeholders in the place of what was located in exactly this text."""
        parts: list[str] = []
        redactions: list[Redaction] = []
        position = counted = line = 0
        bare = _bare(path, text, hidden) if hidden else frozenset[tuple[Piece, ...]]()
        for one in hidden:
            secret, reviewed = one.secret, one.fingerprint in self.reviewed
            line += text.count("\n", counted, secret.start)
            last = line + text.count("\n", secret.start, secret.end)
            instead = placeholder(secret.kind, one.fingerprint[:_DIGITS])
            redactions.append(
                Redaction(path, line + 1, last + 1, secret.kind, instead, one.fingerprint, reviewed=reviewed)
            )
            line, counted = last, secret.end
            for number, (start, end) in enumerate(() if reviewed else secret.pieces):
                quoted = f'"{instead}"' if secret.pieces in bare else instead
                parts += (text[position:start], "" if number else quoted)
                position = end
        return RedactedText("".join((*parts, text[position:]))), tuple(redactions)


def value_of(text: str, secret: Secret) -> str:
    """The characters that a secret consists of."""
    return "".join(text[start:end] for start, end in secret.pieces)


def pieces_of(text: str, secret: Secret) -> tuple[str, ...]:
    """The same, piece by piece."""
    return tuple(text[start:end] for start, end in secret.pieces)


def seal(text: str, redactor: Redactor) -> RedactedText:
    """Make redacted text of what we wrote ourselves or put together from redacted facts, after one more look at it."""
    return redactor.redact("", text)[0]


def _bare(path: str, text: str, hidden: Sequence[Hidden]) -> frozenset[tuple[Piece, ...]]:
    """Those secrets, by their pieces, whose placeholders need quotes that the values did not need."""
    from fieldguide.redact.exactness import bare_values  # noqa: PLC0415  (its expressions take time to compile)

    return frozenset(one.pieces for one in bare_values(Subject(path, text), [one.secret for one in hidden]))


def _weak(text: str, own: Iterable[Secret]) -> dict[str, str]:
    kinds = {value_of(text, secret): secret.kind for secret in own}
    return {value: kind for value, kind in kinds.items() if grade(value) is Grade.WEAK}


@dataclass(frozen=True, slots=True)
class _Names:
    """Which known value stands at a place, whatever its spelling there."""

    sightings: Sequence[Sighting]
    starts: Sequence[int]

    @classmethod
    def of(cls, sightings: Iterable[Sighting]) -> _Names:
        """Order the sightings; of those that begin at one place the longest comes last."""
        ordered = sorted(sightings, key=lambda one: (one.secret.start, one.secret.end))
        return cls(ordered, [one.secret.start for one in ordered])

    def of_secret(self, secret: Secret) -> str | None:
        """The value, where a sighting covers all of the secret."""
        at = bisect_right(self.starts, secret.start) - 1
        return self.sightings[at].value if at >= 0 and secret.end <= self.sightings[at].secret.end else None
