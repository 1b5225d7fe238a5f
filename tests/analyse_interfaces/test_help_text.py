"""Help texts become Markdown on one line that renders as the text reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from fieldguide.analyse.interfaces.help_text import first_sentence, markdown, stated_default


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("say less", "Say less."),
        ("  two\n   lines ", "Two lines."),
        ("httpx-like tools", "Httpx-like tools."),
        ("URL of it", "URL of it."),
        ("`x` stays", "`x` stays."),
        ("use --force or -f/--all", "Use `--force` or `-f`/`--all`."),
        ("write to <dir>/out", "Write to `<dir>/out`."),
        ("files matching '*.py' only", "Files matching `*.py` only."),
        ("see ``code`` and :func:`~a.b`", "See `code` and `a.b`."),
        ("[bold]Loud[/bold] text", "Loud text."),
        ("what is it?", "What is it?"),
        ("one of:", "One of."),
        ("an odd ` tick", "An odd ' tick."),
        ("call __init__ now", "Call `__init__` now."),
        ("", ""),
    ],
)
def test_markdown(text: str, expected: str) -> None:
    assert markdown(text) == expected


@given(st.text(st.sampled_from("ab <>*_`|\\-./'\"\n[]()"), max_size=60))
def test_no_help_text_becomes_markup(text: str) -> None:
    line = markdown(text)
    assert "\n" not in line
    tokens = MarkdownIt("commonmark").parseInline(line)[0].children or []
    assert {token.type for token in tokens} <= {"text", "code_inline", "text_special"}


@pytest.mark.parametrize(
    ("text", "default"),
    [
        ("defaults to 4.5.", "4.5"),
        ("Default: 15", "15"),
        ("the default is `auto`", "'auto'"),
        ("[default: -1]", "-1"),
        ("defaults to 3x faster", None),
        ("by default it waits", None),
        ("defaults to using all cores", None),
    ],
)
def test_a_default_that_the_text_states(text: str, default: str | None) -> None:
    assert stated_default(text) == default


def test_a_first_sentence_is_whole() -> None:
    assert first_sentence("Reads e.g. files. Then stops.") == "Reads e.g. files."


@pytest.mark.parametrize(
    ("text", "expected", "default"),
    [
        ("Print [u]markup[/u] of [b]SIZE", "Print markup of SIZE.", None),
        ("Take [i] as it is", "Take [i] as it is.", None),
        ("Log level. [default: info]", "Log level. [default: info]", "'info'"),
        ("Create a table. Columns are pairs, for example:", "Create a table.", None),
        ("One of:", "One of.", None),
    ],
)
def test_short_styles_announcements_and_remarks(text: str, expected: str, default: str | None) -> None:
    assert markdown(text) == expected
    assert stated_default(text) == default
