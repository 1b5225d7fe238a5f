"""What is hidden and what is left alone, shape by shape. Values are put together here so that none stands in a file."""

from __future__ import annotations

import pytest

from fieldguide.redact import Redactor

REDACTOR = Redactor(b"k" * 32)
LETTERS = "aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW3xY5zA7bC9dE2fG4hJ6kL8mN1pQ3rS5tU7vW9xY"
LOWER_HEX = "0123456789abcdef" * 4


def _hide(text: str, path: str = "a.py") -> tuple[str, list[str]]:
    redacted, redactions = REDACTOR.redact(path, text)
    return redacted.text, [redaction.kind for redaction in redactions]


TOKENS = {
    "aws-access-key": "AKIA" + "QX7RTZ2MWPLD5NEH",
    "github-token": "ghp_" + LETTERS[:36],
    "gitlab-token": "glpat-" + LETTERS[:20],
    "slack-token": "xoxb-" + "123456789012-abcdefABCDEF",
    "stripe-key": "sk_live_" + LETTERS[:24],
    "openai-key": "sk-proj-" + LETTERS[:48],
    "anthropic-key": "sk-ant-" + "api03-" + LETTERS[:40],
    "google-key": "AIza" + LETTERS[:35],
    "google-secret": "GOCSPX-" + LETTERS[:28],
    "azure-key": LETTERS[:52] + "JQQJ99" + LETTERS[:26],
    "azure-secret": "abc8Q~" + LETTERS[:34],
    "npm-token": "npm_" + LETTERS[:36],
    "pypi-token": "pypi-AgE" + LETTERS[:60],
    "sendgrid-key": "SG." + LETTERS[:22] + "." + LETTERS[:43],
    "twilio-key": "SK" + LOWER_HEX[:32],
    "jwt": "eyJ" + LETTERS[:20] + ".eyJ" + LETTERS[:30] + "." + LETTERS[:43],
    "vault-token": "hvs." + LETTERS[:30],
    "age-key": "AGE-SECRET-KEY-1" + "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE",
    "telegram-token": "123456789:AA" + LETTERS[:33],
    "digitalocean-token": "dop_v1_" + LOWER_HEX,
}


@pytest.mark.parametrize(("kind", "token"), TOKENS.items())
@pytest.mark.parametrize("frame", ['x = f("{}")', "see {} there", "# {}", 'x = "\\n{}\\n"', "<{}>"])
def test_a_providers_token_is_hidden_wherever_it_stands(kind: str, token: str, frame: str) -> None:
    text, kinds = _hide(frame.format(token))
    assert kinds == [kind]
    before, after = frame.format("|").split("|")
    assert text.startswith(before + "REDACTED_" + kind.upper().replace("-", "_") + "_")
    assert text.endswith(after)


@pytest.mark.parametrize(
    ("before", "value", "after", "kind"),
    [
        ("postgres://app:", "s3cretpw", "@db.example.org/x", "url-password"),
        ("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=", LETTERS[:60] + "==", ";x", "azure-key"),
        ('headers = {"Authorization": "Bearer ', LETTERS[:30], '"}', "authorization"),
        ("curl -H 'Authorization: Basic ", "dXNlcjpodW50ZXIy", "'", "authorization"),
        ("curl '", "https://hooks.slack.com/services/T1A2B3C4D/B5E6F7G8H/" + LETTERS[:24], "'", "slack-webhook"),
        ("//registry.example.org/:_authToken=", LETTERS[:24], "\n", "npm-token"),
    ],
)
def test_only_the_secret_part_is_hidden(before: str, value: str, after: str, kind: str) -> None:
    text, kinds = _hide(f"{before}{value}{after}")
    assert kinds == [kind]
    assert text.startswith(before + "REDACTED_")
    assert text.endswith(after)


PYTHON = [
    'password = "{}"',
    'self.db_password: str = "{}"',
    'SECRET_KEY = ("{}")',
    "connect(host='h', passwd='{}')",
    '{{"password": "{}"}}',
    "d['client_secret'] = '{}'",
    'def f(user, password="{}"): pass',
    'password: SecretStr = SecretStr("{}")',
    'secret: str = Field(default="{}", min_length=3)',
    'x = os.environ.get("DB_PASSWORD", "{}")',
    "SECRET_KEY = os.environ.get('SECRET_KEY') or '{}'",
    'parser.add_argument(\n    "--password",\n    default="{}",\n)',
    'if password == "{}": pass',
    'password = """{}"""',
    'password = b"{}"',
    'api_key = "{}"',
    'dbPassword = "{}"',
    'password2 = "{}"',
    'x = "{{\\"password\\": \\"{}\\"}}"',
]


