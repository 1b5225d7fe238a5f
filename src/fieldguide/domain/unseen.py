"""Characters that people do not see and a language model or a terminal does: what can be hidden in a text with them.

Must never: touch joiners (U+200C, U+200D) beside what is not ASCII: scripts and emoji need them there; or a line's end.
"""

from __future__ import annotations

import re
from typing import Final

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\uf8ff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
    "|(?<![^\x00-\x7f])[\u200c\u200d]+(?![^\x00-\x7f])"
)
"""Controls, formatting that turns text around or takes no room, private and lone surrogate characters, and tags."""


def seen(text: str) -> str:
    """Return the text as people see it."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub("", text)
