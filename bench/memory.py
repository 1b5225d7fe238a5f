"""Peak memory over the size of a tree: `python bench/memory.py [--model] [LINES…]` (250,000, 500,000 and 1,000,000).

Copies the standard library and what is installed beside fieldguide into one tree until it has that many lines, and
documents it cold (no cache, no page); the largest tree once more with long comments that double its bytes: memory
should follow the symbols kept, not the bytes read. Without a model, or with `--model` (and `PYTHONPATH=tests`) against
a server on loopback, which is not counted. "Peak" is that of the whole process tree, shared pages counted once. One run
each: a run takes minutes, and its peak hardly varies.
"""

from __future__ import annotations

import argparse
import sys
import sysconfig
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from contenders import said_to
from measurement import clean_environment, measure, table

from provider.metered_provider import MeteredProvider, metered_provider

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZES = (250_000, 500_000, 1_000_000)
LONGEST = 1_000_000
"""Bytes; larger files are not read by default."""
NOT_COPIED = frozenset({"site-packages", "test", "tests"})
"""Folders; of tests no symbols are kept, so they would flatter the figures."""


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, metavar="LINES")
    parser.add_argument("--model", action="store_true")
    said = parser.parse_args()
    sizes = said.sizes or SIZES
    with tempfile.TemporaryDirectory() as scratch, metered_provider() if said.model else nullcontext() as provider:
        rows = [_row(Path(scratch) / f"tree-{size}", size, provider, comments=False) for size in sizes]
        rows.append(_row(Path(scratch) / "commented", max(sizes), provider, comments=True))
    heading = ["tree", "Python files", "lines", "bytes", "requests", "seconds", "peak"]
    print(table(heading, rows))


def _row(tree: Path, size: int, provider: MeteredProvider | None, *, comments: bool) -> list[str]:
    files, lines, read = _build(tree, size, comments=comments)
    cache = tree.parent / f"cache-{tree.name}"
    command = [sys.executable, "-m", "fieldguide", "--quiet", "--cache-dir", str(cache), str(tree)]
    environment = clean_environment(tree.parent) if provider is None else said_to(provider, tree.parent)
    before = len(provider.records) if provider else 0
    peak = measure(command, runs=1, environment=environment, expected=frozenset({0, 3}))
    asked = str(len(provider.records) - before) if provider else ""
    cells = (f"{files:,}", f"{lines:,}", f"{read / 1e6:.0f} MB", asked)
    return [tree.name, *cells, f"{peak.seconds:.0f} s", f"{peak.megabytes:.0f} MB"]


def _build(tree: Path, size: int, *, comments: bool) -> tuple[int, int, int]:
    """Copy files until there are `size` lines; how many files, lines and bytes there are."""
    files = lines = read = 0
    for folder, path in _sources():
        text = path.read_bytes()
        if len(text) > LONGEST:
            continue
        lines += text.count(b"\n")
        if comments:
            text += b"\n# " + b"long comment " * (len(text) // len(b"long comment ")) + b"\n"
        copy = tree / folder.name / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(text)
        files, read = files + 1, read + len(text)
        if lines >= size:
            return files, lines, read
    message = f"there are only {lines:,} lines of Python to copy"
    raise RuntimeError(message)


def _sources() -> Iterator[tuple[Path, Path]]:
    """Python files with the top folder that each is copied below."""
    installed = Path(sysconfig.get_path("purelib"))
    packages = [one for one in sorted(installed.iterdir()) if (one / "__init__.py").exists()]
    for folder in (Path(sysconfig.get_path("stdlib")), *packages):
        for path in sorted(folder.rglob("*.py")):
            if not NOT_COPIED.intersection(path.relative_to(folder).parts):
                yield folder, path


if __name__ == "__main__":
    main()
