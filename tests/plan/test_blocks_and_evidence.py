"""What a model sees of a file: whole definitions by rank, every signature, no line cut or lost in silence."""

from __future__ import annotations

import ast
import itertools
import sysconfig
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.analyse import analyse_file
from fieldguide.domain.model import ModelChoice, Provider
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.source import Role, SourceFile
from fieldguide.plan.blocks import blocks_of
from fieldguide.plan.evidence import file_budget, parts_of
from fieldguide.plan.tokens import TokenCounter, token_counter

if TYPE_CHECKING:
    from fieldguide.domain.symbols import Symbol
    from fieldguide.domain.work import Piece

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
REAL = sorted(STANDARD_LIBRARY.glob("*.py"))[::9]
PATH = "src/pkg/module.py"


@cache
def counter() -> TokenCounter:
    return token_counter(ModelChoice(Provider.AZURE, "gpt-4o", "test"))


def symbols_of(text: str) -> tuple[Symbol, ...]:
    source = SourceFile(PATH, "python", len(text), "", Role.SOURCE)
    return analyse_file(source, RedactedText(text), "pkg.module").symbols


def read(path: Path) -> str:
    return path.read_text("utf-8", errors="replace")


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_blocks_of_real_files_cover_every_line_that_says_something_once(path: Path) -> None:
    text = read(path)
    lines = text.split("\n")
    covered = [line for block in blocks_of(lines, symbols_of(text)) for line in range(block.first, block.last + 1)]
    assert len(covered) == len(set(covered))
    assert {number for number, line in enumerate(lines, 1) if line.strip()} <= set(covered)


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_headers_of_real_definitions_are_signature_and_docstring(path: Path) -> None:
    """With a body of one statement put below it, each header is a definition that parses."""
    text = read(path)
    lines = text.split("\n")
    for block in blocks_of(lines, symbols_of(text)):
        if block.header and block.header < block.last and block.header - block.first < 50:
            header = "\n".join(lines[block.first - 1 : block.header])
            indent = header[: len(header) - len(header.lstrip())]
            ast.parse(f"{'if True:' if indent else ''}\n{header}\n{indent}    pass\n")


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_evidence_of_real_files_keeps_its_bounds(path: Path) -> None:
    """Each part holds at most what a request takes; pieces are in order, do not overlap, and are weighed right."""
    text = read(path)
    most = 3_000
    parts = parts_of(PATH, text, symbols_of(text), counter(), most=most)
    pieces = [piece for part in parts for piece in part]
    assert all(sum(piece.tokens for piece in part) <= most for part in parts)
    assert all(one.span.last < other.span.first for one, other in itertools.pairwise(pieces))
    for piece in pieces:
        shown = "\n".join(text.split("\n")[piece.span.first - 1 : piece.span.last]) + "\n"
        assert counter().count(shown) <= piece.tokens + 2 + piece.tokens // 20


def test_public_bodies_come_before_private_ones() -> None:
    body = "".join(f"    value_{number} = compute({number})\n" for number in range(60))
    text = f"def _hidden():\n{body}\n\ndef shown():\n{body}\n\ndef also_shown():\n{body}\n"
    (part,) = parts_of(PATH, text, symbols_of(text), counter(), most=50_000)
    lines = text.split("\n")
    seen = "\n".join("\n".join(lines[piece.span.first - 1 : piece.span.last]) for piece in part)
    assert "def _hidden():" in seen
    assert seen.count("value_59") < 3
    assert seen.index("def _hidden():") < seen.index("def shown():")
    assert "value_59" in seen[seen.index("def shown():") : seen.index("def also_shown():")]
    assert "value_59" not in seen[: seen.index("def shown():")]


def test_a_class_larger_than_a_request_is_parted_between_its_methods() -> None:
    method = "    def method_{0}(self):\n        '''Does {0}.'''\n" + "        x = [1, 2, 3, 4, 5, 6]\n" * 20 + "\n"
    text = "class Large:\n    '''Holds much.'''\n\n" + "".join(method.format(number) for number in range(40))
    lines = text.split("\n")
    parts = parts_of(PATH, text, symbols_of(text), counter(), most=700)
    assert len(parts) > 1
    for part in parts[1:]:
        assert lines[part[0].span.first - 1].startswith("    def method_")
    assert all(f"def method_{number}(" in _text(lines, parts) for number in range(40))


def test_a_table_of_data_shows_its_beginning() -> None:
    text = "TABLE = {\n" + "".join(f"    'name {number}': {number},\n" for number in range(3_000)) + "}\n"
    parts = parts_of(PATH, text, symbols_of(text), counter(), most=50_000)
    seen = _text(text.split("\n"), parts)
    assert seen.startswith("TABLE = {")
    assert counter().count(seen) < 1_200


def test_a_file_that_does_not_parse_is_cut_at_its_paragraphs() -> None:
    text = "def f(:\n    broken\n\n\nclass (:\n    too\n" * 200
    parts = parts_of(PATH, text, (), counter(), most=500)
    lines = text.split("\n")
    assert len(parts) > 1
    assert all(lines[part[0].span.first - 1].startswith(("def", "class")) for part in parts)


@given(st.text("abc:()'\"#@ \n\t\\", max_size=400), st.integers(20, 200))
def test_any_text_is_parted_within_bounds(text: str, most: int) -> None:
    parts = parts_of(PATH, text, symbols_of(text), counter(), most=most)
    assert all(sum(piece.tokens for piece in part) <= most for part in parts)


@given(st.integers(0, 10**7))
def test_the_budget_of_a_file_grows_with_it_up_to_a_bound(tokens: int) -> None:
    assert file_budget(tokens) <= tokens
    assert file_budget(tokens) <= file_budget(tokens + 1_000) <= 20_000


def _text(lines: list[str], parts: tuple[tuple[Piece, ...], ...]) -> str:
    spans = [piece.span for part in parts for piece in part]
    return "\n".join("\n".join(lines[span.first - 1 : span.last]) for span in spans)
