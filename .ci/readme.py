"""Write the parts of README.md that the code knows: options and exit codes.

Comes in: `--check` to compare only. Goes out: the file, rewritten where it differs; with `--check`, exit code 1 when
it is stale. Must never: touch a word outside the marks.
"""

from __future__ import annotations

import sys
from pathlib import Path

from marked import keep

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


if __name__ == "__main__":
    sys.exit(keep(PAGE, parts()))
