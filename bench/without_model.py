"""What a run costs without a model: `python bench/without_model.py [DIRECTORY…]`.

Measures `--help`, then the whole job on a package of about a hundred files (pydantic, as it is installed beside
fieldguide) and on each directory named, such as an unpacked source distribution of Django. Each is copied first. "Cold"
starts without cache and page; "warm" is the second run on the unchanged tree. Figures are medians of whole processes.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from measurement import Measured, clean_environment, copy_project, measure, table

FIELDGUIDE = [sys.executable, "-m", "fieldguide"]
RUNS = 5
HELP_RUNS = 15


def main() -> None:
    """Measure and print one table."""
    directories = [_installed("pydantic"), *map(Path, sys.argv[1:])]
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        environment = clean_environment(place)
        asked = measure([*FIELDGUIDE, "--help"], runs=HELP_RUNS, environment=environment)
        rows = [["`--help`", "", f"{asked.seconds * 1000:.0f} ms", f"{asked.megabytes:.0f} MB", "", "", ""]]
        for number, directory in enumerate(directories):
            copy = place / str(number) / directory.resolve().name
            copy_project(directory, copy)
            rows.append(_row(copy, place / f"cache-{number}", environment))
    print(table(["what", "Python files", "cold", "peak", "warm", "peak", "cold / warm"], rows))


def _row(directory: Path, cache: Path, environment: dict[str, str]) -> list[str]:
    files = sum(1 for _ in directory.rglob("*.py"))
    command = [*FIELDGUIDE, "--provider", "none", "--quiet", "--cache-dir", str(cache), str(directory)]
    page = directory / "README.md"
    had = page.read_bytes() if page.exists() else None

    def forget() -> None:
        shutil.rmtree(cache, ignore_errors=True)
        if had is None:
            page.unlink(missing_ok=True)
        else:
            page.write_bytes(had)

    cold = measure(command, runs=RUNS, environment=environment, before=forget)
    warm = measure(command, runs=RUNS, environment=environment)
    return [directory.name, str(files), *_cells(cold), *_cells(warm), f"{cold.seconds / warm.seconds:.1f}"]


def _cells(measured: Measured) -> tuple[str, str]:
    return f"{measured.seconds:.2f} s", f"{measured.megabytes:.0f} MB"


def _installed(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        message = f"{package} is not installed"
        raise RuntimeError(message)
    return Path(spec.submodule_search_locations[0])


if __name__ == "__main__":
    main()
