"""Fieldguide whose minute of quota lasts so many seconds: `python bench/scaled.py SECONDS DIRECTORY …`.

For measurements against a server whose minute is as short. Nothing else is faster than usual.
"""

from __future__ import annotations

import sys

from fieldguide.cli import main
from fieldguide.llm.door import Door

if __name__ == "__main__":
    defaults = Door.__init__.__kwdefaults__
    assert defaults is not None
    defaults["minute"] = float(sys.argv.pop(1))
    sys.exit(main())
