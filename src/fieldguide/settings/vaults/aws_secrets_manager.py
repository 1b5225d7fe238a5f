"""A key from AWS Secrets Manager.

Comes in: name or ARN of a secret, and the field of the JSON object that it may be. Goes out: the value.
Region, credentials and endpoint are found as boto3 finds them; an ARN decides the region.

pydantic-settings' own source for this service is not used: it takes JSON only, its client waits five times sixty
seconds for a host that is not there, and its errors are boto3's, which name neither vault nor secret.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, Protocol, cast

from fieldguide.settings.quoting import quoted
from fieldguide.settings.vaults.source import SECONDS, VaultSource

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fieldguide.settings.vaults.reference import AwsSecret

_MISSING: Final = "ResourceNotFoundException"
_SIGN_IN: Final = "sign in with `aws sso login`, or set `AWS_PROFILE` or `AWS_ACCESS_KEY_ID` and its secret"
_REFUSALS: Final = {
    _MISSING: ("does not exist", "list the names: `aws secretsmanager list-secrets`; check region and account"),
    "AccessDeniedException": ("may not be read", "allow `secretsmanager:GetSecretValue` on it, and its key's decrypt"),
    "DecryptionFailure": ("cannot be decrypted", "allow `kms:Decrypt` on the key that it is encrypted with"),
    "InvalidRequestException": ("cannot be read: it is marked for deletion, or has no value", "restore it"),
    "ExpiredTokenException": ("cannot be read: the sign-in has expired", _SIGN_IN),
    "UnrecognizedClientException": ("cannot be read: the credentials are not accepted", _SIGN_IN),
    "InvalidSignatureException": ("cannot be read: the credentials are not accepted", _SIGN_IN),
}
"""By error code of the service: what is the matter, and what to do."""


class _Client(Protocol):
    """The part of boto3's client that is used; boto3 makes its classes when it runs and has no types."""

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, object]:  # noqa: N803  # the service's own name
        """Ask for one secret."""
        ...

    def close(self) -> None:
        """End its connections."""
        ...


class AwsSecretsManagerSource(VaultSource):
    """One secret, by one request that is not repeated."""

    vault = "AWS Secrets Manager"

    def __init__(self, secret: AwsSecret, by: str) -> None:
        """Keep what to ask for."""
        super().__init__(secret.identifier + (f"#{secret.field}" if secret.field else ""), by)
        self._reference = secret

    def fetch(self) -> str:
        """Ask the service.

        Raises:
            ConfigurationError: No region, no credentials, no answer, no permission, no such secret or field.
        """
        try:
            import boto3  # noqa: PLC0415  # an extra, 0.3 s  # pyright: ignore[reportMissingTypeStubs]
            from botocore import exceptions  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]
        except ImportError:
            self.without_package("boto3", "aws")
        try:
            # A session of its own, for boto3's default one is the whole process's.
            text = self.in_time(lambda: self._ask(cast("Callable[..., _Client]", boto3.Session().client)))
        except exceptions.NoRegionError:
            self.refuse("cannot be asked for: no region is set", "set `AWS_REGION`, or give the secret's ARN")
        except (exceptions.NoCredentialsError, exceptions.PartialCredentialsError, exceptions.TokenRetrievalError):
            self.refuse("cannot be asked for: no credentials were found", _SIGN_IN)
        except exceptions.ClientError as error:
            code = str(cast("Mapping[str, Mapping[str, object]]", error.response).get("Error", {}).get("Code", ""))
            self.refuse(*_REFUSALS.get(code, (f"cannot be read ({quoted(code)})", "check the secret in AWS's console")))
        except (exceptions.BotoCoreError, OSError, ValueError):
            self.refuse("cannot be reached", "check the network, the region, and `HTTPS_PROXY`")
        return self._field_of(text)

    def _ask(self, make: Callable[..., _Client]) -> str:
        from botocore.config import Config  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]

        config = Config(connect_timeout=SECONDS / 2, read_timeout=SECONDS, retries={"total_max_attempts": 1})
        client = make("secretsmanager", region_name=self._reference.region or None, config=config)
        try:
            answer = client.get_secret_value(SecretId=self._reference.identifier)
        finally:
            client.close()
        text = answer.get("SecretString")
        if not isinstance(text, str):
            self.refuse("is binary", "store the key as text")
        return text

    def _field_of(self, text: str) -> str:
        """Return the field of a JSON object that was asked for, or the whole of what is none."""
        try:
            value: object = json.loads(text)
        except (ValueError, RecursionError):
            value = None
        fields = cast("dict[str, object]", value) if isinstance(value, dict) else None
        field = self._reference.field
        if not field:
            if fields is not None:
                # Names of fields are shown nowhere: a secret may well have its parts in the wrong order.
                self.refuse("is a JSON object", "name the field that holds the key: `aws-secrets-manager:ID#FIELD`")
            return text
        if fields is None:
            self.refuse("is no JSON object and so has no fields", "leave out `#` and what follows it")
        found = fields.get(field)
        if not isinstance(found, str):
            self.refuse("does not exist: the secret has no such text", "name the field that holds the key after `#`")
        return found
