"""No text, whatever it is, ends the reading of a project; and facts survive the cache and the process border."""

from __future__ import annotations

import pickle
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from project_reading import join, read

from fieldguide.domain.project_facts import ProjectFacts
from growth import assert_linear_in

ROOT = Path(__file__).parents[2]
PATHS = (
    "pyproject.toml",
    "tox.toml",
    "Pipfile",
    "setup.cfg",
    "setup.py",
    "noxfile.py",
    "tasks.py",
    "tox.ini",
    "Makefile",
    "justfile",
    "package.json",
    ".pre-commit-hooks.yaml",
    "environment.yml",
    "requirements.txt",
    "LICENSE",
    "README.md",
    "docs/guide.md",
    "tests/test_a.py",
    "examples/a.py",
    "src/a.py",
    "run.sh",
)
SEEDS = (
    (ROOT / "pyproject.toml").read_text(encoding="utf-8"),
    "[tox]\nenvlist = py{39,310}\n[testenv]\ncommands = pytest {posargs}\n[testenv:a]\ndescription = x: y\n",
    "A := $(B)\nall: a b ## help\n\t@run $(A) && more\n",
    "import nox\n@nox.session\ndef a(session):\n    session.run('x', *session.posargs)\n",
    "from setuptools import setup\nx = ['a']\nsetup(name='a', install_requires=x + ['b'], **{'version': '1'})\n",
    "- id: a\n  entry: b\n  args: [c]\n",
    "a==1 \\\n  --hash=x\n-r b.txt\ngit+x#egg=y\n",
    'import a\n\ndef test_x():\n    """>>> a.b()\n    1\n    """\n    assert a.b("c") == 1\n',
    "# T\n\ntext `x` [a](b)\n\n```python\nimport a\na.b()\n```\n",
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.text(max_size=4)) + text[at + draw(st.integers(0, 6)) :]
    return text


@given(st.sampled_from(PATHS), mutated() | st.text(max_size=80))
@example("setup.cfg", "[tox]\nenvlist = py39\n[testenv]\ncommands = pytest\n[testenv:a]\ndescriptio y\n")
def test_no_text_raises_and_every_fact_stands_in_its_file(path: str, text: str) -> None:
    facts = read(path, text)
    lines = text.count("\n") + 1
    spans = [one.span for one in facts.commands] + [one.span for one in facts.examples]
    if facts.manifest is not None:
        spans += [one.span for one in facts.manifest.dependencies]
    for span in spans:
        assert span.path == path
        assert 1 <= span.first <= span.last <= lines


@pytest.mark.parametrize("path", PATHS)
def test_time_grows_as_long_lines_and_deep_nesting(path: str) -> None:
    for text in (
        "[" * 50_000,
        "(" * 5_000,
        "a" * 300_000,
        " " * 300_000,
        "a: " * 100_000,
        "![" * 30_000,
        "\t" * 100_000,
        "x = " + "-" * 3_000 + "1\n",
        "x = " + " + ".join(["1"] * 3_000) + "\n",
    ):
        assert_linear_in(text, lambda part: read(path, part))


def test_facts_survive_pickle_and_message_pack() -> None:
    facts = [read(path, seed) for path in PATHS for seed in SEEDS]
    assert sum(bool(one.commands) for one in facts) > 5
    for one in facts:
        assert pickle.loads(pickle.dumps(one)) == one  # noqa: S301 - our own bytes
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(one), type=ProjectFacts) == one


def test_nothing_at_all_joins_to_nothing() -> None:
    project = join({}, "empty")
    assert (project.name, project.manifests, project.commands, project.licence) == ("empty", (), (), None)
