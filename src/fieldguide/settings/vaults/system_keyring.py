"""A key from the system's keyring: Keychain, Secret Service, KWallet, or what the user's `keyringrc.cfg` names.

Comes in: service and user. Goes out: the password that is kept for them.
Must never: bound the time: a locked keyring asks the person at the machine for its password first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.settings.vaults.source import VaultSource

if TYPE_CHECKING:
    from fieldguide.settings.vaults.reference import KeyringEntry


class KeyringSource(VaultSource):
    """One entry of the keyring."""

    vault = "the system's keyring"

    def __init__(self, entry: KeyringEntry, by: str) -> None:
        """Keep what to ask for."""
        super().__init__(f"{entry.service}/{entry.user}", by)
        self._entry = entry

    def fetch(self) -> str:
        """Ask the keyring.

        Raises:
            ConfigurationError: There is no keyring, it stays locked, or it has no such entry.
        """
        try:
            import keyring  # noqa: PLC0415  # an extra
            from keyring.errors import KeyringError, KeyringLocked, NoKeyringError  # noqa: PLC0415
        except ImportError:
            self.without_package("keyring", "keyring")
        try:
            value = keyring.get_password(self._entry.service, self._entry.user)
        except NoKeyringError:
            self.refuse("this machine does not have", "see `keyring --list-backends`, or set the key in a variable")
        except KeyringLocked:
            self.refuse("is locked", "unlock it and run again")
        except (KeyringError, OSError, RuntimeError):  # backends raise the last two where their service is away
            self.refuse("cannot be read", "see whether `keyring get SERVICE USER` can read it")
        if value is None:
            self.refuse("does not exist", f"put it there: `keyring set {self._entry.service} {self._entry.user}`")
        return value
