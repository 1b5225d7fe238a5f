"""Limits of a minute, and what a provider says of them.

Must never: hold what was sent.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rates:
    """Limits of a minute; `None` where they are not known."""

    requests: int | None = None
    tokens: int | None = None

    def known(self) -> bool:
        """Whether anything limits."""
        return self.requests is not None or self.tokens is not None

    @property
    def complete(self) -> bool:
        """Whether both are known."""
        return self.requests is not None and self.tokens is not None


@dataclass(frozen=True, slots=True)
class Resets:
    """Seconds until a limit is whole again; `None` where nobody says so."""

    requests: float | None = None
    tokens: float | None = None


@dataclass(frozen=True, slots=True)
class Reported:
    """What `x-ratelimit-*` headers say; `None` for what they do not."""

    limit: Rates = Rates()
    remaining: Rates = Rates()
    reset: Resets = Resets()
