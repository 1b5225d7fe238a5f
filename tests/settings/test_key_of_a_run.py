"""A key from a vault signs in a whole run, and stands nowhere that the run leaves behind."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING
from uuid import uuid4

import boto3  # pyright: ignore[reportMissingTypeStubs]
import pytest
from moto.server import ThreadedMotoServer

from cli.real_command import COMMAND, environment
from provider.loopback_provider import KEY, MODEL, Answer, running_provider

if TYPE_CHECKING:
    from pathlib import Path

    from settings.conftest import Place


@pytest.mark.parametrize("answers", [[], [Answer(status=401, echo=True)]])
def test_a_key_from_a_vault_signs_in_and_is_left_nowhere(place: Place, answers: list[Answer]) -> None:
    """Over a reply and over faults that quote the key, with everything said and logged that can be."""
    (place.project / "gate.py").write_text('"""A gate."""\n\n\ndef admit(name: str) -> bool:\n    return bool(name)\n')
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        address = "http://{}:{}".format(*server.get_host_and_port())
        name = f"docs-{uuid4().hex}"
        variables = _aws_with_the_key(address, name, place.home)
        with running_provider() as provider:
            provider.script.extend(answers)
            done = subprocess.run(
                [
                    *COMMAND, "--key-from", f"aws-secrets-manager:{name}#key", "--base-url", f"{provider.address}/v1",
                    "--model", MODEL, "--verbose", "--log-file", "log", str(place.project),
                ],
                cwd=place.here, env=variables, capture_output=True, check=False,
            )  # fmt: skip
            assert provider.received, done.stderr.decode()
            assert {one.headers["authorization"] for one in provider.received} == {f"Bearer {KEY}"}
    finally:
        server.stop()
    assert done.returncode == (4 if answers else done.returncode)
    assert b"key from --key-from (AWS Secrets Manager)" in done.stderr
    assert b"Traceback" not in done.stderr
    assert KEY.encode() not in done.stdout + done.stderr
    left = [path for folder in (place.project, place.here, place.home) for path in folder.rglob("*") if path.is_file()]
    assert place.here / "log" in left
    assert not [path for path in left if KEY.encode() in path.read_bytes()]


def _aws_with_the_key(address: str, name: str, home: Path) -> dict[str, str]:
    """Put the key where the command will look for it; returns the command's environment."""
    session = boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing")  # noqa: S106  # moto takes any
    client = session.client("secretsmanager", region_name="eu-central-1", endpoint_url=address)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    client.create_secret(Name=name, SecretString=json.dumps({"key": KEY}))  # pyright: ignore[reportUnknownMemberType]
    client.close()  # pyright: ignore[reportUnknownMemberType]
    return environment(
        home,
        AWS_ENDPOINT_URL=address,
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",  # noqa: S106  # moto takes any
        AWS_DEFAULT_REGION="eu-central-1",
    )
