"""Values in pieces and in other spellings: found through the whole union, and the text around them stays as it was."""

from __future__ import annotations

import ast
import base64
import codecs
import gzip
import html
import json
import random
import string
from urllib.parse import quote

import pytest

from fieldguide.redact import Redactor
from fieldguide.redact.forms import find_forms, find_nested, find_private_keys
from fieldguide.redact.rules import load_rules
from fieldguide.redact.subject import Subject
from growth import assert_linear_in

_RANDOM = random.Random(3)  # noqa: S311 (made-up values, the same in every run)
REDACTOR = Redactor(b"k" * 32)
TOKEN = "ghp" + "_" + "".join(_RANDOM.choice(string.ascii_letters + string.digits) for _ in range(36))
A, B, C = TOKEN[:14], TOKEN[14:27], TOKEN[27:]
WORD = "kiwi" + "Zebra42"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _turned(text: str) -> str:
    return codecs.encode(text, "rot13")


def _codes(text: str) -> str:
    return ", ".join(str(ord(character)) for character in text)


def _escaped(text: str, shape: str) -> str:
    return "".join(shape.format(ord(character)) for character in text)


_WRAPPED = _base64(f"config:\n  user: me, and more text so that it is long\n  token: {TOKEN}\n  other: things\n")
_LINES = "\n".join(_WRAPPED[start : start + 64] for start in range(0, len(_WRAPPED), 64))

SPLIT = (
    ("a.py", f'x = "{A}" "{B}" "{C}"'),
    ("a.py", f"x = ('{A}'\n     \"{B}\"\n     f'{C}')"),
    ("a.py", f'x = "{A}" + "{B}" + \\\n "{C}"'),
    ("a.py", f'x = "".join(["{A}", "{B}", "{C}"])'),
    ("a.py", f'x = "{A}"\nx += "{B}{C}"'),
    ("a.py", f'x = "{A}"\nx = x + "{B}{C}"'),
    ("a.py", f'x = "{A}\\\n{B}{C}"'),
    ("a.py", f"x = f\"{A}{{'{B}'}}{C}\""),
    ("a.py", f'x = (\n    "{A}"  # one\n    # two\n    "{B}{C}"\n)'),
    ("a.py", f"# token {A}{B}\n# {C}"),
    ("a.py", 'password = "kiwi" "Zebra" "42"'),
    ("a.py", 'u = "postgres://me:" "kiwi" "Zebra42" "@db.corp/x"'),
    ("a.js", f"const x = '{A}' + '{B}' +\n  '{C}';"),
    ("a.js", f"x = `{A}${{'{B}'}}{C}`"),
    ("a.js", f"x = ['{A}','{B}','{C}'].join('')"),
    ("a.php", f"$x = '{A}' . '{B}' . \"{C}\";"),
    ("a.c", f'char *k = "{A}"\n  "{B}"\n  "{C}";'),
    ("a.sh", f'A="{A}"\nA="${{A}}{B}{C}"'),
    ("a.sh", f'A="{A}"\nA+="{B}{C}"'),
    ("a.sh", f'T={A}""{B}{C}'),
    ("a.sh", "curl -X POST \\\n  -u me:" + WORD + " \\\n  https://x"),
    ("a.yml", f"token: >-\n  {A}{B}\n  {C}\n"),
    ("a.yml", f'token: "{A}{B}\\\n  {C}"'),
    ("a.md", f"The token is {A}{B}\n{C} and so on"),
    ("a.md", f"> {A}{B}\n> {C}"),
    ("a.md", f"{A}\u200b{B}{C}"),
)

ENCODED = (
    ("a.py", f'x = "{_base64(TOKEN)}"'),
    ("a.py", f'x = "{_base64(_base64(TOKEN))}"'),
    ("a.py", f'x = "{_base64("password = " + WORD)}"'),
    ("a.py", f'x = "{base64.b64encode(gzip.compress(TOKEN.encode(), mtime=0)).decode()}"'),
    ("a.py", f'x = base64.b32decode("{base64.b32encode(TOKEN.encode()).decode()}")'),
    ("a.py", f'x = bytes.fromhex("{TOKEN.encode().hex()}")'),
    ("a.py", "x = '" + TOKEN.encode().hex(" ") + "'"),
    ("a.py", 'x = "' + _escaped(TOKEN, "\\x{:02x}") + '"'),
    ("a.py", 'x = "' + _escaped(TOKEN, "\\u{:04x}") + '"'),
    ("a.py", 'x = "' + _escaped(TOKEN, "\\{:03o}") + '"'),
    ("a.py", f'x = "{TOKEN[::-1]}"[::-1]'),
    ("a.py", f'x = codecs.decode("{_turned(TOKEN)}", "rot13")'),
    ("a.js", f"x = String.fromCharCode({_codes(TOKEN)})"),
    ("a.json", json.dumps({"a": json.dumps({"password": WORD})})),
    ("a.json", json.dumps({"a": json.dumps({"b": json.dumps({"password": WORD})})})),
    ("a.md", "https://x.org/?next=" + quote(f"postgres://me:{WORD}@db/x", safe="")),
    ("a.md", _escaped(TOKEN, "%{:02X}")),
    ("a.md", _escaped(TOKEN, "&#{};")),
    ("a.md", html.escape(f'password="{WORD}"')),
    ("a.md", f"data:text/plain;base64,{_base64(TOKEN)}"),
    ("a.md", "-EncodedCommand " + base64.b64encode(f"$password='{WORD}'".encode("utf-16le")).decode()),
    ("a.md", f"```\n{_LINES}\n```"),
)


