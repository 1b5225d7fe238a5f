"""A repository full of secrets, made at run time: none of them stands in a file of this project.

Each value is random, of the length and alphabet that the real thing has, from a seeded generator.
"""

from __future__ import annotations

import base64
import json
import random
import string
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.whole_run import FILES, git, project

_ALNUM = string.ascii_letters + string.digits
_LOWER = string.ascii_lowercase + string.digits
_BASE64 = _ALNUM + "+/"
_URLSAFE = _ALNUM + "-_"


@dataclass(frozen=True, slots=True)
class Planted:
    """The repository, and what was planted in it, by kind."""

    directory: Path
    page: str
    """What a person wrote into README.md."""
    values: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Each kind's strings, none of which may be seen anywhere."""

    def seen_in(self, text: bytes) -> set[str]:
        """The kinds of which something stands in a text: as it is, in base64, in hexadecimal, or as a URL has it."""
        return {kind for kind, values in self.values.items() if any(one in text for one in _spellings(values))}


def _spellings(values: tuple[str, ...]) -> set[bytes]:
    found: set[bytes] = set()
    for value in values:
        content = value.encode()
        # Base64 of a longer text holds that of a part at one of three alignments; the ends depend on the neighbours.
        for skipped in range(3):
            encoded = base64.b64encode(b"\0" * skipped + content)[4 if skipped else 0 : -4]
            found |= {encoded, encoded.replace(b"+", b"-").replace(b"/", b"_")}
        found |= {content, content.hex().encode(), quote(value, safe="").encode(), json.dumps(value)[1:-1].encode()}
    return found


class _Maker:
    """Random values of the shapes that providers give out."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  (nothing is protected by these)

    def text(self, length: int, alphabet: str = _ALNUM) -> str:
        return "".join(self.random.choices(alphabet, k=length))

    def encoded(self, size: int) -> str:
        return base64.b64encode(self.random.randbytes(size)).decode()

    def block(self, kind: str, size: int) -> str:
        body = self.encoded(size)
        lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
        dashes = "-" * 5
        return f"{dashes}BEGIN {kind}{dashes}\n{lines}\n{dashes}END {kind}{dashes}\n"

    def web_token(self) -> str:
        parts = ({"alg": "HS256", "typ": "JWT"}, {"sub": self.text(10), "iat": 1_700_000_000})
        head = ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts)
        return f"{head}.{self.text(43, _URLSAFE)}"


def _tokens(make: _Maker) -> dict[str, str]:
    """Tokens with a shape of their own. What they begin with is put together here, for other searches of this file."""
    return {
        "aws-access-key": "AK" + "IA" + make.text(16, string.ascii_uppercase + "234567"),
        "aws-secret-key": make.text(40, _BASE64),
        "github-token": "gh" + "p_" + make.text(36),
        "gitlab-token": "gl" + "pat-" + make.text(20),
        "slack-token": "xo" + f"xb-{make.text(12, string.digits)}-{make.text(12, string.digits)}-{make.text(24)}",
        "stripe-key": "sk" + "_live_" + make.text(24),
        "openai-key": "sk" + "-proj-" + make.text(48),
        "google-key": "AI" + "za" + make.text(35, _ALNUM),
        "npm-token": "np" + "m_" + make.text(36),
        "sendgrid-key": "S" + "G." + make.text(22) + "." + make.text(43),
        "hugging-face-token": "h" + "f_" + make.text(34, string.ascii_letters),
        "digitalocean-token": "do" + "p_v1_" + make.text(64, "0123456789abcdef"),
        "azure-storage-key": make.encoded(64),
        "web-token": make.web_token(),
        "password": make.text(18) + "!7",
        "database-password": make.text(20),
        "url-password": make.text(20),
        "bearer-token": make.text(40),
        "session-cookie": make.text(32),
        "kubeconfig-token": make.text(48),
        "netrc-password": make.text(20),
        "environment-file": make.text(32),
        "ignored-file": make.text(32),
        "notebook-output": "gh" + "o_" + make.text(36),
        "file-name": "gh" + "p_" + make.text(36),
        "readme-token": "gh" + "s_" + make.text(36),
        "remote-address": "gh" + "p_" + make.text(36),
        "branch-name": "gh" + "p_" + make.text(36),
        "submodule": "gl" + "pat-" + make.text(20),
        "outside": make.text(32),
        "e-mail": f"{make.text(9, _LOWER)}.{make.text(8, _LOWER)}@{make.text(10, _LOWER)}.org",
        "hex-key": make.text(64, "0123456789abcdef"),
        "commented": "gl" + "pat-" + make.text(20),
        "netrc-example": make.text(20),
        "npm-example": "np" + "m_" + make.text(36),
        "database-example": make.text(20),
        "storage-example": make.encoded(64),
        "kubeconfig-example": make.text(48),
        "split-token": "gh" + "p_" + make.text(36),
    }


def plant(home: Path, seed: int = 7) -> Planted:
    """Write the repository below `home`, with everything around it that a run could stumble into."""
    make = _Maker(seed)
    tokens = _tokens(make)
    blocks = {
        "private-key": make.block("RSA PRIVATE KEY", 600),
        "openssh-key": make.block("OPENSSH PRIVATE KEY", 300),
        "openssh-example": make.block("OPENSSH PRIVATE KEY", 320),
    }
    directory = project(home / "hall", FILES | _files(tokens, blocks))
    _around(home, directory, tokens)
    lines = {kind: tuple(line for line in block.splitlines()[1:-1] if len(line) > 20) for kind, block in blocks.items()}
    halves = {"split-token": (tokens["split-token"], tokens["split-token"][20:])}
    page = (directory / "README.md").read_text()
    return Planted(directory, page, {kind: (value,) for kind, value in tokens.items()} | lines | halves)


def _files(token: dict[str, str], block: dict[str, str]) -> dict[str, str]:
    """Files of the repository, by path."""
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Hall\n"]},
        {
            "cell_type": "code",
            "execution_count": 1,
            "metadata": {},
            "source": ["print(token)\n"],
            "outputs": [{"output_type": "stream", "name": "stdout", "text": [f"{token['notebook-output']}\n"]}],
        },
    ]
    return {
        "turnstile/cloud.py": f'''\
"""Talk to the cloud.

    curl -H "Authorization: Bearer {token["bearer-token"]}" https://api.turnstile.dev/v1
    curl --cookie "session={token["session-cookie"]}" https://api.turnstile.dev/v1
