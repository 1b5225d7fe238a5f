"""Hosts that may be connected to, as a user names them.

Comes in: the texts of `--allow-host`. Goes out: each in one form, or a fault; whether an address lies among them.
Must never: take an address for a host: of `https://a.example/x` it would not be plain how much is meant.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from fieldguide.settings.quoting import quoted
from fieldguide.settings.values import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

_PORTS = {"https": 443, "http": 80}
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LONGEST = 253
_LAST_PORT = 65_535


class Hosts(NamedTuple):
    """The outcome. Each is `host` or `host:port` in small ASCII letters, an IPv6 address in brackets."""

    named: frozenset[str]
    faults: tuple[Fault, ...]


def hosts(texts: Iterable[str], by: str) -> Hosts:
    """Bring each text into one form; `by` is the flag, variable or TOML key that they come from."""
    named: set[str] = set()
    faults: list[Fault] = []
    for text in texts:
        host = _host(text)
        if host:
            named.add(host)
        else:
            fact = f"`{by}` is {quoted(text)}, which is not a host"
            faults.append(Fault(fact, "give it as `host` or `host:port`, without `https://` and without a path"))
    return Hosts(frozenset(named), tuple(faults))


def host_fault(address: str, by: str, allowed: frozenset[str]) -> tuple[Fault, ...]:
    """Return the fault of a model's address, set by `by`, that lies outside of the hosts that are allowed."""
    if not allowed:
        return ()
    parts = urlsplit(address)
    host = _host(f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or "")
    if {host, f"{host}:{parts.port or _PORTS.get(parts.scheme)}"} & allowed:
        return ()
    fact = f"the model is asked at `{host}` (`{by}`), which is not among the hosts that may be connected to"
    return (Fault(fact, f"give `--allow-host {host}` too, or take the address out"),)


def _host(text: str) -> str:
    """Return the one form; empty for what is no host."""
    bare = _without_brackets(text)
    if bare is not None:
        address, port = bare
        return f"[{address}]{port}" if _is_version_6(address) else ""
    if _is_version_6(text):
        return f"[{text.lower()}]"
    name, colon, number = text.partition(":")
    ascii_name, port = _ascii(name), _port(colon + number)
    return ascii_name + port if ascii_name and port is not None else ""


def _without_brackets(text: str) -> tuple[str, str] | None:
    match = re.fullmatch(r"\[([0-9a-fA-F:.]+)\](:\d+)?", text)
    if match is None or (port := _port(match[2] or "")) is None:
        return None
    return match[1].lower(), port


def _port(text: str) -> str | None:
    """Return `:443` as it is, without leading zeros; an empty text too; `None` for what is no port."""
    if not text:
        return ""
    number = text.removeprefix(":")
    if not number.isascii() or not number.isdigit() or not 0 < int(number[:6]) <= _LAST_PORT:
        return None
    return f":{int(number)}"


def _is_version_6(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6  # noqa: PLR2004  # its name
    except ValueError:
        return False


def _ascii(name: str) -> str:
    """Return a name in small ASCII letters (RFC 3490), without the root's dot; empty for what is none."""
    try:
        lowered = name.lower().removesuffix(".").encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    labels = lowered.split(".")
    return lowered if len(lowered) <= _LONGEST and all(_LABEL.fullmatch(label) for label in labels) else ""
