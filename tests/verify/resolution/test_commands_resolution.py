"""Commands, flags, tasks, variables and defaults of a project, and those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from place_trees import Tree, tree_of

from fieldguide.domain.documents import Form, State
from fieldguide.domain.page import ReferenceKind

if TYPE_CHECKING:
    from pathlib import Path

COMMAND, FLAG, VARIABLE = ReferenceKind.COMMAND, ReferenceKind.FLAG, ReferenceKind.VARIABLE
CLI = """
import argparse
import os

HOME = os.environ.get("TERN_HOME", "nest")


def main():
    parser = argparse.ArgumentParser("tern")
    parser.add_argument("--config-file", default="tern.toml")
    below = parser.add_subparsers()
    count = below.add_parser("count")
    count.add_argument("--max-depth", type=int, default=3)
    count.add_argument("--verbose", action="store_true")
    below.add_parser("migrate")
    return parser.parse_args()
"""
FILES = {
    "pyproject.toml": '[project]\nname = "tern"\nscripts = {tern = "tern.cli:main"}\n'
    '[tool.poe.tasks]\nformat = "ruff format"\n',
    "Makefile": "test:\n\tpytest\n\nlint: test\n\truff check\n",
    "docs/Makefile": "%: Makefile\n\tsphinx-build -M $@ . out\n",
    "tox.ini": "[tox]\nenvlist = py{310,311}-{unit,full}, lint\n[testenv]\ncommands = pytest\n",
    "noxfile.py": "import nox\n\n@nox.session\ndef smoke_tests(session):\n    session.run('pytest')\n",
    "package.json": '{"scripts": {"build:css": "postcss", "watch": "postcss -w"}}\n',
    "README.md": "# Tern\n",
    "tern/__init__.py": "",
    "tern/cli.py": CLI,
    "scripts/release.py": "import argparse\n\nparser = argparse.ArgumentParser()\nparser.add_argument('--dry-run')\n",
    "tern/management/__init__.py": "",
    "tern/management/commands/__init__.py": "",
    "tern/management/commands/molt.py": "from django.core.management import BaseCommand\n\n\n"
    "class Command(BaseCommand):\n    def add_arguments(self, parser):\n        parser.add_argument('--feathers')\n",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A program with subcommands, and a file of each task runner."""
    return tree_of(tmp_path_factory.mktemp("tern"), FILES)


@pytest.mark.parametrize(
    "text",
    [
        "tern count --verbose .",
        "TERN_HOME=x tern migrate",
        "uv run tern count",
        "python -m tern.cli",
        "python scripts/release.py",
        "make lint test",
        "make -C docs html",
        "make -j4 test",
        "tox -e py310-unit,lint",
        "tox run -e py311",
        "nox -s smoke_tests-3.12",
        "npm run build:css",
        "poe format",
    ],
)
def test_commands_that_the_project_declares_hold(tree: Tree, text: str) -> None:
    assert tree.answer(COMMAND, text).state is State.HOLDS


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("tern counts .", "tern count ."),
        ("python -m tern.clis", "python -m tern.cli"),
        ("python scripts/releases.py", "scripts/release.py"),
        ("make tests", "make test"),
        ("tox -e py310-units", "tox -e py310-unit"),
        ("nox -s smoke_test", "nox -s smoke_tests"),
        ("npm run build-css", "npm run build:css"),
        ("poe formats", "poe format"),
    ],
)
def test_commands_that_nothing_declares_are_broken_and_tell_what_there_is(tree: Tree, text: str, nearest: str) -> None:
    verdict = tree.answer(COMMAND, text)
    assert verdict.state is State.BROKEN
    assert verdict.nearest[0] == nearest


@pytest.mark.parametrize(
    "text",
    [
        "git counts",
        "make install",
        "make html",
        "make -f other.mk anything",
        "make <target>",
        "npm install",
        "docker compose up web",
        "python -m pip install tern",
        "python setup.py",
        "python my/script.py",
        "npx serve",
    ],
)
def test_nothing_is_said_of_commands_that_may_be_others(tree: Tree, text: str) -> None:
    assert tree.answer(COMMAND, text).state is State.UNKNOWN


