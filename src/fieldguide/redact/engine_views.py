r"""The same text with other characters around its tokens, so that rules that ask for a blank behind a token find it.

Comes in: a text as bytes. Goes out: texts of the same length, in which what joins tokens to other text is blank.
Must never: move a byte; change a letter or a digit of a token.

Rules of engines end with `(?:['"\s;]|$)`, to be exact in source code. A token in `<td>…</td>`, `f(…)`, `…, and`, `[…]`,
`https://host/…/path`, `\\n…\\n` or at the end of a sentence does not match them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOINING: Final = b"<>[](){},|*&:;@!?#^`\"'"
"""Characters of no token."""
_BLANK: Final = bytes.maketrans(_JOINING, b" " * len(_JOINING))
_BLANK_SLASH: Final = bytes.maketrans(_JOINING + b"/=", b" " * len(_JOINING + b"/="))
_ESCAPE: Final = re.compile(rb"\\[nrtbf]")
_SENTENCE: Final = re.compile(rb"[.](?=\s)|[.]\Z")
_EMPHASIS: Final = re.compile(
    rb"_(?:(?<![A-Za-z0-9_]_)(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]_)(?![A-Za-z0-9_]))"  # begins with a letter to be quick
)


def views(data: bytes) -> Iterator[bytes]:
    """Texts of the same length, in which tokens stand alone."""
    apart = _ESCAPE.sub(b"  ", data) if b"\\" in data else data
    apart = _SENTENCE.sub(b" ", apart).translate(_BLANK)
    yield apart
    yield _EMPHASIS.sub(b" ", apart.translate(_BLANK_SLASH))
