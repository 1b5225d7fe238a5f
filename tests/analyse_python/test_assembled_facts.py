"""Facts as a page prints them, from whole small projects: what a reader must never be told, and what they miss."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping

import pytest

from fieldguide.domain.codebase import Codebase, FileFacts
from fieldguide.domain.project import CommandKind

Build = Callable[[Mapping[str, str]], Codebase]

PROJECT = '[project]\nname = "pkg"\nrequires-python = ">=3.10"\n'
SCRIPT = f'{PROJECT}[project.scripts]\npkg = "pkg.cli:main"\n'


def short_names(codebase: Codebase, module: str) -> list[str]:
    return [one.name.removeprefix(f"{module}.") for one in codebase.exports[module]]


def test_commands_and_request_handlers_are_no_interface(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pyproject.toml": SCRIPT,
        "pkg/__init__.py": "",
        "pkg/cli.py": "import click\n@click.group()\ndef main(): ...\n@main.command()\ndef tables(): ...\n",
        "pkg/views.py": "@bp.route('/')\ndef index(): ...\ndef render(): ...\n",
    })  # fmt: skip
    assert {one.name for names in codebase.exports.values() for one in names} == {"pkg.views.render"}


def test_what_tests_try_comes_before_what_the_package_itself_needs(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pyproject.toml": PROJECT,
        "pkg/__init__.py": "from ._core import want_bytes, Signer\n",
        "pkg/_core.py": "def want_bytes(): ...\nclass Signer: ...\n",
        "pkg/_a.py": "from ._core import want_bytes\n",
        "pkg/_b.py": "from ._core import want_bytes\n",
        "pkg/_c.py": "from ._core import want_bytes\n",
        "tests/test_signer.py": "from pkg import Signer\ndef test_sign():\n    assert Signer() != 1\n",
    })  # fmt: skip
    assert short_names(codebase, "pkg") == ["Signer", "want_bytes"]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ('["Schema", "And", "Or"]', ["Schema", "And", "Or"]),
        ('["And", "Or", "Schema"]', ["Or", "Schema", "And"]),
    ],
    ids=["chosen by the author", "sorted: says nothing"],
)
def test_among_equals_the_order_of_all_counts_where_an_author_chose_it(
    codebase_of: Build, listed: str, expected: list[str]
) -> None:
    text = f"__all__ = {listed}\nclass Or: ...\nclass Schema: ...\nclass And: ...\n"
    assert short_names(codebase_of({"pyproject.toml": PROJECT, "pkg/__init__.py": text}), "pkg") == expected


def test_no_default_of_a_credential_is_a_fact(codebase_of: Build) -> None:
    codebase = codebase_of({
        "config.py": (
            "import os\n"
            "class Config:\n"
            "    SECRET_KEY = os.environ.get('SECRET_KEY') or 'guess-me'\n"
            "    DEPLOY_TOKEN = 'abc'\n"
            "    MAX_TOKENS = '25'\n"
            "    MAIL_PORT = int(os.environ.get('MAIL_PORT') or 25)\n"
        ),
        "app.py": "import os\nkey = os.getenv('API_KEY', 'changeme')\nport = os.getenv('PORT', '80')\n",
    })  # fmt: skip
    fields = {one.names[0]: one.default for one in codebase.settings_classes[0].fields}
    assert fields == {"SECRET_KEY": None, "DEPLOY_TOKEN": None, "MAX_TOKENS": "'25'", "MAIL_PORT": "25"}
    read = {one.names[0]: one.default for one in codebase.environment}
    assert (read["API_KEY"], read["PORT"]) == (None, "'80'")


def test_a_default_that_another_modules_class_holds_is_its_literal(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pyproject.toml": SCRIPT,
        "pkg/__init__.py": "",
        "pkg/service.py": "class Service:\n    URL = 'https://api.example/v1'\n    def ask(self): ...\n",
        "pkg/cli.py": (
            "import argparse, os\nfrom pkg.service import Service\n"
            "def main():\n    parser = argparse.ArgumentParser()\n"
            "    parser.add_argument('--plain', default=Service.URL)\n"
            "    parser.add_argument('--url', default=os.environ.get('PKG_URL', Service.URL))\n"
            "    parser.parse_args()\n"
        ),
    })  # fmt: skip
    defaults = {one.names[0]: one.default for one in codebase.command_lines[0].options}
    assert defaults == {"--plain": "'https://api.example/v1'", "--url": "'https://api.example/v1'"}
    assert [one.default for one in codebase.environment] == ["'https://api.example/v1'"]


def test_a_dependency_for_older_pythons_than_supported_is_none(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pyproject.toml": (
            f"{PROJECT}dependencies = ['old; python_version < \"3.10\"', 'older; python_version == \"2.7\"',"
            " 'some; python_version < \"3.11\"', 'always']\n"
        ),
        "pkg/__init__.py": "import always\n",
    })  # fmt: skip
    assert [one.name for one in codebase.dependencies] == ["some", "always"]


def test_an_undeclared_import_that_every_run_makes_is_required(codebase_of: Build) -> None:
    codebase = codebase_of({
        "pyproject.toml": f"{SCRIPT}[project.optional-dependencies]\nextra = ['declared']\n",
        "pkg/__init__.py": "",
        "pkg/cli.py": "from pkg import always\ndef main(): ...\n",
        "pkg/always.py": "import forgotten\ntry:\n    import guarded\nexcept ImportError:\n    pass\n",
        "pkg/workers.py": "import gunicorn\n",
        "requirements.txt": "click\n",
    })  # fmt: skip
    optional = {one.name: one.optional for one in codebase.dependencies if one.imports}
    assert optional == {"forgotten": False, "guarded": True, "gunicorn": True}


def test_the_suite_and_the_migrations_that_convention_brings_are_commands(codebase_of: Build) -> None:
    codebase = codebase_of({
        "requirements.txt": "Flask\nFlask-Migrate==4.0\n",
        "tests.py": "import unittest\nif __name__ == '__main__':\n    unittest.main()\n",
        "migrations/env.py": "from alembic import context\n",
    })  # fmt: skip
    found = {one.invocation for one in codebase.commands if one.kind is CommandKind.TASK}
    assert found == {"python tests.py", "flask db upgrade"}


def test_a_tool_beside_the_package_is_not_the_product(codebase_of: Build) -> None:
    program = "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--x')\nparser.parse_args()\n"
    guarded = "import argparse\nif __name__ == '__main__':\n    " + program.partition("\n")[2].replace("\n", "\n    ")
    codebase = codebase_of({
        "pyproject.toml": SCRIPT,
        "pkg/__init__.py": "",
        "pkg/cli.py": "import argparse\ndef main():\n    " + program.partition("\n")[2].replace("\n", "\n    ") + "\n",
        "downstream/run.py": guarded + "\n",
    })  # fmt: skip
    assert [one.program for one in codebase.command_lines] == ["pkg"]


def test_a_distribution_below_the_root_does_not_name_the_whole(codebase_of: Build) -> None:
    codebase = codebase_of({"backend/pyproject.toml": "[project]\nname = 'app'\n", "backend/app/__init__.py": ""})
    assert codebase.name != "app"


def test_project_scripts_without_a_backend_are_built_by_the_default_one(codebase_of: Build) -> None:
    manifest = codebase_of({"pyproject.toml": SCRIPT, "pkg/__init__.py": ""}).manifest
    assert manifest is not None
    assert manifest.build_backend.startswith("setuptools")


def test_facts_of_a_setup_file_are_plain_strings(facts_of: Callable[..., FileFacts]) -> None:
    text = "from setuptools import setup\nsetup(name='x', classifiers=['Topic :: A'])\n"
    facts = facts_of(text, "setup", "setup.py")
    assert facts.manifest is not None
    assert [type(one) for one in facts.manifest.classifiers] == [str]
    assert pickle.loads(pickle.dumps(facts)) == facts  # noqa: S301 - our own bytes
