"""What manifests of each format say, with the lines that say it."""

from __future__ import annotations

import configparser
import importlib.metadata
import tomllib
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from project_reading import join, read

from fieldguide.analyse.project.ini import read_ini
from fieldguide.analyse.project.manifests.poetry import readable_constraint
from fieldguide.analyse.project.toml_lines import toml_lines
from fieldguide.analyse.project.values import as_list, as_table

if TYPE_CHECKING:
    from fieldguide.domain.project import Manifest

ROOT = Path(__file__).parents[2]


def manifest_of(path: str, text: str) -> Manifest:
    manifest = read(path, dedent(text)).manifest
    assert manifest is not None
    return manifest


def said(manifest: Manifest) -> list[tuple[str, str, str, int]]:
    return [(one.extra, one.group, one.requirement, one.span.first) for one in manifest.dependencies]


def test_pep_621_metadata_dependencies_and_scripts_have_their_lines() -> None:
    text = """\
        [build-system]
        requires = ["hatchling"]
        build-backend = "hatchling.build"

        [project]
        name = "Spam"
        dynamic = ["version"]
        description = "Fries spam."
        requires-python = ">=3.10"
        license = "MIT"
        dependencies = [
          "tenacity>=8", # retries
          'tomli; python_version < "3.11"',
        ]
        optional-dependencies.fast = ["uvloop"]

        [project.scripts]
        spam = "spam.cli:main"

        [project.entry-points.pytest11]
        spam = "spam.plugin"
        """
    facts = read("pyproject.toml", dedent(text))
    manifest = facts.manifest
    assert manifest is not None
    assert (manifest.name, manifest.summary, manifest.requires_python) == ("Spam", "Fries spam.", ">=3.10")
    assert (manifest.licence, manifest.build_backend, manifest.dynamic_version) == ("MIT", "hatchling.build", True)
    assert said(manifest) == [
        ("", "", "tenacity>=8", 12),
        ("", "", 'tomli; python_version < "3.11"', 13),
        ("fast", "", "uvloop", 15),
    ]
    assert manifest.extras == ("fast",)
    assert [(one.group, one.target, one.span.first) for one in manifest.entry_points] == [
        ("console_scripts", "spam.cli:main", 18),
        ("pytest11", "spam.plugin", 21),
    ]
    assert [(one.name, one.target) for one in facts.commands] == [("spam", "spam.cli:main")]
    assert dict(manifest.lines)["requires_python"].first == 9


def test_dependency_groups_include_each_other_by_normalised_name_and_cycles_end() -> None:
    manifest = manifest_of(
        "pyproject.toml",
        """\
        [dependency-groups]
        Test_Tools = ["pytest", {include-group = "dev"}]
        dev = [{include-group = "test-tools"}, "ruff"]
        """,
    )
    assert [(one.group, one.name) for one in manifest.dependencies] == [
        ("Test_Tools", "pytest"),
        ("Test_Tools", "ruff"),
        ("dev", "pytest"),
        ("dev", "ruff"),
    ]


def test_poetry_constraints_groups_and_extras_are_written_as_other_tools_read_them() -> None:
    manifest = manifest_of(
        "pyproject.toml",
        """\
        [tool.poetry]
        name = "spam"
        packages = [{include = "spam", from = "lib"}]
        [tool.poetry.dependencies]
        python = "^3.9"
        requests = {version = "^2.31", extras = ["socks"], optional = true}
        eggs = "~1.2"
        hidden = {version = "1", optional = true}
        [tool.poetry.extras]
        net = ["requests"]
        [tool.poetry.group.dev.dependencies]
        pytest = "*"
        [tool.poetry.scripts]
        spam = "spam:main"
        """,
    )
    assert manifest.requires_python == ">=3.9,<4.0"
    assert manifest.package_directories == ("lib",)
    assert said(manifest) == [
        ("net", "", "requests[socks]>=2.31,<3.0", 6),
        ("", "", "eggs>=1.2,<1.3", 7),
        ("", "dev", "pytest", 12),
    ]
    assert [one.name for one in manifest.entry_points] == ["spam"]


