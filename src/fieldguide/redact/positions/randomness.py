"""Long random letters that no name tells of.

Comes in: a text. Goes out: where such letters stand. Must never: take a digest, a lock file or embedded data for a
secret.

Beside a word that speaks of credentials, on the same line, they count always; elsewhere only in the level `strict`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fieldguide.redact.secret import Secret, spanning
from fieldguide.redact.values import Need, is_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fieldguide.redact.rules import Rules
    from fieldguide.redact.subject import Subject

OPAQUE: Final = re.compile(r"(?<![A-Za-z0-9+/_=.@-])[A-Za-z0-9+/_-]{32,200}={0,2}(?![A-Za-z0-9+/_=@-])")
_DIGEST: Final = re.compile(
    r"sha-?\d|md5|digest|checksum|integrity|commit|revision|\brev\b|etag|fingerprint|hash|blob|data:|base64,|uuid"
    r"|guid|https?://|crc|signature|thumbprint|x5|cert|svg|public"
)
_LOCKS: Final = (
    ".lock",
    ".sum",
    "-lock.json",
    "package-lock.json",
    "pnpm-lock.yaml",
    "checksums",
    ".svg",
    ".map",
    ".min.js",
    ".csv",
    ".pem",
    ".crt",
)
_LINE: Final = 400


def find_random(subject: Subject, rules: Rules) -> Iterator[Secret]:
    """Find long random letters outside of digests and lock files; for the level `strict`."""
    if subject.name.endswith(_LOCKS):
        return
    for match in OPAQUE.finditer(subject.text):
        if not _tells_digest(subject, match.start()) and is_value(match[0], rules, Need.STRONG):
            secret = spanning("random-string", subject.text, *match.span())
            if secret is not None:
                yield secret


def _tells_digest(subject: Subject, position: int) -> bool:
    line = subject.text.rfind("\n", max(0, position - _LINE), position) + 1
    return _DIGEST.search(subject.lowered, max(line, position - _LINE), position) is not None
