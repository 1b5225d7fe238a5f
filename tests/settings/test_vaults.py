"""Keys come from real vaults on loopback by their real clients; what cannot be had is named, and no value is shown."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3  # pyright: ignore[reportMissingTypeStubs]
import keyring
import pytest
from kept_keyring import Kept
from moto.server import ThreadedMotoServer
from vault_servers import KeyVault, key_vault

from fieldguide.errors import ConfigurationError
from fieldguide.settings.vaults import source, vault_reference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fieldguide.settings import Settings
    from settings.conftest import Place

LOCAL = {"base_url": "http://localhost:1/v1", "model": "m"}
VALUE = f"key-{uuid4().hex}"


def _key(settings: Settings) -> str:
    assert settings.model is not None
    assert settings.model.key is not None
    assert VALUE not in repr(settings)
    assert VALUE not in "".join(note.message for note in settings.notes)
    return settings.model.key.get_secret_value()


def _refusal(place: Place, key_from: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        place.resolve(key_from=key_from, **LOCAL)
    error = caught.value
    assert VALUE not in f"{error.fact}{error.hint}{error!r}"
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    assert error.hint
    return error.fact


# AWS Secrets Manager


@pytest.fixture(scope="module")
def aws_server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(aws_server: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Secrets by name; the value is the ARN."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    for name, value in {
        "AWS_ENDPOINT_URL": aws_server,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(place.home / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(place.home / "credentials"),
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("secretsmanager")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    made: dict[str, str] = {}
    for name, value in {
        "docs/plain": VALUE + "\n",
        "docs/json": json.dumps({"key": VALUE, "number": 5}),
        "docs/words": "not a key",
    }.items():
        made[name] = str(client.create_secret(Name=name, SecretString=value)["ARN"])  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    client.create_secret(Name="docs/binary", SecretBinary=VALUE.encode())  # pyright: ignore[reportUnknownMemberType]
    yield made
    for name in (*made, "docs/binary"):
        client.delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)  # pyright: ignore[reportUnknownMemberType]
    client.close()  # pyright: ignore[reportUnknownMemberType]


@pytest.mark.parametrize("reference", ["docs/plain", "docs/json#key"])
def test_aws_gives_a_text_or_a_field_of_a_json_object(place: Place, aws: dict[str, str], reference: str) -> None:
    assert "docs/json" in aws
    settings = place.resolve(key_from=f"aws-secrets-manager:{reference}", **LOCAL)
    assert _key(settings) == VALUE
    assert settings.model is not None
    assert settings.model.key_variable == "--key-from"
    assert "key from --key-from (AWS Secrets Manager)" in settings.notes[0].message


def test_an_arn_decides_the_region(place: Place, aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    arn = aws["docs/plain"]
    assert ":eu-central-1:" in arn
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    assert _key(place.resolve(key_from=f"aws-secrets-manager:{arn}", **LOCAL)) == VALUE
    assert "`docs/plain` in AWS Secrets Manager" in _refusal(place, "aws-secrets-manager:docs/plain")
    assert "no region is set" in _refusal(place, "aws-secrets-manager:docs/plain")


@pytest.mark.parametrize(
    ("reference", "part"),
    [
        ("docs/absent", "does not exist"),
        ("docs/json", "is a JSON object"),
        ("docs/json#other", "does not exist: the secret has no such text"),
        ("docs/json#number", "does not exist: the secret has no such text"),
        ("docs/plain#key", "is no JSON object"),
        ("docs/words", "is not a key"),
        ("docs/binary", "is binary"),
    ],
)
def test_what_aws_does_not_have_is_named(place: Place, aws: dict[str, str], reference: str, part: str) -> None:
    assert aws
    said = _refusal(place, f"aws-secrets-manager:{reference}")
    assert f"`--key-from` names `{reference}` in AWS Secrets Manager" in said
    assert part in said


def test_without_credentials_aws_is_not_asked(
    place: Place, aws: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert aws
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "no credentials were found" in _refusal(place, "aws-secrets-manager:docs/plain")


def test_aws_that_is_not_there_is_said(place: Place, aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert aws
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    assert "cannot be reached" in _refusal(place, "aws-secrets-manager:docs/plain")


def test_a_vault_that_never_answers_is_left_when_its_time_is_over(
    place: Place, aws: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound is one of the whole question; here a tenth of what a run waits."""
    assert aws
    monkeypatch.setattr(source, "SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{silent.getsockname()[1]}")
        assert "did not answer within 1 seconds" in _refusal(place, "aws-secrets-manager:docs/plain")
    assert source.SECONDS == 1.0


