"""What a run may use: the provider's quota and the user's budget."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`None` where nobody said so: a quota is then learnt from the provider's headers, a budget is not limited."""

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    """Prompt and reserved output together, as the provider counts them."""
    max_cost: float | None = None
    """US dollars of one run."""
    max_tokens: int | None = None
    """Input and output of one run."""
    concurrency: int = 16
    """Most requests at once."""
    price_in: float | None = None
    """US dollars for a million tokens, as the user says; else the tables are asked."""
    price_out: float | None = None

    @property
    def budgeted(self) -> bool:
        """Whether the run may have to end before all is had."""
        return self.max_cost is not None or self.max_tokens is not None

    @property
    def told(self) -> bool:
        """Whether the quota is known from the start."""
        return self.requests_per_minute is not None and self.tokens_per_minute is not None
