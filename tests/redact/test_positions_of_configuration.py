"""Passwords in braces, in raw literals, in calls that encode them, in columns; and numbers of code that stay."""

from __future__ import annotations

import random
import string

import pytest

from fieldguide.redact import Detector

_RANDOM = random.Random(127)  # noqa: S311 (made-up values, the same in every run)
_WEAK = "".join(_RANDOM.choices(string.ascii_lowercase, k=7))
_SEED = "".join(_RANDOM.choices(string.ascii_uppercase + "234567", k=16))
_NUMBER = "49" + "".join(_RANDOM.choices("2356789", k=10))

SHAPES = [
    ("a.conf", "authorization {{ user = derek password = {} timeout = 2 }}\n"),
    ("a.yml", "users: [{{user: bob, password: {}, role: x}}]\n"),
    ("a_test.go", "var conf = `\n  authorization {{\n    user: ivan\n    password: {}\n  }}\n`\n"),
    ("a_test.go", "var conf = `\n  users = [ {{user: a, password: {}}} ]\n`\n"),
    ("a.py", "x = base64.b64encode(b'admin:{}')\n"),
    ("a.js", 'x = btoa("admin:{}")\n'),
    ("a.js", "Buffer.from('bob:{}').toString('base64')\n"),
    ("a.rb", 'set :deploy_password, "{}"\n'),
    ("a.csv", "user,password,mail\nbob,{},x\n"),
    ("a.csv", "user;Password\nbob;{}\n"),
]


def _hidden(path: str, text: str) -> list[str]:
    return [text[start:end] for one in Detector().detect(path, text) for start, end in one.pieces]


@pytest.mark.parametrize(("path", "shape"), SHAPES)
def test_a_weak_password_is_found_where_its_place_tells(path: str, shape: str) -> None:
    assert _hidden(path, shape.format(_WEAK)) == [_WEAK]


@pytest.mark.parametrize("call", ["pyotp.TOTP", "TotpFactory", "totp.generate"])
def test_a_seed_of_one_time_passwords_is_found_by_the_function_that_takes_it(call: str) -> None:
    assert _hidden("a.py", f'x = {call}("{_SEED}", 30)\n') == [_SEED]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", f"assert x == +{_NUMBER}\n"),
        ("go.mod", "\tgolang.org/x/oauth2 v0.0.0-20180821212333-" + "d2e6202438be\n"),
        (".yarnrc.yml", "nodeLinker: node-modules\nyarnPath: .yarn/releases/yarn-3.cjs\n"),
        ("a.go", 'type user struct {\n\tpassword string `json:"password"`\n}\n'),
    ],
)
def test_what_is_no_secret_stays(path: str, text: str) -> None:
    assert not _hidden(path, text)
