"""Measures whole processes: seconds on the wall, and peak memory of the process with everything that it started.

Comes in: a command. Goes out: medians over several runs, and tables of them.
Must never: measure inside the process that measures.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FIRST_LOOKS, LATER_LOOKS = 0.005, 0.1
"""Seconds between two looks at memory. A look takes milliseconds of a core, so a run of seconds gets few."""
SHORT = 0.2
"""Seconds after which a run is no longer short."""
_KIB_PER_MB = 1024.0


@dataclass(frozen=True, slots=True)
class Measured:
    """Medians over the runs of one command."""

    seconds: float
    megabytes: float
    """Peak of the whole process tree; shared pages are counted once (PSS), where the system tells."""


def measure(
    command: Sequence[str],
    *,
    runs: int,
    environment: Mapping[str, str],
    before: Callable[[], object] = lambda: None,
    expected: frozenset[int] = frozenset({0}),
) -> Measured:
    """Run a command several times, each after `before()`, and return the medians.

    Raises:
        RuntimeError: The command ended with an exit code that is not expected; it holds the end of what it printed.
    """
    taken: list[float] = []
    peaks: list[float] = []
    for _ in range(runs):
        before()
        seconds, peak = _one_run(command, environment, expected)
        taken.append(seconds)
        peaks.append(peak)
    return Measured(median(taken), median(peaks))


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out rows as a Markdown table with aligned columns."""
    widths = [max(len(row[column]) for row in (heading, *rows)) for column in range(len(heading))]
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (heading, *rows)]
    ruler = " | ".join("-" * width for width in widths)
    return "\n".join(f"| {line} |" for line in (lines[0], ruler, *lines[1:]))


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """Return an environment in which nothing of the user's configures a run."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **more}


def copy_project(directory: Path, copy: Path) -> None:
    """Copy a project; a bare package becomes the one package of a project, as it is in its own repository."""
    inner = copy / directory.resolve().name if (directory / "__init__.py").exists() else copy
    shutil.copytree(directory, inner, symlinks=True, ignore=shutil.ignore_patterns("__pycache__", ".git"))


def _one_run(command: Sequence[str], environment: Mapping[str, str], expected: frozenset[int]) -> tuple[float, float]:
    started = time.perf_counter()
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, _tree_megabytes(process.pid))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(FIRST_LOOKS if time.perf_counter() - started < SHORT else LATER_LOOKS)
        seconds = time.perf_counter() - started
        said = process.stderr.read() if process.stderr else ""
    if process.returncode not in expected:
        message = f"{' '.join(command)} ended with {process.returncode}:\n{said[-2000:]}"
        raise RuntimeError(message)
    return seconds, peak


def _tree_megabytes(root: int) -> float:
    """Memory of a process and all its descendants; 0 where there is no /proc."""
    total = 0.0
    waiting = [root]
    while waiting:
        process = waiting.pop()
        folder = Path("/proc") / str(process)
        with contextlib.suppress(OSError):
            for line in (folder / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) / _KIB_PER_MB
            for task in (folder / "task").iterdir():
                waiting.extend(int(child) for child in (task / "children").read_text().split())
    return total
