"""Pages of which a part, between two marks, is made from the code.

Comes in: a page, what stands between its marks. Goes out: the page, rewritten where it differs, or that it is stale.
Must never: touch a word outside the marks.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def with_parts(page: str, parts: Mapping[str, str]) -> str:
    """Return the page with what stands between the marks of each part made anew."""
    for name, text in parts.items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        before, _, rest = page.partition(begin)
        after = rest.partition(end)[2]
        page = f"{before}{begin}\n\n{text}\n\n{end}{after}"
    return page


def keep(path: Path, parts: Mapping[str, str]) -> int:
    """Rewrite the page where it is stale; with `--check` in argv only say so. Returns the exit code."""
    page = path.read_text("utf-8")
    fresh = with_parts(page, parts)
    if page == fresh:
        return 0
    if "--check" in sys.argv[1:]:
        sys.stderr.write(f"error: `{path.name}` is stale: {', '.join(parts)}\nhint: make layout\n")
        return 1
    path.write_text(fresh, "utf-8")
    return 0
