"""What stands around the documented code without being read as code.

Comes in: answers that only the composer can give, who may look at the disk.
Goes out: `Surroundings`, which the resolution of places asks. Without them it says less, never something else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _not_known(path: str) -> bool:
    del path
    return False


def _no_text(path: str) -> str:
    del path
    return ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Two questions about a tree, asked by POSIX path relative to the documented directory."""

    ignored: Callable[[str], bool] = _not_known
    """Git would ignore this path, whether or not there is something now."""
    read: Callable[[str], str] = _no_text
    """Text of a configuration file of a documentation builder, `mkdocs.yml` and the like; empty where it cannot be
    had. Nothing of it is ever shown."""
