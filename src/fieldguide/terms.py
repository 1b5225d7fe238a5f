"""Under what a page is bought: of which model, within which limits, with whose prompts.

Comes in: what the user chose. Goes out: how large one request may be, and how much of it a reply.
Must never: allow a request more than the window or the quota of a minute.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fieldguide.domain.limits import Limits
from fieldguide.domain.model import ModelChoice
from fieldguide.plan import Minute, context_window

LEAST_REPLY: Final = 1_500
"""Tokens of a page's prose that is not cut off: what models write, and a third."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what a page is bought."""

    choice: ModelChoice
    limits: Limits
    page: str
    """Path of the page, relative to the documented directory."""
    prompts: Path | None
    """Directory of the user's own; `None` for the shipped ones."""
    stronger: ModelChoice | None = None
    """Mends what `choice` could not; `None` for nobody."""

    @property
    def request_tokens(self) -> int:
        """Most tokens of prompt and reply together: of the window, or of a minute's quota where that is known."""
        window = context_window(self.choice).tokens
        return min(window, self.limits.tokens_per_minute or window)

    @property
    def quota_is_less(self) -> bool:
        """It is the quota that says how large a request may be."""
        return self.request_tokens < context_window(self.choice).tokens

    @property
    def minute(self) -> Minute:
        """What a minute holds. Under a budget nothing is paid for being faster, and the best goes first."""
        limits = self.limits
        return Minute() if limits.budgeted else Minute(limits.requests_per_minute, limits.tokens_per_minute)

    def shaping(self, digest: str) -> str:
        """The digest of a page by the digest of what is asked for it: who mends the answer shapes the page too."""
        if self.stronger is None:
            return digest
        named = f"{digest}\n{self.stronger.provider}\n{self.stronger.model}\n{self.stronger.family}"
        return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()

    def fitted(self) -> Terms:
        """The same, with less reserved for a reply where that would take most of a request: what is read matters too.

        A reply is at most as long as the user says, and half of that is more than models write on a page.
        """
        choice, most = self.choice, max(LEAST_REPLY, self.request_tokens // 3)
        if 2 * choice.max_output_tokens <= self.request_tokens or choice.max_output_tokens <= most:
            return self
        return replace(self, choice=replace(choice, max_output_tokens=most))
