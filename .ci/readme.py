"""Write the parts of README.md that the code knows: options and exit codes.

Comes in: `--check` to compare only. Goes out: the file, rewritten where it differs; with `--check`, exit code 1 when
it is stale. Must never: touch a word outside the marks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fieldguide.errors import ExitCode
from fieldguide.settings import options_markdown

PAGE = Path(__file__).resolve().parents[1] / "README.md"


def parts() -> dict[str, str]:
    """Return the generated parts by the name in their marks."""
    rows = "\n".join(f"| {code.value} | {code.meaning} |" for code in ExitCode)
    return {
        "options": options_markdown().strip(),
        "exit codes": f"| Code | Meaning |\n| --- | --- |\n{rows}",
    }


def page_with_parts(page: str) -> str:
    """Return the page with what stands between the marks made anew."""
    for name, text in parts().items():
        begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
        before, _, rest = page.partition(begin)
        after = rest.partition(end)[2]
        page = f"{before}{begin}\n\n{text}\n\n{end}{after}"
    return page


def main() -> int:
    """Rewrite the page, or with `--check` say whether it is stale."""
    page = PAGE.read_text("utf-8")
    fresh = page_with_parts(page)
    if page == fresh:
        return 0
    if "--check" in sys.argv[1:]:
        sys.stderr.write("error: the options or exit codes in `README.md` are stale\nhint: make layout\n")
        return 1
    PAGE.write_text(fresh, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
