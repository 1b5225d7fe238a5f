"""Forms of the files in which tools keep credentials, wherever a piece of such a file stands.

Comes in: nothing. Goes out: a table. Must never: rest on the file's name, since such a file is never read as content
and what is left are its pieces in notes, tests and scripts.
"""

from __future__ import annotations

import re
from typing import Final

from fieldguide.redact.forms.form import QUOTE, Form, Judgement

_GAP: Final = r"(?:\s|\\n){1,40}"
_TO: Final = rf"{QUOTE}?\s{{0,3}}[=:]\s{{0,3}}{QUOTE}?"
_CRYPT: Final = r"[A-Za-z0-9./]"

ACCOUNTS: Final = (
    Form(  # .netrc
        "password",
        ("machine", "login"),
        re.compile(
            rf"(?:machine\s{{1,9}}[\w.:-]{{1,200}}{_GAP}(?:login{_GAP}[^\s\"'\\]{{1,100}}{_GAP})?"
            rf"|(?<![\w,.] )login{_GAP}[^\s\"'\\]{{1,100}}{_GAP})"
            rf"(?:account{_GAP}\S{{1,100}}{_GAP})?password{_GAP}(?P<secret>[^\s\"'`\\]{{2,200}})",
        ),
    ),
    Form(  # .npmrc, .yarnrc
        "npm-token",
        ("_authtoken", "_auth", "_password", "npmauthtoken", "npmauthident"),
        re.compile(
            rf"(?<![A-Za-z0-9])(?:_authToken|_auth|_password|npmAuthToken|npmAuthIdent){_TO}(?P<secret>[^\s\"'`\\;,(){{}}]{{8,500}})",
            re.IGNORECASE,
        ),
        Judgement.LIKELY,
    ),
    Form(  # .pgpass
        "password",
        (":5432:", ":5433:", ":6432:", ":*:"),
        re.compile(
            r":(?:5432|5433|6432|\*):[\w*-]{1,63}:[\w*.-]{1,63}:(?P<secret>(?=[*:]{0,20}[^\s*:\"'`]{3})[^\s\"'`]{3,200})"
        ),
    ),
    Form(  # Docker's and Podman's
        "registry-password",
        ('auth"', 'auth\\"', 'identitytoken"', 'registrytoken"'),
        re.compile(
            r"""(?:auth|identitytoken|registrytoken)\\{0,3}"\s{0,3}:\s{0,3}\\{0,3}"(?P<secret>[A-Za-z0-9+/=._-]{8,4096}+)\\{0,3}\"""",
        ),
        Judgement.LIKELY,
    ),
    Form(  # AWS
        "aws-secret-key",
        ("secret_access_key", "secretaccesskey", "secret access key", "secret_key", "secretkey", "aws_secret"),
        re.compile(
            rf"(?:secret[_ ]?access[_ ]?key|secret_?key|aws_secret)(?:{_TO}"
            rf"|{QUOTE}?\s{{0,3}}(?:,|=>|\|)\s{{0,3}}{QUOTE}?)"
            r"(?P<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/])",
            re.IGNORECASE,
        ),
        Judgement.LIKELY,
    ),
    Form(  # both halves beside each other, as in the table that AWS lets one download
        "aws-secret-key",
        ("akia", "asia"),
        re.compile(
            r"""A[KS]IA[A-Z2-7]{16}[\s,;:|"'\\]{1,8}(?:\w{4,24}["']?\s?[=:]\s?["']?)?(?P<secret>[A-Za-z0-9+/]{40})(?![A-Za-z0-9+/=])"""
        ),
        Judgement.LIKELY,
    ),
    Form(
        "aws-session-token",
        ("session_token", "sessiontoken", "security_token", "securitytoken"),
        re.compile(rf"(?:session|security)_?token{_TO}(?P<secret>[A-Za-z0-9+/=]{{60,4096}}+)", re.IGNORECASE),
        Judgement.LIKELY,
    ),
    Form(  # Google's refresh tokens
        "google-secret",
        ("1//0",),
        re.compile(r"(?P<secret>(?<![\w/])1//0[A-Za-z0-9_-]{40,200})"),
        Judgement.SHAPE,
    ),
    Form(
        "secret-key",
        ("secret_key_base",),
        re.compile(rf"secret_key_base{_TO}(?P<secret>[0-9a-f]{{32,256}})"),
        Judgement.SHAPE,
    ),
    Form(
        "password",
        ("password 7 ", "secret 5 ", "key 7 ", "secret 8 ", "secret 9 "),
        re.compile(
            r"(?:password|secret|key) [5789] (?P<secret>[0-9A-F]{8,128}|\$[1589]\$[\w./$]{20,80})", re.IGNORECASE
        ),
        Judgement.SHAPE,
    ),
    Form(
        "password",
        ("snmp-server community ",),
        re.compile(r"snmp-server community (?P<secret>\S{4,64})"),
    ),
    Form(  # wireless networks
        "password",
        ("psk", "wep_key", "sae_password"),
        re.compile(
            rf"(?<![A-Za-z])(?:psk|wep_key\d|sae_password)\s{{0,3}}[=:]\s{{0,3}}(?:(?P<_>{QUOTE})(?=[^\"\n]{{8,63}}\")|(?=[0-9a-f]{{64}}(?![0-9a-f])))"
            r"(?P<secret>[^\"\\\n]{8,64})",
            re.IGNORECASE,
        ),
    ),
)

