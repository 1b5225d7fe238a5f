"""What the product hides in the files of a corpus, over processes.

Comes in: paths and texts; those of one call are one run. Goes out: of each text what is hidden, in order.
Must never: read a label; write anything.
"""

from __future__ import annotations

from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from fieldguide.redact import Detector, Redactor
from fieldguide.redact.known import KnownValues

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fieldguide.redact.secret import Secret

KEY = bytes(32)
"""Any key does: nothing of a bench's run is kept."""
PROCESSES = 2
_CHUNK = 16


def pool() -> Executor:
    """Processes to search with."""
    return ProcessPoolExecutor(PROCESSES)


def hidden_in(
    texts: Mapping[str, str], detector: Detector, executor: Executor, *, together: bool
) -> dict[str, tuple[Secret, ...]]:
    """Find what is hidden in each text.

    Args:
        texts: By path.
        detector: The union, as the product runs it.
        executor: Processes to search with.
        together: The texts are one repository: what is found in one of them is searched in all.
    """
    items = list(texts.items())
    found = list(executor.map(partial(_detected, detector), items, chunksize=_CHUNK))
    known = KnownValues()
    if together:
        values = (
            (one.kind, tuple(text[a:b] for a, b in one.pieces))
            for (_, text), own in zip(items, found, strict=True)
            for one in own
        )
        known = KnownValues.of(values)
    located = executor.map(partial(_located, Redactor(KEY, detector, known)), items, found, chunksize=_CHUNK)
    return {path: secrets for (path, _), secrets in zip(items, located, strict=True)}


def read_text(path: Path) -> str | None:
    r"""Read as the product does: UTF-8, every line end `\n`; none for what is no text."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text[:8192] else text.replace("\r\n", "\n").replace("\r", "\n")


def _detected(detector: Detector, item: tuple[str, str]) -> tuple[Secret, ...]:
    return detector.detect(*item)


def _located(redactor: Redactor, item: tuple[str, str], own: Sequence[Secret]) -> tuple[Secret, ...]:
    return tuple(one.secret for one in redactor.locate(*item, own))
