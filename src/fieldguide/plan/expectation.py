"""What the requests of a plan are expected to weigh while the notes that go along in them are not there yet.

Comes in: errands, and what notes weigh that were had before. Goes out: the same errands, weighed.
Must never: change which requests there are, or what they ask: an unchanged tree has the same plan whatever is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import mean
from typing import TYPE_CHECKING, Final

from fieldguide.domain.work import Errand, Purpose, Topic

if TYPE_CHECKING:
    from collections.abc import Iterable

_ASKED: Final = re.compile(r"at most\s+(\d+)\s+words")
FILE_WORDS: Final = 90
"""Of a note on a file, where a prompt does not say how long it may be."""
PACKAGE_WORDS: Final = 160
TOKENS_A_WORD: Final = 1.5
"""Of a note: plain English, in which each fourth word is a name in backticks."""
FILLED: Final = 0.83
"""What models use of the words that they are allowed."""
SENTENCE_TOKENS: Final = 28
"""Of a note's first sentence, which is all that goes along of what is only imported."""
EXPECTED_PAGE: Final = 1_100
"""Tokens of a page's prose, as models write it when they keep to the prompt."""
HEADING_TOKENS: Final = 14
"""Of the line above a note in a reply."""
NOTE_FENCES: Final = 8
"""For the fences around a note, and the marks of its label; the label's path is counted."""
_SAMPLE: Final = 5
"""Notes that make an average."""


@dataclass(frozen=True, slots=True)
class NoteSizes:
    """Tokens of notes: of those that are known exactly, of others as they are expected."""

    file: int = round(FILE_WORDS * FILLED * TOKENS_A_WORD)
    package: int = round(PACKAGE_WORDS * FILLED * TOKENS_A_WORD)
    known: Mapping[str, int] = field(default_factory=dict[str, int])
    """By topic."""

    @classmethod
    def asked(cls, files: str, package: str) -> NoteSizes:
        """As long as the two prompts ask for."""
        return cls(_expected_of(files, FILE_WORDS), _expected_of(package, PACKAGE_WORDS))

    def measured(self, notes: Mapping[str, int]) -> NoteSizes:
        """The same, now that the notes on some topics are known: others are expected to be like them."""
        found = {purpose: [tokens for key, tokens in notes.items() if _purpose(key) is purpose] for purpose in Purpose}
        return NoteSizes(
            _average(found[Purpose.FILE], self.file), _average(found[Purpose.PACKAGE], self.package), notes
        )

    def of(self, key: str) -> int:
        """Tokens of the note on a topic."""
        return self.known.get(key, self.file if _purpose(key) is Purpose.FILE else self.package)

    def needed_by(self, topic: Topic) -> int:
        """Tokens of the notes that go along in the request for a topic."""
        context = frozenset(topic.context)
        return sum(min(SENTENCE_TOKENS, self.of(key)) if key in context else self.of(key) for key in topic.needs)


def expected(errand: Errand, sizes: NoteSizes, earlier: Iterable[str] = ()) -> Errand:
    """An errand with the tokens that its request will have.

    Args:
        errand: Of which `fixed_tokens` is known.
        sizes: What notes weigh.
        earlier: Keys of topics whose earlier note goes along, to be kept or replaced.
    """
    notes = sum(sizes.needed_by(topic) for topic in errand.topics)
    had = frozenset(earlier)
    notes += sum(sizes.of(topic.key) + NOTE_FENCES for topic in errand.topics if topic.key in had)
    return replace(errand, input_tokens=errand.fixed_tokens + notes)


def expected_output(errand: Errand, sizes: NoteSizes) -> int:
    """Tokens of the reply to an errand, when the model writes what it is asked for and no more."""
    of_notes = [one for one in errand.topics if one.purpose is not Purpose.PAGE]
    tokens = sum(sizes.of(topic.key) + HEADING_TOKENS for topic in of_notes)
    return min(errand.output_tokens, tokens or EXPECTED_PAGE)


def _purpose(key: str) -> Purpose:
    return Purpose(key.partition(":")[0])


def _expected_of(prompt: str, otherwise: int) -> int:
    asked = _ASKED.search(prompt)
    return round((int(asked[1]) if asked else otherwise) * FILLED * TOKENS_A_WORD)


def _average(found: list[int], otherwise: int) -> int:
    return round(mean(found)) if len(found) >= _SAMPLE else otherwise
