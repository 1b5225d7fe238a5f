"""A page of a real tree: files on disk through scan, redaction and analysis to Markdown whose every link resolves."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from fieldguide.analyse import analyse_file, assemble, module_names
from fieldguide.domain.page import Prose
from fieldguide.domain.sections import FACTS_ONLY, WITH_MODEL
from fieldguide.domain.source import OtherFile, SourceFile
from fieldguide.redact import Redactor
from fieldguide.scan import read_text, scan
from fieldguide.write import render_sections, undescribed

if TYPE_CHECKING:
    from fieldguide.domain.codebase import Codebase, FileFacts

FILES = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "kettle"
description = "Boil water on time."
requires-python = ">=3.10"
license = "MIT"
dependencies = ["click>=8"]
[project.optional-dependencies]
tea = ["teabag"]
dev = ["pytest"]
[project.scripts]
kettle = "kettle.cli:main"
""",
    "src/kettle/__init__.py": '"""Boil."""\nfrom kettle.core import Kettle, boil\n\n__all__ = ["Kettle", "boil"]\n',
    "src/kettle/py.typed": "",
    "src/kettle/core.py": '''\
"""The kettle itself."""
import os

from kettle import units, wires


class Kettle:
    """Heats water <b>fast</b> | or slowly.

    Args:
        volume: Litres.
    """

    def __init__(self, volume=1.0, *, power=2000):
        self.volume = volume
        self.where = os.environ.get("KETTLE_PLACE", "kitchen")

    def empty(self):
        """Pour everything out."""


def boil(kettle, degrees=100):
    return wires.heat(kettle, units.kelvin(degrees))
''',
    "src/kettle/units.py": '"""Units."""\n\n\ndef kelvin(celsius):\n    """Convert."""\n    return celsius + 273\n',
    "src/kettle/wires.py": '"""Wires."""\nfrom kettle import units\n\n\ndef heat(kettle, kelvin):\n    """Heat."""\n',
    "src/kettle/cli.py": '''\
"""The command line."""
import click

from kettle.core import boil


@click.command()
@click.option("--degrees", "-d", default=100, help="How hot | how much.")
@click.argument("place")
def main(degrees, place):
    """Boil at PLACE."""
    boil(place, degrees)
''',
    "tests/test_core.py": "from kettle import Kettle\n\n\ndef test_volume():\n    assert Kettle(2).volume == 2\n",
    "docs/odd (name) #1.md": "# Odd\n",
    "LICENSE": "MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\n",
    "Makefile": "test:  ## Run the tests\n\tpytest\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def codebase_of(root: Path) -> Codebase:
    found = list(scan(root))
    files = [one for one in found if isinstance(one, SourceFile)]
    names = module_names([one.path for one in files if one.language == "python"])
    redactor = Redactor(b"k" * 32)
    facts: list[FileFacts] = []
    for one in files:
        text = read_text(root, one)
        assert isinstance(text, str)
        facts.append(analyse_file(one, redactor.redact(one.path, text)[0], names.get(one.path, "")))
    others = [one for one in found if isinstance(one, OtherFile)]
    return assemble(name=root.name, files=files, facts=facts, others=others, skipped=[], revision=None)


def page_of(codebase: Codebase, prose: Prose | None = None) -> str:
    outline = WITH_MODEL if prose else FACTS_ONLY
    parts: list[str] = []
    for one in render_sections(codebase, page="README.md", outline_sections=outline, prose=prose):
        if one.markdown:
            parts += [f"## {one.section.heading}", one.markdown] if one.section.heading else [one.markdown]
    return "\n\n".join(parts) + "\n"


def test_every_link_leads_to_lines_that_exist(tree: Path) -> None:
    page = page_of(codebase_of(tree))
    links = re.findall(r"\]\(([^)#]+)(?:#L(\d+)(?:-L(\d+))?)?\)", page)
    assert len(links) > 10
    for path, first, last in links:
        target = tree / unquote(path)
        assert target.exists(), path
        if first:
            lines = len(target.read_text(encoding="utf-8").splitlines())
            assert 1 <= int(first) <= int(last or first) <= lines


def test_links_of_names_start_where_the_definition_does(tree: Path) -> None:
    interface = page_of(codebase_of(tree)).partition("## Public interface")[2].partition("\n## ")[0]
    found = re.findall(r"\[`(?:\w+\.)*(\w+)[^`]*`\]\((src/[^)#]+)#L(\d+)", interface)
    assert found
    for name, path, first in found:
        line = (tree / path).read_text(encoding="utf-8").splitlines()[int(first) - 1]
        assert name in line or line.startswith("@"), (name, line)


def test_the_page_says_what_the_files_say(tree: Path) -> None:
    page = page_of(codebase_of(tree))
    assert "pip install kettle" in page
    assert "| `tea` | `teabag` |" in page
    assert "kettle PLACE" in page or "kettle place" in page.lower()
    assert re.search(r"\| `--degrees`, `-d INTEGER` \| `100` \| How hot \S*\\\|\S* how much\. \|\n", page)
    assert "`KETTLE_PLACE`" in page
    assert "Heats water" in page
    assert not re.search(r"(?<![\\`])<b>", page)
    assert "pip install -e '.[dev]'" in page


def test_the_page_of_a_tree_passes_the_linter(tree: Path) -> None:
    prose = Prose({"overview": "Water.\n\nIt is hot.", "how_it_works": "`boil` heats."}, {"kettle.boil": "Boil it"})
    config = tree / "rumdl.toml"
    config.write_text('[global]\ndisable = ["MD013", "MD033"]\n', encoding="utf-8")
    codebase = codebase_of(tree)
    for name, text in (("facts.md", page_of(codebase)), ("prose.md", page_of(codebase, prose))):
        (tree / name).write_text(text, encoding="utf-8")
    rumdl = Path(sys.executable).with_name("rumdl")
    command = [rumdl, "check", "--no-cache", "--config", config, "facts.md", "prose.md"]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_asked_for_is_what_has_no_words(tree: Path) -> None:
    asked = undescribed(codebase_of(tree))
    assert "kettle.boil" in asked
    assert "kettle.Kettle" not in asked
    assert "src/kettle/core.py" not in asked
