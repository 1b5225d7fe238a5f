"""What a person can type in a project's directory, read from each tool's file."""

from __future__ import annotations

import shutil
import subprocess
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from project_reading import join, read

from fieldguide.analyse.project.commands.tox import condense, expand
from growth import assert_linear_in, ends

if TYPE_CHECKING:
    from pathlib import Path

    from fieldguide.domain.project import Command

MAKEFILE = """\
VENV ?= .venv
BIN := $(VENV)/bin
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
endif
FILES = src \\
    tests

.DEFAULT_GOAL := help

.PHONY: help
help: ## Show this help. Then stop.
\t@grep -h '##' $(MAKEFILE_LIST)

# Check the style.
.PHONY: lint
lint: $(VENV)/stamp
\t@echo linting
\t. $(BIN)/activate && ruff check $(FILES) && mypy --strict $(shell ls)

.PHONY: test tests check
test tests:
\t$(BIN)/pytest -k $(T)

check: lint test

$(VENV)/stamp:
\tpython -m venv $(VENV)

_private:
\ttrue

%.html: %.md
\tpandoc $<
"""


def commands_of(path: str, text: str) -> dict[str, Command]:
    return {one.name: one for one in read(path, text).commands}


def test_make_targets_have_help_recipes_and_the_default_goal() -> None:
    commands = commands_of("Makefile", MAKEFILE)
    assert list(commands) == ["help", "lint", "test", "check"]
    assert commands["help"].summary == "Show this help."
    assert commands["help"].default
    assert commands["lint"].summary == "Check the style."
    assert commands["lint"].runs == ("ruff check src tests", "mypy --strict")
    assert commands["test"].runs == ("pytest",)
    assert commands["check"].runs == ("make lint", "make test")
    assert (commands["lint"].span.first, commands["lint"].span.last) == (17, 19)


def test_make_targets_in_a_folder_are_called_from_the_root() -> None:
    assert commands_of("docs/Makefile", "html:\n\tsphinx-build . out\n")["html"].invocation == "make -C docs html"


