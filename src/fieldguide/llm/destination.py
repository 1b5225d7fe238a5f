"""Says where a call may go, and refuses every other place.

Comes in: the model's choice and the address that a client is about to connect to. Goes out: nothing, or a
`ConfigurationError`.
Must never: trust that settings were checked before; show a user, a password or a query of an address.

A proxy that the environment names (`HTTPS_PROXY`) is the user's own way to these hosts and is not one of them: it is
used, and with https it sees the host's name alone. Sign-in with Entra ID goes to Microsoft's own hosts, or to this
machine's identity service, and carries no code.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Collection

_PORTS: Final = {"https": 443, "http": 80}
TAKE_OUR_CLIENT: Final = frozenset({"azure_openai", "openai"})
"""Providers whose LangChain class is known, by a test, to make every connection with the HTTP client of this room."""


def check_choice(choice: ModelChoice, own: str) -> None:
    """Check before anything is imported, signed in to or connected to. `own` is the address that the choice means.

    Raises:
        ConfigurationError: The address may not be reached, or the provider's package would not ask.
    """
    if choice.provider is Provider.LANGCHAIN and not takes_our_client(choice) and choice.allowed_hosts:
        fact = f"`--allow-host` cannot be kept with `{choice.model}`: its package connects by itself"
        hint = "leave `--allow-host` out, or reach the model through an OpenAI-compatible address"
        raise ConfigurationError(fact, hint=hint)
    if own:
        check_address(choice, own, own)


def takes_our_client(choice: ModelChoice) -> bool:
    """Whether every connection of the call is made by the HTTP client of this room."""
    return choice.provider is not Provider.LANGCHAIN or choice.model.partition(":")[0] in TAKE_OUR_CLIENT


def check_address(choice: ModelChoice, address: str, own: str) -> None:
    """Check an address that is about to be connected to.

    Args:
        choice: With the hosts that the user allows.
        address: Whole, with its scheme.
        own: The address that the choice means; empty where only LangChain knows it.

    Raises:
        ConfigurationError: It may not be reached.
    """
    host, port, scheme = _parts(address)
    allowed = choice.allowed_hosts or ({":".join(map(str, _parts(own)[:2]))} if own else set[str]())
    if allowed and not _among(host, port, allowed):
        fact = f"`{host}` is not among the hosts that may be connected to"
        hint = f"add `--allow-host {host}` if it is to be" if choice.allowed_hosts else "it is not the model's own host"
        raise ConfigurationError(fact, hint=hint)
    if scheme != "https" and not choice.allow_http and not is_loopback(host):
        fact = f"the connection to `{host}` would not be encrypted: its address begins with `{scheme}://`"
        raise ConfigurationError(fact, hint="give an https address, or `--allow-http` if anyone on the way may read it")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _among(host: str, port: int, allowed: Collection[str]) -> bool:
    """Whether one of `host` and `host:port` names it. An IPv6 address with a port stands in brackets."""
    for one in allowed:
        if _name(one.strip("[]")) == host:
            return True
        name, _, number = one.rpartition(":")
        if number == str(port) and _name(name.strip("[]")) == host:
            return True
    return False


def _parts(address: str) -> tuple[str, int, str]:
    parts = urlsplit(address)
    return _name(parts.hostname or ""), parts.port or _PORTS.get(parts.scheme, 0), parts.scheme


def _name(host: str) -> str:
    """A host as names are compared: in small letters, ASCII (RFC 3490), without the root's dot."""
    lowered = host.lower().removesuffix(".")
    try:
        return lowered if lowered.isascii() else lowered.encode("idna").decode("ascii")
    except UnicodeError:
        return lowered
