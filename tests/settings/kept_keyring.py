"""Keyrings that hold what a test puts into them, chosen by keyring's own variable."""

from __future__ import annotations

from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class Kept(KeyringBackend):
    """Keeps passwords in memory."""

    priority = 1.0  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride, reportUnannotatedClassAttribute]
    passwords: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept."""
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a password."""
        self.passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Keep it no longer."""
        del self.passwords[service, username]


class Locked(Kept):
    """Cannot be opened."""

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002  # the base class asks for them
        """Fail."""
        message = "locked"
        raise KeyringLocked(message)


class Away(Kept):
    """Its service does not answer."""

    def get_password(self, service: str, username: str) -> str | None:
        """Fail as a backend does, with what it had in hand."""
        raise RuntimeError(self.passwords[service, username])
