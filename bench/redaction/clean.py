"""How much is hidden in code that holds no secret, for a person to judge.

`python bench/redaction/run.py clean DIRECTORY… [--show N]`. Comes in: directories of well-kept code. Goes out: hides
per million lines, by kind and by project, and what stands around each. A fixture's password is no wrong hide; a type's
name is one: the number is an upper bound until each has been read.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from hiding import hidden_in, pool, read_text

from fieldguide.redact import Detector

if TYPE_CHECKING:
    from collections.abc import Iterator

MILLION = 1_000_000
LONGEST = 1 << 20
"""Bytes of a file; longer ones are data, and are left out."""
_DATA = frozenset({".lock", ".svg", ".min.js", ".map", ".po", ".pot"})
_AROUND = 70
_BATCH = 4000
"""Files held in memory at once."""


@dataclass(slots=True)
class Hides:
    """What was hidden in a directory."""

    lines: int = 0
    bytes: int = 0
    files: int = 0
    kinds: Counter[str] = field(default_factory=Counter[str])
    projects: Counter[str] = field(default_factory=Counter[str])
    shown: list[str] = field(default_factory=list[str])

    @property
    def per_million(self) -> float:
        """Hides per million lines."""
        return MILLION * sum(self.kinds.values()) / max(1, self.lines)


def measure(directory: Path, level: str = "standard") -> Hides:
    """Redact every text file below a directory, each for itself."""
    hides = Hides()
    with pool() as executor:
        for batch in _batches(directory):
            hides.files += len(batch)
            hides.lines += sum(text.count("\n") for text in batch.values())
            hides.bytes += sum(len(text.encode("utf-8", "surrogatepass")) for text in batch.values())
            for path, secrets in hidden_in(batch, Detector(level=level), executor, together=False).items():
                for secret in secrets:
                    hides.kinds[secret.kind] += 1
                    hides.projects[path.split("/", 1)[0]] += 1
                    hides.shown.append(f"{secret.kind:22.22} {path[-60:]:60} {_around(batch[path], *secret.pieces[0])}")
    return hides


def show(directory: Path, hides: Hides, limit: int) -> None:
    """Print figures, and a sample of what was hidden."""
    total = sum(hides.kinds.values())
    print(
        f"{directory.name}: {hides.files} files, {hides.lines} lines, {total} hidden,"
        f" {hides.per_million:.0f} per million lines"
    )
    print("  kinds:", ", ".join(f"{kind} {count}" for kind, count in hides.kinds.most_common(20)))
    print("  most:", ", ".join(f"{name} {count}" for name, count in hides.projects.most_common(12)))
    sample = Random(1).sample(hides.shown, min(limit, len(hides.shown)))  # noqa: S311 (which hides are shown)
    print("\n".join(sorted(sample)))


def _batches(directory: Path) -> Iterator[dict[str, str]]:
    batch: dict[str, str] = {}
    for parent, folders, names in os.walk(directory):
        folders[:] = sorted(name for name in folders if name not in {".git", "__pycache__", "node_modules"})
        for name in sorted(names):
            path = Path(parent, name)
            if path.suffix in _DATA or path.is_symlink() or path.stat().st_size > LONGEST:
                continue
            text = read_text(path)
            if text:
                batch[path.relative_to(directory).as_posix()] = text
            if len(batch) >= _BATCH:
                yield batch
                batch = {}
    yield batch


def _around(text: str, start: int, end: int) -> str:
    before = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    after = text[end : end + _AROUND // 2].partition("\n")[0]
    return f"{before}⟦{text[start:end][:_AROUND]}⟧{after}"
