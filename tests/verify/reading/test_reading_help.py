"""Help texts of programs in documents: their flags are read as the program's, its descriptions' are not."""

from __future__ import annotations

from textwrap import dedent

from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.reading import read_document


def flags(text: str) -> list[tuple[str, str, int]]:
    """Flags of a document with their program and line; each stands at its column."""
    text = dedent(text)
    lines = text.split("\n")
    found = [one for one in read_document("README.md", text).mentions if one.kind is ReferenceKind.FLAG]
    assert all(lines[one.line - 1][one.column - 1 :].startswith(one.text) for one in found)
    assert all(one.subject or one.domain == "comment" for one in found)
    return [(one.text, one.subject, one.line) for one in found if one.subject]


def test_the_help_of_a_program_lists_its_flags_by_usage_and_by_line() -> None:
    text = """\
        ```
        usage: tern count [-h] [--max-depth N]
                          [--format {plain,json}]

        options:
          -h, --help            show this, like --elsewhere
          --max-depth N, --depth N
                                as --other of find does
        ```
        """
    program = "tern count"
    assert flags(text) == [
        ("-h", program, 2),
        ("--max-depth", program, 2),
        ("--format", program, 3),
        ("-h", program, 6),
        ("--help", program, 6),
        ("--max-depth", program, 7),
        ("--depth", program, 7),
    ]


def test_the_help_of_click_and_of_rich_is_read_too_and_ends_at_the_next_prompt() -> None:
    text = """\
        ```console
        $ tern --help
        Usage: tern [OPTIONS] NAME

        ╭─ Options ───────╮
        │ --formal  --no-formal   Say it so. │
        ╰─────────────────╯
        $ other
          --unrelated
        ```
        """
    assert flags(text) == [("--help", "tern", 2), ("--formal", "tern", 6), ("--no-formal", "tern", 6)]


def test_what_is_no_help_lists_no_flags() -> None:
    assert flags("```\n  --alone\n```\n") == []


def test_a_default_in_brackets_is_said_of_the_flag_above_it() -> None:
    text = "```\nusage: tern [-h] [--max N]\n\noptions:\n"
    text += "  --max N  at most so many\n           (default: 30)\n  --fast   be fast\n```\n"
    values = [one for one in read_document("README.md", text).mentions if one.kind is ReferenceKind.VALUE]
    assert [(one.text, one.subject, one.line, one.column) for one in values] == [("30", "--max", 6, 22)]


def test_colours_of_a_terminal_do_not_hide_flags() -> None:
    text = (
        "```console\n$ tern --help\n<b>Usage: </b>tern [OPTIONS]\n<font color='x'>| </font><b>--max</b>  at most\n```\n"
    )
    assert ("--max", "tern", 4) in flags(text.replace("| ", "│ "))


def test_a_default_of_an_argument_is_none_of_the_flag_before_it() -> None:
    text = "```\nusage: tern [-h] [--depth N]\n\n  path       where (default: 3)\n  --depth N  deep (default: 4)\n```\n"
    values = [one for one in read_document("README.md", text).mentions if one.kind is ReferenceKind.VALUE]
    assert [(one.text, one.subject) for one in values] == [("4", "--depth")]
