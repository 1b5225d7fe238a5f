"""Hides what is secret in all that a check shows of documents and code.

Comes in: faults as they were found in texts that nobody searched, and what hides. Goes out: the same to be shown.
Must never: show a line that was not searched; search what nobody will see.

A check reads a tree without searching it for secrets, since nothing of it leaves but the lines with a fault. Only
the documents that have faults are searched, in whole, for what stands around a value tells that it is one. A value may
also be known as a secret from the code alone: every word of what is shown that no person would write by chance is
looked for in the code, and the files that hold one are searched too. What hides a value there hides it here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from fieldguide.analyse import FactsCache
from fieldguide.domain.report import Observer
from fieldguide.domain.source import Skipped, SourceFile
from fieldguide.hiding import Reader, search
from fieldguide.redact import FindingsCache, LastLook
from fieldguide.redact.distinctiveness import Grade, grade
from fieldguide.scan import occurring, read_document
from fieldguide.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.documents import Fault

_WORD: Final = re.compile(r"[^\s`'\"<>()\[\]{},;=|]{6,}")
_LARGEST: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Curtain:
    """Hides what is secret: in faults, and in other texts about the same tree."""

    reader: Reader
    files: tuple[SourceFile, ...]
    cache: FactsCache
    workers: Workers
    observer: Observer

    def hide(self, faults: Sequence[Fault], *texts: str) -> tuple[tuple[Fault, ...], tuple[str, ...]]:
        """Return faults with the lines that they stand in, and texts, as they may be shown."""
        if not faults and not any(texts):
            return (), texts
        documents = self._documents({one.path for one in faults})
        sources = [_line(documents.get(one.path, ""), one.mention.line) for one in faults]
        look = self._look([*sources, *texts, *(part for one in faults for part in _parts(one))], sorted(documents))
        lines = {path: look.redact(text, path)[0].text for path, text in documents.items()}
        parts = [_parts(one) for one in faults]
        hidden = [redacted.text for redacted, _ in look.redact_all([*texts, *(part for one in parts for part in one)])]
        safe = iter(hidden[len(texts) :])
        shown = [
            _shown(one, _line(lines.get(one.path, ""), one.mention.line), list(islice(safe, len(part))))
            for one, part in zip(faults, parts, strict=True)
        ]
        return tuple(shown), tuple(hidden[: len(texts)])

    def _documents(self, paths: set[str]) -> dict[str, str]:
        read = {path: read_document(self.reader.root, path, max_bytes=_LARGEST) for path in sorted(paths)}
        return {path: text for path, text in read.items() if not isinstance(text, Skipped)}

    def _look(self, shown: Sequence[str], documents: Sequence[str]) -> LastLook:
        """A look that knows the values of the documents, and of the code that holds any word of what is shown."""
        words = {word for text in shown for word in _WORD.findall(text) if grade(word) > Grade.WEAK}
        others = [one.path for one in self.files if one.path not in documents]
        holding = {path for paths in occurring(self.reader.root, others, words).values() for path in paths}
        files = [one for one in self.files if one.path in holding or one.path in documents]
        findings = FindingsCache(self.cache, self.reader.redactor)
        searched = search(self.reader, files, (), cache=findings, workers=self.workers, observer=self.observer)
        return LastLook(searched.reader.redactor, findings)


def _shown(fault: Fault, source: str, parts: Sequence[str]) -> Fault:
    """A fault with its line, and with every part of it as it may be shown."""
    text, sentence, written, why, fix, *nearest = parts
    return replace(
        fault,
        source=source,
        mention=replace(fault.mention, text=text, sentence=sentence, written=written),
        verdict=replace(fault.verdict, why=why, fix=fix, nearest=tuple(nearest)),
    )


def _parts(fault: Fault) -> list[str]:
    mention, verdict = fault.mention, fault.verdict
    return [mention.text, mention.sentence, mention.written, verdict.why, verdict.fix, *verdict.nearest]


def _line(text: str, number: int) -> str:
    lines = text.split("\n")
    return lines[number - 1] if 0 < number <= len(lines) else ""
