"""The house: imports go one way, modules are small and say what they are for."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "fieldguide"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
NAMELESS = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
"""Names that say nothing."""


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([command, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_imports_keep_the_contracts() -> None:
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", done.stdout)


def test_a_broken_contract_would_be_noticed(tmp_path: Path) -> None:
    """The same check with a layer order that the code does not keep fails: it is not green by doing nothing."""
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    upside_down = re.sub(
        r'"fieldguide\.domain",\n\s*"fieldguide\.errors",', '"fieldguide.errors", "fieldguide.domain",', settings
    )
    assert upside_down != settings
    (tmp_path / "pyproject.toml").write_text(upside_down, "utf-8")
    done = _lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_is_small_named_and_says_what_it_is_for(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "a module says what comes in, what goes out and what it must never do"
    assert len(text.splitlines()) <= LONGEST_MODULE, "what is the second thing in this module?"
    assert not {*path.relative_to(PACKAGE).with_suffix("").parts} & NAMELESS
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = [f"{one.name}: {lines} lines" for one in functions if (lines := _lines_of_code(one)) > LONGEST_FUNCTION]
    assert not long


def _lines_of_code(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring, which is to be as long as it needs."""
    first = function.body[0]
    has_docstring = ast.get_docstring(function, clean=False) is not None
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


@pytest.mark.parametrize("script", ["layout.py", "readme.py"])
def test_what_pages_take_from_the_code_is_what_the_code_says(script: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / ".ci" / script, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
