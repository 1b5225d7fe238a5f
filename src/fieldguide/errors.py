"""The failures that end a run: one root, each subclass with its exit code.

Comes in: the fact, in lower case with the value in backticks, and what to type next.
Goes out: an exception that `cli` turns into two lines on stderr and an exit code.
Must never: carry a key, a secret or a whole prompt; be raised for a failure that a stage expects and can
report as a value (`Skipped`, `Finding`, `Missing`).
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a run tells the shell."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    PARTIAL = 3
    PROVIDER = 4
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """What help and README say of it: a phrase without a full stop."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: "done",
    ExitCode.FINDINGS: (
        "a check found something: a fault in documentation, a secret with --fail-on-secret, a ledger that was changed"
    ),
    ExitCode.USAGE: "wrong usage or configuration",
    ExitCode.PARTIAL: "done in part: what is missing is listed, the rest is published",
    ExitCode.PROVIDER: "the provider failed: nothing was had from the model",
    ExitCode.INTERRUPTED: "interrupted",
    ExitCode.TERMINATED: "ended by SIGTERM",
}


class FieldguideError(Exception):
    """A failure with a hint. `str()` is the fact alone; `hint` says what to type."""

    exit_code: ClassVar[ExitCode] = ExitCode.USAGE

    def __init__(self, fact: str, *, hint: str) -> None:
        """Keep `fact` (lower case, the value in backticks) and `hint` (an imperative sentence)."""
        super().__init__(fact)
        self.fact = fact
        self.hint = hint


class UsageError(FieldguideError):
    """The command line asks for something that does not exist."""


class ConfigurationError(FieldguideError):
    """One or more settings do not hold; `fact` lists every one of them, a line each."""


class FindingsError(FieldguideError):
    """A check that the user asked for found something; nothing was sent or written."""

    exit_code = ExitCode.FINDINGS


class PublishError(FieldguideError):
    """The pages could not be written where they belong."""


class ProviderError(FieldguideError):
    """The model's provider refused or could not be reached; nothing was had from it."""

    exit_code = ExitCode.PROVIDER
