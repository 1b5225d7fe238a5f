r"""Letters that look like those of ASCII, or that Python reads as them: `ｐａｓｓｗｏｒｄ`, mathematical bold, tags.

Comes in: a prepared text. Goes out: the lines that hold such letters, with the ones of ASCII in their place.
Must never: read a text of ASCII alone; touch words of another script, in which no letter of ASCII stands.

Python takes identifiers in their compatibility form (NFKC, PEP 3131), so `ｔｏｋｅｎ` and `token` are one name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from fieldguide.redact.forms.rewriting import Rewriting

if TYPE_CHECKING:
    from fieldguide.redact.subject import Subject

_LETTERS: Final = (
    # Cyrillic
    *("\u0430a \u0435e \u043eo \u0440p \u0441c \u0443y \u0445x \u0456i \u0455s \u0458j \u04bbh \u0501d".split()),
    *("\u051bq \u051dw \u0410A \u0412B \u0415E \u041aK \u041cM \u041dH \u041eO \u0420P \u0421C \u0422T".split()),
    *("\u0425X \u0423Y \u0406I \u0405S \u0408J".split()),
    # Greek
    *("\u03b1a \u03b9i \u03bak \u03bdv \u03bfo \u03c1p \u03c4t \u0391A \u0392B \u0395E \u0396Z \u0397H".split()),
    *("\u0399I \u039aK \u039cM \u039dN \u039fO \u03a1P \u03a4T \u03a5Y \u03a7X".split()),
)
_LOOKS_LIKE: Final = {pair[0]: pair[1] for pair in _LETTERS}
_ALIKE: Final = "".join(_LOOKS_LIKE)
_TOLD_BY: Final = re.compile(
    rf"[\uff01-\uff5e\U0001d400-\U0001d7ff\U000e0021-\U000e007e]|(?<=[A-Za-z0-9_])[{_ALIKE}]|[{_ALIKE}](?=[A-Za-z0-9_])"
)
_TAGS: Final = range(0xE0021, 0xE007F)
_NEAR: Final = 1000
"""Characters of a line in front of such a letter, and behind it, if the line is longer."""


def read_lookalikes(subject: Subject) -> Rewriting | None:
    """Read the lines that hold such letters; `None` when no line does."""
    text = subject.text
    if text.isascii():
        return None
    rewriting: Rewriting | None = None
    position = 0
    while (found := _TOLD_BY.search(text, position)) is not None:
        line = max(position, text.rfind("\n", max(0, found.start() - _NEAR), found.start()) + 1, found.start() - _NEAR)
        end = text.find("\n", found.end(), found.end() + _NEAR)
        end = min(len(text), found.end() + _NEAR) if end < 0 else end
        rewriting = rewriting or Rewriting(text)
        kept = line
        for place in range(line, end):
            letter = text[place]
            instead = letter if letter.isascii() else _ascii(letter)
            if instead != letter:
                rewriting.keep(kept, place)
                rewriting.put(instead, place, place + 1)
                kept = place + 1
        rewriting.keep(kept, end)
        rewriting.put("\n", end, end)
        position = end
    return rewriting


def _ascii(letter: str) -> str:
    """The letter of ASCII that one looks like or stands for; the same where there is none."""
    if ord(letter) in _TAGS:
        return chr(ord(letter) - _TAGS.start + ord("!"))
    folded = unicodedata.normalize("NFKC", letter)
    return folded if len(folded) == 1 and folded.isascii() else _LOOKS_LIKE.get(letter, letter)
