"""Which secret of which vault is meant.

Comes in: `keyring:SERVICE/USER`, `aws-secrets-manager:ID[#FIELD]`, `azure-key-vault:https://VAULT/SECRET[/VERSION]`.
Goes out: a typed reference, or nothing.
Must never: be shown whole where it does not hold: a person may have put the key itself there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable


class KeyringEntry(NamedTuple):
    """An entry of the system's keyring."""

    service: str
    user: str


class AwsSecret(NamedTuple):
    """A secret of AWS Secrets Manager."""

    identifier: str
    """Its name or its ARN."""
    field: str
    """Of the JSON object that the secret is; empty where the secret is the key itself."""

    @property
    def region(self) -> str:
        """The region that an ARN names; empty for a name."""
        return self.identifier.split(":")[3] if self.identifier.startswith("arn:") else ""


class AzureSecret(NamedTuple):
    """A secret of an Azure Key Vault."""

    vault: str
    """Address: `https://NAME.vault.azure.net`."""
    name: str
    version: str
    """Empty for the newest."""


VaultReference = KeyringEntry | AwsSecret | AzureSecret

_ARN = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+")
_AWS_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
_AZURE_NAME = re.compile(r"[0-9A-Za-z-]{1,127}")
_AZURE_VERSION = re.compile(r"[0-9a-f]{32}")


def vault_reference(text: str) -> VaultReference | None:
    """Read `SOURCE`; `None` when it is none of the three forms."""
    kind, _, rest = text.strip().partition(":")
    read = _FORMS.get(kind)
    return read(rest) if read is not None and rest.isprintable() else None


def _keyring(rest: str) -> KeyringEntry | None:
    # A service may be an address with slashes in it; a user's name holds none.
    service, _, user = rest.rpartition("/")
    return KeyringEntry(service, user) if service and user else None


def _aws(rest: str) -> AwsSecret | None:
    identifier, hash_sign, field = rest.partition("#")
    pattern = _ARN if identifier.startswith("arn:") else _AWS_NAME
    if pattern.fullmatch(identifier) is None or (hash_sign and not field):
        return None
    return AwsSecret(identifier, field)


def _azure(rest: str) -> AzureSecret | None:
    try:
        parts = urlsplit(rest)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        return None
    path = [part for part in parts.path.split("/") if part]
    if path[:1] == ["secrets"] and len(path) > 1:
        # The portal shows a secret's identifier with this part in it.
        path = path[1:]
    name, version = (*path, "", "")[:2]
    if len(path) > len(("name", "version")) or _AZURE_NAME.fullmatch(name) is None:
        return None
    if version and _AZURE_VERSION.fullmatch(version) is None:
        return None
    return AzureSecret(f"https://{parts.hostname}{port}", name, version)


_FORMS: dict[str, Callable[[str], VaultReference | None]] = {
    "keyring": _keyring,
    "aws-secrets-manager": _aws,
    "azure-key-vault": _azure,
}