@pytest.mark.parametrize(
    ("constraint", "inside", "outside"),
    [
        ("^1.2.3", "1.9", "2.0"),
        ("^0.2.3", "0.2.9", "0.3"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^0", "0.9", "1.0"),
        ("~1.2.3", "1.2.9", "1.3"),
        ("~1", "1.9", "2.0"),
        ("1.2.*", "1.2.7", "1.3"),
        ("1.2.3", "1.2.3", "1.2.4"),
        (">=1, <2", "1.5", "2"),
    ],
)
def test_a_poetry_constraint_means_the_same_in_pep_440(constraint: str, inside: str, outside: str) -> None:
    """The examples are those of Poetry's documentation of dependency specification."""
    specifiers = SpecifierSet(readable_constraint(constraint))
    assert Version(inside) in specifiers
    assert Version(outside) not in specifiers


def test_setup_cfg_lists_extras_and_entry_points() -> None:
    manifest = manifest_of(
        "setup.cfg",
        """\
        [metadata]
        name = spam
        version = attr: spam.__version__
        license = BSD-3-Clause
        [options]
        python-requires = >=3.8
        package_dir =
            =src
        install_requires =
            requests>=2
            # comment
            tomli; python_version < "3.11"
        [options.extras_require]
        Fast = uvloop; orjson
        [options.entry_points]
        console_scripts =
            spam = spam.cli:main
        """,
    )
    assert (manifest.name, manifest.requires_python, manifest.dynamic_version) == ("spam", ">=3.8", True)
    assert manifest.package_directories == ("src",)
    assert said(manifest) == [
        ("", "", "requests>=2", 10),
        ("", "", 'tomli; python_version < "3.11"', 12),
        ("Fast", "", "uvloop", 14),
        ("Fast", "", "orjson", 14),
    ]
    assert manifest.entry_points[0].target == "spam.cli:main"


def test_setup_py_is_read_through_names_concatenation_and_dictionaries() -> None:
    manifest = manifest_of(
        "setup.py",
        """\
        from setuptools import setup, find_packages
        raise SystemExit("must not run")
        NAME = "spam"
        BASE = ["requests"]
        extras = {"fast": ["uvloop"]}
        extras["all"] = extras["fast"] + ["orjson>=%d" % 3]
        setup(
            name=NAME,
            version=open("VERSION").read(),
            description="Fries "
            "spam.",
            packages=find_packages("src"),
            install_requires=BASE + ["tomli"],
            extras_require=extras,
            entry_points={"console_scripts": ["%s = spam:main" % NAME]},
        )
        """,
    )
    assert (manifest.name, manifest.summary, manifest.dynamic_version) == ("spam", "Fries spam.", True)
    assert manifest.package_directories == ("src",)
    assert said(manifest) == [
        ("", "", "requests", 4),
        ("", "", "tomli", 13),
        ("fast", "", "uvloop", 5),
        ("all", "", "uvloop", 5),
        ("all", "", "orjson>=3", 6),
    ]
    assert [(one.name, one.target) for one in manifest.entry_points] == [("spam", "spam:main")]


def test_a_list_with_one_unknown_requirement_is_left_out_whole() -> None:
    manifest = manifest_of(
        "setup.py",
        """\
        import sys
        from setuptools import setup
        needs = ["requests"]
        if sys.platform == "win32":
            needs.append("colorama")
        setup(name="spam", install_requires=needs, extras_require={"x": ["a", compute()]})
        """,
    )
    assert manifest.name == "spam"
    assert manifest.dependencies == ()


@pytest.mark.parametrize(
    "code",
    [
        'requires = open("requirements.txt").read().splitlines()\n',
        'with open("requirements.txt") as file:\n    requires = [line for line in file if line]\n',
        'from pathlib import Path\nrequires = Path("requirements.txt").read_text().split()\n',
        (
            "def read_file(name):\n    return open(name).readlines()\n\n\n"
            'requires = [line.strip() for line in read_file("requirements.txt")]\n'
        ),
    ],
)
def test_setup_py_that_reads_a_requirements_file_gets_what_that_file_says(code: str) -> None:
    project = join(
        {
            "setup.py": f"from setuptools import setup\n{code}setup(name='spam', install_requires=requires)\n",
            "requirements.txt": "requests>=2\n-r base.txt\n",
            "base.txt": "",
            "requirements/base.txt": "",
        }
    )
    (manifest,) = project.manifests
    assert said(manifest) == [("", "", "requests>=2", 1)]
    assert manifest.dependencies[0].span.path == "requirements.txt"


def test_requirements_lose_options_hashes_and_what_only_others_ask_for() -> None:
    manifest = manifest_of(
        "requirements.txt",
        """\
        # This file is autogenerated by pip-compile
        --index-url file:///mirror/simple
        requests==2.32.0 \\
            --hash=sha256:aaaa \\
            --hash=sha256:bbbb
            # via -r requirements.in
        idna==3.7
            # via requests
        git+https://example.org/spam.git#egg=Spam_Ham  # direct
            # via -r requirements.in
        -e .
        """,
    )
    assert [(one.name, one.requirement, one.span.first, one.span.last) for one in manifest.dependencies] == [
        ("requests", "requests==2.32.0", 3, 5),
        ("spam-ham", "git+https://example.org/spam.git#egg=Spam_Ham", 9, 9),
    ]


def test_requirements_files_are_groups_beside_a_distribution_and_run_time_without_one() -> None:
    files = {"requirements.txt": "flask\n", "requirements-dev.txt": "-r requirements.txt\npytest\n"}
    (alone,) = join(files).manifests
    assert [(one.name, one.group) for one in alone.dependencies] == [("flask", ""), ("pytest", "dev")]
    (beside,) = join({**files, "pyproject.toml": '[project]\nname = "spam"\ndependencies = ["jinja2"]\n'}).manifests
    assert [(one.name, one.group) for one in beside.dependencies] == [
        ("jinja2", ""),
        ("flask", "requirements"),
        ("pytest", "dev"),
    ]


def test_setuptools_dynamic_dependencies_come_from_their_files() -> None:
    (manifest,) = join(
        {
            "pyproject.toml": '[project]\nname = "spam"\ndynamic = ["dependencies", "optional-dependencies"]\n'
            "[tool.setuptools.dynamic]\n"
            'dependencies = {file = "requirements.txt"}\n'
            'optional-dependencies.fast = {file = ["fast-requirements.txt"]}\n',
            "requirements.txt": "requests\n",
            "fast-requirements.txt": "uvloop\n",
        }
    ).manifests
    assert [(one.name, one.extra, one.group) for one in manifest.dependencies] == [
        ("requests", "", ""),
        ("uvloop", "fast", ""),
    ]


def test_manifests_of_one_directory_are_one_and_the_root_comes_first() -> None:
    project = join(
        {
            "plugins/pyproject.toml": '[project]\nname = "spam-plugin"\n',
            "setup.py": "from setuptools import setup\nsetup(name='old', python_requires='>=3.8')\n",
            "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n',
            "setup.cfg": "[metadata]\nname = spam\n",
            "tests/data/pyproject.toml": '[project]\nname = "sample"\n',
            "docs/requirements.txt": "sphinx\n",
        }
    )
    assert [(one.name, one.directory, one.path) for one in project.manifests] == [
        ("spam", "", "setup.cfg"),
        ("spam-plugin", "plugins", "plugins/pyproject.toml"),
    ]
    assert project.name == "spam"
    assert project.manifests[0].requires_python == ">=3.8"
    assert [(one.name, one.group) for one in project.manifests[0].dependencies] == [("sphinx", "docs")]


def test_pipfile_and_conda_environment() -> None:
    pipfile = manifest_of(
        "Pipfile",
        '[packages]\nflask = "*"\nspam = {version = ">=1", extras = ["x"]}\n[dev-packages]\npytest = "*"\n'
        '[requires]\npython_version = "3.11"\n',
    )
    assert said(pipfile) == [("", "", "flask", 2), ("", "", "spam[x]>=1", 3), ("", "dev", "pytest", 5)]
    assert pipfile.requires_python == "==3.11.*"
    conda = manifest_of(
        "environment.yml",
        "name: spam\ndependencies:\n  - python=3.11\n  - conda-forge::numpy=1.26\n  - pip:\n    - requests>=2\n",
    )
    assert said(conda) == [("", "", "numpy==1.26", 4), ("", "", "requests>=2", 6)]


def test_text_that_is_not_toml_is_named_and_nothing_is_made_of_it() -> None:
    facts = read("pyproject.toml", '[project\nname = "spam"\n')
    assert facts.manifest is None
    assert facts.problem.startswith("is not TOML")


def test_this_projects_own_manifest_agrees_with_what_was_installed() -> None:
    """An oracle that nobody wrote for these tests: the metadata that the build backend made."""
    manifest = read("pyproject.toml", (ROOT / "pyproject.toml").read_text(encoding="utf-8")).manifest
    assert manifest is not None
    metadata = importlib.metadata.metadata("fieldguide")
    assert manifest.requires_python == metadata["Requires-Python"]
    declared = {one.name for one in manifest.dependencies if not one.group and not one.extra}
    assert "griffelib" in declared
    assert set(manifest.extras) == set(metadata.get_all("Provides-Extra") or [])


KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,8}", fullmatch=True) | st.text(min_size=1, max_size=6).map(
    lambda text: '"' + text.encode("unicode_escape").decode().replace('"', "").replace("\\", "") + 'k"'
)
VALUES = st.sampled_from(
    [
        "1",
        '"a#b"',
        "'c]'",
        "[1, [2, 3], # x\n 4]",
        '{ x = 1, y = { z = "}" } }',
        '"""\n[t]\nk = 1\n"""',
        "'''a'b'''",
        "true",
    ]
)


