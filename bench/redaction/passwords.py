"""Passwords of many styles, and the longer values that hold one.

Comes in: a random generator. Goes out: types of secrets. A connection's password is the secret, its host is not.
"""

from __future__ import annotations

import base64
from functools import partial
from typing import TYPE_CHECKING

from samples import BASE62, HEX, Fragments, Part, SecretType, Shape, drawn

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_NAMES = (
    "password",
    "db_password",
    "smtp_password",
    "admin_pass",
    "passwd",
    "mysql_root_password",
    "ldap_bind_password",
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORDS = [
    "copper",
    "lantern",
    "orbit",
    "velvet",
    "harbor",
    "maple",
    "thunder",
    "saddle",
    "pepper",
    "glacier",
    "walnut",
    "meadow",
    "falcon",
    "ginger",
    "anchor",
    "marble",
    "cactus",
    "bishop",
    "sunset",
    "tulip",
    "wagon",
    "zephyr",
    "breeze",
    "quartz",
]


def _word(random: Random) -> str:
    return random.choice(_WORDS)


def _syllables(random: Random, count: int) -> str:
    return "".join(random.choice("bcdfghklmnprstvw") + random.choice("aeiou") for _ in range(count))


def _random(random: Random) -> str:
    return drawn(random, BASE62, 16)


def _symbols(random: Random) -> str:
    return drawn(random, BASE62, 6) + random.choice("!#%*") + drawn(random, BASE62, 5) + random.choice("@^+=?")


def _word_digits(random: Random) -> str:
    return _word(random).title() + drawn(random, "0123456789", 4) + "!"


def _passphrase(random: Random) -> str:
    return "-".join(_word(random) for _ in range(4))


def _pronounceable(random: Random) -> str:
    return _syllables(random, 4) + drawn(random, "0123456789", 2)


def _short(random: Random) -> str:
    return drawn(random, _LETTERS, 8)


def _leet(random: Random) -> str:
    changed = _word(random).title().translate(str.maketrans("aeo", "430"))
    return f"{changed}_{drawn(random, '0123456789', 3)}"


def _digits(random: Random) -> str:
    return drawn(random, "123456789", 8)


def _hexadecimal(random: Random) -> str:
    return drawn(random, HEX, 32)


def _base64(random: Random) -> str:
    return base64.b64encode(random.randbytes(24)).decode()


def _umlauts(random: Random) -> str:
    return _word(random).title() + random.choice("äöüß") + drawn(random, BASE62, 5)


def _spaced(random: Random) -> str:
    return " ".join(_word(random) for _ in range(4))


_STYLES: dict[str, Callable[[Random], str]] = {
    "random": _random,
    "symbols": _symbols,
    "word-digits": _word_digits,
    "passphrase": _passphrase,
    "pronounceable": _pronounceable,
    "short-letters": _short,
    "leet": _leet,
    "digits": _digits,
    "hexadecimal": _hexadecimal,
    "base64": _base64,
    "umlauts": _umlauts,
    "spaced-passphrase": _spaced,
}
_PLAIN: tuple[Callable[[Random], str], ...] = (_random, _passphrase, _pronounceable, _short, _leet, _hexadecimal)
"""Styles that stand in a URL or behind a separator without being escaped."""

_CONNECTIONS = {
    "postgresql": ("postgresql://app:{}@db.internal:5432/app", "database_url"),
    "mysql": ("mysql+pymysql://root:{}@10.2.0.7/shop?charset=utf8mb4", "sqlalchemy_database_uri"),
    "mongodb": ("mongodb+srv://svc:{}@cluster0.ab1cd.mongodb.net/main", "mongo_uri"),
    "redis": ("redis://:{}@cache.internal:6379/0", "redis_url"),
    "amqp": ("amqps://worker:{}@mq.internal/vhost", "broker_url"),
    "https-url": ("https://deploy:{}@git.internal/team/app.git", "remote_url"),
    "ftp": ("ftp://upload:{}@files.internal/in", "ftp_url"),
    "smtp": ("smtp://mailer:{}@mail.internal:587", "email_url"),
    "jdbc": ("jdbc:postgresql://db.internal/app?user=app&password={}&ssl=true", "jdbc_url"),
    "ado-net": ("Server=tcp:sql.internal,1433;Database=app;User ID=app;Password={};Encrypt=True", "connection_string"),
    "odbc": ("DRIVER={{ODBC Driver 18}};SERVER=sql.internal;UID=app;PWD={};Encrypt=yes", "odbc"),
    "libpq": ("host=db.internal dbname=app user=app password={} sslmode=require", "dsn"),
    "kafka": (
        'org.apache.kafka.common.security.plain.PlainLoginModule required username="app" password="{}";',
        "sasl_jaas_config",
    ),
    "ldap": ("ldap://cn=admin,dc=acme:{}@ldap.internal", "ldap_url"),
}


def _connection(template: str, random: Random) -> Fragments:
    before, after = template.split("{}")
    unescaped = (text.replace("{{", "{").replace("}}", "}") for text in (before, after))
    first, last = unescaped
    return (first, Part(random.choice(_PLAIN)(random)), last)


def _azure(template: str, size: int, random: Random) -> Fragments:
    before, after = template.split("{}")
    return (before, Part(base64.b64encode(random.randbytes(size)).decode()), after)


def _sas(random: Random) -> Fragments:
    signature = (
        base64.b64encode(random.randbytes(32)).decode().replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    )
    return (
        "https://acme.blob.core.windows.net/data?sv=2022-11-02&ss=b&se=2027-01-01T00:00:00Z&sp=r&sig=",
        Part(signature),
    )


def _otpauth(random: Random) -> Fragments:
    secret = drawn(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32)
    return ("otpauth://totp/Acme:ada?secret=", Part(secret), "&issuer=Acme")


def _laravel(random: Random) -> Fragments:
    return ("base64:", Part(base64.b64encode(random.randbytes(32)).decode()))


def _password(style: Callable[[Random], str], random: Random) -> Fragments:
    return (Part(style(random)),)


def types() -> list[SecretType]:
    """Passwords, connection strings, and what else holds a secret inside of a longer value."""
    styles = [
        SecretType(f"password-{name}", Shape.PASSWORD, _NAMES, partial(_password, style))
        for name, style in _STYLES.items()
    ]
    connections = [
        SecretType(f"connection-{name}", Shape.CONNECTION, (variable,), partial(_connection, template))
        for name, (template, variable) in _CONNECTIONS.items()
    ]
    storage = "DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={};EndpointSuffix=core.windows.net"
    bus = "Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={};EntityPath=q"
    others: list[tuple[str, str, Callable[[Random], Fragments]]] = [
        ("azure-storage", "azure_storage_connection_string", partial(_azure, storage, 64)),
        ("azure-service-bus", "service_bus", partial(_azure, bus, 32)),
        ("azure-shared-access-signature", "blob_url", _sas),
        ("otpauth", "otp_url", _otpauth),
        ("laravel-app-key", "app_key", _laravel),
    ]
    return [
        *styles,
        *connections,
        *(SecretType(name, Shape.CONNECTION, (variable,), make) for name, variable, make in others),
    ]
