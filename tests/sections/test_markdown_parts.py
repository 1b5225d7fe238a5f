"""Text out of somebody's code stays text: no tag, image, row or heading comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fieldguide.write.sections import markdown

if TYPE_CHECKING:
    from markdown_it.token import Token

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = st.text(alphabet=st.sampled_from(list("ab_*`<>|[]()!\\#-+.&;:/=~1 \n\t\"'é\u200b\ud800")), max_size=40)


def tokens(text: str) -> list[Token]:
    flat: list[Token] = []
    for one in PARSER.parse(text):
        flat += [one, *(one.children or [])]
    return flat


def kinds(text: str) -> set[str]:
    return {one.type for one in tokens(text)}


@given(HOSTILE)
@example("~~a~~ &amp; b")
def test_plain_text_reads_as_it_was_written(text: str) -> None:
    wanted = " ".join(markdown.readable(text).split())
    shown = "".join(one.content for one in tokens(markdown.plain(text)) if one.type in {"text", "code_inline"})
    assert shown == wanted


@given(HOSTILE)
def test_inline_markdown_opens_no_tag_and_no_image(text: str) -> None:
    found = kinds("before " + markdown.inline(text))
    assert not found & {"html_inline", "html_block", "image"}


@given(HOSTILE)
def test_inline_markdown_stays_one_paragraph(text: str) -> None:
    blocks = [one.type for one in PARSER.parse(markdown.inline(text))]
    assert blocks in ([], ["paragraph_open", "inline", "paragraph_close"])


@given(st.lists(HOSTILE, min_size=2, max_size=2), HOSTILE)
def test_a_table_has_the_cells_that_it_was_given(row: list[str], summary: str) -> None:
    cells = [markdown.code(row[0]) or "x", markdown.inline(row[1]) or "y", markdown.plain(summary) or "z"]
    text = markdown.table(("A", "B", "C"), [cells, cells])
    types = [one.type for one in PARSER.parse(text)]
    assert types.count("tr_open") == 3
    assert types.count("td_open") == 6
    assert types[-1] == "table_close"


@given(HOSTILE)
def test_a_code_span_shows_its_text(text: str) -> None:
    wanted = " ".join(markdown.readable(text).split())
    shown = [one.content for one in tokens(markdown.code(text)) if one.type == "code_inline"]
    assert shown == ([wanted] if wanted else [])


@given(HOSTILE)
def test_a_fence_is_not_ended_by_what_is_in_it(text: str) -> None:
    blocks = PARSER.parse(markdown.fence(text, "python"))
    assert [one.type for one in blocks] == ["fence"]


def test_an_empty_column_is_left_out() -> None:
    assert markdown.table(("A", "B", "C"), [("a", "", "c")]) == "| A | C |\n| --- | --- |\n| a | c |"


def test_a_sentence_ends_as_one_and_rules_are_none() -> None:
    assert markdown.sentence("Retry a call") == "Retry a call."
    assert markdown.sentence("Is it active?") == "Is it active?"
    assert markdown.sentence("These are:") == "These are."
    assert markdown.sentence("-----") == ""


def test_prose_keeps_its_lines_and_code() -> None:
    text = "One <b>bold</b> line.\nA `<tag>` in code, ![no](image.png)."
    assert markdown.prose(text) == "One \\<b>bold\\</b> line.\nA `<tag>` in code, \\![no](image.png)."
