"""Names that a document says beside the right ones, or makes up to explain something.

Comes in: a document, a mention that does not hold, and the names that are nearest to it. Goes out: yes or no.
Must never: excuse a name for its nearness alone: the words around it have to set it apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.domain.documents import IN_BLOCKS
from fieldguide.domain.page import ReferenceKind

if TYPE_CHECKING:
    from fieldguide.domain.documents import Document, Mention, Verdict

_NAMES: Final = frozenset({ReferenceKind.NAME, ReferenceKind.CALL})
_CONTRASTS: Final = re.compile(
    r"\b(?:or|not|nor|instead|rather|alternatives?|versus|vs|unlike|wrong\w*|confus\w+|mistak\w+|mistype\w*)\b",
    re.IGNORECASE,
)
"""Words of a sentence that sets one name against another."""
_MADE_UP: Final = re.compile(
    r"\b(?:an?|any|some|another) (?:[\w-]+ ){0,2}?(?:method|function|class|file|module|package|variable|field|attribute"
    r"|argument|parameter|option|key|table|column|directory|folder|script|command|task|job|view|model|route|tag|filter)s?"
    r" (?:(?:that |which )?(?:is|are|be) )?(?:called|named)[\s`'\"*]*$",
    re.IGNORECASE,
)

_AMONG: Final = re.compile(r"\([^()]*,[^()]*$")


def is_set_beside(document: Document, mention: Mention, verdict: Verdict) -> bool:
    """Tell whether a document contrasts a name with the one that it is near to: "not `user_name` but `username`"."""
    name = mention.text.removesuffix("()")
    if "." in name or mention.kind not in _NAMES or verdict.part or not verdict.nearest:
        return False
    same = [one for one in verdict.nearest if "_" in name and one.lower() == name.lower()]
    near = (*same, *verdict.nearest[:1]) if verdict.likely else verdict.nearest
    nearest = "|".join(re.escape(one.removesuffix("()")) for one in near)
    beside = re.compile(rf"(?<![\w.])(?:{nearest})(?![\w.])")
    said = (one for one in document.mentions if one.text.removesuffix("()") == name)
    sentences = (one.sentence for one in said if one.form not in IN_BLOCKS)
    return any(beside.search(sentence) and _CONTRASTS.search(sentence) for sentence in sentences)


def is_made_up(mention: Mention, verdict: Verdict) -> bool:
    """Tell whether a sentence gives the name to something that it imagines: "a method that is called `on_tide`"."""
    return not verdict.certain and _MADE_UP.search(mention.sentence.partition(mention.text)[0]) is not None


def is_of_a_part(mention: Mention) -> bool:
    """Tell whether a version is asked for by a part of the project: "(default: off, requires Python 3.11)"."""
    return mention.kind is ReferenceKind.VERSION and bool(_AMONG.search(mention.sentence.partition(mention.text)[0]))
