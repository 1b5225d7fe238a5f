"""Addresses of models: which may be asked, and what is wrong with the others.

Comes in: an address as the user gives it. Goes out: faults with the parts that it should have been given as.
Must never: let a key travel unencrypted over a network; show what may be a secret in an address.
"""

from __future__ import annotations

import ipaddress
import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, urlsplit

from fieldguide.settings.quoting import printable
from fieldguide.settings.values import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENAI_ADDRESS = "https://api.openai.com/v1"
"""OpenAI's own."""
_V1 = "/openai/v1"
_DEPLOYMENT = re.compile(r"^(.*?)/openai/deployments/([^/]+)")


def is_v1(endpoint: str) -> bool:
    """Tell whether this is Azure's v1 address, which takes no API version."""
    parts = _split(endpoint)
    return parts is not None and parts.path.rstrip("/").endswith(_V1)


def is_openai(address: str) -> bool:
    """Tell whether this is OpenAI's own address."""
    parts = _split(address)
    return parts is not None and parts.hostname == "api.openai.com"


def host(address: str) -> str:
    """Return host and port: what a message may show of an address."""
    parts = _split(address)
    return "" if parts is None else printable(parts.netloc.rpartition("@")[2])


def address_fault(address: str, by: str, *, azure: bool = False, allow_http: bool = False) -> tuple[Fault, ...]:
    """Return the first thing that is wrong with an address that `by` sets; empty when it may be asked."""
    return tuple(islice(_faults(address, by, azure=azure, allow_http=allow_http), 1))


def _faults(address: str, by: str, *, azure: bool, allow_http: bool) -> Iterator[Fault]:
    parts = _split(address)
    if parts is None or parts.scheme not in {"https", "http"} or not parts.hostname:
        yield Fault(f"`{by}` is not a web address", "give it with its scheme, such as `https://host/`")
        return
    if "@" in parts.netloc:
        yield Fault(f"`{by}` holds a name or password", "leave it out; keys have variables of their own")
    if any(character.isspace() or not character.isprintable() for character in address):
        yield Fault(f"`{by}` holds a space or control character", "take it out")
    if parts.scheme == "http" and not allow_http and not _is_loopback(parts.hostname):
        fact = f"`{by}` is `http://{host(address)}`: a key and your code would travel unencrypted"
        yield Fault(fact, "use `https://`, or give `--allow-http` if anyone on the way may read both")
    if azure and "/deployments/" in parts.path:
        yield Fault(f"`{by}` is the address of a deployment, not of the resource", _taken_apart(parts))
    if azure and parts.path.rstrip("/").endswith("/openai"):
        yield Fault(f"`{by}` ends in `/openai`", "leave that out, or end it with `/openai/v1/`")
    if parts.query or parts.fragment:
        yield Fault(f"`{by}` holds more than an address", "leave out everything from `?` or `#` on")


def _taken_apart(parts: SplitResult) -> str:
    """Say which variables the pasted address of a deployment comes to."""
    match = _DEPLOYMENT.match(parts.path)
    if match is None:
        return "give it up to the first `/` after the host"
    version = parse_qs(parts.query).get("api-version", [""])[0]
    resource = f"{parts.scheme}://{parts.netloc}{match[1]}/"
    said = f"set `AZURE_OPENAI_ENDPOINT={resource}` and `AZURE_OPENAI_DEPLOYMENT={match[2]}`"
    return printable(said + (f" and `OPENAI_API_VERSION={version}`" if version else ""))


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  # raises for a port that is none
    except ValueError:
        return None
    return parts


def _is_loopback(hostname: str) -> bool:
    if hostname == "localhost" or hostname.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(hostname).is_loopback
    except ValueError:
        return False
