"""What is typed reaches the settings as it was typed, by way of fire."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.errors import UsageError
from fieldguide.settings.arguments import Arguments
from fieldguide.settings.options import COMMANDS, OPTIONS, Option
from fieldguide.terminal.arguments import parse

ODD = ["123", "1e5", "None", "True", "a,b", "[x]", "{a: 1}", "0x10", "-", "'q'", "a=b", "a b", "#x", "\\", "é\udcff"]


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("words", [[], ["plan"]])
def test_odd_names_stay_texts(name: str, words: list[str]) -> None:
    assert parse([*words, name]) == Arguments("plan" if words else "document", name, {})


@pytest.mark.parametrize("name", ["-x", "--help", "-", "--", "--model=x"])
def test_after_two_dashes_everything_is_a_name(name: str) -> None:
    assert parse(["--", name]).directory == name
    assert parse(["plan", "--quiet", "--", name]) == Arguments("plan", name, {"quiet": "true"})


def test_a_directory_named_like_a_command_is_told_by_its_dot() -> None:
    assert parse(["./plan"]) == Arguments("document", "./plan", {})
    assert parse(["--", "plan"]) == Arguments("document", "./plan", {})
    assert parse(["plan", "plan"]) == Arguments("plan", "plan", {})
    assert parse(["ledger", "plan"]) == Arguments("ledger", "plan", {})
    assert parse(["--", "ledger"]) == Arguments("document", "./ledger", {})
    assert parse(["./check"]).directory == "./check"
    assert parse(["--", "cache"]) == Arguments("document", "./cache", {})
    assert parse(["batch", "submit", "submit"]) == Arguments("batch", "submit", {}, "submit")


def test_a_command_with_operations_is_told_which() -> None:
    assert parse(["batch", "--model=m", "collect", "DIR"]) == Arguments("batch", "DIR", {"model": "m"}, "collect")
    assert parse(["cache"]) == Arguments("cache", "", {})
    assert parse(["cache", "--json", "clear"]) == Arguments("cache", "", {"json": "true"}, "clear")


def test_a_switch_takes_nothing_of_its_neighbour() -> None:
    """Fire itself would read `DIR` as the value of `--stdout`."""
    assert parse(["--stdout", "DIR"]) == Arguments("document", "DIR", {"stdout": "true"})
    assert parse(["--stdout=false", "DIR"]).options == {"stdout": "false"}


def test_values_come_with_a_space_or_an_equals_sign_and_lists_by_repeating() -> None:
    words = ["--include", "*.rst", "DIR", "--include=a,b", "--include", "-x", "-o", "1e5", "--model=None", "-q"]
    assert parse(words) == Arguments(
        "document", "DIR", {"include": ("*.rst", "a,b", "-x"), "output": "1e5", "model": "None", "quiet": "true"}
    )


def test_of_an_option_given_twice_the_last_one_counts() -> None:
    assert parse(["--model", "a", ".", "--model", "b"]).options == {"model": "b"}


@pytest.mark.parametrize(
    ("words", "fact", "hint"),
    [
        (["--ouput", "x", "."], "`--ouput` is not an option", "did you mean `--output`?"),
        (["--max_file_size=1", "."], "`--max_file_size` is not an option", "did you mean `--max-file-size`?"),
        (["--secret-patern", "a=b", "."], "`--secret-patern` is not an option", "did you mean `--secret-pattern`?"),
        (["--fail-on-secrets", "."], "`--fail-on-secrets` is not an option", "did you mean `--fail-on-secret`?"),
        (["ledgr", "."], "`ledgr` is not a command", "did you mean `fieldguide ledger .`?"),
        (["ledger", "--replace", "."], "not an option of `fieldguide ledger`", "belongs to `fieldguide`"),
        (["-x"], "`-x` is not an option", "a path comes after `--`"),
        (["-vq", "."], "`-vq` is not an option", "lists the options"),
        (["--\x1b[2J", "."], "`--\\x1b[2J` is not an option", ""),
        (["plna", "."], "`plna` is not a command", "did you mean `fieldguide plan .`?"),
        (["a", "b", "c"], "3 directories are named: `a`, `b`, …", "quotes"),
        (["plan", "--replace", "."], "`--replace` is not an option of `fieldguide plan`", "belongs to `fieldguide`"),
        (["--show-prompts", "."], "`--show-prompts` is not an option of `fieldguide`", "`fieldguide plan`"),
        ([".", "--model"], "`--model` has no value", "`--model NAME`"),
        (["--model", "--quiet", "."], "`--model` has no value", ""),
        (["--model", "--", "."], "`--model` has no value", ""),
        ([], "no directory is named", "`fieldguide .`"),
        (["plan"], "no directory is named", "`fieldguide ./plan`"),
        (["batch"], "`fieldguide batch` is not told what to do", "`submit`, `status`, `collect`, `cancel`"),
        (["batch", "."], "`.` is nothing that `fieldguide batch` does", "`submit`, `status`, `collect`, `cancel`"),
        (["batch", "submti", "."], "`submti` is nothing that", "did you mean `fieldguide batch submit .`?"),
        (["batch", "submit"], "no directory is named", "`fieldguide batch submit .`"),
        (["batch", "submit", "--stdout", "."], "not an option of `fieldguide batch`", "belongs to `fieldguide`"),
        (["bacth", "."], "`bacth` is not a command", "did you mean `fieldguide batch submit .`?"),
        (["cahce", "clear"], "`cahce` is not a command", "did you mean `fieldguide cache`?"),
        (["cache", "claer"], "`claer` is nothing that", "did you mean `fieldguide cache clear`?"),
        (["cache", "."], "`.` is nothing that `fieldguide cache` does", "`fieldguide ./cache`"),
        (["cache", "clear", "."], "`fieldguide cache clear` takes no directory", "alone"),
        (["cache", "--model=m"], "not an option of `fieldguide cache`", "belongs to `fieldguide`"),
    ],
)
def test_what_does_not_exist_is_named_with_the_nearest_that_does(words: list[str], fact: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(words)
    assert fact in caught.value.fact
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    "words", [["--api-key=k-secret", "."], ["--token", "k-secret", "."], ["--openai-api-key=k-secret", "."]]
)
def test_a_key_on_the_command_line_is_refused_and_not_shown(words: list[str]) -> None:
    with pytest.raises(UsageError, match="list of processes") as caught:
        parse(words)
    assert "k-secret" not in caught.value.fact + caught.value.hint


_TEXT = st.text(st.characters(exclude_characters="\0"))


def _words(option: Option) -> st.SearchStrategy[tuple[Option, str]]:
    return st.tuples(st.just(option), st.just("true") if option.kind == "switch" else _TEXT)


@given(
    directory=_TEXT,
    given_options=st.lists(
        st.sampled_from([o for o in OPTIONS if o.flag and "document" in o.commands]).flatmap(_words), max_size=6
    ),
)
def test_every_text_comes_through_fire_unchanged(directory: str, given_options: list[tuple[Option, str]]) -> None:
    words = [f"{option.flag}={value}" for option, value in given_options]
    expected: dict[str, str | tuple[str, ...]] = {}
    for option, value in given_options:
        earlier = expected.get(option.name, ())
        expected[option.name] = (*earlier, value) if option.kind == "list" and isinstance(earlier, tuple) else value
    assert parse([*words, "--", directory]) == Arguments(
        "document", f"./{directory}" if directory in COMMANDS else directory, expected
    )


@given(st.lists(st.text(st.characters(exclude_characters="\0")) | st.sampled_from([*ODD, "--", "plan", "-h", "-i"])))
def test_any_words_are_arguments_or_a_usage_error(words: list[str]) -> None:
    """No exit, pager, interpreter or output of fire's own."""
    try:
        parse(words)
    except UsageError as error:
        assert error.hint  # noqa: PT017  # both outcomes are right, a third is not
