"""Vaults on loopback: a Key Vault that speaks its REST protocol, with the identity service that signs in to it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import ssl
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@dataclass
class KeyVault:
    """What the vault holds, how it behaves, and what it was asked."""

    secrets: dict[str, str] = field(default_factory=dict[str, str])
    """By `name` or `name/version`."""
    status: int = 200
    """Answered to a request that is signed in."""
    resource: str = ""
    """The domain that its challenge names; empty for its own."""
    delay: float = 0
    """Seconds before it answers."""
    port: int = 0
    asked: list[str] = field(default_factory=list[str])
    """Paths, with a mark for those that were signed in."""
    tokens: list[str] = field(default_factory=list[str])
    """Resources that the identity service was asked a token for."""

    @property
    def address(self) -> str:
        """Where it is."""
        return f"https://127.0.0.1:{self.port}"


@contextmanager
def key_vault(folder: Path) -> Generator[KeyVault]:
    """A vault over HTTPS on a port of its own, and on the next one the identity service of a host in Azure."""
    vault = KeyVault()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _vault_handler(vault))
    identity = ThreadingHTTPServer(("127.0.0.1", 0), _identity_handler(vault))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(folder))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    vault.port = server.server_port
    for one in (server, identity):
        threading.Thread(target=one.serve_forever, args=(0.02,), daemon=True).start()
    (folder / "identity").write_text(f"http://127.0.0.1:{identity.server_port}/msi/token")
    try:
        yield vault
    finally:
        for one in (server, identity):
            one.shutdown()
            one.server_close()


def _certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that is its own authority, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "authority.pem").write_bytes(pem)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(pem + secret)
    return path


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Say nothing."""

    def reply(self, status: int, content: object, **headers: str) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _vault_handler(vault: KeyVault) -> type[_Quiet]:
    class Handler(_Quiet):
        def do_GET(self) -> None:
            """Challenge who is not signed in; else answer `/secrets/NAME/VERSION` (Key Vault REST, Get Secret)."""
            time.sleep(vault.delay)
            path = urlsplit(self.path).path
            signed_in = self.headers.get("Authorization") == "Bearer a-token"
            vault.asked.append(path + (" signed in" if signed_in else ""))
            if not signed_in:
                # The client takes a resource whose domain ends the vault's own: here `1` of `127.0.0.1`.
                resource = vault.resource or f"https://1:{vault.port}"
                challenge = f'Bearer authorization="https://login.invalid/tenant", resource="{resource}"'
                self.reply(401, {"error": {"code": "Unauthorized"}}, WWW_Authenticate=challenge)
                return
            key = path.removeprefix("/secrets/").strip("/")
            if vault.status != 200:
                self.reply(vault.status, {"error": {"code": "Refused", "message": vault.secrets.get(key, "")}})
            elif key in vault.secrets:
                self.reply(200, {"value": vault.secrets[key], "id": f"{vault.address}/secrets/{key}", "attributes": {}})
            else:
                self.reply(404, {"error": {"code": "SecretNotFound"}})

    return Handler


def _identity_handler(vault: KeyVault) -> type[_Quiet]:
    class Handler(_Quiet):
        def do_GET(self) -> None:
            """Give a token as App Service's identity endpoint does."""
            vault.tokens.append(parse_qs(urlsplit(self.path).query)["resource"][0])
            expires = str(int(time.time()) + 3600)
            self.reply(200, {"access_token": "a-token", "expires_on": expires, "resource": "r", "token_type": "Bearer"})

    return Handler
