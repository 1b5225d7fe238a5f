"""Files that hold credentials, read because somebody named them: every value is hidden, whatever it looks like."""

from __future__ import annotations

import json
import random
import string
import tomllib

import pytest

from fieldguide.domain.credentials import holds_credentials
from fieldguide.redact import Redactor
from fieldguide.redact.credential_files import KIND, SETTING, find_credential_values
from fieldguide.redact.exactness import clip
from fieldguide.redact.rules import load_rules
from fieldguide.redact.secret import without_overlaps
from fieldguide.redact.subject import Subject
from growth import assert_linear_in

GENERATOR = random.Random(5)  # noqa: S311 (no secret is made with it)
WORD = "".join(GENERATOR.choices(string.ascii_lowercase, k=9))


def _hide(path: str, text: str) -> str:
    subject = Subject(path, text)
    found = clip(subject, without_overlaps(find_credential_values(subject, load_rules())))
    parts: list[str] = []
    position = 0
    for secret in found:
        assert secret.kind in {KIND, SETTING}
        parts += (text[position : secret.start], "H")
        position = secret.end
    return "".join((*parts, text[position:]))


@pytest.mark.parametrize(
    ("path", "text", "hidden"),
    [
        (".env", "A=W\n# B=W\nexport C='W'\nD: W x\n", "A=H\n# B=H\nexport C='H'\nD: H\n"),
        (".env", "\n# a sentence\nE=true # x\n", "\n# a sentence\nE=H\n"),
        ("a/.env.local", "A=\nURL=https://W/x\n", "A=\nURL=H\n"),
        (".netrc", "machine W\n  login W password W\n", "H\n  H\n"),
        (".pypirc", "[pypi]\nusername = W\npassword:W\n", "[pypi]\nusername = H\npassword:H\n"),
        (".npmrc", "//host/:_authToken=W\n", "//host/:H\n"),
        ("credentials.json", '{\n  "a": {\n    "b": "W", "c": 5\n  },\n  "d": ["W"]\n}', '{\n  "a": {\n    "b": "H'),
        (".aws/credentials", "[default]\naws_access_key_id = W\n", "[default]\naws_access_key_id = H\n"),
        ("secrets.yml", "a:\n  b: W\n  - W\n  c: |\n    W W\n", "a:\n  b: H\n  - H\n  c: |\n    H\n"),
        ("id_rsa", "-----BEGIN X-----\nW\nW\n-----END X-----\n", "-----BEGIN X-----\nH\nH\n-----END X-----\n"),
        (".bash_history", "mysql -pW\nls\n", "H\nH\n"),
        ("settings.env.example", "A=W\n", "A=W\n"),
        ("src/a.py", "A=W\n", "A=W\n"),
    ],
)  # fmt: skip
def test_every_value_goes_and_every_name_stays(path: str, text: str, hidden: str) -> None:
    text = text.replace("W", WORD)
    assert _hide(path, text).startswith(hidden.replace("W", WORD))
    assert not holds_credentials(path) or WORD not in _hide(path, text)


def test_the_same_holds_of_the_whole_room() -> None:
    """What `Redactor` gives of a named file holds no value, on as many lines; JSON and TOML still parse."""
    redactor = Redactor(b"k" * 32)
    values = [WORD, WORD.upper(), "8080", "true", "x1", f"https://{WORD}.io/a"]
    lines = "".join(f"NAME_{number}={value}\n" for number, value in enumerate(values))
    redacted, records = redactor.redact(".env", lines)
    assert not [value for value in values if f"={value}" in redacted.text]
    assert redacted.text.count("\n") == len(values) == len(records)
    assert redactor.redact(".env", redacted.text) == (redacted, ())
    as_json = json.dumps({value: {"inner": value, "n": 8080} for value in values}, indent=2)
    assert WORD not in json.dumps(list(json.loads(redactor.redact("credentials.json", as_json)[0].text).values()))
    as_toml = "".join(f"[t{number}]\na = {json.dumps(value)}\nb = 8080\n" for number, value in enumerate(values))
    assert WORD not in json.dumps(tomllib.loads(redactor.redact("secrets.toml", as_toml)[0].text))


@pytest.mark.parametrize(
    "text",
    ["A" * 200_000, "A=" * 100_000, "- " * 100_000, "# " * 100_000, "[" * 200_000, "A b" * 70_000, '"' * 200_000],
)
def test_time_grows_as_the_text(text: str) -> None:
    assert_linear_in(text, lambda part: list(find_credential_values(Subject(".env", part), load_rules())))
