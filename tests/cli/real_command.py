"""The real command in a process of its own, with an environment that holds nothing of the person who runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from cli.lent_rules import lend_rules

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "fieldguide"]


def environment(home: Path, **variables: str) -> dict[str, str]:
    """Return an environment in which `home` is the only place that a person could have left something."""
    lend_rules(home / ".cache" / "fieldguide")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "LC_ALL": "C.UTF-8",
        **variables,
    }


def fieldguide(
    *words: str | bytes, home: Path, here: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the command and return what it said."""
    return subprocess.run(
        [*COMMAND, *words],
        cwd=here or home,
        env=environment(home, **variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


def everything_shown(controller: int) -> str:
    """What a program writes to a terminal until it closes its end; closes ours."""
    shown = b""
    while True:
        try:
            part = os.read(controller, 65_536)
        except OSError:  # what Linux says when the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(controller)
    return shown.decode()