@pytest.mark.parametrize("shape", PYTHON)
def test_a_literal_given_to_a_telling_name_is_hidden_between_its_quotes(shape: str) -> None:
    text, kinds = _hide(shape.format("hunter2-zebra"))
    assert len(kinds) == 1
    before, after = shape.format("|").split("|", 1)
    assert text.startswith(before + "REDACTED_")
    assert text.endswith(after)
    assert len(text) == len(before) + len(after) + len(text.removeprefix(before).removesuffix(after))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (".env.example", "DB_PASSWORD={}"),
        ("compose.yml", "      - POSTGRES_PASSWORD={}"),
        ("values.yaml", "password: {}  # of the database"),
        ("tox.ini", "  DB_PASSWORD = {}"),
        ("run.sh", "export API_TOKEN={}"),
        ("Dockerfile", "ENV PASSWORD={}"),
        ("Dockerfile", "ENV PASSWORD {}"),
        ("Makefile", "DB_PASSWORD ?= {}"),
        ("README.md", "    DB_PASSWORD={}"),
        ("config.toml", 'password = "{}"'),
        ("package.json", '  "password": "{}",'),
    ],
)
def test_values_without_quotes_are_hidden_in_files_that_write_them_so(path: str, line: str) -> None:
    text, kinds = _hide(line.format("hunter2zebra") + "\nnext", path)
    assert len(kinds) == 1
    before, after = line.format("|").split("|")
    assert text.startswith(before + "REDACTED_")
    assert text.endswith(after + "\nnext")


HARMLESS = [
    'password = ""', 'password = "changeme"', 'password = "<your password>"', 'password = "${DB_PASSWORD}"',
    'password = "xxxxxxxx"', 'password = "********"', 'password = "your-password-here"', 'password = "{password}"',
    'password = "%(password)s"', "password = getpass('Password: ')", 'print("Password: " + typed)',
    'password = os.environ["DB_PASSWORD"]', 'password = os.getenv("DB_PASSWORD")', 'password = f"{user}-{site}"',
    'PASSWORD_FIELD = "hunter2"', 'token_url = "/oauth/v2/token"', 'token = "identifier"', 'TOKEN = "TOKEN_2"',
    '{"password": "Enter your new password:"}', 'password_label = "hunter2"', 'api_key = "api_key"',
    'secret = "EXAMPLE_SECRET"', 'bypass = "hunter2"', 'key = "hunter2"', 'monkey = "hunter2"',
    'token = r"[a-z0-9]+"', 'x["password"]', 'class PasswordSecret:\n    """Decode it."""', "postgres://user:password@host/",
    "https://user:${PASSWORD}@host/", '"Authorization": "Bearer <token>"', '"Authorization": f"Bearer {token}"',
    "AKIA" + "IOSFODNN7EXAMPLE", "-----BEGIN PRIVATE KEY-----", 'next_token = "abc1234567"',
    '"-----BEGIN PRIVATE KEY-----" + body + "-----END PRIVATE KEY-----"', "sha = " + LOWER_HEX,
]  # fmt: skip


@pytest.mark.parametrize("text", HARMLESS)
@pytest.mark.parametrize("path", ["a.py", "a.md"])
def test_placeholders_labels_and_lookups_are_left_alone(text: str, path: str) -> None:
    assert _hide(text, path) == (text, [])


def _armour(body: str, kind: str = "RSA PRIVATE KEY") -> str:
    return f"-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n"


BODY = "\n".join(["MIIEpAIBAAKCAQEA" + "aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW3xY5zA7bC9dE2fG4hJ6"] * 4 + ["shortLast1=="])


@pytest.mark.parametrize("kind", ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"])
@pytest.mark.parametrize("ending", ["whole", "cut"])
def test_private_keys_are_hidden_also_when_cut_off(kind: str, ending: str) -> None:
    text = _armour(BODY, kind) + "after\n"
    if ending == "cut":
        text = text[: text.index("shortLast") - 20]
    hidden, kinds = _hide(text, "notes.txt")
    assert kinds == ["private-key"]
    assert hidden.count("\n") == text.count("\n")
    assert "MIIE" not in hidden
    assert "aB3d" not in hidden
    assert ("after\n" in hidden) == (ending == "whole")


def test_a_private_key_spread_over_literals_leaves_code_that_parses() -> None:
    lines = "".join(f'    "{line}\\n"\n' for line in _armour(BODY).splitlines())
    text = f"KEY = (\n{lines})\nafter = 1\n"
    hidden, kinds = _hide(text)
    scope: dict[str, object] = {}
    exec(hidden, scope)  # noqa: S102 (text that this test made)
    assert kinds == ["private-key"]
    assert scope["after"] == 1
    assert "MIIE" not in hidden


def test_a_record_says_where_and_never_what() -> None:
    redacted, (one, two) = REDACTOR.redact("a.py", 'x = 1\npassword = """hunter2\nzebra"""\n\nsecret = "hunter2"\n')
    assert (one.path, one.first, one.last, one.kind) == ("a.py", 2, 3, "password")
    assert (two.first, two.last, two.kind) == (5, 5, "secret")
    assert one.fingerprint != two.fingerprint
    assert "hunter2" not in repr((one, two, redacted))
    assert redacted.text == f'x = 1\npassword = """{one.placeholder}\n"""\n\nsecret = "{two.placeholder}"\n'
