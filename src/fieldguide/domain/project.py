"""What a project says of itself outside its code's definitions: how to install, run, set and use it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fieldguide.domain.source import Span


@dataclass(frozen=True, slots=True)
class Dependency:
    """A requirement on another distribution."""

    name: str
    """Normalised as PEP 503 says."""
    requirement: str
    """As written: `tenacity>=8; python_version < "3.13"`."""
    span: Span
    extra: str = ""
    """Extra that asks for it; empty when it is always installed or belongs to a group."""
    group: str = ""
    """Dependency group (PEP 735), `dev`-like requirements file, or tool-specific group; empty for run time."""


@dataclass(frozen=True, slots=True)
class DependencyFile:
    """A file of requirements that a manifest names in place of a list: to be joined to what that file says."""

    path: str
    """POSIX, relative to the documented directory."""
    extra: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """An object that a distribution offers to another program by name, console scripts included."""

    group: str
    """`console_scripts`, `pytest11`, …"""
    name: str
    target: str
    """`module:object` as declared."""
    span: Span


@dataclass(frozen=True, slots=True)
class Manifest:
    """One `pyproject.toml`, `setup.cfg` or `setup.py` (or all three of one directory, merged): one distribution."""

    path: str
    """Of the file that names the distribution."""
    directory: str
    """POSIX, relative; empty for the root."""
    name: str = ""
    summary: str = ""
    requires_python: str = ""
    dependencies: tuple[Dependency, ...] = ()
    classifiers: tuple[str, ...] = ()
    package_directories: tuple[str, ...] = ()
    """Where packages are looked for when the manifest says so: `src`."""
    dynamic_version: bool = False
    licence: str = ""
    """SPDX expression or name as declared."""
    build_backend: str = ""
    dependency_files: tuple[DependencyFile, ...] = ()
    """Of one file, not yet joined; empty in a codebase."""
    entry_points: tuple[EntryPoint, ...] = ()
    urls: tuple[str, ...] = ()
    """Addresses that the project gives of itself: home page, repository, documentation."""
    lines: tuple[tuple[str, Span], ...] = ()
    """Where a field is said, by its name here: `name`, `summary`, `requires_python`, `licence`, `build_backend`."""

    @property
    def extras(self) -> tuple[str, ...]:
        """Names of the extras, in the order in which they are declared."""
        return tuple(dict.fromkeys(d.extra for d in self.dependencies if d.extra))


class CommandKind(StrEnum):
    """What kind of thing a person types."""

    CONSOLE_SCRIPT = "console script"
    MODULE = "module"
    """`python -m package`."""
    SCRIPT = "script"
    """A file with a main guard, or under `scripts/` or `bin/`."""
    MAKE_TARGET = "make target"
    NOX_SESSION = "nox session"
    TOX_ENVIRONMENT = "tox environment"
    TASK = "task"
    """A task of hatch, pdm, poe, just, invoke, npm or the like."""
    PRE_COMMIT_HOOK = "pre-commit hook"


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can type in the project's directory, or after installing it."""

    name: str
    kind: CommandKind
    invocation: str
    """What to type: `make test`, `nox --session tests`, `detect-secrets`, `python -m httpx`."""
    span: Span
    summary: str = ""
    """One sentence from its help text, comment or docstring."""
    runs: tuple[str, ...] = ()
    """Shell commands behind it, one each, where they are literal."""
    target: str = ""
    """For an entry point, `module:function` as declared."""
    default: bool = False
    """Runs when no name is given."""


@dataclass(frozen=True, slots=True)
class Makefile:
    """Everything that `make` can be asked for in one directory, whether or not a person would type it."""

    path: str
    targets: tuple[str, ...]
    """As written, variables of the file put in; patterns with their `%`."""
    whole: bool
    """Nothing that was not read may add a target: no included file, no unknown variable or function in a rule."""


class OptionKind(StrEnum):
    """What an option is set through."""

    FLAG = "flag"
    ARGUMENT = "argument"
    ENVIRONMENT = "environment variable"
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a user can set."""

    names: tuple[str, ...]
    """All spellings: `("-v", "--verbose")`, `("path",)`, `("READTHEDOCS_OUTPUT",)`."""
    kind: OptionKind
    span: Span
    default: str | None = None
    """Source text of the value in force when nothing is said; `None` where there is none or it cannot be known."""
    required: bool = False
    repeatable: bool = False
    takes_value: bool = True
    metavar: str = ""
    choices: tuple[str, ...] = ()
    type: str = ""
    help: str = ""
    """Markdown, on one line, ends with a full stop; empty where the code says nothing."""
    group: str = ""
    """Title of the argument group; empty for the default groups."""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """The command-line interface of one program or subcommand."""

    program: str
    """What is typed: `detect-secrets scan`; empty until the entry point behind it is known."""
    span: Span
    framework: str
    """`argparse`, `click`, `typer` or `fire`."""
    summary: str = ""
    """Markdown, one sentence or more on one line."""
    options: tuple[Option, ...] = ()
    """Arguments and flags in the order in which they are declared."""
    subcommands: tuple[CommandLine, ...] = ()
    module: str = ""
    symbol: str = ""
    """Qualified name of the function that builds or is it."""


@dataclass(frozen=True, slots=True)
class SettingsClass:
    """A class whose fields are set from outside (pydantic-settings, environ-config and the like)."""

    name: str
    """Qualified."""
    span: Span
    fields: tuple[Option, ...]
    prefix: str = ""
    """Prefix of its environment variables."""
    summary: str = ""


class ExampleKind(StrEnum):
    """Where an example comes from; the order is the order of preference."""

    EXAMPLE_FILE = "example file"
    DOCTEST = "doctest"
    DOCUMENTATION = "documentation"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Example:
    """Code that shows a use and that the repository itself contains. It runs as it stands."""

    kind: ExampleKind
    code: str
    """Dedented, without prompts, with the imports that it needs."""
    span: Span
    title: str
    """What its source is called: `test_decorator_sync`, `examples/quickstart.py`."""
    uses: tuple[str, ...] = ()
    """Dotted names, as imported, of the project's public names that it uses."""
    language: str = "python"
    """`python`, or `console` for what is typed."""
    needs: tuple[str, ...] = ()
    """Of one file, not yet joined: names of the file's own module that are to be imported; empty in a codebase."""


@dataclass(frozen=True, slots=True)
class Licence:
    """What the project may be used under."""

    name: str
    """SPDX identifier where it is known: `MIT`, `Apache-2.0`."""
    path: str
    """Of the licence's text; empty when there is none."""
