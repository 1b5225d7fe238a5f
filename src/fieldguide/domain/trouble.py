"""What can go wrong with a call to a model, by what has to be done about it."""

from __future__ import annotations

from enum import StrEnum


class Trouble(StrEnum):
    """Why a call brought nothing that can be used."""

    RATE_LIMITED = "rate limit"
    """429: wait, for as long as the provider says, with every other call."""
    UNAVAILABLE = "server error"
    """5xx, 408, 409: the same request may do later."""
    CONNECTION = "connection"
    """Reset, refused, no such host, proxy, certificate."""
    TIMEOUT = "timeout"
    GARBLED = "garbled reply"
    """Cut-off JSON, or a stream that ended early."""
    LENGTH = "length"
    """The reply reached its most tokens."""
    FILTERED = "content filter"
    """The provider refused the request, or took back the reply, for what it says."""
    TOO_LONG = "context length"
    """The request is longer than the model takes."""
    OVERSIZE = "quota"
    """The request alone is larger than the quota of a minute: it was not sent."""
    BUDGET = "budget"
    """What is left of the budget does not cover the worst case of the call: it was not sent."""
    INVALID = "invalid request"
    """Another 4xx: this request will not do, another one may."""
    REFUSED = "refused"
    """401, 403, 404 and the like: no other request would fare better."""
