"""How many labelled secrets of a corpus are hidden.

`python bench/redaction/run.py labelled DIRECTORY [--misses]`. Comes in: a directory with files and `labels.jsonl`.
Goes out: tallies over all, over the usable ones, and by repository, detector, type, shape or context.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import groupby
from statistics import mean
from typing import TYPE_CHECKING

from hiding import hidden_in, pool, read_text
from labels import Label, Tally, by_path, hidden_share, read_labels

from fieldguide.redact import Detector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from samples import Sample

    from fieldguide.redact.secret import Secret

_CONTEXT = 60
"""Characters around a miss that are shown."""


@dataclass(slots=True)
class Outcome:
    """What one corpus gave."""

    usable: Tally = field(default_factory=Tally)
    every: Tally = field(default_factory=Tally)
    """With the true ones that are no usable secrets."""
    shares: list[tuple[Label, float]] = field(default_factory=list[tuple[Label, float]])

    def by(self, key: Callable[[Label], str]) -> dict[str, Tally]:
        """Tallies of the usable ones by something."""
        tallies: defaultdict[str, Tally] = defaultdict(Tally)
        for label, share in self.shares:
            if not label.excluded:
                tallies[key(label)].add(label, share)
        return dict(tallies)

    def compare(self, labels: Mapping[str, list[Label]], found: Mapping[str, Iterable[Secret]]) -> None:
        """Count the labels of each text, given what is hidden in it."""
        for path, secrets in found.items():
            pieces = sorted(piece for secret in secrets for piece in secret.pieces)
            for label in labels[path]:
                share = hidden_share(label.spans, pieces)
                self.shares.append((label, share))
                self.every.add(label, share)
                if not label.excluded:
                    self.usable.add(label, share)

    @property
    def mean_of_groups(self) -> float:
        """Mean over repositories, so that one with many labels does not outweigh the others."""
        return mean([tally.percent for tally in self.by(lambda label: label.group).values()] or [0.0])


def measure(directory: Path, *, together: bool, level: str = "standard") -> Outcome:
    """Redact the labelled files and compare.

    Args:
        directory: Files and `labels.jsonl`.
        together: The files of one top directory are one repository.
        level: As of `--redact`.
    """
    labels = by_path(read_labels(directory))
    outcome = Outcome()
    with pool() as executor:
        paths = sorted(labels)
        groups = groupby(paths, _top) if together else [("", iter(paths))]
        for _, group in groups:
            texts = {path: text for path in group if (text := read_text(directory / path)) is not None}
            outcome.compare(labels, hidden_in(texts, Detector(level=level), executor, together=together))
    return outcome


def measure_samples(samples: Iterable[Sample], level: str = "standard") -> Outcome:
    """Redact generated samples, each for itself, and compare."""
    texts: dict[str, str] = {}
    labels: dict[str, list[Label]] = {}
    for one in samples:
        path = f"{one.type}/{one.context}/{one.path}"
        texts[path] = one.text
        labels[path] = [Label(path, one.spans, one.type, "", one.type, one.shape, one.context)]
    outcome = Outcome()
    with pool() as executor:
        outcome.compare(labels, hidden_in(texts, Detector(level=level), executor, together=False))
    return outcome


def show(outcome: Outcome) -> None:
    """Print figures, and the worst groups."""
    usable, every = outcome.usable, outcome.every
    print(f"usable hidden {usable.whole}/{usable.total} = {usable.percent:.2f} %, partly {usable.partly}")
    print(f"every true label {every.whole}/{every.total} = {every.percent:.2f} %")
    print(f"mean of groups {outcome.mean_of_groups:.2f} %")
    for title, key in (("group", "group"), ("category", "category"), ("shape", "shape"), ("context", "context")):
        tallies = outcome.by(lambda label, key=key: getattr(label, key))
        if len(tallies) > 1:
            print(f"\nby {title}: most missed first")
            for name, tally in sorted(tallies.items(), key=lambda item: item[1].whole - item[1].total)[:25]:
                print(f"  {tally.whole:5}/{tally.total:<5} {tally.percent:6.1f} %  {name}")


def show_misses(directory: Path, outcome: Outcome, limit: int) -> None:
    """Print what was missed with what stands around it. Only for corpora whose values open nothing."""
    for label in outcome.usable.missed[:limit]:
        text = read_text(directory / label.path) or ""
        start, end = label.spans[0]
        around = (
            f"{text[max(0, start - _CONTEXT) : start]}⟦{text[start:end][:_CONTEXT]}⟧{text[end : end + _CONTEXT // 3]}"
        )
        print(f"{label.category:24.24} {label.context:20.20} {label.path[-50:]:50} {around!r}")


def _top(path: str) -> str:
    return path.split("/", 1)[0]
