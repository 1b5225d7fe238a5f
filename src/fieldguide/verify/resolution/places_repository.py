"""Addresses that lead into the documented repository itself.

Comes in: the manifests, which say where the project lives, and an address.
Goes out: the path that the address means, where it means the main branch.
Must never: fetch anything; take another repository for this one.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fieldguide.domain.project import Manifest

_HOME: Final = re.compile(
    r"(?:https?://|git@|ssh://git@)(?:www\.)?(github\.com|gitlab\.com|codeberg\.org|bitbucket\.org)[/:]"
    r"([\w.-]+)/([\w.-]+?)(?:\.git)?(?:[/#?].*)?$",
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(
    r"https?://(?:www\.)?(github\.com|gitlab\.com|codeberg\.org)/([\w.-]+)/([\w.-]+)/(?:-/)?"
    r"(?:blob|tree|raw|edit|blame|src/branch)/(main|master|HEAD)(?:/([^#?]*))?(?:\?[^#]*)?(?:#(.*))?$"
)
_RAW: Final = re.compile(
    r"https?://raw\.githubusercontent\.com/([\w.-]+)/([\w.-]+)/(?:refs/heads/)?(main|master|HEAD)/([^#?]+)"
)


class Repository:
    """Where the project lives."""

    def __init__(self, manifests: Sequence[Manifest]) -> None:
        """Keep the manifests of which the root's says most."""
        self._manifests = manifests

    def path_of(self, address: str) -> tuple[str, str] | None:
        """Path and fragment of an address of this repository at its main branch; `None` for any other address."""
        raw = _RAW.match(address)
        if raw is not None:
            return (raw[4].rstrip("/"), "") if self._is_home("github.com", raw[1], raw[2]) else None
        inside = _INSIDE.match(address)
        if inside is None or not self._is_home(inside[1], inside[2], inside[3]):
            return None
        return (inside[5] or "").rstrip("/"), inside[6] or ""

    def _is_home(self, host: str, owner: str, name: str) -> bool:
        return (host.lower(), owner.lower(), name.lower()) in self._homes

    @cached_property
    def _homes(self) -> frozenset[tuple[str, str, str]]:
        own = (one for one in self._manifests if not one.directory)
        found = (_HOME.match(url) for one in own for url in one.urls)
        return frozenset((one[1].lower(), one[2].lower(), one[3].lower()) for one in found if one is not None)
