"""Statements of a file come out of their packing as they went in, and each file's are its own."""

from __future__ import annotations

import ast

from fieldguide.analyse.interfaces.lowering import Lowering
from fieldguide.analyse.interfaces.packing import Unpacked, packed

SOURCE = """
import argparse
LIMIT: int = 4
def main(words, *, limit=LIMIT, **rest):
    parser = argparse.ArgumentParser("turn", description=f"{LIMIT} at once")
    for name in [one for one in words if one]:
        parser.add_argument("--" + name, default={"a": 1}.get(name), *rest)
    return parser.parse_args()
class Command(Base):
    help = "Turn."
"""


def test_statements_come_out_as_they_went_in() -> None:
    statements = Lowering("turn", is_package=False, wanted=lambda _: True).statements(ast.parse(SOURCE).body)
    assert any(one.definition is not None for one in statements)
    data = packed(statements)
    assert Unpacked().of("turn.py", data) == statements


def test_no_statements_are_no_bytes() -> None:
    assert packed(()) == b""
    assert Unpacked().of("empty.py", b"") == ()


def test_definitions_are_the_same_objects_each_time_and_no_other_files() -> None:
    """What was called is known by identity: a copy of a file is another file."""
    data = packed(Lowering("turn", is_package=False, wanted=lambda _: True).statements(ast.parse(SOURCE).body))
    unpacked = Unpacked()
    assert unpacked.of("turn.py", data) is unpacked.of("turn.py", data)
    assert unpacked.of("copy.py", data) is not unpacked.of("turn.py", data)
