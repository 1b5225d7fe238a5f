"""What a run may still spend, in tokens and in money.

Comes in: the worst case of a call before it is sent, its usage afterwards. Goes out: whether it may be sent.
Must never: let spent and reserved together pass the limit.

A call that was refused is not billed (429, 4xx, 5xx without a reply); one that was given up while it ran may be, and
counts with its worst case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldguide.domain.request import Usage

    Price = Callable[[Usage], float | None]


@dataclass(frozen=True, slots=True)
class Reservation:
    """The worst case of one call."""

    tokens: int
    cost: float


class Budget:
    """Spent, reserved, and the most of both."""

    def __init__(self, *, max_tokens: int | None, max_cost: float | None, price: Price) -> None:
        """Begin with nothing spent. `price` gives US dollars, `None` when no price is known."""
        self._max_tokens = max_tokens
        self._max_cost = max_cost
        self._price = price
        self._spent = Reservation(0, 0.0)
        self._reserved = Reservation(0, 0.0)

    @property
    def spent(self) -> Reservation:
        """What settled calls cost."""
        return self._spent

    def reserve(self, worst: Usage, *, keep: Reservation | None = None) -> Reservation | None:
        """Set the worst case of a call aside; `None` when the rest does not cover it.

        Args:
            worst: Tokens of the prompt and the most of the reply.
            keep: What must stay affordable besides: a later call that matters more.
        """
        new = self._worst(worst)
        others = _sum(self._spent, self._reserved, keep or Reservation(0, 0.0))
        if self._max_tokens is not None and others.tokens + new.tokens > self._max_tokens:
            return None
        if self._max_cost is not None and others.cost + new.cost > self._max_cost:
            return None
        self._reserved = _sum(self._reserved, new)
        return new

    def settle(self, reservation: Reservation, usage: Usage | None) -> None:
        """Replace a reservation by what the call used; `None` when it may have used all of it."""
        self._reserved = Reservation(
            self._reserved.tokens - reservation.tokens, max(0.0, self._reserved.cost - reservation.cost)
        )
        self._spent = _sum(self._spent, reservation if usage is None else self._worst(usage))

    def _worst(self, usage: Usage) -> Reservation:
        cost = self._price(usage) if self._max_cost is not None else None
        return Reservation(usage.input_tokens + usage.output_tokens, cost or 0.0)


def _sum(*parts: Reservation) -> Reservation:
    return Reservation(sum(one.tokens for one in parts), sum(one.cost for one in parts))
