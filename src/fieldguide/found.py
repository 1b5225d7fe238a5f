"""What a scan of a directory found, before any of it is read for facts.

Comes in: a directory, and which of its files the user wants.
Goes out: `Found`: files, in the scan's order, and what was left out and why.
Must never: read a file but as the scan does; show a name that holds a secret, once the search says which do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fieldguide.domain.report import Observer, Progress
from fieldguide.domain.source import OtherFile, Skipped, SkipReason, SourceFile
from fieldguide.scan import scan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

READING = "reading files"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of a directory are read."""

    include: tuple[str, ...]
    exclude: tuple[str, ...]
    max_bytes: int
    trusted: bool = True
    """`include` comes from the user, not from the directory."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a scan found, in its order."""

    name: str
    """Of the directory."""
    files: tuple[SourceFile, ...]
    others: tuple[OtherFile, ...]
    skipped: tuple[Skipped, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All that a report, a page or a request may show of it beside contents."""
        paths = (one.path for one in (*self.files, *self.others, *self.skipped))
        return tuple(dict.fromkeys((self.name, *paths, *(one.detail for one in self.skipped))))

    @property
    def generated(self) -> tuple[Skipped, ...]:
        """Pages that fieldguide wrote: none of the code, so whatever rests on the code alone holds without them."""
        return tuple(one for one in self.skipped if one.reason is SkipReason.GENERATED)

    @property
    def code(self) -> tuple[SourceFile | OtherFile | Skipped, ...]:
        """All but the generated."""
        left = (one for one in self.skipped if one.reason is not SkipReason.GENERATED)
        return (*self.files, *self.others, *left)

    def without_secret_names(self, shown: Mapping[str, str]) -> Found:
        """The same without files whose name is a secret or holds one, and with none in what is reported of others.

        Args:
            shown: Names that hold a secret, and how they may be shown.
        """
        if not shown:
            return self
        named = [one.path for one in (*self.files, *self.others) if one.path in shown]
        return Found(
            shown.get(self.name, self.name),
            tuple(one for one in self.files if one.path not in shown),
            tuple(one for one in self.others if one.path not in shown),
            (
                *(
                    replace(one, path=shown.get(one.path, one.path), detail=shown.get(one.detail, one.detail))
                    for one in self.skipped
                ),
                *(Skipped(shown[path], SkipReason.NAMED) for path in named),
            ),
        )


def find(root: Path, selection: Selection, observer: Observer) -> Found:
    """Scan a directory, and tell the observer how far it is."""
    files: list[SourceFile] = []
    others: list[OtherFile] = []
    skipped: list[Skipped] = []
    found = scan(
        root,
        include=selection.include,
        exclude=selection.exclude,
        trusted=selection.trusted,
        max_bytes=selection.max_bytes,
        observer=observer,
    )
    for count, entry in enumerate(found, start=1):
        match entry:
            case SourceFile():
                files.append(entry)
            case OtherFile():
                others.append(entry)
            case Skipped():
                skipped.append(entry)
        if count % 100 == 0:
            observer(Progress(READING, count))
    observer(Progress(READING, len(files), len(files)))
    return Found(root.name, tuple(files), tuple(others), tuple(skipped))
