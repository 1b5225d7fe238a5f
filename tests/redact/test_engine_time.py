"""No input makes the search of tokens more than linear: twice as much takes about twice as long."""

from __future__ import annotations

import random
import string
import time
from typing import TYPE_CHECKING

import pytest

from fieldguide.redact.engine import load_engine
from fieldguide.redact.engine_near import find_near_names
from fieldguide.redact.rules import load_rules
from fieldguide.redact.subject import Subject
from fieldguide.redact.tokens import find_tokens

if TYPE_CHECKING:
    from collections.abc import Callable

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
_BOUND = 2.6
_NOISE = 0.02
"""Seconds below which a measurement says nothing."""


def seconds(search: Callable[[str], object], text: str) -> float:
    """The least of three, in processor time."""
    times: list[float] = []
    for _ in range(3):
        started = time.process_time()
        search(text)
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize("name", HURTFUL)
def test_twice_as_much_takes_about_twice_as_long(name: str) -> None:
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

    text = HURTFUL[name]
    half, whole = seconds(search, text[: len(text) // 2]), seconds(search, text)
    assert whole <= _BOUND * half + _NOISE
