"""How many falsehoods `fieldguide check` finds: `python bench/check/run.py PROJECT… [--most N] [--seed N] [--missed]`.

Each project is copied, checked as it is, made false in up to `--most` places (`mutations.py`), and checked again. A
mutation is found where a fault stands on its line that was not there before and names what was put there; it is named
right where the first of the nearest names holds what stood there before.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mutations import mutate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mutations import Mutation

Fault = dict[str, Any]


def main() -> None:
    """Measure, and print a table by kind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("projects", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=50, help="mutations of a project")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true", help="list what was not found, and what was not named right")
    said = parser.parse_args()
    made, found, named = Counter[str](), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as scratch:
        for project in said.projects:
            copy = Path(scratch) / project.name
            shutil.copytree(project, copy, symlinks=True)
            before = {(one["path"], one["line"], one["text"]) for one in _faults(copy, Path(scratch))}
            mutations = mutate(copy, said.most, said.seed)
            started = time.perf_counter()
            after = [
                one for one in _faults(copy, Path(scratch)) if (one["path"], one["line"], one["text"]) not in before
            ]
            seconds = time.perf_counter() - started
            for one in mutations:
                faults = [fault for fault in after if _is_of(fault, one)]
                made[one.kind] += 1
                found[one.kind] += bool(faults)
                right = any(_is_right(fault, one) for fault in faults)
                named[one.kind] += right
                if said.missed and not right:
                    print(f"{project.name} {'wrong name' if faults else 'NOT FOUND'}: {one}")
                    print("   ", [(fault["text"], fault["nearest"]) for fault in faults])
            lines = {(one.path, one.line) for one in mutations}
            beside = [one for one in after if (one["path"], one["line"]) not in lines]
            print(f"{project.name}: {len(mutations)} mutations, {len(beside)} new faults beside them, {seconds:.1f} s")
            for fault in beside if said.missed else ():
                print("    beside:", fault["path"], fault["line"], fault["text"], fault["nearest"])
    _print(made, found, named)


def _print(made: Counter[str], found: Counter[str], named: Counter[str]) -> None:
    for kind in (*sorted(made), "all"):
        total = made[kind] if kind != "all" else made.total()
        hit = found[kind] if kind != "all" else found.total()
        right = named[kind] if kind != "all" else named.total()
        print(f"{kind:10} {total:5}  found {hit / total:7.1%}  of these named right {right / max(1, hit):7.1%}")


def _faults(project: Path, scratch: Path) -> Sequence[Fault]:
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "fieldguide",
            "check",
            str(project),
            "--format",
            "json",
            "--cache-dir",
            str(scratch / "cache"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode not in {0, 1}:
        sys.exit(f"{project}: exit code {ran.returncode}\n{ran.stderr}")
    return json.loads(ran.stdout)["faults"]


def _is_of(fault: Fault, mutation: Mutation) -> bool:
    """A fault is of a mutation where it names what is new there, be it only part of a longer name."""
    if (fault["path"], fault["line"]) != (mutation.path, mutation.line):
        return False
    text, new = _bare(fault["part"] or fault["text"]), _bare(mutation.after)
    if mutation.kind == "renamed":  # `db.querys` may be told as `package.Database.querys`
        new = new.rpartition(".")[2]
    return bool(text) and (new in text or text in new or any(new.endswith(word) for word in text.split()))


def _is_right(fault: Fault, mutation: Mutation) -> bool:
    nearest = _bare(next(iter(fault["nearest"]), ""))
    before = _bare(mutation.before)
    if mutation.kind == "renamed":
        return nearest.rpartition(".")[2] == before.rpartition(".")[2]
    if mutation.kind == "default":
        return bool(nearest) and before.endswith(nearest)
    return bool(nearest) and (nearest.endswith(before) or before.endswith(nearest) or before in nearest)


def _bare(text: str) -> str:
    return text.strip("`()=# ").removesuffix("()").replace("](", "")


if __name__ == "__main__":
    main()
