"""Raw values of several places become one `Settings`, in the order of their strength, with all faults at once."""

from __future__ import annotations

import dataclasses
import os
import pickle
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldguide.errors import ConfigurationError, ExitCode, UsageError
from fieldguide.settings import Action
from fieldguide.settings.options import BY_NAME, OPTIONS
from fieldguide.settings.quoting import printable, quoted
from fieldguide.settings.spelling import nearest
from fieldguide.settings.values import DEFAULTS, Layer, Values, validate

if TYPE_CHECKING:
    from settings.conftest import Place


def test_without_any_setting_the_defaults_of_the_table_hold(place: Place) -> None:
    settings = place.resolve()
    assert settings.directory == place.project.resolve()
    assert settings.action is Action.DOCUMENT
    assert settings.scan.max_file_size == 1_000_000
    assert settings.output.path is None
    assert settings.model is None
    assert settings.jobs is None
    assert settings.cache == place.home / ".cache" / "fieldguide"
    assert [note.message for note in settings.notes] == [
        "no model is configured: the page is written from the code alone"
    ]


def test_settings_are_frozen_and_travel_between_processes(place: Place) -> None:
    settings = place.resolve(include=("*.rst",))
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301  # our own bytes
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.jobs = 3  # pyright: ignore[reportAttributeAccessIssue]


def test_each_option_has_a_field_and_each_field_an_option() -> None:
    fields = {field.alias or name for name, field in Values.model_fields.items()}
    assert fields == {option.field for option in OPTIONS}
    assert validate([]) == (Values.model_validate(dict(DEFAULTS.values)), {})


def test_flags_beat_environment_beats_dotenv_beats_project_beats_user(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each place in turn is taken away, and the next one decides."""
    place.user_file.write_text('max-file-size = "5k"\n')
    assert place.resolve().scan.max_file_size == 5_000
    (place.project / "fieldguide.toml").write_text('max-file-size = "4k"\n')
    assert place.resolve().scan.max_file_size == 4_000
    (place.here / ".env").write_text("FIELDGUIDE_MAX_FILE_SIZE=3k\n")
    assert place.resolve().scan.max_file_size == 3_000
    monkeypatch.setenv("FIELDGUIDE_MAX_FILE_SIZE", "2k")
    assert place.resolve().scan.max_file_size == 2_000
    assert place.resolve(max_file_size="1k").scan.max_file_size == 1_000


def test_another_tools_variable_in_the_environment_beats_our_own_in_dotenv(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The place decides, not the name: aliases of pydantic-settings would have it the other way round."""
    (place.here / ".env").write_text("FIELDGUIDE_BASE_URL=http://localhost:2/v1\nFIELDGUIDE_MODEL=m\n")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://localhost:1/v1")
    model = place.resolve().model
    assert model is not None
    assert model.endpoint == "http://localhost:1/v1/"


def test_an_empty_variable_says_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDGUIDE_JOBS", "")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", " ")
    settings = place.resolve()
    assert settings.jobs is None
    assert settings.model is None


