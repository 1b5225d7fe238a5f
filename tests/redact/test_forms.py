"""Secrets that the form around them gives away: the span is the secret and nothing else, and stand-ins stay."""

from __future__ import annotations

import random
import string

import pytest

from fieldguide.redact.forms import find_forms
from fieldguide.redact.rules import load_rules
from fieldguide.redact.subject import Subject

_RANDOM = random.Random(7)  # noqa: S311 (made-up values, the same in every run)


def _some(count: int, alphabet: str = string.ascii_letters + string.digits) -> str:
    return "".join(_RANDOM.choice(alphabet) for _ in range(count))


def _hexadecimal(count: int) -> str:
    return _some(count, "0123456789abcdef")


STRONG = "Tr0ub4" + "dor&3x"
PLAIN = "kiwi-" + "Zebra42"
TOKEN = _some(40)
KEY = _some(43) + "="
BASIC = "dXNlcjpo" + "dW50ZXIyMw=="

FORMS = (
    ("postgres://app:%s@db.corp/x", PLAIN),
    ("redis://:%s@[::1]:6379/0", PLAIN),
    ("mongodb+srv://u:%s@c0.mongodb.net", PLAIN),
    ("postgresql+psycopg2://u:%s@h:5432/db", "p@ss!w(0)rd"),
    ("postgres://u:%s@db.corp/x", "pa/ss7word"),
    ("amqp://guest:%s@rabbit:5672//", PLAIN),
    ("https://u:%s@h.io/", "p%40ss%2Fw1"),
    ("smtp://me%%40corp.io:%s@smtp.corp.io:587", PLAIN),
    ("git clone https://%s@github.com/o/r", _some(40)),
    ("https://oauth2:%s@gitlab.corp/o/r.git", TOKEN),
    ("https://%s:x-oauth-basic@github.com/o/r", _some(40)),
    ("dsn='https://%s@o123.ingest.sentry.io/44'", _hexadecimal(32)),
    ("https://pub123:%s@sentry.io/1", _hexadecimal(32)),
    ("https://h/x?token=%s", TOKEN),
    ("https://h/x?a=1&access_token=%s&b=2", TOKEN),
    ("https://s.blob.core.windows.net/c?sv=2020&sig=%s", _some(43) + "%3D"),
    ("https://b.s3.amazonaws.com/k?X-Amz-Signature=%s", _hexadecimal(64)),
    ("https://maps.g.com/js?key=%s&cb=init", "AIza" + _some(35)),
    ("?user=a&password=%s", PLAIN),
    ("grant_type=password&client_secret=%s&x=1", TOKEN),
    ('"client_secret=%s&x=1"', TOKEN),
    ("Server=db;Database=x;User Id=sa;Password=%s;", STRONG),
    ("Driver={SQL Server};Server=h;UID=sa;PWD=%s", PLAIN),
    ("Driver={X};Server=h;UID=sa;PWD={%s};", "a;b#c9"),
    ("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=%s;EndpointSuffix=core", _some(86) + "=="),
    ("Endpoint=sb://x.servicebus.windows.net/;SharedAccessKeyName=R;SharedAccessKey=%s", KEY),
    ("host=localhost dbname=x user=me password=%s", PLAIN),
    ("host=h user=me password='%s' port=5432", "two words9"),
    ("jdbc:mysql://h/db?user=a&password=%s", PLAIN),
    ("jdbc:oracle:thin:scott/%s@h:1521:x", PLAIN),
    ("jdbc:sqlserver://h:1433;databaseName=x;user=sa;password=%s;", PLAIN),
    ('sasl.jaas.config=org.apache.kafka.PlainLoginModule required username="alice" password="%s";', PLAIN),
    ('"...PlainLoginModule required username=\\"alice\\" password=\\"%s\\";"', PLAIN),
    ("https://hooks.zapier.com/hooks/catch/12345/%s/", "ab3d5f"),
    ("https://maker.ifttt.com/trigger/x/with/key/%s", _some(43)),
    ("https://hook.eu1.make.com/%s", _some(32)),
    ("https://open.feishu.cn/open-apis/bot/v2/hook/%s", "a1b2c3d4-1234-" + "4a5b-8c9d-aabbccddeeff"),
    ("Authorization: Bearer %s", TOKEN),
    ("Authorization: Basic %s", BASIC),
    ("authorization: token %s", TOKEN),
    ('"Authorization": "Bearer %s"', TOKEN),
    ("'Authorization': 'Token %s'", TOKEN),
    ('req.Header.Set("Authorization", "Bearer %s")', TOKEN),
    ('{"name": "Authorization", "value": "Bearer %s"}', TOKEN),
    ('{\n  "key": "Authorization",\n  "value": "Basic %s",\n}', BASIC),
    ('headers["Authorization"] = "Bearer %s"', TOKEN),
    ("curl -H 'Authorization: Bearer %s' https://x", TOKEN),
    ('"{\\"Authorization\\": \\"Bearer %s\\"}"', TOKEN),
    ("&quot;Authorization&quot;: &quot;Bearer %s&quot;", TOKEN),
    ("| Authorization | Bearer %s |", TOKEN),
    ("Authorization: %s", TOKEN),
    ("Authorization: ApiKey %s", TOKEN),
    ("Proxy-Authorization: Basic %s", BASIC),
    (
        "Authorization: AWS4-HMAC-SHA256 Credential=AK/20200101/us/s3/aws4_request, SignedHeaders=host, Signature=%s",
        _hexadecimal(64),
    ),
    ('Authorization: Digest username="u", realm="r", nonce="abc", uri="/", response="%s"', _hexadecimal(32)),
    ("Authorization: AWS AKXX0SFODNN7XAMPLEQQ:%s", _some(27) + "="),
    ("X-Api-Key: %s", TOKEN),
    ("'X-API-Key': '%s'", TOKEN),
    ("-H 'X-Auth-Token: %s'", TOKEN),
    ('("X-Vault-Token", "%s")', TOKEN),
    ("PRIVATE-TOKEN: %s", TOKEN),
    ("Ocp-Apim-Subscription-Key: %s", _hexadecimal(32)),
    ("x-api-key: %s\n", "hunter2zebra"),
    ("Cookie: theme=dark; sessionid=%s; lang=en", _some(32)),
    ("Set-Cookie: sid=%s; Path=/; HttpOnly", _some(32)),
    ('"Cookie": "JSESSIONID=%s"', _hexadecimal(32).upper()),
    ('cookies={"sessionid": "%s"}', _some(32)),
    ('document.cookie = "auth_token=%s; path=/"', TOKEN),
    ('response.set_cookie("session", "%s")', TOKEN),
    ("curl -b 'session=%s' https://x", TOKEN),
    ("curl -u admin:%s https://x", PLAIN),
    ("curl --user 'admin:%s' https://x", STRONG),
    ("wget --user=me --password=%s https://x", PLAIN),
    ("http -a me:%s https://x", PLAIN),
    ("xh --auth me:%s x", PLAIN),
    ("machine api.h.io login me password %s", PLAIN),
    ("machine h\n  login u\n  password %s\n", PLAIN),
    ("//npm.pkg.example.org/:_authToken=%s", TOKEN),
    ("_auth = %s", _some(30) + "=="),
    ('npmAuthToken: "%s"', TOKEN),
    ("db.corp:5432:app:me:%s", PLAIN),
    ('{"auths": {"h": {"auth": "%s"}}}', BASIC),
    ("aws_secret_access_key = %s", _some(40)),
    ('"SecretAccessKey": "%s"', _some(40)),
    ("AK" + "IA" + "QX7RTZ2MWPLD5NEH" + ",%s", _some(40)),
    ("aws_session_token=%s", _some(300)),
    ("secret_key_base: %s", _hexadecimal(128)),
    ("enable password 7 %s", "0822455D" + "0A16544541"),
    ('psk="%s"', "zebra crossing 42"),
    ("psk=%s", _hexadecimal(64)),
    ("PrivateKey = %s", _some(42) + "A="),
    ("client-key-data: %s", _some(400)),
    ("alice:%s", "$apr1$" + _some(8) + "$" + _some(22)),
    ("root:%s:19000:0:99999:7:::", "$6$" + _some(16) + "$" + _some(86)),
    ("u:%s", "$2y$10$" + _some(53)),
    ("%s", "pbkdf2_sha256$600000$" + _some(22) + "$" + _some(43) + "="),
    ("%s", "$argon2id$v=19$m=65536,t=3,p=4$" + _some(22) + "$" + _some(43)),
    ("%s", "scrypt:32768:8:1$" + _some(16) + "$" + _hexadecimal(128)),
    ("{SSHA}%s", _some(32)),
    ("pw: ENC[AES256_GCM,data:%s,iv:x,tag:y,type:str]", _some(24)),
    ("$ANSIBLE_VAULT;1.1;AES256\n          %s\n", _hexadecimal(80)),
)


