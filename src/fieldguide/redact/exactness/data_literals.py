"""The literals and comments of JSON, TOML and YAML.

Comes in: text of a file. Goes out: the parts inside of which text may be hidden, and whether the file parses.
Must never: fail; construct what a YAML file asks to be constructed.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Final, cast

from fieldguide.redact.exactness.part import Part, Spelling

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_JSON: Final = re.compile(r'"(?P<body>(?:[^"\\\n]++|\\.)*+)(?P<close>"?)')
_TOML: Final = re.compile(
    r"""
    \#(?P<comment>[^\n]*)
  | (?P<quote>\"{3}|'{3}|["'])
    """,
    re.VERBOSE,
)
_TOML_BODIES: Final = {
    '"': re.compile(r'(?:[^"\\\n]++|\\.)*+'),
    "'": re.compile(r"[^'\n]*+"),
    '"""': re.compile(r'(?:[^"\\]++|\\[\s\S]|"(?!""))*+"{0,2}(?=""")'),
    "'''": re.compile(r"(?:[^']++|'(?!''))*+'{0,2}(?=''')"),
}
_YAML_COMMENT: Final = re.compile(r"(?:^|(?<=[ \t\n]))#([^\n]*)")
_BARE: Final = re.compile(r"[\w+:-]++(?:\.[\w+:-]++)*+")
_AFTER: Final = re.compile(r"[ \t\n]*(?:[,\]}]|\Z)")
_BEFORE: Final = re.compile(r"[:,\[][ \t\n]{0,400}\Z")
_REACH: Final = 400


def json_parts(text: str) -> list[Part]:
    """Insides of the strings of JSON."""
    return [
        Part(*match.span("body"), Spelling.ESCAPED, '"', lasting=True)
        for match in _JSON.finditer(text)
        if match["close"] and match["body"]
    ]


def toml_parts(text: str) -> list[Part]:
    """Insides of the strings and comments of TOML."""
    parts: list[Part] = []
    position = 0
    while (opening := _TOML.search(text, position)) is not None:
        position = opening.end()
        if opening["comment"] is not None:
            parts.append(Part(*opening.span("comment")))
            continue
        quote = opening["quote"]
        body = _TOML_BODIES[quote].match(text, position)
        if body is None or not text.startswith(quote, body.end()):
            if len(quote) > 1:  # nothing closes it; nor would anything close the next one
                return parts
            continue
        spelling = Spelling.ESCAPED if quote[0] == '"' else Spelling.PLAIN
        parts.append(Part(*body.span(), spelling, quote, lasting=True))
        position = body.end() + len(quote)
    return parts


def yaml_parts(text: str) -> list[Part] | None:
    """Insides of the scalars of YAML, and comments; `None` when it cannot be read as YAML."""
    import yaml  # noqa: PLC0415  # 40 ms, and only for such files with secrets

    scan = cast("Callable[..., Iterator[yaml.Token]]", yaml.scan)  # pyright: ignore[reportUnknownMemberType]
    parts: list[Part] = []
    position = 0
    try:
        for token in scan(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if not isinstance(token, yaml.ScalarToken):
                continue
            start, end = token.start_mark.index, token.end_mark.index
            parts.extend(_comments(text, position, start))
            parts.append(_scalar(text, start, end, token.style))
            position = end
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    parts.extend(_comments(text, position, len(text)))
    return [part for part in parts if part.start < part.end]


def _scalar(text: str, start: int, end: int, style: str | None) -> Part:
    if style == '"':
        return Part(start + 1, end - 1, Spelling.ESCAPED, style, lasting=True)
    if style == "'":
        return Part(start + 1, end - 1, Spelling.DOUBLED, style, lasting=True)
    if style in {"|", ">"}:  # its first line says how it is to be read
        content = text.find("\n", start, end)
        return Part(end if content < 0 else content + 1, end, lasting=True)
    return Part(start, end, lasting=True)


def _comments(text: str, start: int, end: int) -> Iterator[Part]:
    for match in _YAML_COMMENT.finditer(text, start, end):
        yield Part(*match.span(1))


def is_json(text: str) -> bool:
    """Whether a text is JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def is_toml(text: str) -> bool:
    """Whether a text is TOML."""
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def bare_value(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The whole number, date or name without quotes that a stretch lies in; `None` when it lies in none."""
    match = _BARE.match(text, _bare_start(text, start))
    return match.span() if match is not None and match.end() >= end else None


def is_json_value(text: str, start: int, end: int) -> bool:
    """Whether a stretch outside of strings stands where JSON has a value."""
    return bool(_BEFORE.search(text[max(0, start - _REACH) : start]) or start == 0) and bool(_AFTER.match(text, end))


def _bare_start(text: str, start: int) -> int:
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_.+:-"):
        start -= 1
    return start + 1 if text[start : start + 1] == "." else start
