"""Keys without a shape beside the name of their service, and formats that only our data knows."""

from __future__ import annotations

import random
import string

import pytest

from fieldguide.redact.engine_near import find_near_names, is_random
from fieldguide.redact.rules import load_rules
from fieldguide.redact.subject import Subject
from fieldguide.redact.tokens import find_tokens

DRAWN = random.Random(11)  # noqa: S311  (false keys need no strength, but must be the same in every run)
LOWER = string.ascii_lowercase + string.digits
MIXED = string.ascii_letters + string.digits
HEX = string.digits + "abcdef"


def drawn(letters: str, count: int) -> str:
    """Letters as a provider would draw them."""
    return "".join(DRAWN.choice(letters) for _ in range(count))


def near(text: str) -> set[str]:
    """What is found beside a telling word."""
    return {text[one.start : one.end] for one in find_near_names(Subject("", text), load_rules())}


def tokens(text: str) -> set[str]:
    """What its own shape gives away."""
    subject = Subject("", text)
    return {text[one.start : one.end] for one in find_tokens(subject.text, subject.lowered, load_rules())}


@pytest.mark.parametrize("letters", [LOWER, MIXED, HEX])
@pytest.mark.parametrize(
    "frame",
    [
        "[DEBUG] Using key={}",
        "aviationstack '{}'",
        "<secret>{{aviationstack {}}}</secret>",
        "https://api.example.org/v1?apikey={}",
        "client = Clearbit(\n    '{}',\n)",
    ],
)
def test_a_drawn_value_beside_a_telling_word_is_found(letters: str, frame: str) -> None:
    missed = [value for value in (drawn(letters, 32) for _ in range(50)) if value not in near(frame.format(value))]
    assert len(missed) <= 2  # a draw may look like words


@pytest.mark.parametrize(
    "text",
    [
        "key = compute_sha256_digest_of_the_file_v2",
        "token: base64UrlEncodedString2Bytes",
        "api: https://example.org/api/v2/reference/tokens/authentication_guide_2024",
        "auth = S3SigV4QueryAuth",
        "secret = ObjectIdentifier('1.3.6.1.4.1.11129.2.4.2')",
        "session-2024-09-12-weekly-report",
        "token_model = gpt-3.5-turbo-16k-0613-preview",
    ],
)
def test_names_and_numbers_of_code_stay(text: str) -> None:
    assert near(text) == set()


def test_a_checksum_or_a_commit_is_no_credential() -> None:
    digest, commit = drawn(HEX, 64), drawn(HEX, 40)
    assert near(f"sha256 of the key: {digest}") == set()
    assert near(f"https://github.com/a/b/blob/{commit}/auth.py") == set()
    assert near(f"cloudsmith: {commit}") == {commit}


def test_drawn_letters_are_told_from_words() -> None:
    assert is_random(drawn(MIXED, 32))
    assert not is_random("theQuickBrownFoxJumpsOverTheLazyDog2")


FORMATS = {
    "doppler-token": "dp." + "ct." + drawn(MIXED, 43),
    "mailchimp-key": drawn(HEX, 32) + "-us" + "12",
    "discord-token": "M" + drawn(MIXED, 25) + "." + drawn(MIXED, 6) + "." + drawn(MIXED, 38),
    "mongodb-atlas-secret": "mdb_" + "sa_sk_" + drawn(MIXED, 40),
    "firebase-key": "AAAA" + drawn(MIXED, 7) + ":" + drawn(MIXED, 140),
    "password-hash": "$2" + "b$12$" + drawn(MIXED, 53),
    "airtable-key": "pat" + drawn(MIXED, 14) + "." + drawn(HEX, 64),
}


@pytest.mark.parametrize("token", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("frame", ["x = '{}'", "see {} there", "a,{},b", "{}\n", "<{}>"])
def test_a_format_of_our_data_is_found_anywhere(token: str, frame: str) -> None:
    text = frame.format(token)
    assert token in tokens(text) | near(text)


def test_every_rule_of_the_data_begins_with_its_keyword_and_is_bounded() -> None:
    for search in load_rules().tokens:
        for number, rules in enumerate(search.rules):
            assert rules, number
            assert all("*?" not in rule.pattern.pattern and ".*" not in rule.pattern.pattern for rule in rules)


def test_published_examples_of_a_provider_stay() -> None:
    """Everybody knows them; a tool's documentation is full of them."""
    assert tokens("AWS_ACCESS_KEY_ID=AKIA" + "IOSFODNN7" + "EXAMPLE") == set()