@pytest.mark.parametrize(("frame", "value"), FORMS, ids=range(len(FORMS)))
def test_the_secret_of_a_form_is_found_and_nothing_else_of_it(frame: str, value: str) -> None:
    text = frame.replace("%%", "%").replace("%s", value)
    start = text.index(value)
    found = [secret.pieces for secret in find_forms(Subject("a.md", text), load_rules())]
    assert ((start, start + len(value)),) in found
    assert all(start <= first and last <= start + len(value) for pieces in found for first, last in pieces)


STAND_INS = (
    "postgres://user:password@host/db",
    "https://{user}:{password}@host/",
    "https://user:${PASSWORD}@host/",
    "https://user:<password>@host/",
    "http://localhost:8080/path@version",
    "see http://x.org:80,foo@bar.org",
    'headers = {"Authorization": f"Bearer {token}"}',
    'req.Header.Set("Authorization", "Bearer "+token)',
    "Authorization: Bearer <token>",
    'for name in ("authorization", "x-api-key", "x-amz-content-sha256"): pass',
    'APIKeyHeader(name="X-API-Key", auto_error=False)',
    "X-Api-Key: the key that you were given",
    '"AWS::Config::AggregationAuthorization": "141e19f3841b50f5",',
    "cpe:2.3:a:acme:component_framework:-:*:*:*:*:*:*:*",
    "https://x.org/?unicode=%E2%9C%93",
    "https://x.org/?token=token&key=name",
    "response.set_cookie('theme', 'dark')",
    "Set-Cookie: lang=en; Path=/; HttpOnly",
    "curl -u $USER:$PASSWORD https://x.org",
    "curl -u user:password https://x.org",
    "Server=db;User Id=sa;Password={password};",
    "the login page password field",
    "git clone https://github.com/owner/name.git",
    "docker run -u 1000:1000 image",
)


@pytest.mark.parametrize("text", STAND_INS)
def test_what_stands_for_a_secret_stays(text: str) -> None:
    assert [
        text[slice(*piece)] for secret in find_forms(Subject("a.md", text), load_rules()) for piece in secret.pieces
    ] == []


def test_half_a_surrogate_pair_disturbs_nothing() -> None:
    text = "\ud800 postgres://app:" + PLAIN + "@db.corp/x"
    found = find_forms(Subject("a.py", text), load_rules())
    assert {text[slice(*piece)] for secret in found for piece in secret.pieces} == {PLAIN}
