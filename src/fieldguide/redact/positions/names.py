"""Names that say that what they are given is a secret.

Comes in: an identifier. Goes out: how sure it is, and what a report calls its values.
Must never: look at a value; take a name for one because a word of it only sounds like it (`password_field`).

An English compound says at its end what it is: a `token_password` is a password and a `password_token` a token.
Hence the last words of a
name are compared, after numbers and words that change nothing (`password_prod`, `pwd2`) are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fieldguide.redact.positions.anchors import WORDS_OF_OTHER_LANGUAGES

if TYPE_CHECKING:
    from fieldguide.redact.positions.anchors import Anchor


class Sureness(IntEnum):
    """How much a name says about a value."""

    VAGUE = 0
    """It may be one: `key`, `password_hash`."""
    LIKELY = 1
    """Parsers have tokens too: `token`, `auth`."""
    CERTAIN = 2
    """`password`, `client_secret`."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that stands in a text."""

    start: int
    end: int
    identifier: str
    sureness: Sureness
    kind: str
    """Of its value: `password`, `api-key`, `token`, `secret`."""


_OTHER_LANGUAGES: Final = "|".join(WORDS_OF_OTHER_LANGUAGES)
_WORD: Final = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+")

_CERTAIN: Final = re.compile(
    r"(?:p[a4@][s5$]{2}w[o0]rds?|password|passwd|paswd|passwrd|passphrase|passcode|pswd|pwd|psw|secret|secrets|privatekey|secretkey"
    r"|secretkeybase|secretaccesskey|encryptionkey|encryptkey"
    r"|encryptedkeypassword|encryptionsecret|decryptionkey|signingkey|signkey|sharedkey|presharedkey|masterkey"
    r"|jwtkey|hmackey|passwords"
    r"|(?:db|database|user|usr|root|my|our|ftp|sftp|smtp|imap|mail|email|admin|sql|mysql|pg|postgres|ssh|login"
    r"|auth|key|store|http|proxy|redis|mongo|wifi|wlan|vault"
    rf"|ldap|host|server|default|rpc|bind|api|app|mqtt|rabbitmq|amqp|guest|test|sudo|basic)(?:pass|pw)"
    rf"|{_OTHER_LANGUAGES}|motdepasse)$"
)
_CERTAIN_WORDS: Final = frozenset({"pass", "pw", "psk", "mdp", "passwd", "scrt"})
_LIKELY: Final = re.compile(
    r"^(?:token|tokens|apikey|apikeys|accesskey|accesskeyid|accountkey|authkey|appkey|applicationkey|clientkey"
    r"|consumerkey|deploykey|subscriptionkey"
    r"|credential|credentials|authorization|sessionkey|servicekey|storagekey|cryptokey|cipherkey|aeskey|deskey"
    r"|rsakey|apiauth|basicauth|webhookkey|adminkey|serverkey"
    r"|devkey|userkey|securitykey|integrationkey|ingestkey|writekey|registrationkey|oauthkey|fernetkey|validationkey"
    r"|cookiekey|sessionid|sessid|secretid|jwt|bearer"
    r"|connectionkey|functionkey|hostkey|ikey|skey|oauthverifier|codeverifier|keysecret|webhook|webhookurl|mnemonic|seedphrase|otpseed"
    r"|totpseed|dbcredentials|partnerkey|merchantkey|paykey)$"
)
_LIKELY_WORDS: Final = frozenset(
    {"auth", "cred", "creds", "cookie", "pin", "pincode", "sas", "totp", "otp", "hmac", "tok"}
)
_VAGUE: Final = re.compile(r"^(?:key|keydata|keyvalue|keys|seed)$")
_GLUED: Final = re.compile(r"(?:token|tokens|apikey|accesskey|authkey|credentials|sessionid)$")
"""Ends of a word in lower case that holds several."""
_SOMEWHERE: Final = re.compile(
    r"(?:^|_)(?:password|passwd|passphrase|passcode|pwd|secret|token|api_?key|access_?key|private_?key"
    r"|encryption_?key|signing_?key)_[a-z]+$"
)
_COMPOUND: Final = 3
_NEUTRAL: Final = frozenset(
    {
        *("value", "val", "str", "string", "text", "plain", "plaintext", "raw", "cleartext", "clear", "default",
        "prod", "production", "dev", "development", "test"),
        *("testing", "staging", "stage", "live", "sandbox", "qa", "uat", "old", "new", "admin", "root", "user", "b",
        "a", "c", "base", "hex", "encoded", "bytes", "backup", "local"),
        *("main", "primary", "secondary", "temp", "tmp", "current", "previous", "initial", "init", "again",
        "confirm", "confirmation", "repeat", "const", "constant", "in", "out"),
        *("db", "database", "enc", "real", "good", "correct", "valid", "const", "literal", "env", "var", "content",
        "data", "stdin", "s", "l"),
    }
)  # fmt: skip
"""Words at the end that leave what a name is."""
_TAILS: Final = frozenset(
    {
        *("field", "fields", "name", "names", "url", "uri", "urls", "path", "paths", "file", "files", "filename",
        "dir", "header", "headers", "type", "types", "length", "len"),
        *("size", "min", "max", "minimum", "maximum", "limit", "label", "title", "placeholder", "help", "hint",
        "message", "error", "errors", "prompt", "input", "form", "class"),
        *("id", "ids", "endpoint", "route", "view", "template", "page", "link", "button", "icon", "widget",
        "validator", "validators", "policy", "strength", "reset", "change"),
        *("required", "enabled", "disabled", "expired", "expiry", "expires", "expiration", "lifetime", "ttl",
        "timeout", "age", "count", "index", "idx", "prefix", "suffix", "format"),
        *("regex", "pattern", "re", "rule", "rules", "schema", "scheme", "method", "mode", "provider", "manager",
        "service", "store", "storage", "source", "location", "version"),
        *("algorithm", "alg", "algo", "encoding", "charset", "param", "params", "parameter", "arg", "argument",
        "attr", "attribute", "attributes", "property", "column", "col"),
        *("env", "var", "variable", "option", "options", "flag", "setting", "settings", "config", "backend",
        "handler", "factory", "builder", "class", "cls", "func", "fn", "callback"),
        *("state", "status", "info", "description", "desc", "summary", "text", "subject", "body", "usage", "scope",
        "scopes", "audience", "issuer", "kind", "group", "role", "mask"),
        *("salt", "iv", "nonce", "alias", "ref", "reference", "selector", "generator", "length", "visible", "hidden",
        "css", "style", "xpath", "locator", "element", "stream"),
        *("hash", "hasher", "hashers", "digest", "list", "map", "dict", "set", "array", "table", "model", "entity",
        "dto", "request", "response", "event", "action", "command", "cmd", "tokenizer", "parser", "lexer"),
    }
)  # fmt: skip
"""Heads of names that speak of a secret and hold none."""
_NONE: Final = re.compile(
    r"(?:^|_)(?:public_?key(?:_token|_data)?|pub_key|publishable_key|(?:change|request|tik|tiktoken|action"
    r"|idempotency|next|page|continuation|csrf|xsrf|pagination|sync|unk|pad|eos|bos|sep|cls|mask|special|start|end"
    r"|stop)_?tokens?"
    r"|(?:primary|foreign|sort|cache|partition|dict|hash|hot|i18n|lookup|unique|index|group|order|natural"
    r"|composite|shortcut|translation|message|locale|label|row|column|map"
    r"|object|parent|child|routing|range|bucket|keyboard|arrow|registry|idempotency|redis|storage_name|config"
    r"|setting|settings|field|name|text|title|event|event_type|metric|"
    r"tag|meta|sub|item|property|attr|attribute|param|query|session_name|lang|language|left|right|up|down|enter"
    r"|escape|function|press|no|kms|ssh_host|known_host)_keys?)$"
)
_ASKING: Final = frozenset(
    {
        *("has", "is", "use", "uses", "needs", "need", "show", "hide", "enable", "disable", "allow", "require",
        "requires", "forgot", "forgotten", "invalid", "wrong", "incorrect"),
        *("missing", "no", "bad", "empty", "weak", "without", "bypass", "unset", "toggle", "hint", "expired",
        "supports", "should", "can", "must", "not", "convert"),
    }
)  # fmt: skip
"""First words of names of switches and messages."""


