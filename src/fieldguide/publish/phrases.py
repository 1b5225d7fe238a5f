"""What people call the sections of a README.

Comes in: nothing. Goes out: by section key, the phrases that stand for it in a heading.
Must never: hold a phrase that leads to two things of which a page could want both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fieldguide.domain import sections as keys

if TYPE_CHECKING:
    from collections.abc import Mapping

_PHRASES: Final[Mapping[str, str]] = {
    keys.OVERVIEW: (
        "overview, about, about project, introduction, intro, description, summary, what is this, background"
    ),
    keys.HIGHLIGHTS: "highlights, features, key features, main features, why, what it does",
    keys.COMPONENTS: "components, how it works, architecture, architecture overview, design, internals, under the hood",
    keys.INSTALL: "install, installation, installing, setup, set up, setting up, getting started",
    keys.USAGE: (
        "usage, use, using, quick start, quickstart, getting started, example, examples, example usage, usage example, "
        "usage examples, tutorial, first steps"
    ),
    keys.COMMANDS: (
        "commands, available commands, command reference, cli, cli usage, cli reference, command line, "
        "command line interface, command line usage, command line options, scripts"
    ),
    keys.CONFIGURATION: (
        "configuration, configuring, configure, config, settings, options, environment variables, customization, "
        "customisation"
    ),
    keys.INTERFACE: (
        "api, reference, api reference, api documentation, api docs, api overview, interface, public interface, "
        "public api, functions, classes"
    ),
    keys.PITFALLS: "pitfalls, caveats, gotchas, limitations, known issues, known limitations, known problems",
    keys.LAYOUT: (
        "layout, structure, project layout, project structure, project tree, project organization, repository layout, "
        "repository structure, repo structure, code structure, directory structure, directory layout, "
        "folder structure, file structure"
    ),
    keys.DEVELOPMENT: (
        "development, developing, developers, contributing, contribution, contributions, contribute, hacking, testing, "
        "tests, running tests, run tests, build, building, development setup, development installation, "
        "development environment, developer setup, local development, local setup"
    ),
    keys.DEPENDENCIES: "dependencies, requirements, prerequisites, requires",
    keys.LICENCE: "licence, license, licensing, copyright, legal",
}

PHRASES: Final[Mapping[str, tuple[str, ...]]] = {key: tuple(text.split(", ")) for key, text in _PHRASES.items()}
"""By section key, in lower case. Words of `FILLERS` count neither here nor in a heading."""

TELLING: Final = frozenset(
    {"overview", "features", "architecture", "install", "installation", "installing", "usage", "quickstart"}
    | {"configuration", "configuring", "contributing", "development", "dependencies", "prerequisites"}
    | {"limitations", "caveats", "licence", "license"}
)
"""Words that name their section beside one word more, too: "Docker installation", "MIT license"."""

FILLERS: Final = frozenset(
    {"a", "an", "and", "basic", "for", "from", "guide", "how", "in", "information", "instructions", "is", "it", "my"}
    | {"notes", "of", "on", "our", "package", "the", "this", "to", "via", "with", "you", "your"}
)
"""Words that do not change what a heading stands for."""
