"""A sentence that states a number, a default or a type of a thing must find it in that thing's lines."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from place_trees import codebase_of

from fieldguide.domain.page import Prose, ReferenceKind
from fieldguide.domain.redacted import RedactedText
from fieldguide.verify import VerifiedProse, verify_prose
from fieldguide.verify.amounts import amounts_in, states

if TYPE_CHECKING:
    from collections.abc import Callable

MODULE = '''\
"""Carry parcels."""

import argparse

LIMIT = 12
PATIENCE = 2 * 60
MOST_BYTES = 8 * 1024 * 1024


class Carrier:
    """Carries what fits."""

    retries = 3

    def __init__(self, limit: int = LIMIT, size: int = MOST_BYTES) -> None:
        self.limit = limit


class Courier(Carrier):
    """Waits for an answer, twice at most."""

    def wait(self, patience: float = PATIENCE) -> bool:
        """Wait that long."""
        return patience > 0


def label(parcel, colour="red", wide=False):
    return f"{parcel}: {colour}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--depth", type=int, default=7, help="how deep")
    parser.parse_args()
'''


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], VerifiedProse]:
    root = tmp_path_factory.mktemp("carry")
    manifest = '[project]\nname = "carry"\n[project.scripts]\ncarry = "carry:main"\n'
    codebase = codebase_of(root, {"carry.py": MODULE, "pyproject.toml": manifest})

    def read(path: str) -> RedactedText | None:
        return RedactedText(Path(root, path).read_text()) if Path(root, path).is_file() else None

    verified = partial(verify_prose, codebase=codebase, read=read)
    return lambda text: verified(Prose({"overview": text}, {}))


@pytest.mark.parametrize(
    "text",
    [
        "`Carrier` tries 3 times.",
        "A `Courier` tries three times, for it is a `Carrier`.",
        "`Courier.wait` waits 2 minutes, or 120 seconds, unless told otherwise.",
        "`Carrier` takes up to 8 MB and 12 parcels.",
        "The `limit` of a `Carrier` defaults to 12.",
        "`patience` is `120` by default.",
        "`--depth` defaults to 7.",
        "`label` has a `wide` that defaults to `False`.",
        "`Courier.wait` returns a `bool`.",
        "`label` returns a `str`.",
        "`Carrier` runs on Python 3.11 and speaks HTTP 2 as RFC 9113 has it.",
        "A `Courier` has two sides.\nIt tries 3 times.",
        "Nothing of the code is named here, 99 times.",
        "There are 2 kinds, `Carrier` and `Courier`.",
        "`label` makes one attempt, and takes a 2-tuple.",
    ],
)
def test_what_the_lines_say_is_kept(check: Callable[[str], VerifiedProse], text: str) -> None:
    verified = check(text)
    assert verified.findings == ()
    assert verified.prose.sections == {"overview": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("`Carrier` tries 5 times.", "5 times"),
        ("A `Courier` tries five times.", "five times"),
        ("`Courier.wait` waits 3 minutes.", "3 minutes"),
        ("`Carrier` takes up to 9 MB.", "9 MB"),
        ("The `limit` of a `Carrier` defaults to 3.", "3"),
        ("`patience` is `60` by default.", "60"),
        ("`--depth` defaults to 12.", "12"),
        ("`label` has a `wide` that defaults to `True`.", "True"),
        ("`Courier.wait` returns a `str`.", "str"),
        ("A `Courier` has two sides.\nIt tries 40 times.", "40 times"),
    ],
)
def test_what_they_do_not_say_goes_with_its_sentence(
    check: Callable[[str], VerifiedProse], text: str, value: str
) -> None:
    verified = check(f"`Carrier` carries.\n\n{text}")
    assert [(one.reference.kind, one.reference.text) for one in verified.findings] == [(ReferenceKind.VALUE, value)]
    assert value not in verified.prose.sections["overview"]
    assert verified.prose.sections["overview"].startswith("`Carrier` carries.")


@pytest.mark.parametrize("name", ["x509", "SHA-256", "utf-8", "Python 3.11", "RFC 9110", "1.2.3", "v2", "2nd", "two"])
def test_the_digits_of_a_name_are_no_number(name: str) -> None:
    assert not list(amounts_in(f"It reads {name} there."))


def test_a_number_too_large_to_be_worked_out_is_none() -> None:
    (amount,) = amounts_in("waits 3 seconds")
    assert not states("9" * 400 + " ** 99 ** 99 << 99", amount)
