"""Text in a repository that is meant for a language model instead of people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class InjectionKind(StrEnum):
    """What such a text tries. The value is the phrase that a report prints."""

    OVERRIDE = "tells a model to set its instructions aside"
    ROLE = "gives a model another part to play"
    DICTATION = "tells a model what to write"
    DISCLOSURE = "asks a model for what it was told"
    CHAT_MARKUP = "imitates the markup of a chat"
    HIDDEN = "hides text from people"


@dataclass(frozen=True, slots=True, order=True)
class Injection:
    """One place. What stands there is not repeated: a report may be read by a model too."""

    path: str
    line: int
    """1-based."""
    kind: InjectionKind
