"""Whether threads make reading and hashing a tree faster: `python bench/reading.py DIRECTORY [THREADS]`.

Prints the best of five rounds for one thread and for several, and their ratio. `scan` reads in one thread because
warm local reads are too short for a thread pool to earn its hand-overs; run this where files lie on a slow disk or
a network before you believe that it is so there too.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hashlib import blake2b
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from fieldguide.domain.source import SourceFile
from fieldguide.scan import scan

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROUNDS = 5


def digest(root: Path, path: str) -> str:
    """Read and hash one file."""
    return blake2b((root / path).read_bytes(), digest_size=16).hexdigest()


def serial(root: Path, paths: Sequence[str]) -> list[str]:
    """Read and hash one file after the other."""
    return [digest(root, path) for path in paths]


def threaded(threads: int, root: Path, paths: Sequence[str]) -> list[str]:
    """Read and hash over a pool of threads, in chunks so that hand-overs cost little."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(partial(digest, root), paths, chunksize=32))


def seconds(work: Callable[[], list[str]]) -> float:
    """Best of several rounds."""
    times: list[float] = []
    for _ in range(ROUNDS):
        started = perf_counter()
        work()
        times.append(perf_counter() - started)
    return min(times)


def main() -> None:
    """Measure the directory named on the command line."""
    root = Path(sys.argv[1])
    threads = int(sys.argv[2]) if len(sys.argv) > 2 else 4  # noqa: PLR2004 (the program, the directory, the threads)
    started = perf_counter()
    files = [found for found in scan(root) if isinstance(found, SourceFile)]
    scanned = perf_counter() - started
    paths = [found.path for found in files]
    assert serial(root, paths) == threaded(threads, root, paths) == [found.digest for found in files]
    alone = seconds(lambda: serial(root, paths))
    together = seconds(lambda: threaded(threads, root, paths))
    print(f"{len(files):,} files, {sum(found.size for found in files):,} bytes; a whole scan took {scanned:.3f} s")
    print(f"one thread {alone:.3f} s, {threads} threads {together:.3f} s, ratio {together / alone:.2f}")


if __name__ == "__main__":
    main()
