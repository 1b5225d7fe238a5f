"""The last look at what we wrote ourselves, before it leaves or is published.

Comes in: finished text: a part of a request, a section of a page, a page that a person wrote.
Goes out: `RedactedText` with what was still secret in it hidden, and a record of that.
Must never: let a text through because all that it was made of was redacted before.

Detectors remember what they looked at, so that an unchanged tree is documented again without loading their rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING

from fieldguide.redact.cache import FindingsCache
from fieldguide.redact.redactor import Redactor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fieldguide.domain.redacted import RedactedText, Redaction
    from fieldguide.redact.secret import Secret


@dataclass(frozen=True, slots=True)
class LastLook:
    """A redactor that knows every value of a run, and the memory of its detectors."""

    redactor: Redactor
    findings: FindingsCache

    def redact(self, text: str, path: str = "") -> tuple[RedactedText, tuple[Redaction, ...]]:
        """Hide what is secret in a text: by detectors, and by the values known from everywhere.

        Args:
            text: Finished.
            path: Of the file that it is or becomes, which the records name; empty for a part of a request.
        """
        found = self._remembered("", text, partial(self.redactor.detector.detect, ""))
        return self.redactor.rewrite(path, text, self.redactor.locate("", text, found))

    def redact_all(self, texts: Sequence[str]) -> list[tuple[RedactedText, tuple[Redaction, ...]]]:
        """The same for several parts of one text: one question to the cache where nothing has changed."""
        whole = "\f\n".join(texts)
        if not self._remembered("", whole, partial(self.redactor.detector.detect, "")) and not self.redactor.known.find(
            whole
        ):
            return [self.redactor.rewrite("", text, ()) for text in texts]
        return [self.redact(text) for text in texts]

    def seal(self, text: str) -> RedactedText:
        """The same, where no record is asked for."""
        return self.redact(text)[0]

    def shapes(self, text: str) -> tuple[Secret, ...]:
        """What its own shape gives away, whatever it stands in."""
        return self._remembered("shapes", text, self.redactor.detector.detect_shapes)

    def certain(self, text: str) -> tuple[Redaction, ...]:
        """Known values and what its own shape gives away, with their lines: what no place in a text excuses."""
        redactions = self.redactor.rewrite("", text, self.redactor.locate("", text, self.shapes(text)))[1]
        return tuple(one for one in redactions if not one.reviewed)

    def _remembered(self, name: str, text: str, detect: Callable[[str], tuple[Secret, ...]]) -> tuple[Secret, ...]:
        content = (name, blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest())
        found = self.findings.found([content]).get(content)
        if found is None:
            found = detect(text)
            self.findings.keep_found({content: found})
        return found
