"""What is personal data in some projects and everyday data in most: hidden when it is asked for.

Comes in: text. Goes out: where numbers of the United States' social security, and addresses of machines that the whole
internet reaches, stand. Must never: report addresses of one's own machine or network, of documentation, or of a whole
network (`…/24`).

Social-security numbers by the rules of the Social Security Administration (no area 000, 666 or 9xx, no group 00, no
serial 0000). Addresses that are not global by the registries of IANA stay, and so does what reads as a version, a
section or an object identifier.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.subject import Subject

SOCIAL_SECURITY_NUMBER: Final = "social-security-number"
IP_ADDRESS: Final = "ip-address"

_SOCIAL_SECURITY: Final = re.compile(
    r"[0-8]\d\d(?<![\w.+-]\d{3})(?<!000)(?<!666)(?P<by>[- ])(?!00)\d{2}(?P=by)(?!0000)\d{4}(?![\w-]|\.\d)"
)
_IPV4: Final = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\w/-]|\.\d)")
_IPV6: Final = re.compile(r"[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{2,34}(?:\.\d{1,3}){0,3}(?![\w:/])")
_JOINED: Final = re.compile(r"[\w.:-]")
_VERSION: Final = re.compile(
    r"(?:[=<>~^§]\s?|\b(?:versions?|release|v|build|ver|sections?|rfc \d{1,5}|prior to)\W{0,4}|[A-Za-z)]/)[\"']?\Z",
    re.IGNORECASE,
)
_OBJECT_IDENTIFIER: Final = re.compile(r"(?:1\.[23]|2\.5)\.")
_REACH: Final = 16
_STAND_INS: Final = frozenset({"1.2.3.4", "5.6.7.8", "4.3.2.1", "1.1.1.1", "8.8.8.8", "8.8.4.4", "9.9.9.9"})
"""Addresses that stand for any, and resolvers that everybody uses."""


def find_social_security_numbers(subject: Subject) -> Iterator[Secret]:
    """Find numbers of the United States' social security, written in three groups."""
    for match in _SOCIAL_SECURITY.finditer(subject.text):
        yield Secret(SOCIAL_SECURITY_NUMBER, (match.span(),))


def find_ip_addresses(subject: Subject) -> Iterator[Secret]:
    """Find addresses that are reached from anywhere."""
    text = subject.text
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            shown = match[0].rstrip(":")
            if match.start() and _JOINED.match(text, match.start() - 1):
                continue
            if shown not in _STAND_INS and _is_global(shown) and not _is_version(text, match):
                yield Secret(IP_ADDRESS, ((match.start(), match.start() + len(shown)),))


def _is_version(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _REACH) : match.start()]
    return ":" not in match[0] and bool(_OBJECT_IDENTIFIER.match(match[0]) or _VERSION.search(before))


def _is_global(shown: str) -> bool:
    try:
        return ipaddress.ip_address(shown).is_global
    except ValueError:
        return False
