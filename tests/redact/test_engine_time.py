"""No input makes the search of tokens more than linear."""

from __future__ import annotations

import random
import string

import pytest

from fieldguide.redact.engine import load_engine
from fieldguide.redact.engine_near import find_near_names
from fieldguide.redact.rules import load_rules
from fieldguide.redact.subject import Subject
from fieldguide.redact.tokens import find_tokens
from growth import assert_linear_in

DRAWN = random.Random(3)  # noqa: S311  (only a long line)
LINE = "".join(DRAWN.choices(string.ascii_letters + string.digits + "+/=._-:'\" {}()", k=100_000))
HURTFUL = {
    "one line": LINE * 3,
    "openings": ("AK" + "IA") * 75_000,
    "openings apart": ("AK" + "IA ") * 60_000,
    "prefixes": ("gh" + "p_") * 75_000,
    "prefixes with letters": ("sk-a1B2" * 45_000),
    "quotes": "\"'" * 150_000,
    "colons": "://a:b@" * 45_000,
    "dots": "a1.b2~" * 50_000,
    "keys without a value": "key=" * 75_000,
    "armour": ("-----BEGIN " + "PRIVATE KEY-----\n") * 6_000,
    "armour of one kind": ("-----BEGIN RSA " + "PRIVATE KEY-----\n") * 9_000,
    "web tokens": "eyJ" * 100_000,
    "base64": "QUJD" * 75_000,
    "escapes": "\\n" * 150_000,
    "underscores": "_" * 300_000,
}


@pytest.mark.parametrize("name", HURTFUL)
def test_time_grows_as_the_text(name: str) -> None:
    engine = load_engine(None)
    rules = load_rules()

    def search(text: str) -> None:
        subject = Subject("", text)
        for _ in find_tokens(subject.text, subject.lowered, rules):
            pass
        for _ in find_near_names(subject, rules):
            pass
        for _ in engine.find(subject):
            pass

    assert_linear_in(HURTFUL[name], search)