@pytest.mark.parametrize(("path", "text"), SPLIT + ENCODED)
def test_a_value_goes_however_it_is_spelt_and_lines_and_syntax_stay(path: str, text: str) -> None:
    redacted, records = REDACTOR.redact(path, text)
    assert records
    assert redacted.text.count("\n") == text.count("\n")
    assert not [piece for piece in (A, B, C[:6], "Zebra", _WRAPPED[:64], _base64(TOKEN)[:20]) if piece in redacted.text]
    if path.endswith(".py"):
        ast.parse(redacted.text)
    assert REDACTOR.redact(path, redacted.text) == (redacted, ())


HARMLESS = (
    'x = "one " "two"\ny = "three" + "four"\nz = ["a", "b"]',
    'digest = "' + "0123456789abcdef" * 4 + '"',
    "text = '" + _base64("nothing that anybody would hide, only a sentence") + "'",
    "table = [65, 66, 67, 68, 69, 70, 71, 72, 73, 74, 75, 76]",
    r'x = "a \"word\" and \x41\u0042 %20 more"',
    "some_long_name_of_a_function_1\nanother_name_of_a_thing_2",
)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_says_nothing_secret_stays(text: str) -> None:
    assert REDACTOR.redact("a.py", text)[1] == ()


@pytest.mark.parametrize(
    "value",
    [
        "\x80\x80µ::::::\x80\x80\xad\xb4",
        "\xb4\xad:é:::\ufeffµ\u2060é\u2060a\x80\ufeff",
        "\u200b\u200b=::µ",
        "\u200bµ:\u2060::\ufeff\xad",
    ],
    ids=["inside", "at the end", "at the beginning", "at both ends"],
)
def test_what_is_not_seen_of_a_value_goes_with_it(value: str) -> None:
    """Left beside the placeholder, a soft hyphen makes of it a value that the next search takes for a secret."""
    redacted, records = REDACTOR.redact("a.py", f'password = "{value}"\n')
    assert redacted.text == f'password = "{records[0].placeholder}"\n'
    assert REDACTOR.redact("a.py", redacted.text) == (redacted, ())


HOSTILE = {
    "literals": '"a" + ' * 60_000,
    "quotes": "\"'" * 120_000,
    "escapes": '\\"' * 120_000,
    "percent": "%41" * 80_000,
    "digits": "A1b2" * 80_000,
    "lines": ("A1b2C3d4" * 8 + "\n") * 4_000,
    "hexadecimal": "41" * 150_000,
    "codes": "65, " * 80_000,
    "addresses": "://a:" * 60_000,
    "at": "://a:" + "@" * 250_000,
    "headers": "authorization: bearer " * 12_000,
    "cookies": "cookie: a=b; " * 20_000,
    "curl": "curl -u " * 30_000,
    "passwords": "password=" * 30_000,
    "begins": "-----BEGIN PRIVATE KEY-----\n" * 10_000,
    "ends": "-----END PRIVATE KEY-----\n" * 10_000,
    "members": '"kty":' * 40_000,
    "lists": "''.join(['a', " * 20_000,
    "continued": "a \\\n" * 60_000,
    "one line": '{"token": "abcdefgh1", "x": "\\u0041"}, ' * 8_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_as_the_text(text: str) -> None:
    rules = load_rules()

    def work(part: str) -> None:
        subject = Subject("a.py", part)
        for found in (
            find_forms(subject, rules),
            find_private_keys(subject, rules),
            find_nested(subject, rules, lambda inner: find_forms(inner, rules)),
        ):
            for _ in found:
                pass

    assert_linear_in(text, work)
