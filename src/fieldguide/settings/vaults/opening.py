"""From a reference to the source that fetches it.

Comes in: a reference, and who named it. Goes out: a source, not yet called.
Must never: import a vault's library that is not wanted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fieldguide.settings.vaults.aws_secrets_manager import AwsSecretsManagerSource
from fieldguide.settings.vaults.azure_key_vault import AzureKeyVaultSource
from fieldguide.settings.vaults.reference import AwsSecret, AzureSecret, KeyringEntry, VaultReference
from fieldguide.settings.vaults.system_keyring import KeyringSource

if TYPE_CHECKING:
    from fieldguide.settings.vaults.source import VaultSource


def open_vault(reference: VaultReference, by: str) -> VaultSource:
    """Return the source of a secret; nothing is fetched before it is called."""
    match reference:
        case KeyringEntry():
            return KeyringSource(reference, by)
        case AwsSecret():
            return AwsSecretsManagerSource(reference, by)
        case AzureSecret():
            return AzureKeyVaultSource(reference, by)
