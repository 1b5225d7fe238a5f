"""A value found once is found everywhere, however it is spelt; an ordinary word is not."""

from __future__ import annotations

import base64
import codecs
import html
import json
import pickle
import random
import string
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fieldguide.domain.redacted import contains_placeholder
from fieldguide.redact.distinctiveness import Grade, grade
from fieldguide.redact.known import KnownValues
from fieldguide.redact.redactor import Redactor
from fieldguide.redact.secret import spanning
from growth import assert_linear_in

if TYPE_CHECKING:
    from collections.abc import Callable

ALPHABET = string.ascii_letters + string.digits
RANDOM = random.Random(11)  # noqa: S311 (the same in every run)
TOKEN = "".join(RANDOM.choices(ALPHABET, k=36)) + "7x"
SIGNS = "p" + '@"ss\\w' + "örd<&>" + "".join(RANDOM.choices(ALPHABET, k=8))


def _known(*values: str) -> KnownValues:
    return KnownValues.of(("password", (value,)) for value in values)


def _percent(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode())


def _json(value: str) -> str:
    return json.dumps(value)[1:-1]


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda value: value,
    "escaped twice": lambda value: _json(_json(value)),
    "JSON": _json,
    "Python": lambda value: repr(value)[1:-1],
    "percent": lambda value: quote(value, safe=""),
    "all percent": _percent,
    "hexadecimal": lambda value: value.encode().hex(),
    "capital hexadecimal": lambda value: value.encode().hex().upper(),
    "hexadecimal escapes": lambda value: "".join(f"\\x{byte:02x}" for byte in value.encode()),
    "HTML": lambda value: html.escape(value, quote=True),
    "HTML numbers": lambda value: "".join(f"&#{ord(character)};" for character in value),
    "UTF-16 read as bytes": lambda value: "\0".join([*value]),
    "base64": lambda value: base64.b64encode(value.encode()).decode().rstrip("="),
    "base64 for addresses": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "base64 of UTF-16": lambda value: base64.b64encode(value.encode("utf-16-le")).decode().rstrip("="),
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.parametrize("value", [TOKEN, SIGNS], ids=["token", "signs"])
def test_every_spelling_of_a_value_is_found_whole(value: str, spell: Callable[[str], str]) -> None:
    spelt = spell(value)
    text = f"é before {spelt} behind"
    sightings = _known(value).find(text)
    assert sightings
    start = min(one.secret.start for one in sightings)
    end = max(one.secret.end for one in sightings)
    assert text[start:end] == spelt
    assert {one.value for one in sightings} == {value}


@given(before=st.binary(max_size=7), after=st.binary(max_size=7), other_alphabet=st.booleans())
def test_base64_is_found_whatever_stands_before_the_value(before: bytes, after: bytes, *, other_alphabet: bool) -> None:
    encode = base64.urlsafe_b64encode if other_alphabet else base64.b64encode
    wrapped = encode(before + TOKEN.encode() + after).decode()
    assert _known(TOKEN).find(wrapped)


def test_a_value_known_in_one_encoding_is_found_plain() -> None:
    pair = base64.b64encode(f"user:{TOKEN}".encode()).decode()
    assert [one.value for one in _known(pair).find(f"x = {TOKEN}")] == [pair]
    escaped = json.dumps(SIGNS)[1:-1]
    assert _known(escaped).find(f"x = {SIGNS}")


def test_a_key_is_known_by_each_of_its_long_lines() -> None:
    lines = tuple("".join(RANDOM.choices(ALPHABET, k=64)) for _ in range(4))
    known = KnownValues.of([("private-key", lines)])
    (sighting,) = known.find(f"log: {lines[2]}")
    assert sighting.value == "".join(lines)
    assert len(known.find("\n".join(lines))) == len(lines)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((word, Grade.WEAK) for word in ("admin", "postgres", "test", "letmein", "my-app", "django.contrib.auth")),
        *((word, Grade.WEAK) for word in ("test123", "sha256", "python3", "12345678", "1.2.3", "accessToken")),
        *((word, Grade.WORD) for word in ("hunter2", "correct-horse-battery-staple", "s3cret", "123456789012")),
        *((word, Grade.STRONG) for word in (TOKEN, SIGNS, "Tr0ub4dor&3", "QwhZrTkPmVbXcNsLdF")),
    ],
)
def test_how_distinctive_a_value_is(value: str, expected: Grade) -> None:
    assert grade(value) is expected


def test_words_are_found_by_themselves_and_strong_values_inside_of_others() -> None:
    word = "hunter" + "2"
    text = f"{word} my{word} {word}0 x_{word}_y ({word})"
    assert [one.secret.start for one in _known(word).find(text)] == [0, text.index("x_") + 2, text.index("(") + 1]
    assert len(_known(TOKEN).find(f"prefix{TOKEN}suffix")) == 1


