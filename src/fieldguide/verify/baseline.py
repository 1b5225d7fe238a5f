"""The faults that a project had when it took `check` into use, so that only new ones are told.

Comes in: faults, and the text of a baseline. Goes out: the text of a baseline, and the faults that it does not list.
Must never: know a fault by its line: a fault that only moved within its document is the same.

Form: JSON with `format` and `faults`, a list of `path`, `kind`, `text`, `sentence` (a digest of the words around it)
and `count`. Sorted, one fault a line, so that a change in it can be reviewed and merged.
"""

from __future__ import annotations

import json
from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import msgspec

from fieldguide.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.documents import Fault

FORMAT: Final = 1

Key = tuple[str, str, str, str]
"""Path, kind, text, digest of the sentence."""


class _Entry(msgspec.Struct, frozen=True):
    path: str
    kind: str
    text: str
    sentence: str
    count: int = 1


class _Baseline(msgspec.Struct, frozen=True):
    format: int
    faults: list[_Entry]


def baseline_text(faults: Sequence[Fault]) -> str:
    """Return the baseline that lists exactly these faults."""
    counts = Counter(map(fault_key, faults))
    names = ("path", "kind", "text", "sentence")
    entries = [dict(zip(names, key, strict=True)) | {"count": counts[key]} for key in sorted(counts)]
    lines = ",\n".join(f"    {json.dumps(entry, ensure_ascii=True)}" for entry in entries)
    return f'{{\n  "format": {FORMAT},\n  "faults": [\n{lines}\n  ]\n}}\n'


def read_baseline(text: bytes, name: str) -> Counter[Key]:
    """Return how many faults of each kind are listed.

    Raises:
        ConfigurationError: The file is no baseline of this form; `name` is said.
    """
    try:
        read = msgspec.json.decode(text, type=_Baseline)
    except msgspec.MsgspecError as error:
        fact = f"`{name}` is no baseline: {error}".lower()
        raise ConfigurationError(fact, hint="name another file, or write it anew with `--write-baseline`") from error
    if read.format != FORMAT:
        fact = f"`{name}` is a baseline of the form {read.format}, and this program knows {FORMAT}"
        raise ConfigurationError(fact, hint="write it anew with `--write-baseline`")
    counts: Counter[Key] = Counter()
    for one in read.faults:
        counts[one.path, one.kind, one.text, one.sentence] += one.count
    return counts


def beyond(faults: Sequence[Fault], known: Counter[Key]) -> tuple[tuple[Fault, ...], int]:
    """Return the faults that are not listed, and how many listed ones are there no more."""
    left = Counter(known)
    new: list[Fault] = []
    for fault in faults:
        key = fault_key(fault)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(fault)
    return tuple(new), left.total()


def fault_key(fault: Fault) -> Key:
    """What a fault is known by when the lines around it move."""
    words = " ".join(fault.mention.sentence.split())
    digest = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return fault.path, fault.mention.kind.value, fault.mention.text, digest