@pytest.mark.skipif(shutil.which("make") is None, reason="compares with GNU make")
def test_make_agrees_on_what_a_target_runs(tmp_path: Path) -> None:
    """Oracle: `make --dry-run` prints what we say that a target with plain variables runs."""
    text = "A = one\nB := $(A) two\nall: first\nfirst:\n\techo-like $(B) ${A} $$HOME\n\t-other \\\n\t  more\n"
    (tmp_path / "Makefile").write_text(text)
    printed = subprocess.run(["make", "-n", "first"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    expected = [" ".join(line.replace("\\\n", " ").split()) for line in printed.replace("\\\n", " ").splitlines()]
    assert list(commands_of("Makefile", text)["first"].runs) == expected


TOX = """\
[tox]
envlist = py{39,310}-{unit,web}, lint
    docs

[testenv]
description = run the tests
commands =
    coverage erase
    unit: pytest {posargs:tests} \\
        --strict
    web: pytest {tty:--color=yes} web

[testenv:lint]
description = check the style of {basepython}
commands = {[base]lint}

[testenv:docs]
description =
    build the
    documentation
commands = {envpython} -m sphinx {toxinidir}/docs {posargs}

[testenv:release]
commands = twine upload dist/*

[base]
lint = ruff check .
"""


def test_tox_environments_that_run_the_same_are_one_command() -> None:
    commands = commands_of("tox.ini", TOX)
    assert list(commands) == ["py{39,310}-unit", "py{39,310}-web", "lint", "docs", "release"]
    assert commands["py{39,310}-unit"].runs == ("coverage erase", "pytest tests --strict")
    assert commands["py{39,310}-unit"].invocation == "tox -e py39-unit,py310-unit"
    assert commands["py{39,310}-web"].runs == ("coverage erase",)
    assert commands["lint"].runs == ("ruff check .",)
    assert commands["lint"].summary == ""
    assert commands["docs"].summary == "build the documentation"
    assert commands["docs"].runs == ("python -m sphinx docs",)
    assert commands["docs"].span.first == 17
    assert [one.default for one in commands.values()] == [True, True, True, True, False]


def test_tox_without_a_list_runs_the_environment_of_the_base() -> None:
    commands = commands_of("tox.ini", "[testenv]\ncommands = pytest\n[testenv:lint]\ncommands = ruff check\n")
    assert [(one.name, one.default) for one in commands.values()] == [("py", True), ("lint", False)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("py{39,310}", ["py39", "py310"]),
        ("py3{9-11}, lint", ["py39", "py310", "py311", "lint"]),
        ("{a,b}-{c,d}", ["a-c", "a-d", "b-c", "b-d"]),
        ("py310-x{,-cov}", ["py310-x", "py310-x-cov"]),
    ],
)
def test_generative_lists_expand_as_tox_documents(text: str, names: list[str]) -> None:
    assert expand(text) == names


@pytest.mark.parametrize(
    "names", [["py39", "py310"], ["py39-unit", "py310-unit"], ["a", "b"], ["lint"], ["py3-x", "pypy3-x"]]
)
def test_condensed_names_expand_to_the_same_names(names: list[str]) -> None:
    """Law: what is shown means exactly the environments that it stands for."""
    assert expand(condense(names)) == names


def test_native_tox_tables() -> None:
    commands = commands_of(
        "pyproject.toml",
        dedent("""\
            [tool.tox]
            env_list = ["3.12", "3.13", "type"]
            [tool.tox.env_run_base]
            description = "run the tests"
            commands = [["pytest", { replace = "posargs", default = ["tests"], extend = true }]]
            [tool.tox.env.type]
            commands = [["mypy", "src dir"]]
            """),
    )
    assert commands["3.{12,13}"].runs == ("pytest tests",)
    assert commands["type"].runs == ("mypy 'src dir'",)
    assert commands["type"].span.first == 6


NOXFILE = '''\
import nox
from nox import session as nox_session

ARGS = ["--strict"]
nox.options.sessions = ["tests", "lint"]


@nox.session(python=["3.11"], name="tests")
@nox.parametrize("tool", ["pytest", "trial"])
def run_tests(session, tool):
    """
    Run the tests. With coverage.
    """
    session.install("-e", ".")
    if session.posargs and session.posargs[0] == "watch":
        session.run("watch")
        return
    session.run(tool, *ARGS, "tests", *session.posargs)


@nox.session
def lint(session):
    for target in session.posargs or ["src", "tests"]:
        session.run("ruff", "check", target)
    session.run("mypy", "-p", find_package(), "--more")


@nox.session
def dev(session):
    session.install("-e", ".", "--group", "dev")


def helper(session):
    session.run("never")
'''


def test_nox_sessions_show_what_they_run_without_arguments() -> None:
    commands = commands_of("noxfile.py", NOXFILE)
    assert list(commands) == ["tests", "lint", "dev"]
    assert commands["tests"].summary == "Run the tests."
    assert commands["tests"].runs == ("pytest --strict tests", "trial --strict tests")
    assert commands["lint"].runs == ("ruff check src", "ruff check tests", "mypy")
    assert commands["dev"].runs == ("pip install -e . --group dev",)
    assert [one.default for one in commands.values()] == [True, True, False]
    assert (commands["tests"].span.first, commands["tests"].span.last) == (8, 18)


def test_tasks_of_hatch_pdm_poe_and_taskipy() -> None:
    commands = {
        one.invocation: one
        for one in read(
            "pyproject.toml",
            dedent("""\
                [tool.hatch.envs.default.scripts]
                test = "pytest {args:tests}"
                all = ["lint", "test"]
                [tool.hatch.envs.docs.scripts]
                build = "mkdocs build"
                [tool.pdm.scripts]
                _hidden = "x"
                lint = {cmd = ["ruff", "check"], help = "Check the style."}
                [tool.poe.tasks]
                both.sequence = ["one", {cmd = "two"}]
                [tool.taskipy.tasks]
                fmt = "ruff format"
                """),
        ).commands
    }
    assert list(commands) == [
        "hatch run test",
        "hatch run all",
        "hatch run docs:build",
        "pdm run lint",
        "poe both",
        "task fmt",
    ]
    assert commands["pdm run lint"].summary == "Check the style."
    assert commands["pdm run lint"].runs == ("ruff check",)
    assert commands["pdm run lint"].span.first == 8
    assert commands["poe both"].runs == ("one", "two")


def test_just_recipes_invoke_tasks_npm_scripts_and_pre_commit_hooks() -> None:
    just = commands_of(
        "justfile",
        "set shell := ['bash']\nout := 'dist'\n\n# Build it. Fast.\nbuild target='x': clean\n    @echo hi\n"
        "    build -o {{out}} {{target}}\n    cp a {{out}}\n\n[private]\nhidden:\n    x\n"
        "_own:\n    y\nclean:\n    rm -r dist\n",
    )
    assert list(just) == ["build", "clean"]
    assert (just["build"].summary, just["build"].runs, just["build"].default) == ("Build it.", ("cp a dist",), True)
    invoke = commands_of(
        "tasks.py",
        "from invoke import task\n\n\n@task(default=True)\ndef run_tests(c):\n"
        '    """Run them all."""\n    c.run(f"pytest {1}")\n    c.run(compute())\n',
    )
    assert invoke["run-tests"].runs == ("pytest 1",)
    assert (invoke["run-tests"].invocation, invoke["run-tests"].default) == ("invoke run-tests", True)
    npm = commands_of(
        "ui/package.json",
        '{\n "name": "build",\n "scripts": {\n  "build": "vite",\n  "prebuild": "x",\n  "test": "t"\n }\n}\n',
    )
    assert [(one.invocation, one.span.first) for one in npm.values()] == [
        ("npm --prefix ui run build", 4),
        ("npm --prefix ui test", 6),
    ]
    hooks = commands_of(
        ".pre-commit-hooks.yaml",
        "-   id: spam\n    name: Spam\n    description: Fries it.\n    entry: spam-hook\n    args: [--all]\n"
        "- id: no-entry\n",
    )
    assert [(one.name, one.summary, one.runs, one.span.last) for one in hooks.values()] == [
        ("spam", "Fries it.", ("spam-hook --all",), 5)
    ]


def test_commands_of_samples_are_not_the_projects_and_installed_ones_come_first() -> None:
    project = join(
        {
            "pyproject.toml": '[project]\nname = "spam"\n[project.scripts]\nspam = "spam.cli:main"\n',
            "Makefile": "test:\n\tpytest\n",
            "tests/data/Makefile": "sample:\n\ttrue-sample\n",
            "src/spam/__init__.py": '"""Fries spam."""\n',
            "src/spam/__main__.py": "from spam.cli import main\nmain()\n",
            "src/spam/cli.py": 'def main(): ...\nif __name__ == "__main__":\n    main()\n',
            "scripts/release.py": '"""Release it."""\nif __name__ == "__main__":\n    print()\n',
        }
    )
    assert [(one.invocation, one.summary) for one in project.commands] == [
        ("spam", ""),
        ("python -m spam", "Fries spam."),
        ("python scripts/release.py", "Release it."),
        ("make test", ""),
    ]


def test_loose_scripts_with_a_main_guard_are_commands() -> None:
    project = join(
        {
            "games/snake.py": '"""Play snake."""\nif __name__ == "__main__":\n    print()\n',
            "games/module.py": "X = 1\n",
            "package/__init__.py": "",
            "package/inner.py": 'if __name__ == "__main__":\n    print()\n',
        },
        "toys",
    )
    assert project.name == "toys"
    assert [one.invocation for one in project.commands] == ["python games/snake.py"]


def test_hostile_makefiles_and_generators_end_soon() -> None:
    """Variables that double at each step, combinations without end: cut off, not computed."""
    doubling = "".join(f"V{number} = $(V{number + 1}) $(V{number + 1})\n" for number in range(60))
    extended = "x = x + x\n" * 60
    with ends():
        read("Makefile", f"{doubling}all:\n\trun $(V0)\n")
        read("tox.ini", f"[tox]\nenvlist = {'{a,b}-' * 40}x\n[testenv]\ncommands = pytest\n")
        read("tox.ini", "[tox]\nenvlist = py{1-9999}\n[testenv]\ncommands = pytest\n")
        read("setup.py", f"from setuptools import setup\nx = ['a']\n{extended}setup(install_requires=x)\n")
        read("noxfile.py", "import nox\n@nox.session\ndef f(s):\n" + nested_loops(12))
    assert_linear_in(f"[metadata]\na{' ' * 200_000}", lambda text: read("setup.cfg", f"{text}\n"))


def nested_loops(depth: int) -> str:
    lines = [f"{' ' * (level + 1)}for v{level} in [1, 2, 3, 4]:" for level in range(depth)]
    return "\n".join([*lines, f"{' ' * (depth + 1)}s.run('x', str(v0))", ""])
