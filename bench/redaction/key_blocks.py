"""Blocks of private keys of every kind, made by the library that others make theirs with.

Comes in: a random generator, for what is armour alone. Goes out: types of secrets; the parts are the lines with data,
not the headings.
"""

from __future__ import annotations

import base64
import json
import re
import textwrap
from functools import cache, partial
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from samples import BASE62, HEX, Fragments, Part, SecretType, Shape, drawn

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | dsa.DSAPrivateKey | ed25519.Ed25519PrivateKey
_PEM = serialization.Encoding.PEM
_FORMAT = serialization.PrivateFormat
_HEADING = re.compile(r"^(?:-----.*-----|[\w-]+: .*|)$")


@cache
def _keys(kind: str) -> list[Key]:
    """Two keys of a kind; making one takes its time."""
    make: dict[str, Callable[[], Key]] = {
        "rsa": lambda: rsa.generate_private_key(65537, 2048),
        "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
        "dsa": lambda: dsa.generate_private_key(2048),
        "ed25519": ed25519.Ed25519PrivateKey.generate,
    }
    return [make[kind]() for _ in range(2)]


def _lines(text: str) -> Fragments:
    """All lines but headings are the secret."""
    fragments: list[str | Part] = []
    for line in text.strip().splitlines():
        fragments += (line, "\n") if _HEADING.match(line) else (Part(line), "\n")
    return tuple(fragments[:-1])


def _pem(kind: str, form: serialization.PrivateFormat, random: Random, *, locked: bool = False) -> Fragments:
    locking = serialization.BestAvailableEncryption(random.randbytes(9).hex().encode())
    key = random.choice(_keys(kind))
    text = key.private_bytes(_PEM, form, locking if locked else serialization.NoEncryption()).decode()
    return _lines(text)


def _cut_off(random: Random) -> Fragments:
    """The first half of a block, as in a preview or a log."""
    fragments = _pem("rsa", _FORMAT.PKCS8, random)
    return fragments[: len(fragments) // 4 * 2 + 1]


def _pgp(random: Random) -> Fragments:
    body = "\n".join(textwrap.wrap(base64.b64encode(b"\x95\x03\xd8" + random.randbytes(900)).decode(), 64))
    check = "=" + drawn(random, BASE62, 4)
    heading = "PGP PRIVATE KEY BLOCK-----"
    return _lines(f"-----BEGIN {heading}\nVersion: GnuPG v2\n\n{body}\n{check}\n-----END {heading}")


def _putty(random: Random) -> Fragments:
    public = textwrap.wrap(base64.b64encode(random.randbytes(270)).decode(), 64)
    private = textwrap.wrap(base64.b64encode(random.randbytes(600)).decode(), 64)
    head = ["PuTTY-User-Key-File-2: ssh-rsa", "Encryption: none", "Comment: imported", f"Public-Lines: {len(public)}"]
    fragments: list[str | Part] = ["\n".join((*head, *public, f"Private-Lines: {len(private)}", ""))]
    for line in private:
        fragments += (Part(line), "\n")
    return (*fragments, f"Private-MAC: {drawn(random, HEX, 40)}")


def _jwk(random: Random) -> Fragments:
    numbers = (base64.urlsafe_b64encode(random.randbytes(32)).decode().rstrip("=") for _ in range(3))
    x, y, secret = numbers
    return ('{"kty": "EC", "crv": "P-256", "x": "', x, '", "y": "', y, '", "d": "', Part(secret), '"}')


def _service_account(random: Random) -> Fragments:
    """The JSON file of a Google service account."""
    escaped = json.dumps(
        "".join(one if isinstance(one, str) else one.text for one in _pem("rsa", _FORMAT.PKCS8, random))
    )
    head, body, tail = re.split(r"(?<=KEY-----\\n)|(?=\\n-----END)", escaped[1:-1])
    identifier = drawn(random, HEX, 40)
    return (
        '{\n  "type": "service_account",\n  "project_id": "acme-prod",\n  "private_key_id": "' + identifier,
        f'",\n  "private_key": "{head}',
        Part(body),
        f'{tail}",\n  "client_email": "robot@acme-prod.iam.gserviceaccount.com"\n}}',
    )


def types() -> list[SecretType]:
    """Key blocks, whole, locked and cut off."""
    made: list[tuple[str, Callable[[Random], Fragments]]] = [
        ("rsa-pkcs1", partial(_pem, "rsa", _FORMAT.TraditionalOpenSSL)),
        ("rsa-pkcs8", partial(_pem, "rsa", _FORMAT.PKCS8)),
        ("ec-sec1", partial(_pem, "ec", _FORMAT.TraditionalOpenSSL)),
        ("ec-pkcs8", partial(_pem, "ec", _FORMAT.PKCS8)),
        ("dsa", partial(_pem, "dsa", _FORMAT.TraditionalOpenSSL)),
        ("ed25519-pkcs8", partial(_pem, "ed25519", _FORMAT.PKCS8)),
        ("encrypted-pkcs8", partial(_pem, "rsa", _FORMAT.PKCS8, locked=True)),
        ("encrypted-pkcs1", partial(_pem, "rsa", _FORMAT.TraditionalOpenSSL, locked=True)),
        ("openssh-ed25519", partial(_pem, "ed25519", _FORMAT.OpenSSH)),
        ("openssh-rsa", partial(_pem, "rsa", _FORMAT.OpenSSH)),
        ("pem-cut-off", _cut_off),
        ("pgp", _pgp),
        ("putty", _putty),
        ("private-jwk", _jwk),
        ("google-service-account", _service_account),
    ]
    return [SecretType(name, Shape.BLOCK, ("private_key", "signing_key", "deploy_key"), make) for name, make in made]
