"""What is read agrees with what the real programs print."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from interfaces_project import facts_of

from fieldguide.analyse.interfaces import join_interfaces
from fieldguide.domain.project import Command, CommandKind, CommandLine
from fieldguide.domain.source import Span

if TYPE_CHECKING:
    from fieldguide.domain.codebase import FileFacts

OPTION = re.compile(r"(?<![\w-])-{1,2}[A-Za-z][\w-]*")


def printed_options(arguments: list[str]) -> set[str]:
    """Option names in the usage and the option list that a program prints."""
    environment = {**os.environ, "COLUMNS": "300", "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, *arguments, "--help"], capture_output=True, text=True, check=False, env=environment
    )
    lines = [line for line in done.stdout.splitlines() if re.match(r"\s*-|usage", line, re.IGNORECASE)]
    heads = [re.split(r"\s{3,}|(?<=\S) {2}", line.strip().replace("python -m", ""))[0] for line in lines]
    return set(OPTION.findall(" ".join(heads))) - {"-h", "--help"}


def read_options(line: CommandLine) -> set[str]:
    return {name for option in line.options for name in option.names if name.startswith("-")}


def package_facts(module: str) -> list[FileFacts]:
    """Facts of a module, or of every file of a package."""
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    origin = Path(spec.origin)
    if spec.submodule_search_locations is None:
        return [facts_of(origin.name, origin.read_text(encoding="utf-8"))]
    root = origin.parent
    return [
        facts_of(path.relative_to(root.parent).as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(root.rglob("*.py"))
    ]


STANDARD = [
    "zipfile",
    "tarfile",
    "compileall",
    "ast",
    "dis",
    "gzip",
    "calendar",
    "pickle",
    "inspect",
    "cProfile",
    "py_compile",
]


@pytest.mark.parametrize("module", STANDARD)
def test_modules_of_the_standard_library(module: str) -> None:
    (line,) = join_interfaces(package_facts(module), [], [])
    assert read_options(line) == printed_options(["-m", module])
    assert line.program == f"python {module}.py"


@pytest.mark.parametrize(("package", "program"), [("json", "json.tool"), ("venv", "venv"), ("unittest", "unittest")])
def test_packages_of_the_standard_library(package: str, program: str) -> None:
    lines = {line.program: line for line in join_interfaces(package_facts(package), [], [package])}
    assert read_options(lines[f"python -m {program}"]) == printed_options(["-m", program])


@pytest.mark.parametrize(
    ("script", "package"),
    [("markdown-it", "markdown_it"), ("lint-imports", "importlinter"), ("pip-audit", "pip_audit")],
)
def test_installed_programs(script: str, package: str) -> None:
    found = [entry for entry in entry_points(group="console_scripts") if entry.name == script]
    if not found:
        pytest.skip(f"{script} is not installed")
    target = found[0].value
    module, _, function = target.partition(":")
    command = Command(script, CommandKind.CONSOLE_SCRIPT, script, Span("pyproject.toml", 1, 1), target=target)
    line = next(
        line for line in join_interfaces(package_facts(package), [command], [package]) if line.program == script
    )
    run = f"import sys; sys.argv[0] = {script!r}; from {module} import {function}; sys.exit({function}())"
    assert read_options(line) == printed_options(["-c", run])
    assert read_options(line)