@pytest.mark.parametrize("word", ["admin", "postgres", "password", "test123", "letmein"])
def test_a_weak_word_is_hidden_only_where_it_stands_whole_in_its_own_file(word: str) -> None:
    text = f'PASSWORD = "{word}"\nuser = "{word}"\nprint("the {word} page")\n# {word} is a word\n'
    own = tuple(found for found in [spanning("password", text, 12, 12 + len(word))] if found)
    redactor = Redactor(b"k" * 32).knowing([("password", (word,))])
    lines = [text.count("\n", 0, one.secret.start) + 1 for one in redactor.locate("a.py", text, own)]
    assert lines == [1, 2]
    assert not redactor.locate("b.py", text, ())


def test_values_appear_in_no_repr_and_travel_to_other_processes() -> None:
    known = _known(TOKEN, SIGNS)
    sighting = known.find(TOKEN)[0]
    assert TOKEN not in repr(known) + repr(sighting) + repr(Redactor(b"k" * 32, known=known))
    assert pickle.loads(pickle.dumps(known)) == known  # noqa: S301 (our own bytes)


def test_the_digest_of_values_depends_on_the_key_and_tells_sets_apart() -> None:
    one, other = _known(TOKEN), _known(TOKEN, SIGNS)
    renamed = KnownValues.of([("token", (TOKEN,))])
    digests = {one.digest(b"k"), one.digest(b"l"), other.digest(b"k"), renamed.digest(b"k")}
    assert len(digests) == 4
    assert _known(SIGNS, TOKEN).digest(b"k") == other.digest(b"k")


def test_a_value_has_one_kind_and_one_placeholder_in_every_file_and_spelling() -> None:
    redactor = Redactor(b"k" * 32).knowing([("secret", (TOKEN,)), ("github-token", (TOKEN,))])
    texts = [f"x = '{TOKEN}'", f"see {base64.b64encode(TOKEN.encode()).decode()}", f"%{TOKEN.encode().hex()}"]
    hidden = [redactor.rewrite("a.txt", text, redactor.locate("a.txt", text, ())) for text in texts]
    records = [record for _, found in hidden for record in found]
    assert {(one.kind, one.fingerprint) for one in records} == {("github-token", redactor.fingerprint(TOKEN))}
    assert len({one.placeholder for one in records}) == 1


def test_reviewed_values_stay_and_are_recorded() -> None:
    text = f'password = "{TOKEN}"\n'
    own = tuple(found for found in [spanning("password", text, 12, 12 + len(TOKEN))] if found)
    plain = Redactor(b"k" * 32)
    ((record,),) = [plain.rewrite("a.py", text, plain.locate("a.py", text, own))[1]]
    redactor = Redactor(b"k" * 32, reviewed=frozenset({record.fingerprint})).knowing([("password", (TOKEN,))])
    redacted, (again,) = redactor.rewrite("a.py", text, redactor.locate("a.py", text, own))
    assert redacted.text == text
    assert (again.reviewed, record.reviewed) == (True, False)
    assert not redactor.known


VALUES = st.one_of(
    st.text(min_size=3, max_size=30),
    st.from_regex(r"[A-Za-z0-9+/=_.-]{6,50}", fullmatch=True),
    st.sampled_from(["REDACTED", "REDACTED_PASSWORD_0123abcd", "hunter2", "password", "0123abcd"]),
)


@given(values=st.lists(VALUES, max_size=4), text=st.lists(st.one_of(VALUES, st.sampled_from(['"', "'", "\n", " = "]))))
@example(values=["REDACTED", "12345678a"], text=["x REDACTED_PASSWORD_0123abcd y"])
def test_a_second_search_of_what_was_hidden_finds_nothing(values: list[str], text: list[str]) -> None:
    """Neither in placeholders, nor in what is left of the text; and no line is lost."""
    redactor = Redactor(b"k" * 32).knowing(("token", (value,)) for value in values)
    whole = "".join([*text, *values])
    redacted = redactor.rewrite("", whole, redactor.locate("", whole, ()))[0]
    assert redacted.text.count("\n") == whole.count("\n")
    assert not redactor.known.find(redacted.text)
    assert redactor.rewrite("", redacted.text, redactor.locate("", redacted.text, ()))[0] == redacted
    assert contains_placeholder(redacted.text) or redacted.text == whole


@pytest.mark.parametrize(
    ("values", "piece"),
    [
        ([TOKEN], TOKEN[-20:]),
        (["a" * 7 + "b" * number + "c1!d" for number in range(1, 200)], "b" * 100 + "c1!d"),
        ([TOKEN], base64.b64encode(TOKEN.encode()).decode()),
        ([codecs.encode(TOKEN, "rot13") + "x" * 300], "x" * 300),
    ],
    ids=["ends", "ends of many", "wrapped", "long"],
)
def test_a_search_takes_linear_time(values: list[str], piece: str) -> None:
    known = _known(*values)
    known.find("")
    assert_linear_in(piece * (800_000 // len(piece)), known.find)
