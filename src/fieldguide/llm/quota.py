"""When the next request may be sent under a quota of requests and tokens a minute.

Comes in: the time, the tokens of a request, what response headers say. Goes out: how long to wait.
Must never: read a clock, sleep, or let more through than the quota in any minute.

A request counts with its prompt and with the output that is reserved for it, as Azure OpenAI and OpenAI count it when
they admit it; nothing is given back when the reply is shorter, unless the provider's own count says so. The window
slides, and is a little longer than a minute: the provider sees a request later than it was sent here. A limit that
fills evenly, by the provider's own account, is used as it fills (`refill`).

Sources: Azure OpenAI's and OpenAI's guides to rate limits. Azure also looks at stretches of ten seconds for requests,
which is `SHORT_WINDOW`.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fieldguide.llm.rates import Rates
from fieldguide.llm.refill import Refill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.llm.rates import Reported

WINDOW: Final = 60.0
"""Seconds."""
SHORT_WINDOW: Final = 10.0
FIRST_MARGIN: Final = 0.25
"""Seconds added to a window: what lies between sending a request and the provider's counting it."""
MOST_SHARE: Final = 0.05
"""Of a window that the margin begins with, where the window is shorter than a minute."""
MOST_MARGIN: Final = 4.0
AT_ONCE: Final = 256
"""Requests that may still be on their way; of those before them a limit that fills evenly needs only the sum."""
OVERTAKES: Final = 1.0
"""Seconds after which a request can no longer have been counted before an earlier one."""


@dataclass(slots=True, eq=False)
class Sent:
    """One request that counts, or what others sent under the same quota."""

    at: float
    """Seconds of the caller's monotonic clock."""
    tokens: int
    requests: int = 1
    answered: float = math.inf
    """When its answer began: the provider had counted it by then."""


