"""Labelled secrets of a corpus, and how much of each is hidden.

Comes in: a directory with files and `labels.jsonl`: of each label the path, the character offsets of the secret's
pieces, what it is, whether it is true, and why it is left out of the usable ones. Goes out: verdicts.
Must never: print a secret unless it is asked to show what was missed.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

ENOUGH = 0.9
"""Share of a secret's characters that must be gone for it to count as hidden."""
PART = 0.3
"""Share from which it counts as partly hidden."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Label:
    """What a corpus says of a stretch of text."""

    path: str
    spans: tuple[Span, ...]
    category: str
    excluded: str
    """Why a true one is no usable secret: a user's id, a nonce. Empty when it is one."""
    group: str
    """What it is averaged over: the repository, the detector, the type."""
    shape: str = ""
    context: str = ""


@dataclass(slots=True)
class Tally:
    """How many secrets were hidden, of how many."""

    whole: int = 0
    partly: int = 0
    total: int = 0
    missed: list[Label] = field(default_factory=list[Label])

    def add(self, label: Label, share: float) -> None:
        """Count one secret, given the share of it that is gone."""
        self.total += 1
        if share >= ENOUGH:
            self.whole += 1
            return
        self.partly += share >= PART
        self.missed.append(label)

    @property
    def percent(self) -> float:
        """Hidden secrets in percent."""
        return 100 * self.whole / self.total if self.total else 0.0


def read_labels(directory: Path) -> list[Label]:
    """Read the labels that are true and have a place."""
    with (directory / "labels.jsonl").open(encoding="utf-8") as lines:
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return [
        Label(
            row["path"],
            tuple((start, end) for start, end in row["spans"]),
            row["category"],
            row["excluded"],
            row.get("repository") or row.get("type") or "",
            row.get("shape", ""),
            row.get("context", ""),
        )
        for row in rows
        if row["truth"] == "T" and row.get("spans")
    ]


def by_path(labels: list[Label]) -> dict[str, list[Label]]:
    """Group labels by their file."""
    grouped: defaultdict[str, list[Label]] = defaultdict(list)
    for label in labels:
        grouped[label.path].append(label)
    return dict(grouped)


def hidden_share(spans: tuple[Span, ...], hidden: list[Span]) -> float:
    """Share of the characters of a secret's pieces that lie in hidden stretches, which are in order."""
    starts = [start for start, _ in hidden]
    gone = 0
    for start, end in spans:
        at = max(0, bisect_right(starts, start) - 1)
        while at < len(hidden) and hidden[at][0] < end:
            gone += max(0, min(end, hidden[at][1]) - max(start, hidden[at][0]))
            at += 1
    return gone / sum(end - start for start, end in spans)
