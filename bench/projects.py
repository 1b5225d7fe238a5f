"""Projects of a given number of files, made of real code that is installed beside fieldguide.

Comes in: a number of files. Goes out: a directory. Must never: hold code that somebody wrote to be measured with.
"""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from provider.metered_chat import REFUSED_FOR_GOOD

if TYPE_CHECKING:
    from collections.abc import Sequence

SMALL: Final = ("markdown_it", "rich")
LARGE: Final = (
    "moto",
    "sympy",
    "networkx",
    "pygments",
    "langchain_core",
    "hypothesis",
    "pip",
    "rich",
    "pydantic",
    "numpy",
)
LONGEST: Final = 14_000
"""Bytes of a file: tables of constants are no typical code."""


def make_project(place: Path, files: int, packages: Sequence[str]) -> None:
    """Copy the first so many files of some packages into a new project.

    Raises:
        ValueError: The packages hold fewer.
    """
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    lines = ["[project]", 'name = "measured"', 'version = "1.0"', 'requires-python = ">=3.11"', 'license = "MIT"', ""]
    (place / "pyproject.toml").write_text("\n".join(lines), "utf-8")
    left = files - 1
    for package in packages:
        spec = find_spec(package)
        if spec is None or spec.origin is None:
            continue
        root = Path(spec.origin).parent
        for source in sorted(root.rglob("*.py")):
            inner = source.relative_to(root)
            if left and source.stat().st_size <= LONGEST and not _is_test(inner):
                copy = place / "src" / package / inner
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, copy)
                left -= 1
    if left:
        message = f"{left} files too few are installed"
        raise ValueError(message)


def _is_test(path: Path) -> bool:
    return bool({"test", "tests"} & set(path.parts)) or path.name.startswith(("test_", "conftest"))


def plant_refusals(place: Path, count: int) -> list[Path]:
    """Put the sentence that the content filter refuses for good into every so manieth file; those files."""
    files = sorted(path for path in place.rglob("*.py") if path.stat().st_size > 1000)  # noqa: PLR2004
    chosen = files[len(files) // (2 * count) :: len(files) // count][:count]
    for path in chosen:
        with path.open("a", encoding="utf-8") as file:
            file.write(f'\n\ndef refused_example() -> str:\n    """Show {REFUSED_FOR_GOOD}."""\n    return "shown"\n')
    return chosen