class Quota:
    """What was sent in the last minute, and what may be sent next."""

    def __init__(self, told: Rates, *, window: float = WINDOW, evenly: bool = False) -> None:
        """Start with nothing sent.

        Args:
            told: What the user says; the provider's headers fill in the rest.
            window: Seconds over which the provider counts.
            evenly: The provider also counts requests over a sixth of the window.
        """
        self._told = told
        self._learnt = Rates()
        self._window = window
        self._margin = min(FIRST_MARGIN, window * MOST_SHARE)
        self._evenly = evenly
        self._paused_until = -math.inf
        self._limited_at = -math.inf
        self._sent: deque[Sent] = deque()
        self._tokens = 0
        """Of all of these."""
        self._refills = {False: Refill(), True: Refill()}
        """Of requests, and of tokens."""

    @property
    def rates(self) -> Rates:
        """The limits in force: what the user says, else what the provider says."""
        return Rates(
            self._told.requests if self._told.requests is not None else self._learnt.requests,
            self._told.tokens if self._told.tokens is not None else self._learnt.tokens,
        )

    def never_fits(self, tokens: int) -> bool:
        """Whether a request alone is larger than a whole minute's quota."""
        limit = self.rates.tokens
        return limit is not None and tokens > limit

    def delay(self, now: float, tokens: int) -> float:
        """Seconds until a request of `tokens` may be sent; 0 for at once.

        A request that never fits is the caller's to refuse; here it waits until nothing else counts.
        """
        self._forget(now)
        ready = max(now, self._paused_until)
        rates = self.rates
        if rates.tokens is not None:
            ready = max(ready, self._room(now, rates.tokens, tokens, count_tokens=True))
        if rates.requests is not None:
            ready = max(ready, self._room(now, rates.requests, 1, count_tokens=False))
            if self._evenly:
                few = max(1, math.floor(rates.requests * SHORT_WINDOW / WINDOW))
                short = self._window * SHORT_WINDOW / WINDOW
                ready = max(ready, self._slot(now, few - 1, short, count_tokens=False))
        return max(0.0, ready - now)

    def passes(self, now: float, tokens: int, head: int, delay: float) -> bool:
        """Whether a request may go before one of `head` tokens, which then waits no longer than its `delay`."""
        if self.delay(now, tokens) > 0:
            return False
        trial = self.take(now, tokens)
        later = self.delay(now, head)
        self.stays(trial)
        return later <= delay

    def take(self, now: float, tokens: int) -> Sent:
        """Count a request that is being sent."""
        sent = Sent(now, tokens)
        self._insert(sent)
        return sent

    def pause(self, now: float, seconds: float) -> None:
        """Let nothing through for so long: the provider asked for it."""
        self._paused_until = max(self._paused_until, now + seconds)

    def leaves(self, sent: Sent, now: float) -> None:
        """A request that was counted when it was let through goes out only now."""
        self.stays(sent)
        sent.at = now
        self._insert(sent)

    def stays(self, sent: Sent) -> None:
        """A request that was counted does not go out."""
        later: list[Sent] = []
        while self._sent and self._sent[-1].at >= sent.at:
            one = self._sent.pop()
            if one is sent:
                self._tokens -= one.tokens
                break
            later.append(one)
        self._sent.extend(reversed(later))

    def limited(self, now: float, sent: Sent) -> None:
        """A request met a 429: its tokens do not count, and the provider counts later or more evenly than thought.

        Requests that were under way together teach that once.
        """
        if sent in self._sent:
            self._tokens -= sent.tokens
        sent.tokens = 0
        self._evenly = True
        if sent.at > self._limited_at:
            self._margin = min(max(self._margin, MOST_MARGIN * self._window / WINDOW), self._margin * 2)
            self._limited_at = now

    def learn(self, now: float, sent: Sent, reported: Reported) -> None:
        """Take over the provider's limits, and its own count as it was when it admitted the request `sent`.

        Requests overtake each other on their way. So only those certainly count in it that were answered before `sent`
        went out, and every one may that went out before the answer to `sent` came.
        """
        sent.answered = min(sent.answered, now)
        self._forget(now)
        limit, left, reset = reported.limit, reported.remaining, reported.reset
        self._refills[False].hears(limit.requests, left.requests, reset.requests, self._window)
        self._refills[True].hears(limit.tokens, left.tokens, reset.tokens, self._window)
        if left.tokens is None:
            self._keep(limit.requests, limit.tokens)
            return
        surely = [one for one in self._sent if self._surely_counted(one, sent, now)]
        certain = sum(one.tokens for one in surely)
        self._keep(limit.requests, limit.tokens or max(left.tokens + certain, self._learnt.tokens or 0))
        if limit.tokens is None or now - sent.at > self._window:
            return
        counted = limit.tokens - left.tokens
        if self._refills[True].evenly:
            certain, possible = self._missing_for(sent, surely, limit.tokens)
        else:
            possible = sum(one.tokens for one in self._sent if one.at + self._window + self._margin > sent.at)
        if counted > possible:
            self._insert(Sent(sent.at, counted - possible, requests=0))  # others use the same quota
        elif counted < certain:
            self._give_back(surely, certain - counted)

    def _keep(self, requests: int | None, tokens: int | None) -> None:
        self._learnt = Rates(requests or self._learnt.requests, tokens or self._learnt.tokens)

    def _surely_counted(self, one: Sent, sent: Sent, now: float) -> bool:
        """Whether the provider counted `one`, and still counted it, when it admitted `sent`."""
        return one is sent or (one.answered <= sent.at and one.at + self._window > now)

    def _missing_for(self, sent: Sent, surely: list[Sent], limit: int) -> tuple[int, int]:
        """Tokens that the provider found missing at the least and at the most, just after it had counted `sent`."""
        refill, rate = self._refills[True], limit / self._window
        earlier = ((one.at, one.tokens) for one in self._sent if one.at <= sent.at + OVERTAKES)
        most = refill.missing_at(sent.at, ((min(at, sent.at), tokens) for at, tokens in earlier), rate)
        least = refill.missing_at(sent.at, ((one.at, one.tokens) for one in surely), rate)
        return math.floor(least - self._margin * rate), math.ceil(most + self._margin * rate)

    def _room(self, now: float, limit: int, amount: int, *, count_tokens: bool) -> float:
        """When there is room for so much under a limit."""
        refill = self._refills[count_tokens]
        if not refill.evenly:
            return self._slot(now, limit - amount, self._window, count_tokens=count_tokens)
        rate = limit / self._window
        whole = max(limit - self._margin * rate, amount)
        taken = ((one.at, one.tokens if count_tokens else one.requests) for one in self._sent)
        return now + (refill.missing_at(now, taken, rate) + amount - whole) / rate

    def _slot(self, now: float, most: int, window: float, *, count_tokens: bool) -> float:
        """When at most `most` of what was sent still counts in a window that slides."""
        if (self._tokens if count_tokens else len(self._sent)) <= most:
            return -math.inf
        counted = 0
        for one in reversed(self._sent):
            free = one.at + window + self._margin
            if free <= now:
                break
            counted += one.tokens if count_tokens else one.requests
            if counted > most:
                return free
        return -math.inf

    def _forget(self, now: float) -> None:
        """Drop what counts neither now nor when a request went out of which an answer may come yet."""
        for one in self._past(now):
            for count_tokens, limit in ((True, self.rates.tokens), (False, self.rates.requests)):
                if limit is not None:
                    amount = one.tokens if count_tokens else one.requests
                    self._refills[count_tokens].forgets(one.at, amount, limit / self._window)

    def _past(self, now: float) -> Iterator[Sent]:
        """Take out what is too old to matter by itself."""
        evenly = any(one.evenly for one in self._refills.values())
        while self._sent and (
            self._sent[0].at + 2 * self._window + self._margin <= now or (evenly and len(self._sent) > AT_ONCE)
        ):
            self._tokens -= self._sent[0].tokens
            yield self._sent.popleft()

    def _insert(self, new: Sent) -> None:
        later: list[Sent] = []
        while self._sent and self._sent[-1].at > new.at:
            later.append(self._sent.pop())
        self._sent.append(new)
        self._sent.extend(reversed(later))
        self._tokens += new.tokens

    def _give_back(self, surely: list[Sent], tokens: int) -> None:
        """Count less of what the provider does not count any more, the oldest first."""
        for one in surely:
            returned = min(tokens, one.tokens)
            one.tokens -= returned
            self._tokens -= returned
            tokens -= returned
