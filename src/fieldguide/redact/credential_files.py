"""Every value of a file whose name says that it holds credentials.

Comes in: the text of such a file, which was read because somebody named it. Goes out: where its values stand.
Must never: judge a value; what the file sets is hidden, be it a password, a port or `true`.

A line sets a value when it has a name with `=` or `:` behind it, in a comment too. Names of JSON, YAML and TOML stay.
Any other line that is no heading, bracket or sentence of a comment is a value as a whole: part of a key, a line of
`.netrc`, a command that was typed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.credentials import holds_credentials
from fieldguide.domain.redacted import contains_placeholder
from fieldguide.redact.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.rules import Rules
    from fieldguide.redact.subject import Subject

KIND: Final = "credential"
SETTING: Final = "setting"
"""What is hidden in such a file although it looks like any setting: it is not looked for elsewhere."""

_MOSTLY_PUBLIC: Final = frozenset({".yarnrc.yml", ".yarnrc"})
"""Settings of a tool with now and then a token among them, which its name gives away."""
_LINE: Final = re.compile(r"[^\n]+")
_STRUCTURE: Final = re.compile(
    r"\s*(?:\[\[?[\w.\"' -]{0,200}\]?\]?[,\s]*|[\]\[{}(),\s]{0,200}|---|\.\.\.|-----(?:BEGIN|END)[^\n]{0,80})"
)
_SETTING: Final = re.compile(
    r"""(?P<comment>\s*(?:\#|;|//|--|REM\b)+)?
    \s*(?:(?:-|export|set|setenv|declare|local|readonly)\s+)*+
    (?:"[^"\n]{1,200}"|'[^'\n]{1,200}'|[\w.$/@-][\w.$/@\[\] -]{0,100}?)
    \s*(?:=>|:=|\+=|\?=|=|:(?!//))\s*
    (?P<value>[^\n]*)""",
    re.VERBOSE,
)
_COMMENT: Final = re.compile(r"\s*(?:\#|;|//)")
_EDGES: Final = " \t\r\"',;{}[]()"
_OPENS: Final = re.compile(r"[|>][+-]?\d?|&\w+|")
_MUNDANE: Final = re.compile(
    r"(?i:true|false|yes|no|on|off|none|null|localhost|debug|info|warning|error|production|development|staging|test)"
    r"|[+-]?\d{1,5}(?:\.\d+)?|[a-z]{1,5}|(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?|https?://[\w.:-]+/?[\w./-]*|/[\w./-]*"
    r"|[\w-]+(?:\.[\w-]+)+\.(?:com|org|net|io|dev|local)"
)


def find_credential_values(subject: Subject, _rules: Rules) -> Iterator[Secret]:
    """Find every value of a file that holds credentials; nothing in any other file."""
    if not holds_credentials(subject.path) or subject.name in _MOSTLY_PUBLIC:
        return
    for line in _LINE.finditer(subject.text):
        start, end = _value(subject.text, *line.span())
        if start < end and not contains_placeholder(subject.text[start:end]):
            kind = SETTING if _MUNDANE.fullmatch(subject.text, start, end) else KIND
            yield Secret(kind, ((start, end),))


def _value(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the value of a line stands; nowhere when it sets none."""
    if _STRUCTURE.fullmatch(text, start, end):
        return end, end
    setting = _SETTING.match(text, start, end)
    if setting is not None:
        inner = _trimmed(text, *setting.span("value"))
        return (end, end) if _OPENS.fullmatch(text, *inner) else inner
    return (end, end) if _COMMENT.match(text, start, end) else _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without quotes, brackets and commas at its ends."""
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end
