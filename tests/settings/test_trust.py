"""Whose configuration may set what: nothing that a stranger wrote redirects a key, a prompt or a file."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

from fieldguide.errors import ConfigurationError
from fieldguide.settings.options import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from settings.conftest import Place

_AZURE = (
    "AZURE_OPENAI_ENDPOINT=https://stranger.example.com/\nAZURE_OPENAI_API_KEY=k\n"
    "AZURE_OPENAI_DEPLOYMENT=d\nOPENAI_API_VERSION=2024-10-21\n"
)


def _git(directory: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(directory), *words], check=True, capture_output=True)


def test_dotenv_of_the_working_directory_is_obeyed(place: Place) -> None:
    (place.here / ".env").write_text(_AZURE)
    model = place.resolve().model
    assert model is not None
    assert model.endpoint == "https://stranger.example.com/"
    assert model.chosen_by == "AZURE_OPENAI_ENDPOINT in .env"


def test_dotenv_of_a_documented_directory_elsewhere_is_never_read(place: Place) -> None:
    (place.project / ".env").write_text(_AZURE)
    assert place.resolve().model is None


def test_dotenv_that_git_does_not_track_is_obeyed_even_in_the_documented_directory(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.project)
    (place.project / ".env").write_text(_AZURE)
    _git(place.project, "init")
    assert place.resolve().model is not None


@pytest.mark.parametrize("below", ["", "deep/er"])
def test_dotenv_that_git_tracks_is_named_and_not_obeyed(
    place: Place, monkeypatch: pytest.MonkeyPatch, below: str
) -> None:
    here = place.project / below
    here.mkdir(parents=True, exist_ok=True)
    (here / ".env").write_text(_AZURE)
    _git(place.project, "init")
    _git(place.project, "add", "-f", "--", str(here / ".env"))
    monkeypatch.chdir(here)
    settings = place.resolve()
    assert settings.model is None
    assert any(note.warning and "git tracks the file" in note.message for note in settings.notes)


def test_a_strangers_git_configuration_runs_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """`core.fsmonitor` names a command that plain `git ls-files` would run."""
    marker = place.home / "ran"
    _git(place.project, "init")
    _git(place.project, "config", "core.fsmonitor", f"touch {marker}; false")
    (place.project / ".env").write_text(_AZURE)
    monkeypatch.chdir(place.project)
    assert place.resolve().model is not None
    assert not marker.exists()


def test_where_git_cannot_say_dotenv_is_not_obeyed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.here / ".git").write_text("gitdir: /nowhere\n")
    (place.here / ".env").write_text(_AZURE)
    settings = place.resolve()
    assert settings.model is None
    assert any("git does not say" in note.message for note in settings.notes)
    monkeypatch.setenv("PATH", "")
    assert any("git cannot be asked" in note.message for note in place.resolve().notes)


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("option", [o.name for o in OPTIONS if not o.repository and not o.variable_only])
def test_the_documented_directory_may_not_decide(
    place: Place, monkeypatch: pytest.MonkeyPatch, option: str, *, inside: bool
) -> None:
    """Of every option that is not its own: named in a note, not obeyed, also when the working directory is the same."""
    if inside:
        monkeypatch.chdir(place.project)
    untouched = place.resolve()
    (place.project / "fieldguide.toml").write_text(f'{option} = "https://stranger.example.com/"\n')
    settings = place.resolve()
    note, *rest = settings.notes
    assert note.warning
    assert f"`{option}` in `fieldguide.toml` of the documented directory is not obeyed" in note.message
    assert (settings.model, settings.output, settings.terminal, tuple(rest)) == (
        untouched.model,
        untouched.output,
        untouched.terminal,
        untouched.notes,
    )


@pytest.mark.parametrize("key", ["api-key", "azure-api-key", "openai-api-key"])
def test_no_toml_file_holds_a_key(place: Place, key: str) -> None:
    (place.project / "fieldguide.toml").write_text(f'{key} = "k-secret"\n')
    assert place.resolve().model is None
    (place.project / "fieldguide.toml").unlink()
    place.user_file.write_text(f'{key} = "k-secret"\n')
    with pytest.raises(ConfigurationError, match="holds a key") as caught:
        place.resolve()
    assert "k-secret" not in caught.value.fact + caught.value.hint


@pytest.mark.parametrize(
    "output",
    [
        "../page.md",
        "/page.md",
        "~/page.md",
        "link/page.md",
        "setup.py",
        ".git/hooks.md",
        "docs/../../page.md",
        "a\\u0000.md",
    ],
)
def test_the_documented_directory_writes_no_page_outside_itself_and_over_no_code(place: Place, output: str) -> None:
    (place.project / "link").symlink_to(place.home)
    (place.project / "fieldguide.toml").write_text(f'output = "{output}"\n')
    settings = place.resolve()
    assert settings.output.path is None
    assert any("`output` in `fieldguide.toml`" in note.message for note in settings.notes)


def test_the_documented_directory_decides_about_its_own_files(place: Place) -> None:
    (place.project / "pyproject.toml").write_text(
        '[tool.fieldguide]\ninclude = ["*.rst"]\nexclude = "old/"\nmax-file-size = 9\noutput = "GUIDE.md"\n'
    )
    settings = place.resolve()
    assert (settings.scan.include, settings.scan.exclude) == (("*.rst",), ("old/",))
    assert settings.scan.max_file_size == 9
    assert settings.output.path == place.project / "GUIDE.md"


def test_its_own_file_goes_before_its_pyproject(place: Place) -> None:
    (place.project / "pyproject.toml").write_text('[tool.fieldguide]\ninclude = ["a"]\nexclude = ["b"]\n')
    (place.project / "fieldguide.toml").write_text('include = ["c"]\n')
    scan = place.resolve().scan
    assert (scan.include, scan.exclude) == (("c",), ())


def test_the_users_own_file_and_one_that_is_named_may_set_everything(place: Place) -> None:
    place.user_file.write_text('base-url = "http://localhost:1/v1"\nmodel = "m"\n')
    model = place.resolve().model
    assert model is not None
    assert model.chosen_by == "base-url in fieldguide.toml"
    (place.project / "fieldguide.toml").write_text('base-url = "http://localhost:2/v1"\nmodel = "named"\n')
    model = place.resolve(config=str(place.project / "fieldguide.toml")).model
    assert model is not None
    assert model.model == "named"


def test_a_named_file_that_is_missing_is_a_fault(place: Place) -> None:
    with pytest.raises(ConfigurationError, match=r"`--config` names .* which does not exist"):
        place.resolve(config="no.toml")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a = ", "not TOML"),
        (b"\xff", "not UTF-8"),
        (b"a=" + b"[" * 50_000, "is n(ested|ot)"),
        (b"#" * 1_000_001, "too large"),
    ],
)
def test_a_broken_file_of_ours_is_a_fault_and_a_broken_pyproject_a_warning(
    place: Place, content: bytes, reason: str
) -> None:
    path = place.project / "pyproject.toml"
    path.write_bytes(content)
    assert any(note.warning and re.search(reason, note.message) for note in place.resolve().notes)
    path.rename(place.project / "fieldguide.toml")
    with pytest.raises(ConfigurationError, match=reason):
        place.resolve()


def test_a_configuration_that_is_a_link_out_of_the_directory_is_not_read(place: Place) -> None:
    outside = place.home / "pyproject.toml"
    outside.write_text('[tool.fieldguide]\ninclude = ["*.rst"]\n')
    (place.project / "pyproject.toml").symlink_to(outside)
    settings = place.resolve()
    assert settings.scan.include == ()
    assert any("leaves the directory" in note.message for note in settings.notes)


@pytest.mark.parametrize(
    ("by", "trusted"), [("repository", False), ("flag", True), ("variable", True), ("nobody", True)]
)
def test_the_documented_directory_names_files_without_the_users_trust(
    place: Place, monkeypatch: pytest.MonkeyPatch, by: str, *, trusted: bool
) -> None:
    """What it names opens neither credentials nor what git ignores; see the scan."""
    (place.project / "fieldguide.toml").write_text("" if by == "nobody" else "include = ['.env']\n")
    if by == "variable":
        monkeypatch.setenv("FIELDGUIDE_INCLUDE", ".env")
    settings = place.resolve(include=(".env",)) if by == "flag" else place.resolve()
    assert settings.scan.trusted is trusted
    assert settings.scan.include == (() if by == "nobody" else (".env",))