@pytest.mark.parametrize(
    ("text", "size"), [("7", 7), ("500k", 500_000), ("2M", 2_000_000), ("1 GB", 10**9), ("3MiB", 3_000_000)]
)
def test_sizes_take_units(place: Place, text: str, size: int) -> None:
    assert place.resolve(max_file_size=text).scan.max_file_size == size


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timeout", "abc"), ("timeout", "0"), ("timeout", "inf"), ("timeout", "nan"), ("jobs", "0"), ("jobs", "1.5"),
        ("max-file-size", "1T"), ("max-file-size", "0"), ("temperature", "-1"), ("temperature", "2.5"),
        ("provider", "azur"), ("azure-auth", ""), ("output", ""), ("model", "  "), ("verbose", "maybe"),
    ],
)  # fmt: skip
def test_a_value_that_does_not_hold_is_named_with_its_flag(place: Place, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        place.resolve(**{name.replace("-", "_"): value})
    assert f"`--{name}` is {quoted(value)}: it takes {BY_NAME[name].expected}" in caught.value.fact
    assert caught.value.exit_code is ExitCode.USAGE


def test_all_faults_come_at_once_each_with_its_origin(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIELDGUIDE_JOBS", "many")
    monkeypatch.setenv("FIELDGUIDE_OUPUT", "x.md")
    (place.here / ".env").write_text("FIELDGUIDE_TEMPERATURE=hot\n")
    (place.project / "fieldguide.toml").write_text("inclde = ['*.rst']\nmax-file-size = true\n")
    place.user_file.write_text("[tool]\n")
    with pytest.raises(ConfigurationError) as caught:
        place.resolve(timeout="soon", endpoint="https://example.openai.azure.com/")
    facts = caught.value.fact.split("\n")
    assert len(facts) == 8
    for part in (
        "`FIELDGUIDE_JOBS` is `many`",
        "`FIELDGUIDE_OUPUT` is not a variable",
        "`FIELDGUIDE_TEMPERATURE in .env` is `hot`",
        "`inclde` in `fieldguide.toml` is not a setting",
        "`max-file-size in fieldguide.toml` is `true`",
        "`tool` in `fieldguide.toml` is not a setting",
        "`--timeout` is `soon`",
        "Azure OpenAI is chosen by `--endpoint`, but not set: `AZURE_OPENAI_API_KEY`",
    ):
        assert part in caught.value.fact
    assert "did you mean `FIELDGUIDE_OUTPUT`?" in caught.value.hint
    assert "did you mean `include`?" in caught.value.hint


@pytest.mark.parametrize(("first", "second"), [("verbose", "quiet"), ("json", "stdout"), ("no_cache", "cache_dir")])
def test_options_that_exclude_each_other_are_a_fault_in_one_place(place: Place, first: str, second: str) -> None:
    with pytest.raises(ConfigurationError, match="exclude each other"):
        place.resolve(**{first: "true", second: "true"})


def test_of_options_that_exclude_each_other_the_stronger_place_decides(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIELDGUIDE_VERBOSE", "1")
    monkeypatch.setenv("FIELDGUIDE_PROVIDER", "azure")
    settings = place.resolve(quiet="true", no_model="true")
    assert settings.terminal.quiet
    assert not settings.terminal.verbose
    assert settings.model is None


def test_an_option_turned_off_excludes_nothing(place: Place) -> None:
    settings = place.resolve(verbose="false", quiet="true")
    assert settings.terminal.quiet


@pytest.mark.parametrize("name", ["123", "1e5", "None", "a,b", "[x]", "-x", "check", "a b", "ü", "\x1b[31m"])
def test_odd_names_are_directories(place: Place, name: str) -> None:
    (place.here / name).mkdir()
    assert place.resolve(directory=name).directory == place.here / name


def test_a_missing_directory_names_the_nearest_and_a_file_its_directory(place: Place) -> None:
    (place.here / "package").mkdir()
    (place.here / "module.py").touch()
    with pytest.raises(UsageError, match="directory `pakage` does not exist") as caught:
        place.resolve(directory="pakage")
    assert caught.value.hint == "did you mean `package`?"
    with pytest.raises(UsageError, match=r"`module\.py` is a file, not a directory") as caught:
        place.resolve(directory="module.py")
    assert caught.value.hint.endswith("`fieldguide .`")
    with pytest.raises(UsageError, match="does not exist"):
        place.resolve(directory="nowhere/at/all")


def test_relative_paths_are_meant_from_where_they_are_written(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flag's from the working directory, a file's from the file's directory, `~` from home."""
    assert place.resolve(output="page.md").output.path == place.here / "page.md"
    monkeypatch.setenv("FIELDGUIDE_LOG_FILE", "~/log")
    assert place.resolve().terminal.log_file == place.home / "log"
    (place.project / "docs").mkdir()
    (place.project / "fieldguide.toml").write_text('output = "docs/page.md"\n')
    assert place.resolve().output.path == place.project / "docs" / "page.md"


def test_paths_that_must_exist_are_checked(place: Place) -> None:
    with pytest.raises(ConfigurationError) as caught:
        place.resolve(prompts="nowhere", output=".", log_file="no/such/file")
    assert len(caught.value.fact.split("\n")) == 3
    assert "`--output` is" in caught.value.fact


def test_no_cache_means_none_and_cache_dir_names_one(place: Place) -> None:
    assert place.resolve(no_cache="true").cache is None
    assert place.resolve(cache_dir="kept").cache == place.here / "kept"


@given(st.text())
def test_printable_text_drives_no_terminal_and_keeps_what_it_can(text: str) -> None:
    shown = printable(text)
    assert all(character.isprintable() or unicodedata.category(character) == "Zs" for character in shown)
    assert printable(shown) == shown
    if text.isprintable():
        assert shown == text


def test_undecodable_and_reordering_characters_are_spelt_out() -> None:
    assert printable(os.fsdecode(b"a\xffb\x1b[2J\n")) == "a\\udcffb\\x1b[2J\\n"
    assert printable("user\u202etxt.exe") == "user\\u202etxt.exe"
    assert printable("a\nb", keep="\n") == "a\nb"


def test_nearest_names_a_neighbour_and_nothing_far_fetched() -> None:
    names = [option.name for option in OPTIONS]
    assert nearest("max_filesize", names) == "max-file-size"
    assert nearest("ouput", names) == "output"
    assert nearest("colour", names) == ""


def test_a_layer_without_a_field_says_nothing_of_it() -> None:
    layer = Layer({"jobs": "1", "timeout": "2"}, {})
    assert layer.without(frozenset({"jobs"})).values == {"timeout": "2"}
