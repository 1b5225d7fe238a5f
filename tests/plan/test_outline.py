"""What the model gets: whole files by rank, no tests, as much as fits, and the numbers when it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.codebase import Codebase
from fieldguide.domain.model import THINKING_TOKENS, ModelChoice, Provider
from fieldguide.domain.page import Author
from fieldguide.domain.project import Example, ExampleKind, Manifest
from fieldguide.domain.redacted import RedactedText
from fieldguide.domain.sections import FACTS_ONLY, WITH_MODEL
from fieldguide.domain.source import Role, SourceFile, Span
from fieldguide.domain.symbols import Module
from fieldguide.plan import make_outline, weigh
from fieldguide.plan.outline import DOCUMENTATION_TOKENS

if TYPE_CHECKING:
    from collections.abc import Mapping

AZURE = ModelChoice(Provider.AZURE, "gpt-4o", "test")
TEXTS = {
    "src/tiny/core.py": "def run():\n    return 1\n",
    "src/tiny/leaf.py": "X = 1\n",
    "src/tiny/__init__.py": "",
    "src/app/migrations/0001_initial.py": "class Migration: ...\n",
    "tests/test_core.py": "import tiny\n\n\ndef test_run():\n    assert tiny.run() == 1\n",
    "tests/test_other.py": "def test_nothing(): ...\n",
    "pyproject.toml": "[project]\nname = 'tiny'\n",
    "Makefile": "test:\n\tpytest\n",
    "LICENSE": "MIT License\n",
    "README.md": "# tiny\n\nOld words.\n",
    "docs/guide.md": "# Guide\n",
    "CHANGELOG.md": "# 1.0\n",
    "docs/contributing.md": "# How to help\n",
}
ROLES = {
    "tests/": Role.TEST,
    "docs/": Role.DOCUMENTATION,
    "README": Role.DOCUMENTATION,
    "CHANGELOG": Role.DOCUMENTATION,
}
MANIFESTS = ("pyproject.toml", "Makefile", "LICENSE")


def role(path: str) -> Role:
    if path in MANIFESTS:
        return Role.MANIFEST
    return next((found for start, found in ROLES.items() if path.startswith(start)), Role.SOURCE)


def codebase(texts: Mapping[str, str], ranks: Mapping[str, float]) -> Codebase:
    files = [
        SourceFile(path, "python" if path.endswith(".py") else "text", len(text.encode()), "", role(path))
        for path, text in texts.items()
    ]
    modules = {path: Module(path, path, role(path), 1, rank=rank) for path, rank in ranks.items()}
    return Codebase(
        "tiny",
        tuple(sorted(files)),
        modules=modules,
        manifests=(Manifest("pyproject.toml", ""),),
        examples=(Example(ExampleKind.TEST, "tiny.run()", Span("tests/test_core.py", 4, 5), "test_run"),),
    )


TINY = codebase(TEXTS, {"src/tiny/core.py": 0.5, "src/tiny/leaf.py": 0.2, "tests/test_other.py": 0.9})


def read(path: str) -> RedactedText | None:
    text = TEXTS.get(path)
    return None if text is None else RedactedText(text)


def test_without_a_model_there_is_nothing_to_send() -> None:
    outline = make_outline(TINY, page="README.md", choice=None, read=read)
    assert outline.sections == FACTS_ONLY
    assert (outline.requests, outline.evidence, outline.refused) == (0, (), "")
    assert all(section.author is Author.FACTS for section in outline.sections)


def test_evidence_is_whole_files_best_first_and_only_what_explains_the_code() -> None:
    outline = make_outline(TINY, page="README.md", choice=AZURE, read=read)
    assert [(one.span.path, one.role) for one in outline.evidence] == [
        ("src/tiny/core.py", Role.SOURCE),
        ("src/tiny/leaf.py", Role.SOURCE),
        ("pyproject.toml", Role.MANIFEST),
        ("Makefile", Role.MANIFEST),
        ("tests/test_core.py", Role.EXAMPLE),
        ("README.md", Role.DOCUMENTATION),
        ("docs/guide.md", Role.DOCUMENTATION),
    ]
    assert outline.sections == WITH_MODEL
    assert outline.requests == 1
    assert outline.left_out == ("src/app/migrations/0001_initial.py",)
    texts = {one.span.path: one.text.text for one in outline.evidence}
    assert texts["src/tiny/core.py"] == TEXTS["src/tiny/core.py"]
    assert texts["tests/test_core.py"] == "def test_run():\n    assert tiny.run() == 1\n"


def test_a_tree_that_does_not_fit_is_refused_with_the_numbers_and_stops_being_read() -> None:
    texts = {f"src/m{number:03}.py": f"value_{number} = {number}\n" * 400 for number in range(60)}
    asked: list[str] = []

    def reading(path: str) -> RedactedText | None:
        asked.append(path)
        return RedactedText(texts[path]) if path in texts else None

    large = codebase(texts, dict.fromkeys(texts, 0.01))
    outline = make_outline(large, page="README.md", choice=replace(AZURE, context_window=20_000), read=reading)
    assert outline.sections == FACTS_ONLY
    assert (outline.requests, outline.evidence) == (0, ())
    assert outline.refused.startswith("the code needs about ")
    assert outline.refused.endswith("tokens with prompt and reply, `gpt-4o` takes 20,000")
    assert len(asked) < 10, "what cannot be sent is not read"
    whole = make_outline(large, page="README.md", choice=replace(AZURE, context_window=1_000_000), read=reading)
    estimate = int(outline.refused.split()[4].replace(",", ""))
    assert estimate == pytest.approx(whole.input_tokens + whole.output_tokens, rel=0.2), "it is an estimate"


def test_optional_evidence_that_does_not_fit_is_left_out_whole_and_named() -> None:
    long = "One sentence of a guide that goes on and on.\n" * 3_000
    texts = {**TEXTS, "docs/guide.md": long, "docs/z.md": "# Short\n"}
    outline = make_outline(
        codebase(texts, {}), page="README.md", choice=AZURE, read=lambda path: RedactedText(texts[path])
    )
    documents = [one for one in outline.evidence if one.role is Role.DOCUMENTATION]
    assert "docs/guide.md" in outline.left_out
    assert [one.span.path for one in documents] == ["README.md", "docs/z.md"]
    assert sum(one.tokens for one in documents) <= DOCUMENTATION_TOKENS


def test_a_file_that_vanished_is_no_evidence() -> None:
    outline = make_outline(
        TINY, page="README.md", choice=AZURE, read=lambda path: None if path == "src/tiny/core.py" else read(path)
    )
    assert "src/tiny/core.py" not in {one.span.path for one in outline.evidence}
    assert outline.requests == 1


def test_no_source_code_means_no_request() -> None:
    only_docs = codebase({"README.md": "# Words\n"}, {})
    outline = make_outline(only_docs, page="README.md", choice=AZURE, read=read)
    assert outline.requests == 0
    assert outline.refused == "there is no source code to write about"


def test_room_for_thinking_is_reserved() -> None:
    plain = make_outline(TINY, page="README.md", choice=AZURE, read=read)
    thinking = make_outline(TINY, page="README.md", choice=replace(AZURE, family="o3-mini"), read=read)
    assert thinking.output_tokens == plain.output_tokens + THINKING_TOKENS


def test_what_is_not_known_of_a_model_is_said() -> None:
    outline = make_outline(TINY, page="README.md", choice=replace(AZURE, model="prod"), read=read)
    assert "`prod`" in outline.assumed
    assert "--context-window" in outline.assumed
    assert make_outline(TINY, page="README.md", choice=AZURE, read=read).assumed == ""


def test_the_finished_payload_is_weighed() -> None:
    outline = make_outline(TINY, page="README.md", choice=AZURE, read=read)
    assert weigh(outline, "hello world", AZURE).input_tokens == 2
    heavy = weigh(outline, "hello world " * 70_000, AZURE)
    assert heavy.requests == 0
    assert heavy.sections == FACTS_ONLY
    assert "`gpt-4o` takes 128,000" in heavy.refused


@given(
    sizes=st.lists(st.integers(min_value=0, max_value=400), min_size=1, max_size=12),
    window=st.integers(min_value=1_000, max_value=40_000),
)
def test_what_is_sent_always_fits_and_is_always_all_of_the_code(sizes: list[int], window: int) -> None:
    """The law of the window: either every source file is evidence and fits, or nothing is sent."""
    texts = {f"m{number}.py": f"name_{number} = 1\n" * size for number, size in enumerate(sizes)}
    outline = make_outline(
        codebase(texts, {}),
        page="README.md",
        choice=replace(AZURE, context_window=window),
        read=lambda path: RedactedText(texts[path]) if path in texts else None,
    )
    if outline.requests:
        assert outline.input_tokens + outline.output_tokens <= window
        assert {one.span.path for one in outline.evidence} == {path for path, text in texts.items() if text}
    else:
        assert outline.refused
        assert outline.evidence == ()
