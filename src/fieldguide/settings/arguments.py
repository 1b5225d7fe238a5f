"""What a command line says, before anything of it is checked.

Comes in: nothing. Goes out: `Arguments`.
Must never: import anything that is slow to import; `fieldguide --help` waits for this module.
"""

from __future__ import annotations

from typing import NamedTuple


class Arguments(NamedTuple):
    """What a command line says, as text: nothing in it is checked or converted."""

    action: str
    """One of `COMMANDS`."""
    directory: str
    """Empty for `cache`, which concerns none."""
    options: dict[str, str | tuple[str, ...]]
    """By option name; a tuple for a list, `true` for a bare switch."""
    operation: str = ""
    """One of `OPERATIONS` of the action; empty where it has none."""
    files: tuple[str, ...] = ()
    """Of `check`: the documents that are named; empty for all."""
