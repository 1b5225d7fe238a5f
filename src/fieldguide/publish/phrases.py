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
        "overview, about, about project, introduction, intro, description, summary, what is this, background, purpose, "
        "goal, goals, motivation"
    ),
    keys.HIGHLIGHTS: (
        "highlights, features, key features, main features, supported features, feature highlights, why, what it does"
    ),
    keys.COMPONENTS: "components, how it works, architecture, architecture overview, design, internals, under the hood",
    keys.INSTALL: "install, installation, installing, setup, set up, setting up, getting started",
    keys.USAGE: (
        "usage, use, using, quick start, quickstart, getting started, example, examples, example usage, usage example, "
        "usage examples, simple example, minimal example, quick example, code example, code examples, tutorial, "
        "first steps, user guide, library usage, use as a library, using as a library"
    ),
    keys.COMMANDS: (
        "commands, available commands, supported commands, command reference, cli, cli usage, cli reference, "
        "cli commands, command line, command line interface, command line usage, command line tool, scripts, "
        "available scripts"
    ),
    keys.CONFIGURATION: (
        "configuration, configurations, configuring, configure, config, settings, options, cli options, "
        "command line options, environment variables, customization, customisation"
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
        "development, developing, developers, develop, develop locally, contributing, contribution, contributions, "
        "contribute, hacking, testing, tests, running tests, run tests, build, building, build from source, "
        "building from source, development setup, setting up for development, development installation, "
        "development environment, development commands, developer setup, local development, local setup"
    ),
    keys.DEPENDENCIES: "dependencies, requirements, prerequisites, requires",
    keys.LICENCE: "licence, license, licences, licenses, licensing, copyright, legal",
}

PHRASES: Final[Mapping[str, tuple[str, ...]]] = {key: tuple(text.split(", ")) for key, text in _PHRASES.items()}
"""By section key, in lower case. Words of `FILLERS` count neither here nor in a heading."""

TELLING: Final = frozenset(
    {"overview", "architecture", "install", "installation", "installing", "usage", "quickstart"}
    | {"configuration", "configuring", "contributing", "contributions", "development", "dependencies", "prerequisites"}
    | {"limitations", "caveats", "licence", "license"}
)
"""Words that name their section beside one word more, too: "Docker installation", "MIT license"."""

FILLERS: Final = frozenset(
    {
        "a",
        "an",
        "and",
        "as",
        "basic",
        "for",
        "from",
        "guide",
        "how",
        "in",
        "information",
        "instructions",
        "is",
        "it",
        "list",
        "my",
    }
    | {"notes", "of", "on", "our", "package", "some", "the", "this", "to", "via", "with", "you", "your"}
)
"""Words that do not change what a heading stands for."""
