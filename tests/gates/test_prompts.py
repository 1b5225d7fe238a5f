"""Prompts are Markdown files that say which fields they take, and take no others."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
import yaml
from markdown_it import MarkdownIt

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "fieldguide"
PROMPTS = sorted(PACKAGE.rglob("prompts/*"))


def test_there_are_prompts_and_all_of_them_are_markdown() -> None:
    assert PROMPTS
    assert {path.suffix for path in PROMPTS} == {".md"}


@pytest.mark.parametrize("path", PROMPTS, ids=lambda path: path.name)
def test_a_prompt_declares_exactly_the_fields_that_it_uses(path: Path) -> None:
    match = re.fullmatch(r"---\n(.*?)\n---\n(.*)", path.read_text("utf-8"), re.DOTALL)
    assert match, "front matter comes first"
    declared = yaml.safe_load(match[1])
    assert set(declared) == {"fields"}
    used = {name for _, name, _, _ in Formatter().parse(match[2]) if name is not None}
    assert used == set(declared["fields"])
    kinds = {token.type for token in MarkdownIt("commonmark").parse(match[2])}
    assert "paragraph_open" in kinds


def test_no_prompt_is_written_in_code() -> None:
    """A template with fields belongs into a prompt file: no code hands one to LangChain as a literal."""
    pattern = re.compile(r"(?:from_template|from_messages)\(\s*\[?\(?\s*f?[\"']")
    assert not [path.name for path in PACKAGE.rglob("*.py") if pattern.search(path.read_text("utf-8"))]