def named(anchor: Anchor) -> Name | None:
    """The name that an anchor is part of; none of one that is not about secrets."""
    judged = classify(anchor.identifier)
    return None if judged is None else Name(anchor.start, anchor.end, anchor.identifier, *judged)


@lru_cache(maxsize=8192)
def classify(identifier: str) -> tuple[Sureness, str] | None:
    """How sure a name is and the kind of its values; none of a name that is not about secrets."""
    words = [word.lower() for word in _WORD.findall(identifier)]
    if not words or words[0] in _ASKING:
        return None
    whole = list(words)
    while len(words) > 1 and (words[-1] in _NEUTRAL or words[-1].isdigit()):
        words.pop()
    name, compact = "_".join(words), "".join(words)
    if _NONE.search(name):
        return None
    sureness = _sureness(words, compact)
    if sureness is None and not ({whole[-1], words[-1]} & _TAILS) and _SOMEWHERE.search(name):
        sureness = Sureness.VAGUE
    return None if sureness is None else (sureness, kind_of(compact))


def _sureness(words: list[str], compact: str) -> Sureness | None:
    """What the last words say, and all of them joined."""
    if _CERTAIN.search(compact) or words[-1] in _CERTAIN_WORDS:
        return Sureness.CERTAIN
    ends = ("".join(words[-count:]) for count in range(1, _COMPOUND + 1))
    if words[-1] in _LIKELY_WORDS or _GLUED.search(words[-1]) or any(map(_LIKELY.match, ends)):
        return Sureness.LIKELY
    return Sureness.VAGUE if _VAGUE.search(words[-1]) else None


def kind_of(name: str) -> str:
    """What a report calls a value given to a name in lower case without separators."""
    if re.search(rf"pass|pwd|psw|pw$|psk$|mdp$|{_OTHER_LANGUAGES}", name):
        return "password"
    if name.endswith(("key", "keys", "keydata", "keyvalue", "keybase")):
        return "private-key" if "private" in name else "api-key" if "api" in name else "secret-key"
    if name.endswith(("token", "tokens", "jwt", "bearer")):
        return "token"
    for end, kind in (
        ("pin", "pin"),
        ("pincode", "pin"),
        ("cookie", "cookie"),
        ("sessionid", "session"),
        ("credential", "credential"),
    ):
        if name.endswith(end):
            return kind
    return "credential" if name.endswith(("auth", "credentials", "creds", "cred", "authorization")) else "secret"
