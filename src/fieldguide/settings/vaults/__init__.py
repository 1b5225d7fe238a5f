"""Keys that lie in a vault: the system's keyring, AWS Secrets Manager, Azure Key Vault.

Comes in: `SOURCE` as the user gives it to `--key-from`. Goes out: a reference, and from it a source of
pydantic-settings that fetches the one secret which was asked for.
Must never: fetch a secret that was not named, wait for ever, show a value, or pass on the text of a library's error,
which may hold one.
"""

from __future__ import annotations

from fieldguide.settings.vaults.opening import open_vault
from fieldguide.settings.vaults.reference import VaultReference, vault_reference
from fieldguide.settings.vaults.source import VaultSource

__all__ = ["VaultReference", "VaultSource", "open_vault", "vault_reference"]
