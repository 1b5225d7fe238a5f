"""What a row of an option table says, and what it keeps to itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.domain.project import Option, OptionKind
from fieldguide.domain.source import Span
from fieldguide.write.sections.markdown import first_sentences
from fieldguide.write.sections.options import default, is_credential, meaning


def option(help_text: str, value: str | None = None, name: str = "--timeout") -> Option:
    return Option((name,), OptionKind.FLAG, Span("cli.py", 1, 1), default=value, help=help_text)


@pytest.mark.parametrize(
    ("said", "value", "printed"),
    [
        ("Seconds to wait. [Default: 5.0].", "5.0", "Seconds to wait."),
        ("Seconds to wait (default 5).", "5", "Seconds to wait."),
        ("Between 0.0 and 8.0, defaults to 4.5.", "4.5", "Between 0.0 and 8.0."),
        ("Port to listen on, default 25.", "25", "Port to listen on."),
        ("Where to listen; the default is `localhost`.", "'localhost'", "Where to listen."),
        ("How to go on. Defaults to auto. Needs a terminal.", "'auto'", "How to go on. Needs a terminal."),
        ("Such as reading, etc... [Default: 5.0].", "5.0", "Such as reading, etc..."),
    ],
)
def test_a_help_text_does_not_repeat_the_default_that_has_a_column(said: str, value: str, printed: str) -> None:
    assert meaning(option(said, value)) == printed


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("Seconds to wait, defaults to 50.", "5"),
        ("Seconds to wait, defaults to 5.5.", "5"),
        ("Delay, defaults to 5s.", "5"),
        ("`auto` defaults to `on` for the `json` format.", "'auto'"),
        ("Seconds to wait, defaults to 5.", None),
    ],
)
def test_a_clause_with_another_value_stays(said: str, value: str | None) -> None:
    assert meaning(option(said, value)) == said


def test_a_bracket_that_is_a_sentence_loses_its_brackets() -> None:
    assert meaning(option("Log level. [default: info].")) == "Log level. Default: info."


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "DB_PASSWORD", "--api-key", "GITHUB_TOKEN", "openAiApiKey", "ADMIN_PASS"]
)
def test_settings_named_like_credentials_show_no_default(name: str) -> None:
    assert default(option("", "'changeme-please'", name)) == ""


@pytest.mark.parametrize("name", ["TOKEN_LIFETIME", "--sort-key", "KEYBOARD", "PASSWORD_LENGTH", "--monkey", "COMPASS"])
def test_other_settings_do(name: str) -> None:
    assert default(option("", "'thirty'", name)) == "`thirty`"
    assert not is_credential((name,))


def test_a_switch_about_a_password_keeps_its_default() -> None:
    assert default(option("", "True", "ASK_PASSWORD")) == "`True`"


def test_what_was_taken_out_of_the_code_is_no_default() -> None:
    assert default(option("", "'REDACTED_SECRET_KEY_21978705'", "GREETING")) == ""


@given(st.integers(1, 12))
def test_a_long_text_is_cut_after_a_whole_sentence(count: int) -> None:
    """Up to three sentences stay; of more the first two."""
    text = " ".join(f"Sentence number {number}." for number in range(count))
    kept = count if count <= 3 else 2
    assert first_sentences(text, 3) == " ".join(f"Sentence number {number}." for number in range(kept))
