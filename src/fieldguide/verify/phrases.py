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

_PAST_TIMES: Final = (
    r"change ?log|change history|history|release notes?|what's new|deprecat\w+|remov(?:ed|als?)|rename[ds]?"
    r"|migrat\w+|upgrad\w+|breaking changes?|backwards?[- ]incompatib\w+|incompatibilit\w+"
    r"|rejected|obsolete|moving (?:from|to)|changes? (?:in|since|from|between)|(?:version|release) \d+(?:\.\d+)+"
)
_VERSION: Final = r"^v?\d+\.\d+(?:\.\d+)*\b(?!\.\s)"
"""Not `5.4. Scope`, which is a section's number."""
PAST_TIMES: Final = re.compile(rf"\b(?:{_PAST_TIMES})\b|{_VERSION}", re.IGNORECASE)
"""Of headings: what stands beneath is no more, or stands beside what is."""
OTHER_TIMES: Final = re.compile(
    rf"\b(?:{_PAST_TIMES}|roadmap|future|planned|to-?do|wish ?list|proposals?|legacy|new in)\b|{_VERSION}",
    re.IGNORECASE,
)
"""Of headings: what stands beneath tells of another time."""
NUMBERED: Final = re.compile(r"v?(?P<number>\d+(?:\.\d+)*)\.?(?=\s)")
"""The number that a heading begins with, of a section or of a version."""
_COMPARED: Final = (
    r"alternatives?|prior art|porting|coming from|comparisons?|compared|versus|vs|differences?|similar|inspirations?"
    r"|compatibility|third[- ]party|external"
)
COMPARED: Final = re.compile(rf"\b(?:{_COMPARED})\b", re.IGNORECASE)
"""Of headings: what stands beneath may have such names as ours have."""
COMPARISONS: Final = re.compile(
    rf"\b(?:{_COMPARED}|acknowledge?ments?|credits|related|integrations?|plug-?ins?|ecosystem"
    r"|resources|who uses|used by|users of|our users|^users$|support matrix|faq)\b",
    re.IGNORECASE,
)
"""Of headings: what stands beneath may tell of other projects."""
TYPES_OF_OTHERS: Final = frozenset(
    {"Array", "Object", "Boolean", "Number", "String", "Integer", "Null", "Promise", "Date", "Map", "Infinity", "NaN"}
)
"""Of JSON and JavaScript."""

_GONE_BEFORE: Final = (
    rf"{_GONE}|removes?|renames?|drops?|deprecates?|replac(?:es?|ing)|removing|renaming|dropping|deprecating"
    r"|formerly|previous(?:ly)?(?! implementation)|used to(?: be| use)?|old|older|legacy|former|originally"
    r"|supersedes?|no longer|will (?:be )?add(?:ed)?|planned|upcoming|propos(?:ed?|al|ing)"
)
GONE_BEFORE: Final = _before(_GONE_BEFORE, 4)
"""Before what was or will be."""
PAST_BEFORE: Final = _before(rf"{_GONE_BEFORE}|instead of|rather than|previous", 4)
"""Before what was or will be, or what the reader is to leave."""
NOW_BEFORE: Final = re.compile(
    r"\b(?:alias(?:es)? (?:for|of|to)|(?:in )?favou?r of|(?:replaced|superseded) (?:by|with)|(?:renamed|moved) to"
    r"|(?:please |should |must )use)\W*(?:the\W*)?$",
    re.IGNORECASE,
)
"""Right before what has come in the place of something."""
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
    r"there (?:is|are|was|were|will be)(?: currently)? (?:no(?! (?:need|reason|way))|not|n't)"
    r"|there (?:isn|aren|wasn)'t|no such|non-?existent"
    r"|(?:doesn't|don't|didn't|does not|do not|did not|cannot|can't|never)(?: \w+)? (?:have|provide|support|offer"
    r"|define|implement|include|expose|ship|come with|know|exist)|(?:has|have|had|is|are) no(?! (?:need|reason|way))"
    r"|misspel\w+|typo|lacks?|missing|should(?: rather)? have been",
    3,
)
DENIED_AFTER: Final = _after(
    r"(?:does|do|is|are|did|has|have)(?:n't| not) (?:exist|been|supported|available|implemented|provided|there|part"
    r"|used|needed|yet|present|defined)|not (?:exist|found|(?:yet )?supported|(?:yet )?available|(?:yet )?implemented)"
    r"|is (?:missing|unsupported|unknown)|cannot exist",
    3,
)
_COMPARED_WITH: Final = (
    r"similar to|same as|equivalent (?:to|of)|inspired by|borrowed from|compared (?:to|with)|analogous|akin to"
    r"|known from|third[- ]party|external|upstream"
)
_LANGUAGES: Final = (
    r"javascript|typescript|node(?:\.js)?|rust|golang|java|kotlin|swift|ruby|php|perl|c\+\+|c#|python ?2(?:\.\d+)?"
    r"|cpython|pypy|jython"
)
LANGUAGES: Final = re.compile(rf"\b(?:{_LANGUAGES})\b", re.IGNORECASE)
COMPARED_WITH: Final = re.compile(rf"\b(?:{_COMPARED_WITH})\b", re.IGNORECASE)
"""Before what another project may call almost as we do."""
OTHERS: Final = re.compile(
    rf"\b(?:{_COMPARED_WITH}|{_LANGUAGES}|plug-?ins?|browsers?|windows|macos|linux|systemd|postgres\w*|mysql|sqlite|redis)\b",
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
    r"|(?<=[a-z])N(?=[A-Z_]|s?$)|(?<=[a-z_])X(?=[A-Z_]|s?$)"
)
"""`MyClient`, `get_Xs`, and what has a single letter for a name."""
STAND_IN: Final = re.compile(
    r"(?:^|\.)(?:feature|module|package|class|function|method|attribute|field|variable|object|param(?:eter)?|option|command"
    r"|plugin|extension|backend|model|app|project)_name(?:\(\))?$"
)
"""What says of what it is the name, and is none."""
STAND_IN_ADDRESS: Final = re.compile(r"(?:url|uri|link|href|address|target)s?|[A-Z]+(?:_[A-Z]+)+")
"""What stands for an address in a link that shows how links are written."""
