"""The form of code that moving it, or setting it out otherwise, does not change."""

from __future__ import annotations

import textwrap

import pytest

from fieldguide.verify.code_form import DIGEST_LENGTH, definition_digest, words_digest

PLAIN = '''\
@cached
def fetch(address: str, retries: int = 3) -> bytes:
    """Fetch it.

    Twice at most.
    """
    return load(address, f"{retries:>3} times")
'''


def _digest(text: str, *, whole: bool = True) -> str:
    return definition_digest(text.rstrip("\n").split("\n"), whole=whole)


@pytest.mark.parametrize(
    "other",
    [
        textwrap.indent(PLAIN, "    "),
        PLAIN.replace("\n    return", "\n\n    # Now.\n    return"),
        PLAIN.replace("address: str, retries: int = 3", "\n    address: str,\n    retries: int = 3,\n"),
        PLAIN.replace('"{retries:>3} times"', "'{retries:>3} times'"),
        PLAIN.replace("return load(", "return (load(").replace('times")', 'times"))'),
    ],
)
def test_setting_code_out_otherwise_keeps_its_digest(other: str) -> None:
    assert other != PLAIN
    assert _digest(other) == _digest(PLAIN)
    assert len(_digest(PLAIN)) == DIGEST_LENGTH


@pytest.mark.parametrize(
    "other",
    [
        PLAIN.replace("retries: int = 3", "retries: int = 4"),
        PLAIN.replace("@cached\n", ""),
        PLAIN.replace("Twice", "Thrice"),
        PLAIN.replace("def fetch", "async def fetch"),
    ],
)
def test_what_a_definition_says_of_itself_changes_both_digests(other: str) -> None:
    assert _digest(other) != _digest(PLAIN)
    assert _digest(other, whole=False) != _digest(PLAIN, whole=False)


def test_a_body_changes_the_whole_digest_alone() -> None:
    other = PLAIN.replace(":>3", ":<3")
    assert _digest(other) != _digest(PLAIN)
    assert _digest(other, whole=False) == _digest(PLAIN, whole=False)


def test_what_is_no_python_is_taken_word_by_word() -> None:
    assert (
        _digest("build:\n\tcc -o x") == words_digest(["build:", "        cc -o  x"]) != words_digest(["build:", "cc x"])
    )
