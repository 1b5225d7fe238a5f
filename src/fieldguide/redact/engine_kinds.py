"""Readable kinds for the rules of the engine.

Comes in: a rule's identifier and name. Goes out: what a report and the placeholder call what it finds.
Must never: be a list of all rules, which would be old with the engine's next version.
"""

from __future__ import annotations

import re
from typing import Final

_NAMESPACE: Final = re.compile(r"^(?:betterleaks|kingfisher|custom)\.|^veles\.secrets/|\.\d+$")
_WORD: Final = re.compile(r"[a-z0-9]+")
_NOUNS: Final = {
    "webhook": "webhook",
    "password": "password",
    "passphrase": "password",
    "cookie": "cookie",
    "credentials": "credentials",
    "connection": "connection-string",
    "uri": "url-password",
    "url": "url",
    "token": "token",
    "pat": "token",
    "jwt": "token",
    "key": "key",
    "apikey": "key",
    "secret": "secret",
}
"""What the words of a name make of a secret, the most telling first."""
_COMMON: Final = re.compile(
    "access|admin|agent|api|apikey|app|application|auth|authentication|bot|client|collection|config|connection|consumer"
    "|cookie|credentials|data|fine|git|grained|id|jwt|key|legacy|live|lived|long|management|oauth|oauth2|org|organization"
    "|passphrase|password|pat|personn?al|platform|private|production|project|public|read|reference|refresh|rest|root|sdk"
    "|secret|service|session|shared|short|sts|token|update|uri|url|user|v1|v2|web|webhook"
)
"""Words that name no provider."""
_OWN: Final = {
    "private-key": "private-key",
    "jwt": "jwt",
    "jwt-base64": "jwt",
    "curl-auth-header": "authorization",
    "curl-auth-user": "password",
    "generic-credential-uri": "url-password",
    "age-secret-key": "age-key",
    "kubernetes-secret-yaml": "kubernetes-secret",
    "hashicorp-tf-password": "password",
}
_DIGITS: Final = dict(enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")))


def kind_of(rule: str, name: str) -> str:
    """A kind like `github-token`: the provider, and what it is."""
    own = _NAMESPACE.sub("", _NAMESPACE.sub("", rule))
    if own in _OWN:
        return _OWN[own]
    words = _WORD.findall(name.lower() if rule.startswith("veles.") else own)
    noun = next((kind for word, kind in _NOUNS.items() if word in words), "secret")
    provider: list[str] = []
    for word in words:
        if _COMMON.fullmatch(word) and provider:
            break
        if not _COMMON.fullmatch(word):
            provider.append(word)
    kind = "-".join([*provider, noun])
    return f"{_DIGITS[int(kind[0])]}{kind[1:]}" if kind[0].isdigit() else kind