# Azure Key Vault


@pytest.fixture
def vault(place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyVault]:
    """A vault, and this process signed in to it as a host in Azure is: by its identity service."""
    assert place
    folder = tmp_path / "vault"
    folder.mkdir()
    with key_vault(folder) as made:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder / "authority.pem"))
        monkeypatch.setenv("IDENTITY_ENDPOINT", (folder / "identity").read_text())
        monkeypatch.setenv("IDENTITY_HEADER", "header")
        made.secrets = {"docs-key": VALUE, "docs-key/" + "0a" * 16: VALUE + "-old", "other": "other-key"}
        yield made


@pytest.mark.parametrize("path", ["docs-key", "secrets/docs-key", "docs-key/"])
def test_key_vault_gives_the_one_secret_that_was_named(place: Place, vault: KeyVault, path: str) -> None:
    """By a challenge, a token for what the challenge names, and one request more: the vault is never listed."""
    settings = place.resolve(key_from=f"azure-key-vault:{vault.address}/{path}", **LOCAL)
    assert _key(settings) == VALUE
    assert [asked.rstrip("/ ") for asked in vault.asked] == ["/secrets/docs-key", "/secrets/docs-key/ signed in"]
    assert vault.tokens == [f"https://1:{vault.port}"]


def test_a_version_of_a_secret_may_be_named(place: Place, vault: KeyVault) -> None:
    settings = place.resolve(key_from=f"azure-key-vault:{vault.address}/docs-key/{'0a' * 16}", **LOCAL)
    assert _key(settings) == VALUE + "-old"


@pytest.mark.parametrize(("status", "part"), [(403, "may not be read"), (500, "the vault answered 500")])
def test_what_key_vault_refuses_is_named_and_its_words_are_not_shown(
    place: Place, vault: KeyVault, status: int, part: str
) -> None:
    """The server's error quotes the value."""
    vault.status = status
    said = _refusal(place, f"azure-key-vault:{vault.address}/docs-key")
    assert f"`{vault.address}/docs-key` in Azure Key Vault" in said
    assert part in said


def test_a_secret_that_key_vault_does_not_have_is_named(place: Place, vault: KeyVault) -> None:
    said = _refusal(place, f"azure-key-vault:{vault.address}/absent")
    assert f"`{vault.address}/absent` in Azure Key Vault, which does not exist" in said


