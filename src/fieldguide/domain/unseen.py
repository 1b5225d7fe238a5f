"""Characters that people do not see and a language model does: what can be hidden in a text with them.

Must never: touch joiners (U+200C, U+200D), which scripts and emoji need.
"""

from __future__ import annotations

import re
from typing import Final

_UNSEEN: Final = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
"""Controls that turn text around or take no room, and the tag characters of U+E0000."""


def seen(text: str) -> str:
    """Return the text as people see it."""
    return text if text.isascii() else _UNSEEN.sub("", text)
