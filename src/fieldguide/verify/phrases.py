"""Words by which documents tell what was, what is not, what others have and what the reader is to make.

Comes in: nothing. Goes out: patterns. Those that end in `BEFORE` are searched in the words before a mention and have
to reach its beginning, those that end in `AFTER` are matched at its end.
"""

from __future__ import annotations

import re
from typing import Final

_WORDS: Final = r"(?:[\s,`'\"*()]+[\w./:~-]+){0,%d}[\s`'\"*(]*$"
"""A few words, up to the mention."""


def _before(pattern: str, words: int) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern}){_WORDS % words}", re.IGNORECASE)


def _after(pattern: str, words: int) -> re.Pattern[str]:
    return re.compile(rf"(?:[\w./:~-]+[\s,`'\"*()]+){{0,{words}}}(?:{pattern})\b", re.IGNORECASE)


_GONE: Final = "removed|renamed|deprecated|dropped|replaced|superseded|discontinued|retired|obsolete|moved|gone|yanked"

OTHER_TIMES: Final = re.compile(
    r"\b(?:change ?log|change history|history|release notes?|what's new|deprecat\w+|remov(?:ed|als?)|rename[ds]?"
    r"|migrat\w+|upgrad\w+|breaking changes?|backwards?[- ]incompatib\w+|incompatibilit\w+|roadmap|future|planned"
    r"|to-?do|wish ?list|proposals?|rejected|legacy|obsolete|moving (?:from|to)|changes? (?:in|since|from|between)"
    r"|new in"
    r"|(?:version|release) \d+(?:\.\d+)+)\b|^v?\d+\.\d+(?:\.\d+)*\b",
    re.IGNORECASE,
)
"""Of headings: what stands beneath tells of another time."""
NUMBERED: Final = re.compile(r"v?(?P<number>\d+(?:\.\d+)*)\.?(?=\s)")
"""The number that a heading begins with, of a section or of a version."""
COMPARISONS: Final = re.compile(
    r"\b(?:alternatives?|prior art|porting|coming from|comparisons?|compared|versus|vs|compatibility|differences?"
    r"|similar|inspirations?|acknowledge?ments?|credits|related|third[- ]party|integrations?|plug-?ins?|ecosystem"
    r"|resources|who uses|used by|users of|our users|^users$|support matrix|faq|external)\b",
    re.IGNORECASE,
)
"""Of headings: what stands beneath may tell of other projects."""
TYPES_OF_OTHERS: Final = frozenset(
    {"Array", "Object", "Boolean", "Number", "String", "Integer", "Null", "Promise", "Date", "Map", "Infinity", "NaN"}
)
"""Of JSON and JavaScript."""

PAST_BEFORE: Final = _before(
    rf"(?:{_GONE}|removes?|renames?|drops?|deprecates?|replac(?:es?|ing)|removing|renaming|dropping|deprecating"
    r"|instead of|rather than|formerly|previous(?:ly)?|used to(?: be| use)?|old|older|legacy|former|originally"
    r"|supersedes?|no longer|will (?:be )?add(?:ed)?|planned|upcoming|propos(?:ed?|al|ing))",
    4,
)
PAST_AFTER: Final = _after(
    rf"(?:was|were|has been|have been|had been|got|is|are|being|be)(?: also| now| then| since| already)? (?:{_GONE})"
    r"|no longer (?:exists?|available|supported|part|needed|used)|used to be|existed",
    4,
)
PAST_SENTENCE: Final = re.compile(
    r"\.\. (?:versionchanged|versionremoved|deprecated)::|\bno longer exists?\b|\brenamed (?:from|to|as)\b"
    r"|\b(?:removed|dropped|deprecated|renamed) (?:in|since|from|with) (?:version|release|v?\d|favou?r)"
    r"|\b(?:older|earlier|previous|prior|old|next|future|coming) (?:major |minor )?(?:versions?|releases?)\b",
    re.IGNORECASE,
)

DENIED_BEFORE: Final = _before(
    r"there (?:is|are|was|were|will be)(?: currently)? (?:no|not|n't)|there (?:isn|aren|wasn)'t|no such|non-?existent"
    r"|(?:doesn't|don't|didn't|does not|do not|did not|cannot|can't|never)(?: \w+)? (?:have|provide|support|offer"
    r"|define|implement|include|expose|ship|come with|know|exist)|(?:has|have|had|is|are) no"
    r"|misspel\w+|typo|lacks?|missing",
    3,
)
DENIED_AFTER: Final = _after(
    r"(?:does|do|is|are|did|has|have)(?:n't| not) (?:exist|been|supported|available|implemented|provided|there|part"
    r"|yet|present|defined)|not (?:exist|found|(?:yet )?supported|(?:yet )?available|(?:yet )?implemented)"
    r"|is (?:missing|unsupported|unknown)|cannot exist",
    3,
)
OTHERS: Final = re.compile(
    r"\b(?:similar to|same as|equivalent (?:to|of)|inspired by|borrowed from|compared (?:to|with)|analogous|akin to"
    r"|known from|third[- ]party|external|upstream|plug-?ins?|browsers?|javascript|typescript|node(?:\.js)?|rust|golang"
    r"|java|kotlin|swift|ruby|php|perl|c\+\+|c#|python ?2(?:\.\d+)?|cpython|pypy|jython|windows|macos|linux|systemd"
    r"|postgres\w*|mysql|sqlite|redis)\b",
    re.IGNORECASE,
)
IMAGINED_BEFORE: Final = _before(
    r"suppose|imagine|let's|hypothetical(?:ly)?|your(?: own)?|you'd|creat(?:e|es|ed|ing)|defin(?:e|es|ed|ing)"
    r"|writ(?:e|ing)|(?:sub)?class(?:ing|es)?|custom|implement(?:s|ing|ed)?|nam(?:e|ed|ing)|called|fictional|pretend"
    r"|generat(?:e|es|ed|ing)",
    3,
)
PLACEHOLDER: Final = re.compile(
    r"(?:^|[._/\-:\[\s@])(?:your\w*|my|some|foo|foos|bar|bars|baz|qux|spam|eggs|ham|xxx+|yyy+|dummy|acme|mymodule|myapp"
    r"|mypackage|myproject|mysite|todo|tbd|placeholder|path[_/-]to|hello|example)(?=$|[._/\-:\]\s(@0-9])"
    r"|<[^>]*>|\.\.\.|…|\{[^}]*\}|\$\{?\w|%\(?\w|\*",
    re.IGNORECASE,
)
PLACEHOLDER_NAME: Final = re.compile(
    r"(?:^|[._/])(?:My|Your|Some|Foo|Bar|Baz|Spam)(?:[A-Z_]\w*|$)|(?:^|[._/])[A-Za-z](?:$|[._/(])|(?:^|[._/])(?:my|your|foo)_"
    r"|(?<=[a-z_])X(?=[A-Z_]|$)"
)
"""`MyClient`, and what has a single letter for a name."""
STAND_IN: Final = re.compile(
    r"(?:^|\.)(?:feature|module|package|class|function|method|attribute|field|variable|object|param(?:eter)?|option|command"
    r"|plugin|extension|backend|model|app|project)_name(?:\(\))?$"
)
"""What says of what it is the name, and is none."""