def test_no_token_is_sent_to_a_host_that_the_challenge_does_not_name(place: Place, vault: KeyVault) -> None:
    vault.resource = "https://vault.azure.net"
    assert "does not answer as one" in _refusal(place, f"azure-key-vault:{vault.address}/docs-key")
    assert not any("signed in" in asked for asked in vault.asked)
    assert vault.tokens == []


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(
    place: Place, vault: KeyVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    assert "cannot be reached" in _refusal(place, f"azure-key-vault:{vault.address}/docs-key")
    assert vault.asked == []


def test_a_key_vault_that_is_slow_is_left(place: Place, vault: KeyVault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "SECONDS", 0.5)
    vault.delay = 2
    assert "did not answer within 0.5 seconds" in _refusal(place, f"azure-key-vault:{vault.address}/docs-key")
    # The thread that is left behind ends with the server's answer.
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.name.endswith("(put)"):
            thread.join(10)


# The system's keyring


def test_the_keyring_gives_what_is_kept_for_service_and_user(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring.set_keyring(Kept())
    keyring.set_password("https://example.com/docs", "me", VALUE)
    settings = place.resolve(key_from="keyring:https://example.com/docs/me", **LOCAL)
    assert _key(settings) == VALUE
    assert "`docs/me` in the system's keyring, which does not exist" in _refusal(place, "keyring:docs/me")
    monkeypatch.setenv("FIELDGUIDE_KEY_FROM", "keyring:https://example.com/docs/me")
    assert _key(place.resolve(**LOCAL)) == VALUE


@pytest.mark.parametrize(
    ("backend", "part"),
    [
        ("kept_keyring.Locked", "is locked"),
        ("kept_keyring.Away", "cannot be read"),
        ("keyring.backends.fail.Keyring", "this machine does not have"),
        ("keyring.backends.null.Keyring", "does not exist"),
    ],
)
def test_a_keyring_that_gives_nothing_is_said(
    place: Place, monkeypatch: pytest.MonkeyPatch, backend: str, part: str
) -> None:
    """Chosen by keyring's own variable, as a user would."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    chosen = keyring.core.load_env()
    assert chosen is not None
    keyring.set_keyring(chosen)
    Kept.passwords["docs", "me"] = VALUE
    assert part in _refusal(place, "keyring:docs/me")


# All of them


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(VALUE, id="a key"), "keyring:", "keyring:service", "keyring:/user", "aws-secrets-manager:",
        "aws-secrets-manager:a b",
        "aws-secrets-manager:a#", "aws-secrets-manager:arn:aws:s3:::bucket", "azure-key-vault:", "vault:a/b",
        "azure-key-vault:http://a.vault.azure.net/b", "azure-key-vault:https://a.vault.azure.net",
        "azure-key-vault:https://a.vault.azure.net/b/c/d", "azure-key-vault:https://a.vault.azure.net/b?c=d",
        "azure-key-vault:https://user@a.vault.azure.net/b", "azure-key-vault:https://a:x/b", "keyring:a\x1b/b",
        "azure-key-vault:https://a.vault.azure.net/b_c", "azure-key-vault:https://a.vault.azure.net/b/latest",
    ],
)  # fmt: skip
def test_what_names_no_secret_is_refused_and_not_shown_for_it_may_be_the_key(place: Place, text: str) -> None:
    assert vault_reference(text) is None
    said = _refusal(place, text)
    assert said == "`--key-from` names no secret of a vault"


def test_no_key_is_fetched_where_none_is_needed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a model, for a plan and for the ledger; a vault that cannot be opened would say so."""
    monkeypatch.setenv("FIELDGUIDE_KEY_FROM", "keyring:docs/absent")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    assert place.resolve().model is None
    assert place.resolve("plan", no_model="true").model is None
    assert place.resolve("ledger").model is None
    model = place.resolve("plan", **LOCAL).model
    assert model is not None
    assert model.key is None


def test_other_faults_are_said_before_a_vault_is_asked(place: Place) -> None:
    with pytest.raises(ConfigurationError) as caught:
        place.resolve(key_from="keyring:docs/absent", base_url="http://localhost:1/v1", timeout="soon")
    assert "keyring" not in caught.value.fact
    assert "`FIELDGUIDE_MODEL`" in caught.value.fact


def test_a_key_of_a_stronger_place_goes_before_a_vault_and_in_one_place_both_are_a_fault(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.user_file.write_text('key-from = "keyring:docs/absent"\n')
    monkeypatch.setenv("FIELDGUIDE_API_KEY", "plain")
    assert _key(place.resolve(**LOCAL)) == "plain"
    monkeypatch.setenv("FIELDGUIDE_KEY_FROM", "keyring:docs/me")
    with pytest.raises(ConfigurationError, match="exclude each other"):
        place.resolve(**LOCAL)


def test_a_key_without_anybody_to_use_it_is_a_fault(place: Place) -> None:
    with pytest.raises(ConfigurationError, match="`--key-from` names a key, but nothing says who serves it"):
        place.resolve(key_from="keyring:docs/me")


@pytest.mark.parametrize(
    ("module", "reference", "extra"),
    [
        ("boto3", "aws-secrets-manager:a", "aws"),
        ("azure.keyvault.secrets", "azure-key-vault:https://a.vault.azure.net/b", "vault"),
        ("azure.identity", "azure-key-vault:https://a.vault.azure.net/b", "vault"),
        ("keyring", "keyring:a/b", "keyring"),
    ],
)
def test_a_missing_extra_is_named_with_the_command_that_installs_it(
    place: Place, module: str, reference: str, extra: str
) -> None:
    """In a process of its own, in which the package cannot be imported."""
    program = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from fieldguide.cli import main\n"
        f"sys.exit(main(['--key-from', {reference!r}, '--base-url', 'http://localhost:1/v1', '--model', 'm',"
        f" {str(place.project)!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"hint: pip install 'fieldguide[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr
