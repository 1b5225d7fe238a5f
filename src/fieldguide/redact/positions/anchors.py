"""Places of a text that may be near a secret, found in one go.

Comes in: a text in lower case. Goes out: offsets of words of names, of calls and of tools.
Must never: miss one because another overlaps it; be built before text is to be searched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ahocorasick_rs import AhoCorasick

    from fieldguide.redact.subject import Subject

WORDS_OF_OTHER_LANGUAGES: Final = (
    *("passwort", "passwoord", "kennwort", "contrasena", "contraseña", "senha", "parola", "wachtwoord", "losenord",
    "lösenord", "heslo"),
    *("haslo", "hasło", "salasana", "sifre", "şifre", "jelszo", "jelszó", "пароль", "пароля", "секрет", "密码", "密碼",
    "口令", "密钥"),
    *("パスワード", "비밀번호", "암호", "geheimnis", "adgangskode", "lykilorð", "lykilord", "lozinka", "slaptažodis",
    "slaptazodis", "katasandi", "kata_sandi", "κωδικός", "συνθηματικό", "סיסמה", "סיסמא", "mật_khẩu", "matkhau"),
)  # fmt: skip
_NAMES: Final = (
    *("pass", "pwd", "psw", "pswd", "pw", "secret", "token", "key", "cred", "auth", "psk", "jwt", "bearer", "sessid",
    "sessionid", "session_id"),
    *("code_verifier", "codeverifier"),
    *("p4ss", "p@ss", "p455", "pa55", "pa$$", "totp", "otp", "scrt", "hmac"),
    *("cookie", "mnemonic", "seed", "pin", "webhook", "mdp", "mot_de_passe", "mot de passe", "mot-de-passe",
    "motdepasse", *WORDS_OF_OTHER_LANGUAGES),
)  # fmt: skip
_CALLS: Final = (
    *("fernet", "hmac", "compare_digest"),
    *("login", "logon", "log_on", "log_in", "signin", "sign_in", "create_user", "createuser", "add_user", "adduser",
    "superuser", "register_user"),
    *("registeruser", "insert_user", "connect", "mysqli", "pdo", "datasource"),
)  # fmt: skip
_TOOLS: Final = (
    *("mysql", "sshpass", "htpasswd", "docker ", "podman ", "helm ", "oc ", "buildah ", "skopeo ", "nerdctl ",
    "redis-cli", "ldap", "mongo",
    "cqlsh", "influx ", "az "),
    *("openssl ", "7z ", "7za ", "rar ", "zip "),
    *("sqlcmd ", "smbclient", "mount.cifs", "rpcclient", "rabbitmqctl", "bcp ", "isql ", "beeline ",
    "convertto-securestring", "identified"),
)  # fmt: skip


_BEFORE: Final = re.compile(r"[\w$.-]*+")
"""Read backwards."""
_AFTER: Final = re.compile(r"(?:[\w$]|[.-](?=\w)){0,64}")
_REACH: Final = 64


@dataclass(frozen=True, slots=True)
class Anchor:
    """A word that was found, and the identifier of which it is a part."""

    at: int
    start: int
    end: int
    identifier: str


def find_anchors(subject: Subject) -> Iterator[Anchor]:
    """Find all anchors in order; of several in one identifier the first."""
    text, reached = subject.text, 0
    for _, at, close in _automaton().find_matches_as_indexes(subject.lowered):
        if close <= reached:
            continue
        after = _AFTER.match(text, close)
        end = close if after is None else after.end()
        reached = end
        before = _BEFORE.match(text[max(0, at - _REACH) : at][::-1])
        identifier = text[at - (0 if before is None else len(before[0])) : end].lstrip("-.$")
        yield Anchor(at, end - len(identifier), end, identifier)


@cache
def _automaton() -> AhoCorasick:
    from ahocorasick_rs import AhoCorasick, MatchKind  # noqa: PLC0415 (only where text is searched)

    return AhoCorasick([*_NAMES, *_CALLS, *_TOOLS], matchkind=MatchKind.LeftmostLongest)
