"""Names of files that hold credentials: one rule for every room.

Comes in: a path. Goes out: whether its name says that it holds keys, passwords or what was typed at a prompt.
Must never: look at the disk; take source code, a sample or a public key for such a file.

Files in which most projects keep settings and some a password (`appsettings.json`, `gradle.properties`, `pip.conf`,
`settings.xml`, `docker-compose.yml`, `local_settings.py`) are none of these: they are read and redacted like any other.
"""

from __future__ import annotations

import posixpath
import re
from typing import Final

_DIRECTORIES: Final = frozenset(
    {
        *(".aws", ".azure", ".docker", ".env", ".envs", ".gnupg", ".kube", ".ssh", ".oci", ".gcloud", ".vault"),
        *(".password-store", ".secrets", ".credentials", ".keys", ".certs", ".terraform.d", ".kaggle", ".databricks"),
    }
)
_CONFIGURED: Final = frozenset({"gcloud", "gh", "hub", "rclone", "doctl", "op", "sops", "configstore", "heroku"})
"""Below `.config`: where tools keep logins."""
_DATA: Final = r"(?:\.(?:json|toml|ya?ml|ini|cfg|conf|txt|xml|csv|tsv|xlsx?|properties|plist|db|sqlite3?))"
_KEY_STORE: Final = re.compile(
    r"""
    .+\.(?:pem|key|p8|p12|pfx|pkcs(?:8|12)|pk8|jks|jceks|bks|keystore|kdbx?|psafe3|opvault|agilekeychain)
  | .+\.(?:keychain(?:-db)?|ppk|gpg|pgp|ovpn|keytab|mobileprovision|agekey|credentials?|wallet|priv|rdp|tblk)
  | id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:[._-](?!.*\.(?:py|md|rst|sh|js)$).*)?
  | ssh_host_\w+_key | [\w.-]+_(?:rsa|dsa|ecdsa|ed25519)
  | secring\.\w+ | wallet\.dat | krb5cc_\w+ | key[34]\.db | login\ data | logins\.json | signons\.sqlite
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CREDENTIALS: Final = re.compile(
    rf"""
    \.env.* | .+\.env | env\.(?:local|prod(?:uction)?|dev(?:elopment)?|stag(?:e|ing)|live|secrets?)
  | \.?_?netrc | \.pypirc | \.npmrc | \.yarnrc(?:\.yml)? | \.pgpass | pgpass\.conf | \.?pg_service\.conf
  | \.my(?:login)?\.cnf | \.ht(?:passwd|digest) | \.boto | \.s3cfg | \.passwd[\w-]* | shadow | rclone\.conf
  | \.databrickscfg | \.authinfo | \.git-credentials | \.docker(?:cfg|configjson)
  | \.vault[_-](?:token|pass)\w* | vault[_-]pass(?:word|wd)?(?:\.txt)? | \.terraformrc | credentials\.tfrc\.json
  | \.(?:curlrc|wgetrc|msmtprc|fetchmailrc|esmtprc|muttrc|smbcredentials) | settings-security\.xml | auth\.json
  | kaggle\.json | wpa_supplicant\.conf | wg\d+\.conf | ngrok\.yml | \.?cookies(?:\.(?:txt|sqlite))?
  | cookiejar(?:\.txt)? | \.\w+_history | .+\.tfvars(?:\.json)? | .+\.tfstate(?:\.[\w.]+)?
  | \.?(?:aws[_-]?)?credentials?{_DATA}? | application_default_credentials\.json | access_?tokens?\.(?:json|db)
  | \.?secrets?(?:[._-][\w.-]*)?{_DATA} | \.?passwords?\.(?:txt|csv|tsv|xlsx?|json|ya?ml|toml)
  | (?:client[_-]?secrets?|.*service[_-]?account|.*firebase-adminsdk).*\.json
  | kubeconfig(?:[_-][\w-]+)?(?:\.(?:ya?ml|json|conf))? | .+\.kubeconfig
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SAMPLE: Final = re.compile(
    r"(?:^|[._-])(?:example|sample|template|tmpl|tpl|dist|defaults?|schema)(?:[._-]|$)", re.IGNORECASE
)
_PUBLIC_KEY: Final = re.compile(r".+\.pub", re.IGNORECASE)
_COPY: Final = re.compile(r"(?:~|\.(?:bak|backup|old|orig|save|sav|sw[a-p]|tmp|copy|\d{1,3}))+\Z", re.IGNORECASE)


def credential_directory(path: str) -> bool:
    """Whether a directory is one in which tools keep keys."""
    parent, name = posixpath.split(path)
    return name in _DIRECTORIES or (name in _CONFIGURED and posixpath.basename(parent) == ".config")


def credential_file(path: str) -> bool:
    """Whether a file's own name says that it holds credentials; copies that editors and people make are alike."""
    name = posixpath.basename(path)
    if _PUBLIC_KEY.fullmatch(name):
        return False
    original = _COPY.sub("", name)
    names = {name, original, original.removeprefix(".")} if original != name else {name}
    if any(_KEY_STORE.fullmatch(one) for one in names):
        return True
    return not _SAMPLE.search(name) and any(_CREDENTIALS.fullmatch(one) for one in names)


def holds_credentials(path: str) -> bool:
    """Whether a file holds credentials: by its own name, or by a directory above it in which tools keep keys."""
    directory = posixpath.dirname(path)
    while directory.strip("/"):
        if credential_directory(directory):
            return True
        directory = posixpath.dirname(directory)
    return credential_file(path)
