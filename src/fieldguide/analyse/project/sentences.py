"""Find the first sentence of a text, whole.

Comes in: a docstring, a comment or a Markdown paragraph. Goes out: one line, ending where the sentence ends.
Must never: cut inside a sentence, a name or a number.
"""

from __future__ import annotations

import inspect
import re

_ABBREVIATIONS = frozenset(
    {
        "e.g.",
        "i.e.",
        "etc.",
        "vs.",
        "cf.",
        "approx.",
        "resp.",
        "incl.",
        "st.",
        "dr.",
        "mr.",
        "ms.",
        "e.g",
        "fig.",
        "sec.",
    }
)
_END = re.compile(r"[.!?][\"')\]*_`]*(?=\s+\S|\s*$)")
_ROLE = re.compile(r":[\w:+.-]+:`~?([^`<]+?)(?:\s*<[^`>]*>)?`")
_LITERAL = re.compile(r"``([^`]+)``")
_RULE = re.compile(r"[-=*#~^_+\s]+")
_MARKER = re.compile(r"^(?:[-*+] |\d+[.)] |[.:]{2} |>>> |@\w|:\w+[^:]*:(?!`))")


def first_sentence(text: str) -> str:
    r"""Return the first sentence of the first paragraph on one line; the whole paragraph when it has only one.

    Abbreviations, names such as `setup.py` and numbers such as `3.11` end no sentence. reST roles and literals become
    Markdown code. A paragraph that starts as a list, a directive, a field or a prompt has no sentence,
    and one that ends with a colon announces what is not here.

    >>> first_sentence("Read e.g. `a.py`. Then stop.")
    'Read e.g. `a.py`.'
    """
    paragraph = _first_paragraph(text)
    paragraph = _LITERAL.sub(r"`\1`", _ROLE.sub(r"`\1`", paragraph))
    if not paragraph or _MARKER.match(paragraph):
        return ""
    for match in _END.finditer(paragraph):
        before = paragraph[: match.end()]
        rest = paragraph[match.end() :].lstrip()
        if before.count("`") % 2 or before.endswith(("...", "..")):
            continue
        if rest and before.lower().split()[-1].lstrip("([\"'*_") in _ABBREVIATIONS:
            continue
        if rest and rest[0].islower():
            continue
        return before
    return "" if paragraph.endswith((":", "...")) else paragraph


def _first_paragraph(text: str) -> str:
    for block in re.split(r"\n\s*\n", inspect.cleandoc(text)):
        lines = [line.strip() for line in block.splitlines()]
        kept = [line for line in lines if line and not _RULE.fullmatch(line)]
        if kept:
            return " ".join(" ".join(kept).split())
    return ""
