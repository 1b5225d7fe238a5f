"""Help and options page say what the table says."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from fieldguide.settings import options_markdown
from fieldguide.settings.options import BY_NAME, COMMANDS, EXCLUSIVE, OPTIONS
from fieldguide.settings.reference import help_text


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_every_option_of_its_command_and_no_other(command: str) -> None:
    text = help_text(command)
    for option in OPTIONS:
        if option.flag:
            assert (f"{option.flag} " in text) == (command in option.commands)
        shown = option.default or option.shown_default
        if shown and command in option.commands:
            assert f"(default: {shown})" in " ".join(text.split())
    assert max(len(line) for line in text.splitlines()) <= 120


def test_the_options_page_is_one_table_for_each_group_with_every_option() -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(options_markdown())
    rows = sum(token.type == "tr_open" for token in tokens)
    tables = sum(token.type == "table_open" for token in tokens)
    assert tables == len({option.group for option in OPTIONS})
    assert rows - tables == len(OPTIONS)
    cells = sum(token.type in {"td_open", "th_open"} for token in tokens)
    assert cells == 4 * rows
    for option in OPTIONS:
        assert all(f"`{variable}`" in options_markdown() for variable in option.variables)


def test_the_table_is_consistent() -> None:
    variables = [variable for option in OPTIONS for variable in option.variables]
    shorts = [option.short for option in OPTIONS if option.short]
    assert len(variables) == len(set(variables))
    assert len(shorts) == len(set(shorts))
    assert len(BY_NAME) == len(OPTIONS)
    assert all(name in BY_NAME for pair in EXCLUSIVE for name in pair)
    for option in OPTIONS:
        assert bool(option.choices) == (option.kind == "choice" or option.name == "hide")
        assert bool(option.metavar) == (option.kind != "switch" and not option.variable_only)
