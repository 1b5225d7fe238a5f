"""What this process forbids itself before it reads code or holds a key, and how it keeps its memory.

Comes in: nothing. Goes out: limits of the process, which its children inherit.
Must never: fail a run because the system does not know a limit.
"""

from __future__ import annotations

import gc
from typing import Final

_SELDOM: Final = (50_000, 20, 20)
"""Objects, and younger collections, after which circles are looked for."""


_MANY: Final = 20_000
"""Definitions of a tree of which memory is short, and a second is not."""


def collect_seldom() -> None:
    """Look for circles of garbage seldom: a run makes few, and looking was a tenth of the time until it could begin."""
    gc.set_threshold(*_SELDOM)


def collect_if_large(definitions: int) -> None:
    """Look for circles now, in a run over a tree of so many definitions, if they may take much of its memory."""
    if definitions >= _MANY:
        gc.collect()


def leave_memory() -> None:
    """Have no more circles looked for: all memory goes with the process, and looking took it half a second to end."""
    gc.freeze()


def forbid_core_dumps() -> None:
    """Leave no image of this process's memory on the disk when it crashes: code and keys are in it as plain text.

    A collector that the kernel pipes images to (`systemd-coredump`) gets them all the same; it is told of the limit
    and keeps none.
    """
    try:
        import resource  # noqa: PLC0415  # it exists on POSIX alone
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
