"""A small codebase, stated by hand, that the checks of prose and links are tried on."""

from __future__ import annotations

import pytest

from fieldguide.domain.codebase import Codebase, UsedDependency
from fieldguide.domain.project import (
    Command,
    CommandKind,
    CommandLine,
    Dependency,
    Manifest,
    Option,
    OptionKind,
)
from fieldguide.domain.source import OtherFile, Role, SourceFile, Span
from fieldguide.domain.symbols import Export, Import, Module, Parameter, ParameterKind, Symbol, SymbolKind

CORE = "src/relay/_core.py"


def _symbol(name: str, kind: SymbolKind, first: int, last: int, *parameters: str, **rest: object) -> Symbol:
    keyword = tuple(Parameter(one, ParameterKind.POSITIONAL_OR_KEYWORD, default="10") for one in parameters)
    return Symbol(f"relay._core.{name}", kind, Span(CORE, first, last), "relay._core", keyword, **rest)  # type: ignore[arg-type]  # the few fields that a test names


def _source(path: str, language: str, role: Role) -> SourceFile:
    return SourceFile(path, language, 10, "00", role)


@pytest.fixture(scope="session")
def codebase() -> Codebase:
    """A library with a class, a subclass, a command with one subcommand, make targets and one dependency."""
    symbols = (
        _symbol("retry", SymbolKind.FUNCTION, 1, 20, "on", "attempts"),
        _symbol("Caller", SymbolKind.CLASS, 22, 60, "attempts", decorators=("@register('turbo')",)),
        _symbol("Caller.bind", SymbolKind.METHOD, 30, 40),
        _symbol("BoundCaller", SymbolKind.CLASS, 62, 80, bases=("relay._core.Caller",)),
        _symbol("_BACKOFF_LIMIT", SymbolKind.ATTRIBUTE, 82, 82),
    )
    scan = CommandLine(
        "relay scan",
        Span("src/relay/cli.py", 10, 20),
        "argparse",
        options=(
            Option(("--depth", "-d"), OptionKind.FLAG, Span("src/relay/cli.py", 12, 12)),
            Option(("path",), OptionKind.ARGUMENT, Span("src/relay/cli.py", 13, 13)),
        ),
    )
    return Codebase(
        name="relay-tool",
        files=(
            _source(CORE, "python", Role.SOURCE),
            _source("src/relay/cli.py", "python", Role.SOURCE),
            _source("docs/guide.md", "markdown", Role.DOCUMENTATION),
            _source("pyproject.toml", "toml", Role.MANIFEST),
        ),
        others=(OtherFile("docs/Übersicht (1).png", 10),),
        modules={
            "relay._core": Module("relay._core", CORE, Role.SOURCE, 90),
            "relay.cli": Module("relay.cli", "src/relay/cli.py", Role.SOURCE, 50),
        },
        symbols={one.name: one for one in symbols},
        exports={"relay": (Export("relay.retry", "relay._core.retry"), Export("relay.Caller", "relay._core.Caller"))},
        imports=(Import("relay._core", "tenacity", "AsyncRetrying", None, Span(CORE, 3, 3)),),
        manifests=(
            Manifest(
                "pyproject.toml",
                "",
                name="relay-tool",
                dependencies=(Dependency("orjson", "orjson>=3", Span("pyproject.toml", 9, 9), extra="fast"),),
            ),
        ),
        dependencies=(UsedDependency("tenacity", (), (), optional=False),),
        commands=(
            Command("relay", CommandKind.CONSOLE_SCRIPT, "relay", Span("pyproject.toml", 12, 12)),
            Command(
                "docs", CommandKind.MAKE_TARGET, "make docs", Span("Makefile", 3, 3), runs=("sphinx-build -W docs",)
            ),
        ),
        command_lines=(CommandLine("relay", Span("src/relay/cli.py", 5, 9), "argparse", subcommands=(scan,)),),
        environment=(Option(("RELAY_HOME",), OptionKind.ENVIRONMENT, Span(CORE, 7, 7)),),
        headings={"docs/guide.md": ((1, "The `relay` guide", 1), (2, "First steps", 5))},
    )
