"""Room of the stage `plan`: what a page will hold, what its prose rests on, how many tokens and how much money.

Comes in: a `Codebase` and the model's choice. Goes out: an `Outline`, a price.
Must never: call a model or touch the network.
"""

from __future__ import annotations

from fieldguide.plan.limits import context_window, price
from fieldguide.plan.outline import make_outline, weigh

__all__ = ["context_window", "make_outline", "price", "weigh"]