def test_a_makefile_that_includes_another_is_not_known_whole(tmp_path: Path) -> None:
    verdict = tree_of(tmp_path, {"Makefile": "include more.mk\ntest:\n\tpytest\n"}).answer(COMMAND, "make tests")
    assert (verdict.certain, verdict.words) == (False, ("tests",))


def test_a_flag_is_judged_by_the_program_before_it(tree: Tree) -> None:
    assert tree.answer(FLAG, "--max-depth", subject="tern count").state is State.HOLDS
    assert tree.answer(FLAG, "--config-file", subject="tern count src").state is State.HOLDS
    verdict = tree.answer(FLAG, "--max-depths", subject="tern count")
    assert (verdict.state, verdict.nearest[0]) == (State.BROKEN, "--max-depth")
    assert verdict.words == ("--max-depths",)
    assert "greatest_depth" in tree.answer(FLAG, "--greatest-depth", subject="tern count").words
    assert tree.answer(FLAG, "--max-depths", subject="find .").state is State.UNKNOWN
    assert tree.answer(FLAG, "--verb", subject="tern count").state is State.UNKNOWN
    assert tree.answer(FLAG, "--config-fil", subject="tern count").nearest[0] == "--config-file"


@pytest.mark.parametrize("program", ["python manage.py molt", "./manage.py molt", "django-admin molt"])
def test_a_management_command_has_its_flags_however_it_is_started(tree: Tree, program: str) -> None:
    assert tree.answer(FLAG, "--feathers", subject=program).state is State.HOLDS
    assert tree.answer(FLAG, "--feather-mode", subject=program).nearest[0] == "--feathers"


@pytest.mark.parametrize("program", ["python scripts/release.py", "release.py", "./scripts/release.py"])
def test_a_flag_of_a_script_is_one_that_the_code_spells_or_unlike_any(tree: Tree, program: str) -> None:
    assert tree.answer(FLAG, "--dry-run", subject=program).state is State.HOLDS
    assert tree.answer(FLAG, "--dry-runs", subject=program).nearest == ("--dry-run",)
    assert tree.answer(FLAG, "--unheard-of", subject=program).state is State.UNKNOWN


def test_a_flag_alone_is_the_projects_only_where_it_is_like_one_of_its_own(tree: Tree) -> None:
    assert tree.answer(FLAG, "--verbose").state is State.HOLDS
    assert tree.answer(FLAG, "--use-max-depth").nearest[0] == "--max-depth"
    assert tree.answer(FLAG, "--no-cache-dir").state is State.UNKNOWN


def test_a_variable_of_the_projects_own_prefix_is_read_or_broken(tree: Tree) -> None:
    assert tree.answer(VARIABLE, "TERN_HOME").state is State.HOLDS
    verdict = tree.answer(VARIABLE, "TERN_NEST_HOME", sentence="Set the environment variable `TERN_NEST_HOME`.")
    assert (verdict.state, verdict.nearest[0]) == (State.BROKEN, "TERN_HOME")
    assert "NEST_HOME" in verdict.words
    assert tree.answer(VARIABLE, "PATH").state is tree.answer(VARIABLE, "GULL_HOME").state is State.UNKNOWN


@pytest.mark.parametrize(
    ("subject", "said", "state"),
    [
        ("--max-depth", "3", State.HOLDS),
        ("--max-depth", "3.0", State.HOLDS),
        ("--max-depth", "5", State.BROKEN),
        ("--max-depth", "the limit", State.UNKNOWN),
        ("--verbose", "False", State.HOLDS),
        ("--verbose", "on", State.BROKEN),
        ("--config-file", "tern.toml", State.HOLDS),
        ("TERN_HOME", "`eyrie`", State.BROKEN),
        ("max_depth", "5", State.UNKNOWN),
    ],
)
def test_a_default_that_is_said_of_a_flag_or_a_variable_is_that_of_the_code(
    tree: Tree, subject: str, said: str, state: State
) -> None:
    verdict = tree.answer(ReferenceKind.VALUE, said, form=Form.PROSE, subject=subject, domain="default")
    assert verdict.state is state
