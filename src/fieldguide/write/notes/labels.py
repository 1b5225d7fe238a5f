"""What a topic is called in a prompt and in a reply.

Comes in: a topic's key. Goes out: a label that people and models read, and the key behind a label that a model wrote.
Must never: take one topic's label for another's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.write.prose.material import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable

_KEY: Final = re.compile(r"(?P<purpose>file|package):(?P<path>.*?)(?:#(?P<part>\d+))?", re.DOTALL)
_DECORATION: Final = re.compile(r"[\s`*_\"'#:()]+")
ROOT: Final = "the whole project"


def label_of(key: str) -> str:
    """The label of a file's or a package's topic: `` `src/a.py` ``, `` `src/pkg/`, part 2 ``, `the whole project`."""
    match = _KEY.fullmatch(key)
    if match is None:
        message = f"`{key}` is the key of no file and no package"
        raise ValueError(message)
    part = f", part {match['part']}" if match["part"] else ""
    if match["purpose"] == "file":
        return shown_path(match["path"]) + part
    paths = [ROOT if path == "." else shown_path(f"{path}/") for path in match["path"].split("+")]
    return " and ".join(paths) + part


def by_label(keys: Iterable[str]) -> dict[str, str]:
    """Keys by what is left of their labels without decoration, as a model may have changed it."""
    return {plain(label_of(key)): key for key in keys}


def plain(label: str) -> str:
    """A label without backticks, stars, blanks and the like."""
    return _DECORATION.sub(" ", label).strip()
