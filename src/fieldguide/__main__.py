"""`python -m fieldguide`: the same command by the module's name."""

from __future__ import annotations

import os
import sys

# `-m` puts the working directory before everything that is installed, and that may be a stranger's.
if sys.path[0] in {"", os.getcwd()}:  # noqa: PTH109  # without an import of `pathlib`, which `--help` does not wait for
    del sys.path[0]

from fieldguide.cli import main

sys.exit(main())