@given(st.lists(st.tuples(st.sampled_from(["", "[t%d]\n", "[[a%d]]\n", "[t.u%d]\n"]), KEYS, VALUES), max_size=12))
def test_every_key_that_the_parser_finds_has_its_line(entries: list[tuple[str, str, str]]) -> None:
    """Law: for any document the scanner finds the same keys as `tomllib`, and the line holds the key."""
    text = "".join(
        f"{header % number if header else ''}{key} = {value}\n" for number, (header, key, value) in enumerate(entries)
    )
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = toml_lines(text)
    rows = text.split("\n")
    pending: list[tuple[tuple[str | int, ...], object]] = [((), data)]
    while pending:
        path, value = pending.pop()
        table = as_table(value)
        if path and (not table or path in lines):
            first, last = lines[path]
            assert 1 <= first <= last <= len(rows)
            if isinstance(path[-1], str) and path[-1].isascii() and not table:
                assert path[-1] in rows[first - 1]
        pending += [((*path, key), inner) for key, inner in table.items()]
        pending += [((*path, index), inner) for index, inner in enumerate(as_list(value))]


def test_ini_values_are_those_of_configparser() -> None:
    text = "[a]\nplain = 1\ncolon: x = y\nlist =\n    one\n\n    two\n# comment\n[b c]\nempty =\n; comment\nlast = z\n"
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    ours = {section: {key: value.text for key, value in values.items()} for section, values in read_ini(text).items()}
    assert ours == {
        section: {key: " ".join(value.split()) for key, value in parser[section].items()}
        for section in parser.sections()
    }
