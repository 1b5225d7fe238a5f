"""What a line of a docstring looks like: the marks of reST and of its cousins, code, and lines broken on purpose.

Comes in: lines.
Goes out: matches and judgements.
Must never: take prose for code on the strength of one line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

RULE = re.compile(r"^\s*([=\-~^\"'`#*+_.:<>!$%&])\1{2,}\s*$")
TABLE = re.compile(r"^\s*(?:\+[-=]+[-=+]*\+|={2,}(?:\s+={2,})+|-{3,}(?:\s+-{3,})+)\s*$")
FENCE = re.compile(r"^\s*(```+|~~~+)\s*\{?\.?([\w+-]*)")
DOCTEST = re.compile(r"^\s*>>>(?:\s|$)")
EXPLICIT = re.compile(r"^\s*\.\.(?:\s|$)")
DIRECTIVE = re.compile(r"^\s*\.\.\s+(?:\|[^|]+\|\s+)?([A-Za-z][\w.+:-]*?)\s*::(?:\s+(.*))?$")
TARGET = re.compile(r"^\s*\.\.\s+_`?([^`:]+)`?:\s*(\S.*)?$")
SUBSTITUTION = re.compile(r"^\s*\.\.\s+\|([^|]+)\|\s+replace::\s*(.+)$")
FIELD = re.compile(r"^\s*:[A-Za-z][\w ,.*\[\]|-]*:(?!`)(?:\s|$)")
EPYTEXT_FIELD = re.compile(
    r"^\s*(?:@[a-z]+(?:\s+[*\w]+)?:(?:\s|$)|@(?:param|returns?|raises?|throws?|see|todo|author|type|since|exception)\b"
    r"|:(?:param|returns?|raises?|rtype|type)\s)"
)
ADMONITION = re.compile(r'^\s*(?:!!!|\?\?\?\+?)\s+(\w+)[\w ]*(?:"([^"]*)")?\s*$')
CODE_LINE = re.compile(
    r"^(?:(?:async )?(?:def|class|for|with|if|while|try|else|elif|except)\b.*:(?:\s*#.*)?$|def \w+\("
    r"|class \w+\b.*:|@[\w.]+(?:\(.*)?$|import [\w.]+"
    r"|from [\w.]+ import |(?:return|raise|assert|await|yield|print|del)\b[ (]|[\w.\[\]'\", ]+\s(?:=|\+=)\s\S"
    r"|[\w.]+\(.*\)?,?(?:\s*#.*)?$|[\])}]+,?$|\$ |[{\[]|\w+\(|<\?|</?\w+[ >])"
)
BULLET = re.compile(r"^\s*([-*+•‣])\s+(?=\S)")
NUMBER = re.compile(r"^\s*(\d{1,3}[.)]|#\.|\(\d{1,2}\))\s+(?=\S)")
OPTION = re.compile(r"^\s*:[\w-]+:(?!`)")
_STARTERS = re.compile(
    r"(?:The|This|If|It|An?|Returns?|Notes?|Uses?|When|For|By|You|We|See|These|All|Each|To|In|Only|Otherwise|Should"
    r"|Must|Will|Can|Used|Default|Defaults|Raises?|Yields?|There|Any|May|So"
    r") [a-z`\"'*]"
)
_ALWAYS_START = frozenset(
    ["If", "This", "It", "When", "Returns", "Otherwise", "Note", "You", "We", "These", "Each", "There"]
)
_RUNS_ON = re.compile(
    r"[.!?:;,(\[{\-\u2013—/]$"
    r"|\b(?:a|an|the|of|to|in|for|and|or|with|by|from|is|are|as|on|at|that|this|which|its?|be|into|if|when|not|than|via"
    r"|per"
    r")$",
    re.IGNORECASE,
)
_NARROW = 66
"""Columns: narrower than any usual line of prose."""


def indentation(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip())


def starts_block(line: str) -> bool:
    """The line begins an item, a doctest or explicit markup."""
    return bool(BULLET.match(line) or NUMBER.match(line) or DOCTEST.match(line) or EXPLICIT.match(line))


def looks_like_code(lines: Sequence[str]) -> bool:
    """The first line and more than half of the indented block at the head of `lines` are shaped like code."""
    indent = indentation(lines[0])
    body: list[str] = []
    for line in lines:
        if line.strip() and indentation(line) < indent:
            break
        if line.strip():
            body.append(line.strip())
    shaped = sum(bool(CODE_LINE.match(line)) for line in body)
    return bool(CODE_LINE.match(body[0])) and shaped * 2 > len(body)


def broken_on_purpose(taken: Sequence[str], following: str, width: int) -> bool:
    """The last line taken is a sentence without its full stop: the next word begins one and would have fitted.

    Args:
        taken: Lines of the paragraph so far.
        following: The next line.
        width: Columns that the prose is set in.
    """
    last = taken[-1]
    word = following.split(" ", 1)[0]
    if not word[:1].isupper() or _RUNS_ON.search(last):
        return False
    if len(taken) == 1 and len(last) + 1 + len(word) <= _NARROW:
        return True
    return bool(_STARTERS.match(following)) and (word in _ALWAYS_START or len(last) + 1 + len(word) <= width)
