"""What a run may still spend, in tokens and in money.

Comes in: the worst case of a call before it is sent, its usage afterwards. Goes out: whether it may be sent.
Must never: let spent and reserved together pass the limit.

A call that was refused is not billed (429, 4xx, 5xx without a reply); one that was given up while it ran may be, and
counts with its worst case.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.domain.request import Usage
from fieldguide.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from fieldguide.domain.limits import Limits

    Price = Callable[[Usage], float | None]


@dataclass(frozen=True, slots=True)
class Reservation:
    """The worst case of one call; by default nothing."""

    tokens: int = 0
    cost: float = 0.0


_NOTHING: Final = Reservation()


def price_under(limits: Limits, listed: Price | None) -> Price:
    """The price that counts: the user's, else the tables'.

    Raises:
        ConfigurationError: The cost is limited and no price is known, or the user gave one of two.
    """
    told_in, told_out = limits.price_in, limits.price_out
    hint = "give the prices of a million tokens with `--price-in` and `--price-out`"
    if (told_in is None) is not (told_out is None):
        fact = f"`--price-{'out' if told_out is None else 'in'}` is missing: one price alone prices no call"
        raise ConfigurationError(fact, hint=hint)
    if told_in is not None and told_out is not None:
        return lambda usage: (usage.input_tokens * told_in + usage.output_tokens * told_out) / 1_000_000
    price = listed or _unknown
    if limits.max_cost is not None and price(Usage(1, 1)) is None:
        fact = "`--max-cost` cannot be kept: the price of this model is not known"
        raise ConfigurationError(fact, hint=hint)
    return price


def _unknown(_: Usage) -> None:
    """No price is known."""


class Budget:
    """Spent, reserved, and the most of both."""

    def __init__(self, *, max_tokens: int | None, max_cost: float | None, price: Price) -> None:
        """Begin with nothing spent. `price` gives US dollars, `None` when no price is known."""
        self._max_tokens = max_tokens
        self._max_cost = max_cost
        self._price = price
        self._spent = _NOTHING
        self._reserved = _NOTHING

    @property
    def limited(self) -> bool:
        """Whether there is a most of anything."""
        return self._max_tokens is not None or self._max_cost is not None

    @property
    def spent(self) -> Reservation:
        """What settled calls cost."""
        return self._spent

    def reserve(self, worst: Usage, *, keep: Usage | None = None) -> Reservation | None:
        """Set the worst case of a call aside; `None` when the rest does not cover it.

        Args:
            worst: Tokens of the prompt and the most of the reply.
            keep: What must stay affordable besides: the worst case of a later call that matters more.
        """
        new = self._worst(worst)
        others = _sum(self._spent, self._reserved, self._worst(keep) if keep else _NOTHING)
        if self._max_tokens is not None and others.tokens + new.tokens > self._max_tokens:
            return None
        if self._max_cost is not None and others.cost + new.cost > self._max_cost:
            return None
        self._reserved = _sum(self._reserved, new)
        return new

    def settle(self, reservation: Reservation, usage: Usage | None) -> None:
        """Replace a reservation by what the call used; `None` when it may have used all of it."""
        self.release(reservation)
        self._spent = _sum(self._spent, reservation if usage is None else self._worst(usage))

    def release(self, reservation: Reservation) -> None:
        """Give a reservation back: the call was not made."""
        self._reserved = Reservation(
            self._reserved.tokens - reservation.tokens, max(0.0, self._reserved.cost - reservation.cost)
        )

    def _worst(self, usage: Usage) -> Reservation:
        cost = self._price(usage) if self._max_cost is not None else None
        return Reservation(usage.input_tokens + usage.output_tokens, cost or 0.0)


def _sum(*parts: Reservation) -> Reservation:
    return Reservation(sum(one.tokens for one in parts), sum(one.cost for one in parts))