KEYS: Final = (
    Form(
        "private-key",
        ("privatekey", "presharedkey", "private-key", "preshared-key"),
        re.compile(
            rf"(?:private|preshared)-?key(?:{_TO}|\s)(?P<secret>[A-Za-z0-9+/]{{42}}[AEIMQUYcgkosw048]=)(?![A-Za-z0-9+/=])",
            re.IGNORECASE,
        ),
        Judgement.SHAPE,
    ),
    Form(
        "private-key",
        ("client-key-data", "client_key_data", "clientkeydata"),
        re.compile(rf"client[-_]?key[-_]?data{_TO}\s{{0,3}}(?P<secret>[A-Za-z0-9+/=]{{16,20000}}+)", re.IGNORECASE),
        Judgement.SHAPE,
    ),
    Form(
        "private-key",
        ("private-mac", "private-hash"),
        re.compile(r"Private-(?:MAC|Hash):\s{0,3}(?P<secret>[0-9a-f]{40,64})", re.IGNORECASE),
        Judgement.SHAPE,
    ),
    Form(
        "private-key",
        ("age-secret-key-", "age-plugin-"),
        re.compile(r"(?P<secret>AGE-(?:SECRET-KEY|PLUGIN)-[A-Z0-9-]{50,200})", re.IGNORECASE),
        Judgement.SHAPE,
    ),
)

ENCRYPTED: Final = (
    Form(
        "encrypted-value",
        ("enc[",),
        re.compile(r"ENC\[(?:AES256_GCM,data:|PKCS7,|GPG,|KMS,)(?P<secret>[A-Za-z0-9+/=]{8,20000}+)"),
        Judgement.SHAPE,
    ),
    Form(
        "encrypted-value",
        ("enc(", "{cipher}"),
        re.compile(r"(?:ENC\(|\{cipher\})(?P<secret>(?=[^)\s]{0,60}\d)[A-Za-z0-9+/=]{20,4096}+)"),
        Judgement.SHAPE,
    ),
    Form(
        "encrypted-value",
        ("$ansible_vault;",),
        re.compile(
            r"\$ANSIBLE_VAULT;[\w.;-]{1,80}"
            r"(?P<secret>(?:(?:\n|\\n)[ \t#>|*+\"']{0,40}[0-9a-f]{16,200}(?:\\n)?[\"',]{0,3})+)",
        ),
        Judgement.SHAPE,
        each=re.compile(r"(?P<secret>[0-9a-f]{16,200})"),
    ),
)
"""Not readable without a key, and made to be tried at leisure by whoever has the text."""

HASHES: Final = (
    Form(
        "password-hash",
        ("$apr1$", "$1$", "$5$", "$6$", "$2a$", "$2b$", "$2y$", "$2x$", "$y$", "$gy$", "$7$", "$sha1$", "$md5"),
        re.compile(
            rf"(?P<secret>\$(?:(?:apr1|1)\${_CRYPT}{{1,8}}\${_CRYPT}{{22}}|5\$(?:rounds=\d{{1,9}}\$)?{_CRYPT}{{1,16}}\${_CRYPT}{{43}}"
            rf"|6\$(?:rounds=\d{{1,9}}\$)?{_CRYPT}{{1,16}}\${_CRYPT}{{86}}|2[abxy]\$\d\d\${_CRYPT}{{53}}"
            rf"|g?y\$[\w./]{{1,20}}\${_CRYPT}{{0,86}}\${_CRYPT}{{43}}|sha1\$\d{{1,9}}\${_CRYPT}{{1,64}}\${_CRYPT}{{28}}))",
        ),
        Judgement.SHAPE,
    ),
    Form(
        "password-hash",
        ("$argon2", "$scrypt$", "$pbkdf2", "$bcrypt-sha256$"),
        re.compile(
            r"(?P<secret>\$(?:argon2(?:id|[id])|scrypt|pbkdf2(?:-sha\d{1,3})?|bcrypt-sha256)\$(?:[\w=,.+/-]{1,80}\$){1,4}[A-Za-z0-9+/.=]{20,200})",
        ),
        Judgement.SHAPE,
    ),
    Form(  # as web frameworks write them
        "password-hash",
        ("pbkdf2", "scrypt:", "argon2$", "bcrypt_sha256$", "bcrypt$", "md5$", "sha1$", "scrypt$"),
        re.compile(
            r"(?P<secret>(?<![\w$])(?:pbkdf2(?::|_)sha\d{1,3}(?::|\$)\d{3,8}\$[\w./+-]{1,64}\$[A-Za-z0-9+/=]{27,128}|scrypt(?::\d{1,7}){3}\$[\w./+-]{1,64}\$[0-9a-f]{64,256}"
            r"|argon2\$argon2(?:id|[id])(?:\$[\w=,.+/-]{1,80}){3,4}|bcrypt(?:_sha256)?\$\$2[aby]\$\d\d\$[\w./]{53}|(?:md5|sha1)\$[\w./+-]{1,40}\$[0-9a-f]{32,40}(?![0-9a-f])))",
        ),
        Judgement.SHAPE,
    ),
    Form(
        "password-hash",
        ("{sha}", "{ssha}", "{ssha256}", "{ssha512}", "{smd5}", "{md5}", "{crypt}", "{pbkdf2"),
        re.compile(
            r"\{(?:S?SHA(?:256|512)?|S?MD5|CRYPT|PBKDF2[\w-]{0,12})\}(?P<secret>[A-Za-z0-9+/=$.]{13,200})",
            re.IGNORECASE,
        ),
        Judgement.SHAPE,
    ),
)
"""Hashes of passwords, which can be tried offline."""
