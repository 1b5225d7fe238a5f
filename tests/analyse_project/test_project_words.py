"""Licences, first sentences, headings, summaries: the words that a project says of itself."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from project_reading import join, read

from fieldguide.analyse.project.licences import canonical_licence, licence_of_classifiers, recognise_licence
from fieldguide.analyse.project.sentences import first_sentence

ROOT = Path(__file__).parents[2]


def test_this_projects_licence_is_recognised_from_its_text() -> None:
    assert recognise_licence((ROOT / "LICENSE").read_text(encoding="utf-8")) == "Apache-2.0"


def test_licence_texts_of_installed_packages_agree_with_what_they_declare() -> None:
    """Oracle: distributions that declare one SPDX identifier and carry one licence file."""
    compared = 0
    for distribution in importlib.metadata.distributions():
        declared = (distribution.metadata.get_all("License-Expression") or [""])[0]
        files = [one for one in distribution.files or [] if one.name.startswith(("LICENSE", "LICENCE", "COPYING"))]
        path = Path(str(files[0].locate())) if len(files) == 1 else None
        if path is None or not path.is_file() or " " in declared or not declared:
            continue
        found = recognise_licence(path.read_text(encoding="utf-8", errors="replace"))
        assert found in {declared, declared.removesuffix("-only").removesuffix("-or-later"), ""}, distribution.name
        compared += bool(found)
    assert compared >= 10


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("mit", "MIT"),
        ("MIT License", "MIT"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("mit or apache-2.0", "MIT OR Apache-2.0"),
        ("Our own", "Our own"),
        ("", ""),
        ("(" * 5000, ""),
    ],
)
def test_declared_licences_become_spdx_where_they_can(declared: str, expected: str) -> None:
    assert canonical_licence(declared) == expected


def test_classifiers_mean_a_licence_only_when_they_mean_one() -> None:
    assert licence_of_classifiers(("License :: OSI Approved :: MIT License",)) == "MIT"
    assert licence_of_classifiers(("License :: OSI Approved :: BSD License",)) == ""
    both = ("License :: OSI Approved :: MIT License", "License :: OSI Approved :: Apache Software License")
    assert licence_of_classifiers(both) == ""


def test_the_roots_licence_is_the_declared_one_with_its_text() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    project = join({"LICENSE": text, "vendor/LICENSE": "MIT", "pyproject.toml": '[project]\nname = "x"\n'})
    assert project.licence is not None
    assert (project.licence.name, project.licence.path) == ("Apache-2.0", "LICENSE")
    vague = join({"LICENSE": text, "setup.cfg": "[metadata]\nname = x\nlicense = Apache\n"})
    assert vague.licence is not None
    assert vague.licence.name == "Apache-2.0"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Read it. Then stop.", "Read it."),
        ("\n    Read\n    it all.\n\n    More.", "Read it all."),
        ("Works with e.g. Django 5.2 and setup.py files. Yes.", "Works with e.g. Django 5.2 and setup.py files."),
        ("Use systems. To make it so.", "Use systems."),
        ("Call ``a.b()`` or :func:`~x.y`. Done.", "Call `a.b()` or `x.y`."),
        ("Just a phrase", "Just a phrase"),
        ("What can be set:", ""),
        ("=====\nTitle\n=====", "Title"),
        (":param x: this", ""),
        (">>> 1", ""),
        ("", ""),
    ],
)
def test_first_sentences_are_whole(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


@given(st.text(alphabet="ab.!? `\n", max_size=60))
def test_a_first_sentence_is_a_beginning_of_its_text_on_one_line(text: str) -> None:
    """Law: nothing is added, nothing left out before the end."""
    sentence = first_sentence(text)
    assert "\n" not in sentence
    assert "".join(sentence.replace("`", "").split()) in "".join(text.replace("`", "").split())


def test_markdown_gives_headings_with_lines_and_the_first_prose() -> None:
    facts = read(
        "docs/guide.md",
        "---\ntitle: x\n---\n[![badge](x)](y)\n\n# The *guide*\n\n```python\n# no heading\n```\n\n"
        "> Quoted words are not prose.\n\n"
        "<p>HTML is no prose either.</p>\n\nRead [this](that) first. Then go.\n\nSetext\n------\n",
    )
    assert facts.headings == ((1, "The *guide*", 6), (2, "Setext", 18))
    assert facts.summary == "Read this first."


def test_folders_say_what_they_are_for() -> None:
    summaries = join(
        {
            "src/spam/__init__.py": '"""Fries spam."""\n',
            "src/spam/pan/README.md": "# Pan\n\nHolds what is fried.\n",
            "tests/test_a.py": "import pytest\n",
            "docs/conf.py": "",
            "src/spam/silent.py": "",
        }
    ).summaries
    assert summaries["src/spam"] == "Fries spam."
    assert summaries["src/spam/pan"] == "Holds what is fried."
    assert summaries["tests"] == "tests, for pytest"
    assert summaries["docs"] == "documentation, for Sphinx"
    assert "src/spam/silent.py" not in summaries
