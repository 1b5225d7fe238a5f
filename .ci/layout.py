"""Write the table of the house in CONTRIBUTING.md from the docstrings of the rooms themselves.

Comes in: `--check` to compare only. Goes out: the file, rewritten where it differs; with `--check`, exit
code 1 when it is stale.
Must never: import the package.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

from marked import keep

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "fieldguide"
PAGE = ROOT / "CONTRIBUTING.md"
_SENTENCE_END = re.compile(r"(?<=[.!?])\s")


def layout_table() -> str:
    """Return the table: each room and module of the package with the first sentence of its docstring."""
    places = sorted(PACKAGE.iterdir(), key=lambda path: (path.is_file(), path.name))
    rows = [row for path in places if (row := _row(path))]
    return "\n".join(("| Place | What it does |", "| --- | --- |", *rows))


def _row(path: Path) -> str:
    source = path / "__init__.py" if path.is_dir() else path
    if source.suffix != ".py" or not source.is_file() or path.name == "__init__.py":
        return ""
    docstring = ast.get_docstring(ast.parse(source.read_text("utf-8"))) or ""
    name = path.relative_to(PACKAGE.parent.parent).as_posix() + ("/" if path.is_dir() else "")
    return f"| [`{path.name}{'/' if path.is_dir() else ''}`]({name}) | {_first_sentence(docstring)} |"


def _first_sentence(docstring: str) -> str:
    paragraph = " ".join(docstring.partition("\n\n")[0].split())
    return _SENTENCE_END.split(paragraph)[0].replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(keep(PAGE, {"layout": layout_table()}))
