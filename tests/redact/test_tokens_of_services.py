"""Formats of tokens that the engine does not know are found by their shape alone, in prose and in code."""

from __future__ import annotations

import random
import string
from typing import Final

import pytest

from fieldguide.redact import Detector

_RANDOM: Final = random.Random(113)  # noqa: S311 (made-up values, the same in every run)
_LETTERS: Final = string.ascii_letters + string.digits
_BASE64: Final = _LETTERS + "-_"
_BASE32: Final = string.ascii_uppercase + "234567"
_HEX: Final = "0123456789abcdef"


def _drawn(alphabet: str, count: int) -> str:
    return "".join(_RANDOM.choices(alphabet, k=count))


TOKENS: Final = {
    "seed of a user": "SU" + _drawn(_BASE32, 56),
    "seed of an account": "SA" + _drawn(_BASE32, 56),
    "seed of an operator": "SO" + _drawn(_BASE32, 56),
    "Azure DevOps, base32": _drawn(_BASE32.lower(), 52),
    "Azure DevOps, 84 characters": _drawn(_LETTERS, 76) + "AZDO" + _drawn(_LETTERS, 4),
    "Azure storage": _drawn(_LETTERS, 76) + "+ASt" + _drawn(_LETTERS, 6) + "==",
    "encrypted web token": "eyJ" + ".".join(_drawn(_BASE64, count) for count in (57, 342, 16, 80, 22)),
    "encrypted web token without a key": "eyJ" + ".".join(_drawn(_BASE64, count) for count in (57, 0, 16, 80, 22)),
    "Netlify": "nfp" + "_" + _drawn(_LETTERS, 36),
    "Aiven": "AVNS" + "_" + _drawn(_BASE64, 19),
    "Trello": "AT" + "TA" + _drawn(_HEX, 72),
    "Pinecone": "pcsk" + "_" + _drawn(_LETTERS, 6) + "_" + _drawn(_LETTERS, 63),
    "Snyk": "snyk" + "_uat." + _drawn(_HEX, 8) + "." + _drawn(_BASE64, 60),
    "Resend": "re" + "_" + _drawn(_LETTERS, 8) + "_" + "7" + _drawn(_LETTERS, 23),
}


def _hidden(path: str, text: str) -> str:
    return "".join(text[start:end] for one in Detector().detect(path, text) for start, end in one.pieces)


@pytest.mark.parametrize("name", TOKENS)
@pytest.mark.parametrize(
    ("path", "shape"), [("log.md", "Seen: {}\n"), ("a.go", '\tx := []string{{"{}"}}\n'), ("b.c", "// {}\n")]
)
def test_a_format_is_proof_enough(name: str, path: str, shape: str) -> None:
    assert TOKENS[name].rstrip("=") in _hidden(path, shape.format(TOKENS[name]))


def test_public_keys_and_addresses_of_the_same_letters_stay() -> None:
    public = "U" + _drawn(_BASE32, 55)
    digest = "0" + _drawn("0123456789abcdfghijklmnpqrsvwxyz", 51)
    assert not _hidden("a.md", f"Use {public} and sha256 {digest} there.\n")
