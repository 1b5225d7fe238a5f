"""Moves links that start from the documented directory to the folder of a page outside of it.

Comes in: a draft whose links are as seen from the directory itself. Goes out: the same, as seen from another folder.
Must never: touch an address of another kind, an anchor, or what only looks like a link.
"""

from __future__ import annotations

from dataclasses import replace
from posixpath import normpath
from typing import TYPE_CHECKING
from urllib.parse import quote

from fieldguide.verify.facts import ELSEWHERE, inline_tokens_by_line

if TYPE_CHECKING:
    from fieldguide.domain.page import Draft


def relocated(draft: Draft, way: str) -> Draft:
    """Return the draft with `way`, the relative path from its page's folder to the directory, before every link."""
    return replace(
        draft,
        sections=tuple(replace(one, markdown=_relocated(one.markdown, way)) for one in draft.sections),
    )


def _relocated(text: str, way: str) -> str:
    targets = [
        (line, str(token.attrGet("href") or token.attrGet("src") or ""))
        for line, token in inline_tokens_by_line(text)
        if token.type != "code_inline"
    ]
    lines = text.split("\n")
    prefix = quote(way.encode("utf-8", "surrogateescape"), safe="/~@+,")
    for line, target in dict.fromkeys(targets):
        if target and not target.startswith("#") and not ELSEWHERE.match(target):
            path, mark, fragment = target.partition("#")
            moved = normpath(f"{prefix}/{path}") + mark + fragment
            lines[line - 1] = lines[line - 1].replace(f"]({target})", f"]({moved})")
    return "\n".join(lines)
