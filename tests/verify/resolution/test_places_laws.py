"""What holds of every answer about places, whatever a document says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from place_trees import Tree, tree_of

from fieldguide.domain.documents import Form, State
from fieldguide.domain.page import ReferenceKind

KINDS = sorted(set(ReferenceKind) - {ReferenceKind.NAME, ReferenceKind.CALL, ReferenceKind.IMPORT})
PIECES = st.sampled_from(
    [
        *("docs", "/", "..", ".", "#", "guide.md", "--max", "-x", "=", " ", "make", "tern", "python", "-m", "[", "]"),
        *("tool.", "TERN_", "HOME", "$", "{", "}", '"', "'", "\\", "%00", "é", "\n", "L1", "-L", "https://", "nest.py"),
        *("3.8+", "tox -e"),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=6).map("".join), st.text(max_size=30))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """A tree with something of everything."""
    files = {
        "pyproject.toml": '[project]\nname = "tern"\nrequires-python = ">=3.10"\nscripts = {tern = "tern.cli:main"}\n',
        "Makefile": "test:\n\tpytest\n",
        "tox.ini": "[tox]\nenvlist = py310\n",
        "mkdocs.yml": "site_name: Tern\n",
        "docs/guide.md": "# Guide\n",
        "tern/__init__.py": "import os\n\nHOME = os.environ['TERN_HOME']\n",
        "tern/cli.py": "import argparse\n\n\ndef main():\n    parser = argparse.ArgumentParser()\n"
        "    parser.add_argument('--max', default=3)\n    parser.parse_args()\n",
    }
    made = tree_of(tmp_path_factory.mktemp("tern"), files)
    made.document("docs/guide.md", anchors=frozenset({"guide"}))
    return made


@settings(max_examples=150)
@given(
    kind=st.sampled_from(KINDS),
    text=TEXTS,
    form=st.sampled_from(sorted(Form)),
    subject=st.one_of(st.just(""), TEXTS),
    domain=st.sampled_from(["", "ref", "doc", "py:ref", "toctree", "default", "include", "help"]),
)
def test_every_mention_has_an_answer_that_says_why(
    tree: Tree, kind: ReferenceKind, text: str, form: Form, subject: str, domain: str
) -> None:
    """Nothing raises; what holds needs no reason, all else has one; no fix is what was written."""
    sentence = f"See {text} of {subject}."
    verdict = tree.answer(kind, text, "docs/guide.md", form, subject=subject, domain=domain, sentence=sentence)
    assert bool(verdict.why) is (verdict.state is not State.HOLDS)
    assert verdict.state is State.BROKEN or not (verdict.nearest or verdict.words or verdict.fix or verdict.certain)
    assert not verdict.fix or verdict.fix != text
