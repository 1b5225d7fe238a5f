r"""Letters that look like those of ASCII, or that Python reads as them: wide, bold, Cyrillic ones.

Comes in: a prepared text. Goes out: the lines that hold such letters, with the ones of ASCII in their place.
Must never: read a text of ASCII alone; touch words of another script, in which no letter of ASCII stands.

Python takes identifiers in their compatibility form (NFKC, PEP 3131), so a name in wide letters and one in
ordinary ones are the same.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from fieldguide.redact.forms.rewriting import Rewriting

if TYPE_CHECKING:
    from fieldguide.redact.subject import Subject

_OTHERS: Final = (  # Cyrillic, then Greek
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u04bb\u0501\u051b\u051d\u0410\u0412"
    "\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0423\u0406\u0405\u0408"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d"
    "\u039f\u03a1\u03a4\u03a5\u03a7"
)
_LATIN: Final = "aeopcyxisjhdqwABEKMHOPCTXYISJaikvoptABEZHIKMNOPTYX"
_LOOKS_LIKE: Final = dict(zip(_OTHERS, _LATIN, strict=True))
_TOLD_BY: Final = re.compile(
    rf"[\uff01-\uff5e\U0001d400-\U0001d7ff\U000e0021-\U000e007e]|(?<=[A-Za-z0-9_])[{_OTHERS}]|[{_OTHERS}](?=[A-Za-z0-9_])"
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
