"""Secrets inside of other spellings: looked for by the other detectors, in what the text says once it is read.

Comes in: a prepared text and the other detectors. Goes out: where the secrets stand, in the spelling of the text.
Must never: go deeper than three spellings inside of each other, or read more than a few times the text's length.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fieldguide.redact.forms.encodings import digit_runs, find_bare_keys, read_calls, read_runs
from fieldguide.redact.forms.escapes import read_codes, read_escapes
from fieldguide.redact.forms.joined import join_pieces
from fieldguide.redact.forms.lookalikes import read_lookalikes
from fieldguide.redact.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fieldguide.redact.forms.rewriting import Rewriting
    from fieldguide.redact.rules import Rules
    from fieldguide.redact.secret import Secret

    Search = Callable[[Subject], Iterable[Secret]]
    Read = Callable[[Subject], Rewriting | None]

_DEPTH: Final = 3
_SETTINGS: Final = "decoded.conf"
"""Name of what was decoded: values stand in it without quotes."""
_TEXTS: Final = frozenset({".json", ".jsonl", ".har", ".ndjson"})
"""Files whose literals hold any text."""
_LEAST: Final = 200_000
_TIMES: Final = 6
"""Characters read in other spellings, at least, and as a multiple of the text."""


def find_nested(subject: Subject, _: Rules, search: Search) -> Iterator[Secret]:
    """Find what `search` finds once split values are joined and encoded ones decoded."""
    yield from _Reading(search, max(_LEAST, _TIMES * len(subject.text))).find(subject, _DEPTH)


class _Reading:
    """One text's reading, with what may still be read."""

    def __init__(self, search: Search, left: int) -> None:
        self._search = search
        self._left = left

    def find(self, subject: Subject, depth: int) -> Iterator[Secret]:
        """Find secrets in this reading of a text, and in those inside of it."""
        runs = tuple(digit_runs(subject.text))
        yield from find_bare_keys(subject, runs)
        readings: tuple[tuple[Read, str], ...] = (
            (join_pieces, subject.path),
            (read_escapes, "" if subject.suffix in _TEXTS else subject.path),
            (read_lookalikes, subject.path),
            (read_codes, subject.path),
            (read_calls, subject.path),
            (lambda subject: read_runs(subject, runs), _SETTINGS),
        )
        for read, path in readings:
            rewriting = read(subject)
            if rewriting is None or rewriting.length > self._left:
                continue
            self._left -= rewriting.length
            inner = Subject(path, rewriting.text)
            deeper = self.find(inner, depth - 1) if depth > 1 else ()
            for secret in (*self._search(inner), *deeper):
                restored = rewriting.restored(secret)
                if restored is not None:
                    yield restored
