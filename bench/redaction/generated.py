"""The generated corpus: every type of secret in every context that can hold it.

`python bench/redaction/generated.py DIRECTORY [SEED]` writes it as files with `labels.jsonl`; `samples` makes it in
memory. Every value is made at run time from the seed and from the key generators of `cryptography`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import code_contexts
import document_contexts
import key_blocks
import passwords
import provider_tokens
from samples import Placement, Sample, SecretType, Shape, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SILENT_NAMES = ("value", "data", "setting_3", "entry", "default", "item")
"""Half of the values whose form gives them away are given a name that says nothing."""


def secret_types() -> list[SecretType]:
    """All types."""
    return [*provider_tokens.types(), *key_blocks.types(), *passwords.types()]


def contexts() -> list[Placement]:
    """All contexts."""
    return [*code_contexts.placements(), *document_contexts.placements()]


def generate(seed: int, types: Sequence[SecretType], places: Sequence[Placement]) -> Iterator[Sample]:
    """Place each type in each context that can hold it; a value that a context cannot spell is left out."""
    for secret in types:
        for place in places:
            if secret.shape not in place.shapes:
                continue
            random = Random(f"{seed}/{secret.name}/{place.name}")  # noqa: S311 (a sample that can be made again)
            silent = secret.shape in {Shape.TOKEN, Shape.BLOCK} and random.random() < 0.5  # noqa: PLR2004 (half)
            variable = random.choice(_SILENT_NAMES if silent else secret.variables)
            try:
                fragments = place.place(random, variable, secret.make(random))
            except ValueError:
                continue
            yield sample(secret, place, fragments)


def write(directory: Path, samples: Iterator[Sample]) -> int:
    """Write samples as files of their own, with labels beside them."""
    count = 0
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "labels.jsonl").open("w", encoding="utf-8") as labels:
        for one in samples:
            path = directory / one.type / one.context / one.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(one.text, encoding="utf-8", newline="")
            label = {key: value for key, value in asdict(one).items() if key != "text"}
            label |= {
                "path": path.relative_to(directory).as_posix(),
                "truth": "T",
                "excluded": "",
                "category": one.type,
            }
            labels.write(json.dumps(label) + "\n")
            count += 1
    return count


def main() -> None:
    """Write all of it."""
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1  # noqa: PLR2004 (the program, the directory, the seed)
    print(write(Path(sys.argv[1]), generate(seed, secret_types(), contexts())), "samples")


if __name__ == "__main__":
    main()
