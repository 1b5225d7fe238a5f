"""A clean place for the tests of settings: no variable, home or working directory of the person who runs them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from fieldguide.settings import Arguments, Settings, resolve

_FOREIGN = ("FIELDGUIDE_", "AZURE_", "OPENAI_", "GIT_", "XDG_")


@dataclass(frozen=True)
class Place:
    """A documented directory, a working directory beside it, and a home."""

    project: Path
    here: Path
    home: Path

    @property
    def user_file(self) -> Path:
        """Where the user's own TOML file lies."""
        path = self.home / ".config" / "fieldguide" / "fieldguide.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def resolve(
        self, action: str = "document", directory: str | None = None, **options: str | tuple[str, ...]
    ) -> Settings:
        """Resolve a command line; option names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in options.items()}
        return resolve(Arguments(action, str(self.project) if directory is None else directory, named))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name in list(os.environ):
        if name.startswith(_FOREIGN):
            monkeypatch.delenv(name)
    made = Place(tmp_path / "project", tmp_path / "here", tmp_path / "home")
    for directory in (made.project, made.here, made.home):
        directory.mkdir()
    monkeypatch.setenv("HOME", str(made.home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(made.home / ".config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(made.home / ".cache"))
    monkeypatch.chdir(made.here)
    return made
