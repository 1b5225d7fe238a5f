"""A documented directory's own configuration switches nothing off that protects its reader, and `.env` is watched."""

from __future__ import annotations

import dataclasses
import subprocess
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from fieldguide.errors import ConfigurationError
from fieldguide.settings.options import OPTIONS

if TYPE_CHECKING:
    from fieldguide.settings import Settings
    from settings.conftest import Place

WISHES = {
    "redact": '"standard"',
    "hide": '["ip-address"]',
    "secret-pattern": '["a=b"]',
    "reviewed": f'["{"0" * 32}"]',
    "fail-on-secret": "false",
    "redaction-report": '"setup.py"',
    "allow-host": '["stranger.example"]',
    "allow-http": "true",
    "tracing": "true",
    "key-from": '"keyring:a/b"',
    "redaction-key": '"a key of sixteen letters"',
    "base-url": '"http://stranger.example/v1"',
    "header": '["X-Key: a"]',
    "cache-dir": '"kept"',
    "no-cache": "true",
    "log-file": '"log.txt"',
}
"""By option: what a hostile file would like it to be, in the form that the user's own file may use."""

USERS = """\
redact = "strict"
fail-on-secret = true
allow-host = ["localhost"]
base-url = "http://localhost:1/v1"
model = "m"
"""


def _without_notes(settings: Settings) -> Settings:
    return dataclasses.replace(settings, notes=())


@pytest.mark.parametrize("file", ["fieldguide.toml", "pyproject.toml"])
@pytest.mark.parametrize("option", list(WISHES))
@pytest.mark.parametrize("inside", [False, True])
def test_nothing_of_a_run_changes_by_what_the_documented_directory_wishes(
    place: Place, monkeypatch: pytest.MonkeyPatch, option: str, file: str, *, inside: bool
) -> None:
    """The settings are the same to the last field, and one warning more names the option and the file."""
    place.user_file.write_text(USERS)
    if inside:
        monkeypatch.chdir(place.project)
    before = place.resolve()
    head = "[tool.fieldguide]\n" if file == "pyproject.toml" else ""
    (place.project / file).write_text(f"{head}{option} = {WISHES[option]}\n")
    after = place.resolve()
    assert _without_notes(after) == _without_notes(before)
    assert after.redaction.level == "strict"
    assert after.redaction.fail
    (warning,) = (note for note in after.notes if note not in before.notes)
    assert warning.warning
    assert f"`{option}` in `{file}` of the documented directory is not obeyed" in warning.message


def test_the_wishes_cover_every_option_of_hiding_and_of_reach() -> None:
    guarded = {option.name for option in OPTIONS if option.group in {"What is hidden", "What may be reached"}}
    assert guarded <= WISHES.keys()
    assert not any(option.repository for option in OPTIONS if option.name in WISHES)


def test_the_users_own_file_may_say_all_of_it(place: Place) -> None:
    place.user_file.write_text(
        USERS + f'hide = "ip-address"\nsecret-pattern = ["a=b"]\nreviewed = ["{"A" * 32}"]\n'
        'redaction-report = "found.json"\nallow-http = true\ntracing = true\n'
    )
    settings = place.resolve()
    assert settings.redaction.patterns == (("a", "b"),)
    assert settings.redaction.reviewed == {"a" * 32}
    assert settings.redaction.report == place.user_file.parent / "found.json"
    assert settings.model is not None
    assert settings.model.tracing
    assert settings.allowed_hosts == {"localhost"}


def test_no_file_of_toml_holds_the_key_of_placeholders(place: Place) -> None:
    place.user_file.write_text('redaction-key = "a key of sixteen letters"\n')
    with pytest.raises(ConfigurationError, match=r"`redaction-key` .* holds a key") as caught:
        place.resolve()
    assert "sixteen letters" not in caught.value.fact + caught.value.hint


@pytest.mark.parametrize("variable", ["FIELDGUIDE_REVIEWED", "FIELDGUIDE_ALLOW_HTTP", "FIELDGUIDE_REDACTION_KEY"])
def test_a_dotenv_that_git_tracks_switches_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.chdir(place.project)
    before = place.resolve()
    (place.project / ".env").write_text(f"{variable}={'0' * 32}\n")
    for words in (["init", "-q"], ["add", "-f", ".env"]):
        subprocess.run(["git", *words], cwd=place.project, check=True)
    after = place.resolve()
    assert _without_notes(after) == _without_notes(before)
    assert "git tracks the file" in after.notes[0].message


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o602, 0o600, 0o400])
def test_a_dotenv_with_a_key_that_others_may_read_is_warned_of(place: Place, mode: int) -> None:
    value = f"key-{uuid4().hex}"
    path = place.here / ".env"
    path.write_text(f"OPENAI_API_KEY={value}\n")
    path.chmod(mode)
    settings = place.resolve()
    assert settings.model is not None
    warnings = [note.message for note in settings.notes if note.warning]
    assert warnings == (
        ["`.env` holds a key (OPENAI_API_KEY) and others may read it: `chmod 600 .env`"] if mode & 0o077 else []
    )
    assert value not in repr(settings)


def test_a_dotenv_without_a_key_may_be_read_by_others(place: Place) -> None:
    (place.here / ".env").write_text("FIELDGUIDE_JOBS=2\n")
    (place.here / ".env").chmod(0o644)
    settings = place.resolve()
    assert settings.jobs == 2
    assert not any(note.warning for note in settings.notes)
