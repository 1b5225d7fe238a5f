"""What one request may hold, and what a minute's quota holds of them.

Comes in: windows, quotas and the weight of prompts. Goes out: a `Room`.
Must never: allow a request more than the window or the quota of a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from fieldguide.plan.expectation import NoteSizes

FILE_REPLY: Final = 190
"""Tokens reserved for a file's note."""
ERRAND_TOKENS: Final = 6_000
"""Evidence of the files that share a request: enough that the prompt's own words weigh little."""
NOTES_TOKENS: Final = 10_000
"""Most tokens of notes that one request gets."""
TOPIC_TOKENS: Final = 40
"""For a document's or a package's heading and fences, the most."""


@dataclass(frozen=True, slots=True)
class Minute:
    """What the user says of the quota, where nothing but the quota limits the run; `None` where nothing is said."""

    requests: int | None = None
    tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What one request may hold."""

    request: int
    """Tokens of prompt and reply together: of the model's window, or of a minute's quota where that is less."""
    reply: int
    """Most tokens of a reply of one page."""
    thinking: int
    """Reserved in every request besides the text that is asked for."""
    file_prompt: int
    """Tokens of the prompts themselves, without material."""
    package_prompt: int
    page_prompt: int
    notes_weigh: NoteSizes = field(default_factory=NoteSizes)
    """As the prompts ask for them."""
    minute: Minute = field(default_factory=Minute)

    @property
    def errand(self) -> int:
        """Tokens of evidence that the files of one request may have."""
        left = self.request - self.thinking - self.file_prompt - 2 * FILE_REPLY - TOPIC_TOKENS
        return min(ERRAND_TOKENS, left - left // 8)

    @property
    def notes(self) -> int:
        """Tokens of notes that one request may have."""
        left = self.request - self.thinking - max(self.package_prompt, self.page_prompt) - self.reply
        return min(NOTES_TOKENS, left // 2)
