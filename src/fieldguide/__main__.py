"""`python -m fieldguide`: the same command by the module's name."""

from __future__ import annotations

import sys

from fieldguide.cli import main

sys.exit(main())
