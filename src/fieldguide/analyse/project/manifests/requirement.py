"""Make a `Dependency` of one requirement string (PEP 508).

Comes in: `tenacity>=8; python_version < "3.13"`, with its span. Goes out: a `Dependency`, or nothing when the string is
none. Must never: guess a name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from fieldguide.domain.project import Dependency

if TYPE_CHECKING:
    from fieldguide.domain.source import Span

_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][\w.-]*)")
_LOOSE = re.compile(r"([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*([<>=!~].*)?$")


def dependency(text: str, span: Span, *, extra: str = "", group: str = "") -> Dependency | None:
    """Return the dependency that `text` declares; `None` for an option, a path or anything without a name.

    Version specifiers older than PEP 440 are kept as written when the name is beyond doubt.
    """
    written = " ".join(text.split())
    try:
        return Dependency(canonicalize_name(Requirement(written).name), written, span, extra, group)
    except InvalidRequirement:
        pass
    egg = _EGG.search(written)
    if egg and "://" in written:
        return Dependency(canonicalize_name(egg[1]), written, span, extra, group)
    loose = _LOOSE.match(written)
    if loose:
        return Dependency(canonicalize_name(loose[1]), written, span, extra, group)
    return None
