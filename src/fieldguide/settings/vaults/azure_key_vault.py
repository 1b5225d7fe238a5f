"""A key from Azure Key Vault.

Comes in: address of a vault, name and perhaps version of a secret. Goes out: the value.
Signing in is `DefaultAzureCredential`'s: environment, workload and managed identity, Azure CLI and so on. A token is
only sent to an address that lies within the domain which the vault's own challenge names, by the client's check.

pydantic-settings' own source for this service is not used: it lists the vault and fetches every secret in it, which
takes a right that nobody should need, and leaves a trace of each in the vault's log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from fieldguide.settings.vaults.source import SECONDS, VaultSource

if TYPE_CHECKING:
    from azure.core.exceptions import HttpResponseError

    from fieldguide.settings.vaults.reference import AzureSecret

_FORBIDDEN = 403


class AzureKeyVaultSource(VaultSource):
    """One secret, by one request and the challenge before it."""

    vault = "Azure Key Vault"

    def __init__(self, secret: AzureSecret, by: str) -> None:
        """Keep what to ask for."""
        version = f"/{secret.version}" if secret.version else ""
        super().__init__(f"{secret.vault}/{secret.name}{version}", by)
        self._reference = secret

    def fetch(self) -> str:
        """Ask the vault.

        Raises:
            ConfigurationError: No sign-in, no answer, no permission, no such secret.
        """
        try:
            from azure.core import exceptions  # noqa: PLC0415  # an extra, 0.4 s with what follows
            from azure.identity import DefaultAzureCredential  # noqa: PLC0415
            from azure.keyvault.secrets import SecretClient  # noqa: PLC0415
        except ImportError:
            self.without_package("azure-keyvault-secrets", "vault")

        def ask() -> str:
            with (
                DefaultAzureCredential(process_timeout=int(SECONDS)) as credential,
                SecretClient(
                    self._reference.vault,
                    credential,
                    connection_timeout=SECONDS / 2,
                    read_timeout=SECONDS,
                    retry_total=0,
                    permit_redirects=False,
                ) as client,
            ):
                return client.get_secret(self._reference.name, self._reference.version or None).value or ""

        try:
            return self.in_time(ask)
        except exceptions.ClientAuthenticationError:
            self.refuse("cannot be asked for: no way to sign in worked", "sign in with `az login`")
        except exceptions.ResourceNotFoundError:
            self.refuse("does not exist", "list the names: `az keyvault secret list --vault-name NAME`")
        except exceptions.HttpResponseError as error:
            self._answered(error)
        except (exceptions.AzureError, OSError):
            self.refuse("cannot be reached", "check the vault's name, the network, and `HTTPS_PROXY`")
        except ValueError:
            # The client's own refusal to send a token to a host that its challenge does not name.
            self.refuse("is not where a key vault is: the address does not answer as one", "check the vault's name")

    def _answered(self, error: HttpResponseError) -> NoReturn:
        if error.status_code == _FORBIDDEN:
            hint = "give yourself the role `Key Vault Secrets User`; check the vault's firewall, and that it is enabled"
            self.refuse("may not be read", hint)
        self.refuse(f"cannot be read: the vault answered {error.status_code}", "try again later")
