"""What a project can be asked for and found under, whether or not a page shows it."""

from __future__ import annotations

from textwrap import dedent

import pytest
from project_reading import read


def test_every_target_of_a_makefile_is_known_even_those_that_nobody_types() -> None:
    text = "build/out.bin: src\n\tcc src\n\n_hidden:\n\ttrue\n\ntest tests: _hidden\n\tpytest\n\n%.o: %.c\n\tcc $<\n"
    makefile = read("Makefile", text).makefile
    assert makefile is not None
    assert set(makefile.targets) == {"build/out.bin", "_hidden", "test", "tests", "%.o"}
    assert makefile.whole


@pytest.mark.parametrize(
    "line", ["include more.mk", "-include more.mk", "$(eval $(call rule,x))", "define rule\nendef"]
)
def test_a_makefile_that_takes_rules_from_elsewhere_is_not_whole(line: str) -> None:
    makefile = read("Makefile", f"{line}\ntest:\n\tpytest\n").makefile
    assert makefile is not None
    assert not makefile.whole


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", '[project]\nname = "tern"\n[project.urls]\nSource = "https://github.com/birds/tern"\n'),
        ("pyproject.toml", '[tool.poetry]\nname = "tern"\nrepository = "https://github.com/birds/tern"\n'),
        ("setup.cfg", "[metadata]\nname = tern\nproject_urls =\n    Source = https://github.com/birds/tern\n"),
        ("setup.py", 'setup(name="tern", project_urls={"Source": "https://github.com/birds/tern"})\n'),
    ],
)
def test_each_manifest_format_says_where_the_project_lives(path: str, text: str) -> None:
    manifest = read(path, dedent(text)).manifest
    assert manifest is not None
    assert manifest.urls == ("https://github.com/birds/tern",)
