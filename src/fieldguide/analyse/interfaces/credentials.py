"""Keeps the defaults of keys and passwords to itself.

Comes in: options. Goes out: the same, without a default where the name says that the value is a credential.
Must never: touch a default that is worked out when the program runs, or one of what only carries such a word.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fieldguide.domain.redacted import contains_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fieldguide.domain.project import CommandLine, Option

_CREDENTIAL: Final = re.compile(
    r"(?:^|[_-])(?:secret|password|passwd|passphrase|credentials?|token|pwd"
    r"|(?:secret|api|access|private|auth|signing|encryption|account|jwt)[_-]?key)$",
    re.IGNORECASE,
)
_TEXT: Final = re.compile(r"[bru]{0,2}['\"]")


def without_credentials(options: Iterable[Option]) -> tuple[Option, ...]:
    """Return the options; those named like a credential lose a default that is a text."""
    return tuple(replace(one, default=None) if _holds_credential(one) else one for one in options)


def without_credentials_below(line: CommandLine) -> CommandLine:
    """Return a command line of which the same holds, its subcommands included."""
    below = tuple(without_credentials_below(one) for one in line.subcommands)
    return replace(line, options=without_credentials(line.options), subcommands=below)


def _holds_credential(option: Option) -> bool:
    if option.default is None:
        return False
    named = any(_CREDENTIAL.search(name) for name in option.names)
    return contains_placeholder(option.default) or (named and bool(_TEXT.match(option.default)))
