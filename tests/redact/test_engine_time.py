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
    from pathlib import Path

DRAWN = random.Random(3)  # noqa: S311  (only a long line)
LINE = "".join(DRAWN.choices(string.ascii_letters + string.digits + "+/=._-:'\" {}()", k=100_000))
HURTFUL = {
    "one line": LINE * 10,
    "openings": ("AK" + "IA") * 250_000,
    "openings apart": ("AK" + "IA ") * 200_000,
    "prefixes": ("gh" + "p_") * 250_000,
    "prefixes with letters": ("sk-a1B2" * 150_000),
    "quotes": "\"'" * 500_000,
    "colons": "://a:b@" * 150_000,
    "dots": "a1.b2~" * 170_000,
    "keys without a value": "key=" * 250_000,
    "armour": ("-----BEGIN " + "PRIVATE KEY-----\n") * 30_000,
    "web tokens": "eyJ" * 330_000,
    "base64": "QUJD" * 250_000,
    "escapes": "\\n" * 500_000,
    "underscores": "_" * 1_000_000,
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
def test_twice_as_much_takes_about_twice_as_long(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = load_engine(_cache(tmp_path_factory))
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


def _cache(factory: pytest.TempPathFactory) -> Path:
    return factory.getbasetemp() / "engine-rules"
