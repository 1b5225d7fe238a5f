"""A small codebase of every kind of fact, as values: what the layout of a page is tested on."""

from __future__ import annotations

import pytest

from fieldguide.domain.codebase import Codebase, Revision, UsedDependency
from fieldguide.domain.project import (
    Command,
    CommandKind,
    CommandLine,
    Dependency,
    Example,
    ExampleKind,
    Licence,
    Manifest,
    Option,
    OptionKind,
)
from fieldguide.domain.source import OtherFile, Role, SourceFile, Span
from fieldguide.domain.symbols import (
    Docstring,
    Export,
    Family,
    Import,
    Module,
    Parameter,
    ParameterKind,
    Symbol,
    SymbolKind,
)
from mermaid.oracle import mermaid_parse

__all__ = ["library", "mermaid_parse"]


def keyword(name: str, default: str | None = None) -> Parameter:
    return Parameter(name, ParameterKind.KEYWORD_ONLY, default=default)


LIMITS = (keyword("attempts", "10"), keyword("timeout", "45.0"), keyword("wait", "0.1"))
MEANINGS = (("attempts", "Most calls in all."), ("timeout", "Most time in all"), ("wait", ""))


def symbol(name: str, module: str, first: int, summary: str = "", **more: object) -> Symbol:
    path = module.replace(".", "/") + ".py"
    made = Symbol(name, SymbolKind.FUNCTION, Span(path, first, first + 4), module, docstring=Docstring(summary))
    values = {slot: getattr(made, slot) for slot in Symbol.__slots__}
    return Symbol(**{**values, **more})  # pyright: ignore[reportArgumentType]


def module(name: str, path: str, role: Role = Role.SOURCE, *, package: bool = False) -> Module:
    return Module(name, path, role, 40, is_package=package, rank=0.2)


def symbols() -> dict[str, Symbol]:
    made = [
        symbol("again.core.retry", "again.core", 10, "Retry a call", parameters=(keyword("on"), *LIMITS)),
        symbol("again.core.loop", "again.core", 30, "Retry a block.", parameters=(*LIMITS, keyword("on"))),
        symbol("again.core.quiet", "again.core", 50),
        symbol("again.hooks.Hook", "again.hooks", 1, "Base of hooks.", kind=SymbolKind.CLASS),
        symbol("again.hooks.Hook.call", "again.hooks", 3, "Be told.", kind=SymbolKind.METHOD),
    ]
    for number, name in enumerate(("Log", "Metric", "Null", "Print", "Trace")):
        own = f"again.hooks.{name}Hook"
        made.append(symbol(own, "again.hooks", 10 * number + 10, f"Tell a {name.lower()}.", kind=SymbolKind.CLASS))
    found = {one.name: one for one in made}
    described = Docstring("Retry a call", parameters=MEANINGS)
    found["again.core.retry"] = symbol(
        "again.core.retry", "again.core", 10, parameters=(keyword("on"), *LIMITS), docstring=described
    )
    return found


def imported(importer: str, target: str, name: str | None, line: int) -> Import:
    return Import(importer, target, name, None, Span(f"{importer.replace('.', '/')}.py", line, line))


@pytest.fixture
def library() -> Codebase:
    """Return a library with a command, plugins, options, tests and tasks."""
    manifest = Manifest(
        "pyproject.toml",
        "",
        "again",
        "Retries made easy",
        ">=3.10",
        (
            Dependency("waiter", "waiter>=1", Span("pyproject.toml", 9, 9)),
            Dependency("metrics", "metrics", Span("pyproject.toml", 12, 12), extra="metrics"),
            Dependency("pytest", "pytest", Span("pyproject.toml", 15, 15), group="dev"),
        ),
        ("Framework :: AsyncIO", "Typing :: Typed"),
        build_backend="hatchling.build",
    )
    modules = {
        "again": module("again", "again/__init__.py", package=True),
        "again.core": module("again.core", "again/core.py"),
        "again.hooks": module("again.hooks", "again/hooks.py"),
        "again.cli": module("again.cli", "again/cli.py"),
        "tests.test_core": module("tests.test_core", "tests/test_core.py", Role.TEST),
    }
    members = tuple(f"again.hooks.{name}Hook" for name in ("Log", "Metric", "Null", "Print", "Trace"))
    return Codebase(
        "again",
        tuple(SourceFile(one.path, "python", 900, "0" * 32, one.role) for one in modules.values()),
        (OtherFile("LICENSE", 10), OtherFile(".pre-commit-config.yaml", 10)),
        revision=Revision("0123456789abcdef", modified=False),
        modules=modules,
        symbols=symbols(),
        exports={
            "again": (
                Export("again.retry", "again.core.retry"),
                Export("again.loop", "again.core.loop"),
                Export("again.quiet", "again.core.quiet"),
            ),
            "again.hooks": (Export("again.hooks.Hook", "again.hooks.Hook"),),
        },
        families=(Family("again.hooks.Hook", members, "again.hooks"),),
        imports=(
            imported("again", "again.core", "retry", 1),
            imported("again.core", "again.hooks", "Hook", 2),
            imported("again.core", "waiter", None, 3),
            imported("again.cli", "again.core", "retry", 1),
        ),
        manifests=(manifest,),
        dependencies=(
            UsedDependency("waiter", manifest.dependencies[:1], (Span("again/core.py", 3, 3),), optional=False),
            UsedDependency("metrics", manifest.dependencies[1:2], (), optional=True),
        ),
        commands=(
            Command(
                "again", CommandKind.CONSOLE_SCRIPT, "again", Span("pyproject.toml", 20, 20), target="again.cli:run"
            ),
            Command("test", CommandKind.MAKE_TARGET, "make test", Span("Makefile", 1, 2), "run the tests", ("pytest",)),
        ),
        command_lines=(_command_line(),),
        environment=(
            Option(("AGAIN_OFF",), OptionKind.ENVIRONMENT, Span("again/core.py", 5, 5), "'no'"),
            Option(("CI",), OptionKind.ENVIRONMENT, Span("tests/test_core.py", 5, 5)),
        ),
        examples=(
            Example(
                ExampleKind.TEST,
                "import again\n\nagain.quiet()",
                Span("tests/test_core.py", 7, 9),
                "test_quiet",
                ("again.quiet",),
            ),
        ),
        licence=Licence("MIT", "LICENSE"),
        summaries={"tests": "tests, for pytest"},
    )


def _command_line() -> CommandLine:
    def flag(name: str, text: str, **more: object) -> Option:
        made = Option((name,), OptionKind.FLAG, Span("again/cli.py", 4, 4), help=text, takes_value=False)
        values = {slot: getattr(made, slot) for slot in Option.__slots__}
        return Option(**{**values, **more})  # pyright: ignore[reportArgumentType]

    both = (
        flag(
            "--color",
            "When to use colour.",
            takes_value=True,
            metavar="WHEN",
            choices=("always", "never"),
            default="'never'",
        ),
        flag("--log", "Where to log | to.", takes_value=True, metavar="FILE", repeatable=True),
    )
    path = Option(("path",), OptionKind.ARGUMENT, Span("again/cli.py", 9, 9), help="What to run.", required=True)
    run = CommandLine("again run", Span("again/cli.py", 8, 12), "argparse", "Run it again.", (path, *both))
    show = CommandLine("again show", Span("again/cli.py", 14, 18), "argparse", "Show it.", (*both, flag("--all", "")))
    return CommandLine("again", Span("again/cli.py", 1, 30), "argparse", "Try again.", (), (run, show))
