"""Values in a credential position, whatever the language and whatever they look like.

Comes in: a text. Goes out: where the secrets stand. Must never: parse; look from a place further than a bounded
distance.
"""

from __future__ import annotations

from fieldguide.redact.positions.finding import find_positions
from fieldguide.redact.positions.randomness import find_random

__all__ = ["find_positions", "find_random"]
