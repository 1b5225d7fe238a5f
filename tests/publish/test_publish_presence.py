"""Which sections a person's page already has: headings by their meaning."""

from __future__ import annotations

import pytest
from drafting import HEADINGS

from fieldguide.publish.presence import contents_of, sections_named

NAME = "turning-words"


def _named(text: str) -> set[str]:
    return set(sections_named(contents_of(text), {**HEADINGS, "kinds": "Plugins"}, f"# {NAME}"))


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Install", "install"),
        ("Installation", "install"),
        ("INSTALLATION:", "install"),
        ("Installation guide", "install"),
        ("How to install", "install"),
        ("Installing Turning-Words", "install"),
        ("Docker installation", "install"),
        ("2. Set-up", "install"),
        ("\N{ROCKET} Quick start", "usage"),
        ("Quickstart Guide", "usage"),
        ("Usage", "usage"),
        ("How to use it", "usage"),
        ("Basic `usage`", "usage"),
        ("**Examples**", "usage"),
        ("[Usage](#usage)", "usage"),
        ("Command-line interface", "commands"),
        ("CLI", "commands"),
        ("List of Scripts:", "commands"),
        ("Settings", "configuration"),
        ("A Simple Example", "usage"),
        ("Some feature highlights", "highlights"),
        ("Setting Up for Development", "development"),
        ("Call for Contributions", "development"),
        ("Using as a library", "usage"),
        ("Environment Variables", "configuration"),
        ("API Reference", "interface"),
        ("The public API", "interface"),
        ("How it works", "components"),
        ("Why turning words?", "highlights"),
        ("Known limitations", "pitfalls"),
        ("Project structure", "layout"),
        ("Contributing", "development"),
        ("Running the tests", "development"),
        ("Development setup", "development"),
        ("Requirements", "dependencies"),
        ("Licence", "licence"),
        ("MIT License", "licence"),
        ("About the project", "overview"),
        ("What is this?", "overview"),
        ("plugins", "kinds"),
    ],
)
def test_a_heading_names_one_section(heading: str, expected: str) -> None:
    assert _named(f"# {NAME}\n\n## {heading}\n") == {expected}


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Installation and usage", {"install", "usage"}),
        ("Install / Configure", {"install", "configuration"}),
        ("Testing & License", {"development", "licence"}),
        ("Getting started", {"install", "usage"}),
    ],
)
def test_a_heading_may_name_two_sections(heading: str, expected: set[str]) -> None:
    assert _named(f"## {heading}\n") == expected


@pytest.mark.parametrize(
    "heading",
    [
        *("Use cases", "API keys", "Build status", "About the author", "Changelog", "FAQ", "Roadmap", "Star history"),
        *("Installed apps of a customer", "Design decisions", "Example output", "Support", "Credits", "Turning words"),
    ],
)
def test_a_heading_that_means_something_else_names_none(heading: str) -> None:
    assert _named(f"# {NAME}\n\n## {heading}\n") == set()


@pytest.mark.parametrize(
    "text",
    [
        "Usage\n=====\n",
        "Usage\n-----\n",
        "# T\n\n# Usage\n",
        "### Usage ###\n",
        "<h2>Usage</h2>\n",
        '<h2 align="center"><a id="u"></a>Usage</h2>\n',
        '<div align="center">\n<h1>T</h1>\n<h3>Usage</h3>\n</div>\n',
        "\ufeff## Usage\n",
        "## Usage\r\n\r\ntext\r\n",
        "## Usage ![badge](Licence.svg)\n",
    ],
)
def test_a_heading_counts_however_it_is_written(text: str) -> None:
    assert _named(text) == {"usage"}


@pytest.mark.parametrize(
    "text",
    [
        "```\n## Usage\n```\n",
        "    ## Usage\n",
        "> ## Usage\n",
        "- ## Usage\n",
        "<!-- ## Usage -->\n",
        "<!--\n<h2>Usage</h2>\n-->\n",
        "#### Usage\n",
        "Usage\n",
        "##Usage\n",
        "<h2>Usage\n",
        "```html\n<h2>Usage</h2>\n```\n",
    ],
)
def test_what_only_looks_like_a_heading_does_not_count(text: str) -> None:
    assert _named(text) == set()


def test_a_projects_name_is_no_section() -> None:
    assert _named("# MIT License\n\ntext\n") == set()
    assert _named("# Settings\n\ntext\n") == {"configuration"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# T\n\none two\n\n- three\n\nfour\n\n## H\n\nfive\n", 3),
        ("one\n\n# T\n\ntwo\n", 2),
        ("<h1>T</h1>\n\none\n\n<h2>H</h2>\n\ntwo\n", 1),
        ("## H\n\ntwo\n", 0),
        ("# T\n\n[![three](four)](five) [one](two)\n\n# H\n\nsix\n", 1),
        ("# T\n\n```\none\n```\n", 0),
    ],
)
def test_an_introduction_is_what_stands_above_the_first_section(text: str, words: int) -> None:
    assert contents_of(text).introduction == words