"""

AWS_ACCESS_KEY_ID = "{token["aws-access-key"]}"
AWS_SECRET_ACCESS_KEY = "{token["aws-secret-key"]}"
GITHUB = "{token["github-token"]}"  # gitleaks:allow
GITLAB = "{token["gitlab-token"]}"
SLACK = "{token["slack-token"]}"
STRIPE = "{token["stripe-key"]}"
OPENAI = "{token["openai-key"]}"
GOOGLE = "{token["google-key"]}"
SENDGRID = "{token["sendgrid-key"]}"
HUGGING = "{token["hugging-face-token"]}"
OCEAN = "{token["digitalocean-token"]}"
SIGNING_KEY = bytes.fromhex("{token["hex-key"]}")
# the old one was {token["commented"]}, revoke it
PRIVATE = """{block["private-key"]}"""


def connect(password: str = "{token["password"]}", token: str = "{token["web-token"]}") -> str:
    """Connect as {token["e-mail"]} does."""
    return f"https://admin:{token["url-password"]}@files.turnstile.dev/{{password}}"
''',
        "turnstile/places.py": f'''\
"""Where things lie, with the files that people have for them.

Write to `.netrc`:

    machine ftp.turnstile.dev login hall password {token["netrc-example"]}

and to `.npmrc`:

    //npm.pkg.example.org/:_authToken={token["npm-example"]}
"""

DATABASE = "postgresql://hall:{token["database-example"]}@db.turnstile.dev:5432/hall"
STORAGE = "DefaultEndpointsProtocol=https;AccountName=hall;AccountKey={token["storage-example"]};EndpointSuffix=x"
CLUSTER = """
apiVersion: v1
kind: Config
users:
- name: hall
  user:
    token: {token["kubeconfig-example"]}
"""
SSH = """{block["openssh-example"]}"""
SPLIT = (
    "{token["split-token"][:20]}"
    "{token["split-token"][20:]}"
)
WRAPPED = "{base64.b64encode(token["github-token"].encode()).decode()}"


def reach(place: str) -> str:
    """Reach a place. The word for it is {token["password"]} as everywhere, and the key {token["aws-secret-key"]}."""
    return place
''',
        "config.yaml": f"""\
database: postgresql://hall:{token["database-password"]}@db.turnstile.dev:5432/hall
storage: "DefaultEndpointsProtocol=https;AccountName=hall;AccountKey={token["azure-storage-key"]};EndpointSuffix=x"
""",
        "deploy/kubeconfig": f"kind: Config\nusers:\n- user:\n    token: {token['kubeconfig-token']}\n",
        "deploy/id_hall": block["openssh-key"],
        ".netrc": f"machine api.turnstile.dev login hall password {token['netrc-password']}\n",
        ".npmrc": f"//npm.pkg.example.org/:_authToken={token['npm-token']}\n",
        ".env": f"HALL_SECRET={token['environment-file']}\n",
        ".gitignore": "secrets.ini\n.env\n",
        "secrets.ini": f"[hall]\npassword = {token['ignored-file']}\n",
        "notes.ipynb": json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}),
        f"backup-{token['file-name']}.py": '"""A backup."""\n\nOLD = 1\n',
        "README.md": f"# Hall\n\nWritten by a person. Log in with `{token['readme-token']}`.\n",
    }


def _around(home: Path, directory: Path, token: dict[str, str]) -> None:
    """History, a remote, a branch, a submodule, and a link that leaves the directory."""
    outside = home / "outside"
    outside.mkdir()
    (outside / "vault.py").write_text(f'password = "{token["outside"]}"\n')
    (directory / "linked").symlink_to(outside)
    (directory / "vault.py").symlink_to(outside / "vault.py")
    git(directory, "init", "--quiet")
    inner = directory / "vendored"
    inner.mkdir()
    (inner / "inner.py").write_text(f'"""Inner."""\n\nTOKEN = "{token["submodule"]}"\n')
    git(inner, "init", "--quiet")
    git(inner, "add", "--all")
    git(inner, "commit", "--quiet", "--message=inner")
    (directory / ".gitmodules").write_text('[submodule "vendored"]\n\tpath = vendored\n\turl = ./vendored\n')
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message=first")
    git(directory, "checkout", "--quiet", "-b", f"feature/{token['branch-name']}")
    git(directory, "remote", "add", "origin", f"https://hall:{token['remote-address']}@github.com/hall/hall.git")
