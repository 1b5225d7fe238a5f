"""Links that code rendered: each leads to a file, a range of lines or a heading that is there, or its line goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldguide.domain.page import Author, Draft, DraftSection, ReferenceKind, Section, Verified
from fieldguide.verify import verify

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase


def check(text: str, codebase: Codebase, *, page: str = "README.md", heading: str = "Layout") -> Verified:
    section = DraftSection(Section("layout", heading, Author.FACTS), text)
    return verify(Draft(page, (section,)), codebase, page=page)


@pytest.mark.parametrize(
    "target",
    [
        "src/relay/_core.py",
        "src/relay/_core.py#L1-L90",
        "src/relay/_core.py#L90",
        "src/relay",
        "src/relay/",
        "./pyproject.toml#L12",
        ".",
        "docs/%C3%9Cbersicht%20%281%29.png",
        "docs/guide.md#the-relay-guide",
        "docs/guide.md#L5",
        "#layout",
        "https://elsewhere.example/x",
        "mailto:someone@relay.example",
    ],
)
def test_a_link_that_leads_somewhere_stays(target: str, codebase: Codebase) -> None:
    text = f"- [`retry`]({target}) does it."
    result = check(text, codebase)
    assert result.draft.sections[0].markdown == text
    assert result.findings == ()


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ("src/relay/missing.py", ReferenceKind.LINK),
        ("src/relay/_core.py#L91", ReferenceKind.LINK),
        ("src/relay/_core.py#L9-L8", ReferenceKind.LINK),
        ("src/relay/_core.py#L0", ReferenceKind.LINK),
        ("src/relay#L1", ReferenceKind.LINK),
        ("../outside.py", ReferenceKind.LINK),
        ("/src/relay/_core.py", ReferenceKind.LINK),
        ("docs/guide.md#second-steps", ReferenceKind.LINK),
        ("#missing", ReferenceKind.ANCHOR),
    ],
)
def test_the_line_of_a_link_that_leads_nowhere_goes(target: str, kind: ReferenceKind, codebase: Codebase) -> None:
    result = check(f"First line.\nSee [it]({target}).\nLast line.", codebase)
    assert result.draft.sections[0].markdown == "First line.\nLast line."
    assert [(one.reference.kind, one.reference.text, one.reference.line) for one in result.findings] == [
        (kind, target, 2)
    ]
    assert result.checked == 1


def test_links_start_from_the_folder_of_the_page(codebase: Codebase) -> None:
    text = "[core](../src/relay/_core.py#L3) and [guide](guide.md)"
    assert check(text, codebase, page="docs/README.md").findings == ()
    assert len(check(text, codebase).findings) == 2


def test_links_from_a_page_outside_name_the_directory_that_is_documented(codebase: Codebase) -> None:
    text = "[core](relay/src/relay/_core.py#L3)\n[guide](relay/docs/guide.md)\n[other](elsewhere/docs/guide.md)"
    section = DraftSection(Section("layout", "Layout", Author.FACTS), text)
    result = verify(Draft("../GUIDE.md", (section,)), codebase, page="../GUIDE.md", directory="/home/someone/relay")
    assert [one.reference.text for one in result.findings] == ["elsewhere/docs/guide.md"]


def test_a_table_that_loses_its_only_row_goes_whole(codebase: Codebase) -> None:
    table = "| Path | Contents |\n| --- | --- |\n| [`gone.py`](gone.py) | nothing |"
    assert check(f"Before.\n\n{table}\n\nAfter.", codebase).draft.sections[0].markdown == "Before.\n\n\nAfter."
    assert check(table, codebase).draft.sections == ()


def test_anchors_follow_the_rule_of_github_and_number_repeats(codebase: Codebase) -> None:
    text = "### `scan` & co.\n\n### Übersicht\n\n### Übersicht\n\n[a](#scan--co) [b](#übersicht) [c](#%C3%BCbersicht-1)"
    assert check(text, codebase).findings == ()


def test_values_and_help_texts_are_quoted_as_they_stand(codebase: Codebase) -> None:
    """Facts quote the project's own words: what they name is counted when it holds and left alone when it does not."""
    text = (
        "| `--depth` | Ask `some_old_name`, see https://relay.example |\n\n```mermaid\nflowchart TD\n    a --> b\n```"
    )
    result = check(text, codebase)
    assert result.draft.sections[0].markdown == text
    assert (result.checked, result.findings) == (1, ())
